// The record of one request on its way through the gateway: allocated once, with all its fields, and filled step by step.
// The phases are views of the same object: a step that needs a later fact does not compile.
import type { AuthorizerFacts, CallerIdentity, IamStepFacts, JsonDocument, MethodPlan, Overrides, QueryList, RejectionFacts, StagePlan } from "../plan/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { CacheSlot } from "../ports/cache.ts";
import type { FunctionResult } from "../ports/functions.ts";
import type { Identity } from "../ports/identities.ts";
import type { UpstreamRequest } from "../ports/http-client.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Loan } from "../ports/loan.ts";
import type { Address } from "./address.ts";
import { hostOf } from "./address.ts";
import type { ExecutionLog } from "./execution-log.ts";
import { httpMethodOf } from "./http-method.ts";
import { extendedRequestId, traceRoot } from "./request-ids.ts";
import type { Trace } from "./tracing.ts";

/** What came over the wire, and what the gateway adds of its own. */
export interface Received {
  readonly request: HttpRequest;
  readonly address: Address;
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The same moment on the clock that only measures, in milliseconds. */
  readonly startedAt: number;
  readonly httpMethod: string;
  readonly protocol: string;
  /** `$context.path` */
  readonly path: string;
  readonly domainName: string;
  readonly sourceIp: string;
  /** Who calls, where that is known. */
  readonly identity: CallerIdentity | undefined;
  /** What the method's authorizer has made of the request; undefined where there is none. */
  readonly authorizer: AuthorizerFacts | undefined;
  /** Who has signed the request, with their secret: undefined unless IAM authorizes the method, and has found the signature good. */
  readonly signer: Identity | undefined;
  readonly authentication: IamStepFacts | undefined;
  readonly authorization: IamStepFacts | undefined;
  /** Whether this is a test of a method: the way from and to a client is left out. */
  readonly simulated: boolean;
  /** Who wants to know what happens. */
  readonly log: ExecutionLog | undefined;
  readonly headers: HeaderList;
  readonly rawQuery: string;
  /** Parsed when first asked for. */
  query: QueryList | undefined;
  /** Empty until it has been read, and when nobody needs it. */
  readonly body: Buffer;
  /** Whether the body has been read already, as it travelled. */
  readonly isBodyRead: boolean;
  /** The body as JSON, made when first asked for. */
  requestDocument: JsonDocument | undefined;
  /** What mapping templates have overridden; made when one first asks for it. */
  overrides: Overrides | undefined;
  /** `X-Amzn-Trace-Id` for backends, made when first asked for. */
  traceId: string | undefined;
  /** Undefined where the stage has no tracing, unless the client's own trace goes on here. */
  readonly trace: Trace | undefined;
  /** How much of the budget of bytes in flight this request has taken. */
  reservedBytes: number;
  /** Why it was turned away, where a gateway response says so. */
  readonly error: RejectionFacts | undefined;
  /** When its backend was asked, on the clock of {@link startedAt}; undefined where none is, or the answer is there at once. */
  readonly integrationStartedAt: number | undefined;
  /** How long its backend took to answer, in milliseconds; undefined where it did not. */
  readonly integrationLatencyMs: number | undefined;
}

/** The request has found its method. */
export interface Routed extends Received {
  readonly stage: StagePlan;
  readonly method: MethodPlan;
  /** In the order of the method's variables. */
  readonly pathValues: readonly string[];
}

/** Its caller may call the method. */
export interface Authorized extends Routed {
  readonly principal: Principal;
}

/** Who calls, as far as the method's authorization asks: anybody, or somebody that the method's authorizer has let in. */
export type Principal = "anonymous" | "authorized";

/** What goes to the backend is ready. */
export interface Mapped extends Authorized {
  readonly integrationRequest: IntegrationRequest;
  /** Where the cache keeps the backend's answer, and under which key; undefined where it does not. */
  readonly cacheSlot: CacheSlot | undefined;
  readonly cacheKey: string | undefined;
  /** The client has what is kept there replaced. */
  readonly cacheReload: boolean;
  /** Whether the client is told that its Cache-Control was ignored. */
  readonly cacheControlIgnored: boolean;
}

export type IntegrationRequest =
  | { readonly type: "MOCK"; readonly status: number }
  /** None is made: the backend's answer is in the cache. */
  | { readonly type: "CACHE" }
  | { readonly type: "HTTP"; readonly upstream: UpstreamRequest }
  | { readonly type: "LAMBDA"; readonly invocationType: "RequestResponse" | "Event"; readonly payload: Uint8Array; readonly isJson?: boolean };

/** A payload as it arrives: pulled as fast as the client takes it, given up by the iterator's `return`. */
export type ResponseStream = AsyncIterable<Uint8Array>;

/** The backend has answered. */
export interface Integrated extends Mapped {
  readonly integrationStatus: number;
  readonly integrationHeaders: HeaderList;
  /** Empty where the response is streamed. */
  readonly integrationBody: Buffer;
  /** What the body is held by, where it is lent: see {@link mayBorrow}. */
  readonly integrationLoan: Loan | undefined;
  /** The payload as it arrives, where it is streamed. */
  readonly integrationStream: ResponseStream | undefined;
  /** Set when a function failed: then the body is its error object. */
  readonly functionError: FunctionResult["functionError"];
  /** The body as JSON, made when first asked for. */
  integrationDocument: JsonDocument | undefined;
}

/** What the client gets, but for the headers that every answer has. */
export interface Answered extends Integrated {
  readonly status: number;
  readonly responseHeaders: HeaderList;
  readonly responseBody: HttpResponse["body"];
}

/** All fields, for the steps that fill them. */
export type Execution = { -readonly [Field in keyof Received]: Received[Field] } & {
  -readonly [Field in Exclude<keyof Answered, keyof Received>]: Answered[Field] | undefined;
};

const EMPTY = Buffer.alloc(0);

export function newExecution(request: HttpRequest, address: Address, requestId: string, receivedAt: number, startedAt = 0): Execution {
  return {
    request,
    address,
    requestId,
    extendedRequestId: extendedRequestId(requestId),
    receivedAt,
    startedAt,
    httpMethod: httpMethodOf(request),
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html: "the
    // request protocol is logged as HTTP/1.1 even if a client sends a request that uses HTTP/2".
    protocol: request.protocol === "HTTP/2.0" ? "HTTP/1.1" : request.protocol,
    path: address.contextPath,
    domainName: hostOf(lastHeader(request.headers, "host")),
    sourceIp: withoutPrefix(request.remoteAddress),
    identity: undefined,
    authorizer: undefined,
    signer: undefined,
    authentication: undefined,
    authorization: undefined,
    simulated: false,
    log: undefined,
    headers: request.headers,
    rawQuery: address.rawQuery,
    query: undefined,
    body: EMPTY,
    isBodyRead: false,
    requestDocument: undefined,
    overrides: undefined,
    traceId: undefined,
    trace: undefined,
    reservedBytes: 0,
    error: undefined,
    integrationStartedAt: undefined,
    integrationLatencyMs: undefined,
    stage: undefined,
    method: undefined,
    pathValues: undefined,
    principal: undefined,
    integrationRequest: undefined,
    cacheSlot: undefined,
    cacheKey: undefined,
    cacheReload: false,
    cacheControlIgnored: false,
    integrationStatus: undefined,
    integrationHeaders: undefined,
    integrationBody: undefined,
    integrationLoan: undefined,
    integrationStream: undefined,
    functionError: undefined,
    integrationDocument: undefined,
    status: undefined,
    responseHeaders: undefined,
    responseBody: undefined,
  };
}

/** IPv4 addresses as they are, however the system writes them. */
const withoutPrefix = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address);

/** What backends are told of the trace: the one that the client began, or one that begins here. */
export function traceIdOf(execution: Received): string {
  return (execution.traceId ??= incomingTrace(execution.headers) ?? newTrace(execution));
}

/**
 * What the request itself says of the trace, as events and templates show it: with tracing, too, they name no parent and no
 * decision but the client's (github.com/Napp/xray-laravel/pull/39).
 */
export function receivedTraceIdOf(execution: Received): string {
  return execution.trace === undefined ? traceIdOf(execution) : (incomingTrace(execution.headers) ?? newTrace(execution));
}

const newTrace = ({ requestId, receivedAt }: Received): string => `Root=${traceRoot(requestId, receivedAt)}`;

function incomingTrace(headers: HeaderList): string | undefined {
  const value = lastHeader(headers, "X-Amzn-Trace-Id");
  return value !== undefined && /(?:^|;)\s*Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;|$)/i.test(value) ? value : undefined;
}

/**
 * Whether the backend's body may be in memory that is lent: where it goes to the client, and to nobody else. A cache, a log that
 * shows payloads, the test of a method and compression read it too: they get memory of their own, so that nothing depends on
 * their being done with it when the client is.
 */
export function mayBorrow(authorized: Authorized): boolean {
  const { cacheSlot, log, simulated, stage } = authorized as Execution;
  return log === undefined && !simulated && cacheSlot === undefined && stage?.minimumCompressionSize === undefined;
}
