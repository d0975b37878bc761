// The record of one event on its way through a WebSocket API: a client that connects, a message, or an end. Allocated once, with
// all its fields, and filled step by step; the phases are views of the same object.
import type { HeaderList, HttpRequest } from "../../ports/http-server.ts";
import type {
  BackendAnswer,
  DisconnectFacts,
  EarlyWebSocketFacts,
  WebSocketClient,
  WebSocketEventType,
  WebSocketRoutePlan,
  WebSocketStagePlan,
} from "../../plan/websocket/index.ts";
import type { Address } from "../address.ts";
import { extendedRequestId } from "../request-ids.ts";

/** What has happened, to which stage's client. */
export interface WebSocketReceived extends EarlyWebSocketFacts {
  readonly apiId: string;
  readonly stageName: string;
  /** The handshake, and where it was sent; undefined of other events. */
  readonly request: HttpRequest | undefined;
  readonly address: Address | undefined;
  /** A UUID, of which the request's id and its trace are made. */
  readonly uuid: string;
  /** When it happened on the clock that only measures, in milliseconds. */
  readonly startedAt: number;
  /** How much of the budget of bytes in flight this event has taken. */
  reservedBytes: number;
  /** When its backend was asked, on the clock of {@link startedAt}; undefined where none is. */
  readonly integrationStartedAt: number | undefined;
  /** How long its backend took to answer, in milliseconds; undefined where it did not. */
  readonly integrationLatencyMs: number | undefined;
  readonly answer: BackendAnswer | undefined;
}

/** It has found its route. */
export interface WebSocketRouted extends WebSocketReceived {
  readonly stage: WebSocketStagePlan;
  readonly route: WebSocketRoutePlan;
}

/** The client may connect, or has been let in before. */
export interface WebSocketAuthorized extends WebSocketRouted {
  readonly principal: "anonymous" | "authorized";
}

/** The backend has answered, where there is one, and its answer is mapped. */
export interface WebSocketAnswered extends WebSocketAuthorized {
  readonly status: number;
  /** Of the answer that a proxy gives to a handshake. */
  readonly responseHeaders: HeaderList;
  /** For the client; undefined where it gets nothing. */
  readonly responseBody: string | Uint8Array | undefined;
}

/** All fields, for the steps that fill them. */
export type WebSocketExecution = { -readonly [Field in keyof WebSocketReceived]: WebSocketReceived[Field] } & {
  -readonly [Field in Exclude<keyof WebSocketAnswered, keyof WebSocketReceived>]: WebSocketAnswered[Field] | undefined;
};

/** What an event begins with. */
export interface WebSocketEvent {
  readonly eventType: WebSocketEventType;
  readonly client: WebSocketClient;
  readonly apiId: string;
  readonly stageName: string;
  readonly request?: HttpRequest;
  readonly address?: Address;
  readonly headers?: HeaderList;
  readonly rawQuery?: string;
  readonly messageId?: string;
  readonly body?: Buffer;
  readonly disconnect?: DisconnectFacts;
}

const EMPTY = Buffer.alloc(0);
const NO_HEADERS: HeaderList = [];

/** @param receivedAt milliseconds since the epoch */
export function newWebSocketExecution(event: WebSocketEvent, uuid: string, receivedAt: number, startedAt: number): WebSocketExecution {
  return {
    eventType: event.eventType,
    client: event.client,
    apiId: event.apiId,
    stageName: event.stageName,
    request: event.request,
    address: event.address,
    uuid,
    requestId: extendedRequestId(uuid),
    messageId: event.messageId,
    disconnect: event.disconnect,
    receivedAt,
    startedAt,
    headers: event.headers ?? NO_HEADERS,
    rawQuery: event.rawQuery ?? "",
    query: undefined,
    body: event.body ?? EMPTY,
    requestDocument: undefined,
    authentication: undefined,
    authorization: undefined,
    error: undefined,
    reservedBytes: 0,
    integrationStartedAt: undefined,
    integrationLatencyMs: undefined,
    answer: undefined,
    stage: undefined,
    route: undefined,
    principal: undefined,
    status: undefined,
    responseHeaders: undefined,
    responseBody: undefined,
  };
}
