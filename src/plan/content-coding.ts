// Content codings: which one a request's body has, and which one its client wants the response in
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html).

export type ContentCoding = "gzip" | "deflate";

/** The coding of a body by its Content-Encoding; undefined for none. */
export function requestCoding(contentEncoding: string | undefined): ContentCoding | "unsupported" | undefined {
  const coding = contentEncoding?.trim().toLowerCase() ?? "";
  if (coding === "" || coding === "identity") return undefined;
  return isSupported(coding) ? coding : "unsupported";
}

/** A coding of an Accept-Encoding header and its weight (RFC 7231, 5.3.1 and 5.3.4). */
const ELEMENT = /^([!#$%&'*+.^_`|~\w-]+)[\t ]*(?:;[\t ]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[\t ]*)?$/i;

/**
 * The coding that a client wants most, when it names it and API Gateway supports it; undefined to send the payload as it
 * is. "The highest-priority content encoding must be one supported by API Gateway"; of several the first is taken, and
 * nothing is compressed for a list that is malformed (github.com/awsdocs/amazon-api-gateway-developer-guide/pull/32) or `*`.
 */
export function responseCoding(acceptEncoding: readonly string[] | undefined): ContentCoding | undefined {
  let best: string | undefined;
  let bestWeight = 0;
  for (const element of acceptEncoding?.join(",").split(",") ?? []) {
    const text = element.trim();
    if (text === "") continue;
    const match = ELEMENT.exec(text);
    if (match === null) return undefined;
    const weight = Number(match[2] ?? 1);
    if (weight <= bestWeight) continue;
    best = (match[1] as string).toLowerCase();
    bestWeight = weight;
  }
  return best !== undefined && isSupported(best) ? best : undefined;
}

const isSupported = (coding: string): coding is ContentCoding => coding === "gzip" || coding === "deflate";
