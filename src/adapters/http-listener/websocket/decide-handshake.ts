// A request that asks for a WebSocket, until it is one or has its answer.
import type { HttpRequest, HttpResponse } from "../../../ports/http-server.ts";
import type { AcceptedHandshake, HandshakeDecision } from "../../../ports/websocket.ts";
import type { WebSockets } from "./connections.ts";
import { readHandshake } from "./handshake.ts";

/** What becomes of a handshake. */
export interface HandshakeOutcome {
  /** It is answered as any request. */
  answer(response: HttpResponse): void;
  fail(error: unknown): void;
  /** Its connection becomes a WebSocket. @throws when the answer that says so cannot be sent */
  open(remoteAddress: string, key: string, accepted: AcceptedHandshake): void;
}

/** Has a handshake decided of. */
export function decideHandshake(request: HttpRequest, webSockets: WebSockets, outcome: HandshakeOutcome): void {
  const key = readHandshake(request.headers);
  if (typeof key !== "string") {
    outcome.answer(key);
    return;
  }
  const { remoteAddress } = request;
  const decided = (decision: HandshakeDecision): void => {
    try {
      if ("opened" in decision) outcome.open(remoteAddress, key, decision);
      else outcome.answer(decision);
    } catch (error) {
      outcome.fail(error);
    }
  };
  let decision: HandshakeDecision | Promise<HandshakeDecision>;
  try {
    decision = webSockets.handler.connect(request);
  } catch (error) {
    outcome.fail(error);
    return;
  }
  if (decision instanceof Promise) decision.then(decided, (error: unknown) => outcome.fail(error));
  else decided(decision);
}
