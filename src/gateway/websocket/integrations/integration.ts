// What each integration type of WebSocket APIs does: it asks its backend, and makes the client's answer of what it says.
import type { BackendAnswer, WebSocketIntegrationPlan } from "../../../plan/websocket/index.ts";
import type { HeaderList } from "../../../ports/http-server.ts";
import type { Backends } from "../../integrations/integration.ts";
import type { WebSocketAuthorized } from "../execution.ts";

/** For the client: of a handshake the status and the headers count, of a message the body. */
export interface RouteAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string | Uint8Array;
}

export interface WebSocketIntegrationType<Plan extends WebSocketIntegrationPlan> {
  /** Asks the backend. @throws {Rejection} */
  call(event: WebSocketAuthorized, plan: Plan, backends: Backends): Omit<BackendAnswer, "document"> | Promise<Omit<BackendAnswer, "document">>;
  /** What the client gets of a two-way route, and what decides about a client that connects. @throws {Rejection} */
  mapResponse(event: WebSocketAuthorized, plan: Plan, answer: BackendAnswer): RouteAnswer;
}
