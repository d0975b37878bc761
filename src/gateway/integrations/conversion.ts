// Converts payloads between text and binary, as the API's media types and the message's headers ask.
import type { ContentHandling } from "../../domain/rest-api.ts";
import {
  convert,
  firstMediaTypeOf,
  lastHeader,
  mediaTypeOf,
  requestConversion,
  responseConversion,
} from "../../plan/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { configurationError } from "../rejection.ts";

/** The payload that goes to the backend. @throws {Rejection} API_CONFIGURATION_ERROR when it should be base64 and is not. */
export function convertRequest(
  { stage }: Authorized,
  payload: Buffer,
  mediaType: string,
  handling: ContentHandling | undefined,
): Buffer {
  return orReject(convert(payload, requestConversion(stage.binaryMediaTypes.includes(mediaType), handling)));
}

/** The payload that goes to the client. @throws {Rejection} API_CONFIGURATION_ERROR when it should be base64 and is not. */
export function convertResponse(
  { stage, headers }: Integrated,
  payload: Buffer,
  contentType: string | undefined,
  handling: ContentHandling | undefined,
): Buffer {
  if (payload.length === 0) return payload;
  const { configured } = stage.binaryMediaTypes;
  const kind = {
    configured,
    binary: configured && stage.binaryMediaTypes.includes(mediaTypeOf(contentType)),
    accepted: configured && stage.binaryMediaTypes.includes(firstMediaTypeOf(lastHeader(headers, "accept"))),
  };
  return orReject(convert(payload, responseConversion(kind, handling)));
}

function orReject(payload: Buffer | undefined): Buffer {
  if (payload === undefined) throw configurationError("Unable to base64 decode the body.");
  return payload;
}
