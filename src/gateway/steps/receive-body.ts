// Reads the body, where the method needs it, within the limits.
import { BodyTooLarge, header } from "../../ports/http-server.ts";
import type { Authorized, Execution } from "../execution.ts";
import type { InFlight } from "../in-flight.ts";
import type { GatewayLimits } from "../limits.ts";
import type { Step } from "../pipeline.ts";
import { payloadTooLarge } from "../rejection.ts";

/**
 * @throws {Refusal} 413 past the payload limit, 503 past the budget of bytes in flight.
 * @throws {BodyAborted} when the client went away.
 */
export function receiveBody(limits: GatewayLimits, inFlight: InFlight): Step<Authorized, Authorized> {
  return (authorized) => {
    const { request, method } = authorized;
    if (!request.hasBody) return authorized;
    const announced = Number(header(request.headers, "content-length") ?? 0);
    if (announced > limits.payloadBytes) throw payloadTooLarge(limits.payloadBytes);
    if (!method.readsBody) return authorized;
    inFlight.hold(authorized, announced);
    return read(authorized, announced, limits, inFlight);
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
