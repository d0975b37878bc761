// Reads the body, where the method needs it, within the limits, and decompresses it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html).
import type { ContentCoding } from "../../plan/index.ts";
import { allHeaders, requestCoding } from "../../plan/index.ts";
import { BodyTooLarge, header } from "../../ports/http-server.ts";
import { decompress, WrongCoding } from "../content-coding.ts";
import type { Authorized, Execution } from "../execution.ts";
import type { InFlight } from "../in-flight.ts";
import type { GatewayLimits } from "../limits.ts";
import type { Step } from "../pipeline.ts";
import { payloadTooLarge, Rejection } from "../rejection.ts";

/**
 * @throws {Refusal} 413 past the payload limit, 503 past the budget of bytes in flight.
 * @throws {Rejection} UNSUPPORTED_MEDIA_TYPE for a coding that is not supported, or not the body's; REQUEST_TOO_LARGE past
 * the payload limit once it is decompressed.
 * @throws {BodyAborted} when the client went away.
 */
export function receiveBody(limits: GatewayLimits, inFlight: InFlight): Step<Authorized, Authorized> {
  return (authorized) => {
    const { request, method } = authorized;
    if (!request.hasBody) return authorized;
    const announced = Number(header(request.headers, "content-length") ?? 0);
    if (announced > limits.payloadBytes) throw payloadTooLarge(limits.payloadBytes);
    const coding = requestCoding(allHeaders(request.headers, "content-encoding")?.join(","));
    if (coding === "unsupported") throw new Rejection("UNSUPPORTED_MEDIA_TYPE");
    if (!method.readsBody && coding === undefined) return authorized;
    inFlight.hold(authorized, announced);
    const received = read(authorized, announced, limits, inFlight);
    return coding === undefined ? received : received.then(() => decode(authorized, coding, limits, inFlight));
  };
}

async function read(
  authorized: Authorized,
  announced: number,
  limits: GatewayLimits,
  inFlight: InFlight,
): Promise<Authorized> {
  const body = await authorized.request.readBody(limits.payloadBytes).catch((error: unknown) => {
    throw error instanceof BodyTooLarge ? payloadTooLarge(limits.payloadBytes) : error;
  });
  // Chunked bodies announce nothing.
  inFlight.hold(authorized, body.length - announced);
  (authorized as Execution).body = body;
  return authorized;
}

/**
 * Decompression is on by default; an API that compresses leaves smaller payloads alone in both directions
 * (.../api-gateway-enable-compression.html). The Content-Encoding header stays, and goes on as header-rules.ts says: a
 * function sees it beside the decompressed body (github.com/dougmoscrop/serverless-http/issues/194).
 */
async function decode(
  authorized: Authorized,
  coding: ContentCoding,
  limits: GatewayLimits,
  inFlight: InFlight,
): Promise<Authorized> {
  const { body, stage } = authorized;
  if (body.length === 0 || body.length < (stage.minimumCompressionSize ?? 0)) return authorized;
  let bytes = 0;
  const take = (piece: number): void => {
    bytes += piece;
    if (bytes > limits.payloadBytes) {
      throw new Rejection("REQUEST_TOO_LARGE", { reason: "The decompressed payload is too large" });
    }
    inFlight.hold(authorized, piece);
  };
  (authorized as Execution).body = await decompress(body, coding, take).catch((error: unknown) => {
    throw error instanceof WrongCoding ? new Rejection("UNSUPPORTED_MEDIA_TYPE", { cause: error }) : error;
  });
  inFlight.hold(authorized, -body.length);
  return authorized;
}
