// What the routes of WebSocket APIs, their templates, mappings and logs can look at: of a connection that begins, of a message,
// and of a connection that has ended.
import type { HeaderList } from "../../domain/header-list.ts";
import type { AuthorizerFacts, CallerIdentity, IamStepFacts } from "../facts.ts";
import type { JsonDocument } from "../mapping-template/index.ts";
import type { QueryList } from "../query.ts";
import type { WebSocketRoutePlan, WebSocketStagePlan } from "./stage-plan.ts";

/** What lasts as long as a connection. */
export interface WebSocketClient {
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly domainName: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** Who has connected, where that is known. */
  readonly identity: CallerIdentity | undefined;
  /** What the authorizer of `$connect` has made of the handshake; undefined where there is none. */
  readonly authorizer: AuthorizerFacts | undefined;
}

export type WebSocketEventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

/** How a connection has ended. */
export interface DisconnectFacts {
  readonly statusCode: number;
  readonly reason: string;
}

/** An event, before it has found its stage or its route. */
export interface EarlyWebSocketFacts {
  readonly stage: WebSocketStagePlan | undefined;
  readonly route: WebSocketRoutePlan | undefined;
  readonly client: WebSocketClient;
  readonly eventType: WebSocketEventType;
  /** `$context.requestId` and `$context.extendedRequestId`. */
  readonly requestId: string;
  /** Of a message alone. */
  readonly messageId: string | undefined;
  /** Of an end alone. */
  readonly disconnect: DisconnectFacts | undefined;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Those of the handshake; none of a message. */
  readonly headers: HeaderList;
  /** Of the handshake, without `?`. */
  readonly rawQuery: string;
  /** Parsed when first asked for, by `queryOf`. */
  query: QueryList | undefined;
  /** The message; empty of other events. */
  readonly body: Buffer;
  /** The message as JSON, made when first asked for. */
  requestDocument: JsonDocument | undefined;
  /** Undefined where IAM does not authorize the handshake, and before the client is known to be who it says. */
  readonly authentication: IamStepFacts | undefined;
  /** Likewise, before it is decided what it may do. */
  readonly authorization: IamStepFacts | undefined;
  /** Why the gateway answers by itself. */
  readonly error: WebSocketErrorFacts | undefined;
}

export interface WebSocketErrorFacts {
  readonly message: string;
  /** `$context.error.responseType` */
  readonly responseType: string;
  readonly validationErrors: string | undefined;
}

/** The same, once it has found its route. */
export interface WebSocketFacts extends EarlyWebSocketFacts {
  readonly stage: WebSocketStagePlan;
  readonly route: WebSocketRoutePlan;
}

/** What a backend has answered. */
export interface BackendAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Set when a function failed: then the body is its error object. */
  readonly functionError: string | undefined;
  /** The body as JSON, made when first asked for. */
  document: JsonDocument | undefined;
}
