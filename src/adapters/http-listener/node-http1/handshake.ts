// A request that asks for a WebSocket, until it is one or has its answer. Node's parser has let go of its connection.
import type { Socket } from "node:net";
import type { HttpResponse } from "../../../ports/http-server.ts";
import type { HandshakeDecision } from "../../../ports/websocket.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { readHandshake } from "../websocket/handshake.ts";
import type { Http1Exchange } from "./exchange.ts";

/** What becomes of a handshake. */
export interface HandshakeOutcome {
  /** It is answered as any request. */
  answer(response: HttpResponse): void;
  fail(error: unknown): void;
  /** Its connection is a WebSocket, and none of HTTP's any more. */
  release(): void;
}

/**
 * Has a handshake decided of.
 * @param early what came behind it
 */
export function decideHandshake(exchange: Http1Exchange, socket: Socket, early: Buffer, webSockets: WebSockets, outcome: HandshakeOutcome): void {
  const key = readHandshake(exchange.headers);
  const { remoteAddress } = exchange;
  // Nobody can open a WebSocket who has nothing more to say.
  const leaves = (): void => void socket.destroy();
  socket.on("end", leaves).on("error", ignore);
  const refuse = (refused: () => void): void => {
    socket.on("timeout", leaves);
    exchange.response.shouldKeepAlive = false;
    exchange.response.on("finish", () => socket.destroySoon());
    if (!exchange.isGone) exchange.response.assignSocket(socket);
    refused();
  };
  const decided = (decision: HandshakeDecision): void => {
    if (typeof key !== "string" || !("opened" in decision)) {
      refuse(() => outcome.answer(decision as HttpResponse));
      return;
    }
    socket.off("end", leaves).setTimeout(0);
    try {
      webSockets.accept(socket, remoteAddress, key, decision, early);
      outcome.release();
    } catch (error) {
      failed(error);
    }
  };
  const failed = (error: unknown): void => refuse(() => outcome.fail(error));
  if (typeof key !== "string") decided(key);
  else decide(exchange, webSockets, decided, failed);
}

function decide(exchange: Http1Exchange, webSockets: WebSockets, decided: (decision: HandshakeDecision) => void, failed: (error: unknown) => void): void {
  let decision: HandshakeDecision | Promise<HandshakeDecision>;
  try {
    decision = webSockets.handler.connect(exchange);
  } catch (error) {
    failed(error);
    return;
  }
  if (decision instanceof Promise) decision.then(decided, failed);
  else decided(decision);
}

/** An error is followed by the end of its connection. */
const ignore = (): void => undefined;
