// Compresses the response, where the API's developers and the client ask for it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-receive-response-with-compressed-payload.html).
import { allHeaders, lastHeader, removeHeader, responseCoding } from "../../plan/index.ts";
import { compress } from "../content-coding.ts";
import type { Answered, Execution } from "../execution.ts";

/** Compresses a payload of at least the API's minimum size that its backend has not compressed already. */
export function compressResponse(answered: Answered): Answered | Promise<Answered> {
  const minimum = answered.stage.minimumCompressionSize;
  // A test shows what the method gives, before its way to a client.
  if (minimum === undefined || answered.simulated) return answered;
  const { headers, responseBody, responseHeaders } = answered;
  const payload = typeof responseBody === "string" ? Buffer.from(responseBody) : responseBody;
  // A stream is sent as it comes: content encoding is none of its features (response-transfer-mode).
  if (!(payload instanceof Uint8Array) || payload.length === 0 || payload.length < minimum) return answered;
  const coding = responseCoding(allHeaders(headers, "accept-encoding"));
  if (coding === undefined || lastHeader(responseHeaders, "content-encoding") !== undefined) return answered;
  const compressed = compress(payload, coding);
  return compressed instanceof Promise
    ? compressed.then((ready) => encoded(answered, coding, ready))
    : encoded(answered, coding, compressed);
}

function encoded(answered: Answered, coding: string, payload: Buffer): Answered {
  const headers = [...answered.responseHeaders, "Content-Encoding", coding];
  // A backend's own length, which is the one of the payload as it was.
  removeHeader(headers, "content-length");
  const execution = answered as Execution;
  execution.responseHeaders = headers;
  execution.responseBody = payload;
  return execution as Answered;
}
