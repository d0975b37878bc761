// How payloads are converted between text and binary: the two tables of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
import { isUtf8 } from "node:buffer";
import type { ContentHandling } from "../domain/rest-api.ts";

/** `text`: as UTF-8; `bytes`: untouched; `decode`: from base64; `encode`: to base64. */
export type Conversion = "text" | "bytes" | "decode" | "encode";

/** The table of request content type conversions. */
export function requestConversion(binary: boolean, handling: ContentHandling | undefined): Conversion {
  if (binary) return handling === "CONVERT_TO_TEXT" ? "encode" : "bytes";
  return handling === "CONVERT_TO_BINARY" ? "decode" : "text";
}

/** What the table of response content type conversions looks at. */
export interface ResponseKind {
  /** Whether the API has binary media types at all. */
  readonly configured: boolean;
  /** Whether the payload's Content-Type is one of them. */
  readonly binary: boolean;
  /** Whether the first media type of the request's Accept header is one of them. */
  readonly accepted: boolean;
}

/** The table of response content type conversions. */
export function responseConversion(kind: ResponseKind, handling: ContentHandling | undefined): Conversion {
  if (!kind.configured || !kind.binary) {
    if (handling === "CONVERT_TO_BINARY") return "decode";
    return kind.accepted && handling === undefined ? "decode" : "text";
  }
  if (handling === "CONVERT_TO_BINARY") return "bytes";
  if (handling === "CONVERT_TO_TEXT") return "encode";
  return kind.accepted ? "bytes" : "encode";
}

/** The converted payload; undefined when base64 was expected and is not there. */
export function convert(payload: Buffer, conversion: Conversion): Buffer | undefined {
  switch (conversion) {
    case "bytes":
      return payload;
    case "text":
      return asText(payload);
    case "encode":
      return Buffer.from(payload.toString("base64"), "latin1");
    case "decode":
      return decodeBase64(payload.toString("latin1"));
  }
}

/** Bytes that are not UTF-8 are lost in a text payload, as on AWS: each becomes U+FFFD. */
function asText(payload: Buffer): Buffer {
  return isUtf8(payload) ? payload : Buffer.from(payload.toString("utf8"), "utf8");
}

/** Strict: the alphabet of RFC 4648, with or without padding; undefined for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const remainder = (text.length - padding) % 4;
  if (remainder === 1 || (padding > 0 && remainder + padding !== 4)) return undefined;
  return Buffer.from(text, "base64");
}
