// Reads the body of a request to an HTTP API, within the limits. HTTP APIs leave compressed bodies as they are.
import { BodyAborted, BodyTooLarge, header } from "../../../ports/http-server.ts";
import type { InFlight } from "../../in-flight.ts";
import type { GatewayLimits } from "../../limits.ts";
import type { Step } from "../../pipeline.ts";
import type { HttpAuthorized, HttpExecution } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

/**
 * @throws {HttpRejection} REQUEST_TOO_LARGE past the payload limit; BAD_REQUEST when the client went away
 * @throws {Refusal} 503 past the budget of bytes in flight
 */
export function receiveBody({ payloadBytes }: GatewayLimits, inFlight: InFlight): Step<HttpAuthorized, HttpAuthorized> {
  async function read(authorized: HttpAuthorized, announced: number): Promise<HttpAuthorized> {
    const body = await authorized.request.readBody(payloadBytes).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) throw new HttpRejection("REQUEST_TOO_LARGE");
      throw error instanceof BodyAborted ? new HttpRejection("BAD_REQUEST", { cause: error }) : error;
    });
    // Chunked bodies announce nothing.
    inFlight.hold(authorized, body.length - announced);
    (authorized as HttpExecution).body = body;
    return authorized;
  }

  return (authorized) => {
    const { request } = authorized;
    if (!request.hasBody) return authorized;
    const announced = Number(header(request.headers, "content-length") ?? 0);
    if (announced > payloadBytes) throw new HttpRejection("REQUEST_TOO_LARGE");
    inFlight.hold(authorized, announced);
    return read(authorized, announced);
  };
}
