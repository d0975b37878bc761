// Reads the body, where the method needs it and no signature had to be verified with it, within the limits, and decompresses it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html).
import type { ContentCoding } from "../../plan/index.ts";
import { allHeaders, requestCoding } from "../../plan/index.ts";
import { BodyTooLarge, header, type HttpRequest } from "../../ports/http-server.ts";
import { decompress, WrongCoding } from "../content-coding.ts";
import type { Authorized, Execution, Received } from "../execution.ts";
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
    const { isBodyRead, request, method } = authorized;
    if (!request.hasBody) return authorized;
    if (announcedLength(request) > limits.payloadBytes) throw payloadTooLarge(limits.payloadBytes);
    const coding = requestCoding(allHeaders(request.headers, "content-encoding")?.join(","));
    if (coding === "unsupported") throw new Rejection("UNSUPPORTED_MEDIA_TYPE");
    if (!method.readsBody && coding === undefined) return authorized;
    if (isBodyRead) return coding === undefined ? authorized : decode(authorized, coding, limits, inFlight);
    const received = readBody(authorized, limits, inFlight);
    return coding === undefined ? received : received.then(() => decode(authorized, coding, limits, inFlight));
  };
}

const announcedLength = ({ headers }: HttpRequest): number => Number(header(headers, "content-length") ?? 0);

/** Reads the body as it travelled. @throws {Refusal} {BodyAborted} */
export async function readBody<Phase extends Received>(received: Phase, { payloadBytes }: GatewayLimits, inFlight: InFlight): Promise<Phase> {
  const announced = announcedLength(received.request);
  if (announced > payloadBytes) throw payloadTooLarge(payloadBytes);
  inFlight.hold(received, announced);
  const body = await received.request.readBody(payloadBytes).catch((error: unknown) => {
    throw error instanceof BodyTooLarge ? payloadTooLarge(payloadBytes) : error;
  });
  // Chunked bodies announce nothing.
  inFlight.hold(received, body.length - announced);
  const execution = received as unknown as Execution;
  execution.body = body;
  execution.isBodyRead = true;
  return received;
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
