// Reads the body of a request to an HTTP API, within the limits. HTTP APIs leave compressed bodies as they are.
import { BodyAborted, BodyTooLarge, header } from "../../../ports/http-server.ts";
import type { InFlight } from "../../in-flight.ts";
import type { GatewayLimits } from "../../limits.ts";
import type { Step } from "../../pipeline.ts";
import type { HttpAuthorized, HttpExecution, HttpReceived } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

/**
 * @throws {HttpRejection} REQUEST_TOO_LARGE past the payload limit; BAD_REQUEST when the client went away
 * @throws {Refusal} 503 past the budget of bytes in flight
 */
export const receiveBody =
  (limits: GatewayLimits, inFlight: InFlight): Step<HttpAuthorized, HttpAuthorized> =>
  (authorized) =>
    authorized.request.hasBody && !authorized.isBodyRead ? readBody(authorized, limits, inFlight) : authorized;

/** The same for whoever needs it before. */
export async function readBody<Phase extends HttpReceived>(received: Phase, { payloadBytes }: GatewayLimits, inFlight: InFlight): Promise<Phase> {
  const { request } = received;
  const announced = Number(header(request.headers, "content-length") ?? 0);
  if (announced > payloadBytes) throw new HttpRejection("REQUEST_TOO_LARGE");
  inFlight.hold(received, announced);
  const body = await request.readBody(payloadBytes).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) throw new HttpRejection("REQUEST_TOO_LARGE");
    throw error instanceof BodyAborted ? new HttpRejection("BAD_REQUEST", { cause: error }) : error;
  });
  // Chunked bodies announce nothing.
  inFlight.hold(received, body.length - announced);
  const execution = received as unknown as HttpExecution;
  execution.body = body;
  execution.isBodyRead = true;
  return received;
}
