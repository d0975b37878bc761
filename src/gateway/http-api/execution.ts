// The record of one request on its way through an HTTP API: allocated once, with all its fields, and filled step by step. The
// phases are views of the same object: a step that needs a later fact does not compile.
import type { HeaderList, HttpRequest, HttpResponse } from "../../ports/http-server.ts";
import type { Loan } from "../../ports/loan.ts";
import type { EarlyHttpFacts, HttpErrorFacts, HttpFacts, HttpRoutePlan, HttpStagePlan } from "../../plan/http-api/index.ts";
import { lastHeader } from "../../plan/index.ts";
import type { Address } from "../address.ts";
import { hostOf } from "../address.ts";
import { extendedRequestId } from "../request-ids.ts";

/** What came over the wire, and what the gateway adds of its own. */
export interface HttpReceived extends EarlyHttpFacts {
  readonly request: HttpRequest;
  readonly address: Address;
  /** A UUID, of which the request's id and its trace are made. */
  readonly uuid: string;
  /** When it arrived on the clock that only measures, in milliseconds. */
  readonly startedAt: number;
  /** Empty until it has been read, and when nobody needs it. */
  readonly body: Buffer;
  readonly isBodyRead: boolean;
  requestDocument: HttpFacts["requestDocument"];
  /** `X-Amzn-Trace-Id`, made when first asked for. */
  traceId: string | undefined;
  /** How much of the budget of bytes in flight this request has taken. */
  reservedBytes: number;
  /** Why it was turned away. */
  readonly error: HttpErrorFacts | undefined;
  /** When its backend was asked, on the clock of {@link startedAt}; undefined where none is. */
  readonly integrationStartedAt: number | undefined;
  /** How long its backend took to answer, in milliseconds; undefined where it did not. */
  readonly integrationLatencyMs: number | undefined;
}

/** The request has found its route. */
export interface HttpRouted extends HttpReceived {
  readonly stage: HttpStagePlan;
  readonly route: HttpRoutePlan;
  readonly pathValues: readonly string[];
}

/** Its caller may call the route. */
export interface HttpAuthorized extends HttpRouted {
  readonly principal: "anonymous" | "authorized";
}

/** The backend has answered, and its answer is mapped. */
export interface HttpAnswered extends HttpAuthorized {
  /** What the backend, or Lambda, has answered; undefined where none was asked. */
  readonly integrationStatus: number | undefined;
  readonly integrationHeaders: HeaderList | undefined;
  /** The same, but for a function what its code has answered; the status before it is mapped. */
  readonly returnedStatus: number | undefined;
  readonly status: number;
  readonly responseHeaders: HeaderList;
  readonly responseBody: HttpResponse["body"];
  /** What the body is held by, where it is the backend's own and lent. */
  readonly responseLoan: Loan | undefined;
}

/** All fields, for the steps that fill them. */
export type HttpExecution = { -readonly [Field in keyof HttpReceived]: HttpReceived[Field] } & {
  -readonly [Field in Exclude<keyof HttpAnswered, keyof HttpReceived>]: HttpAnswered[Field] | undefined;
};

const EMPTY = Buffer.alloc(0);

export function newHttpExecution(request: HttpRequest, address: Address, uuid: string, receivedAt: number, startedAt: number): HttpExecution {
  return {
    request,
    address,
    uuid,
    requestId: extendedRequestId(uuid),
    receivedAt,
    startedAt,
    httpMethod: request.method,
    // ".../http-api-logging-variables.html": "the request protocol is logged as HTTP/1.1 even if a client sends a request that uses HTTP/2".
    protocol: request.protocol === "HTTP/2.0" ? "HTTP/1.1" : request.protocol,
    path: address.contextPath,
    stagePath: address.path,
    domainName: hostOf(lastHeader(request.headers, "host")),
    sourceIp: request.remoteAddress.replace(/^::ffff:/, ""),
    headers: request.headers,
    rawQuery: address.rawQuery,
    basePathMatched: address.customDomain?.basePath,
    query: undefined,
    body: EMPTY,
    isBodyRead: false,
    requestDocument: undefined,
    traceId: undefined,
    reservedBytes: 0,
    error: undefined,
    authorizer: undefined,
    identity: undefined,
    integrationStartedAt: undefined,
    integrationLatencyMs: undefined,
    stage: undefined,
    route: undefined,
    pathValues: undefined,
    principal: undefined,
    integrationStatus: undefined,
    integrationHeaders: undefined,
    returnedStatus: undefined,
    status: undefined,
    responseHeaders: undefined,
    responseBody: undefined,
    responseLoan: undefined,
  };
}
