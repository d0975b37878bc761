// A control-plane request from its first byte to its answer: guard, authenticate, route, decode, authorize, validate, handle, encode.
import { ServiceError } from "../domain/errors.ts";
import type { OperationTable } from "../model/table.ts";
import type { AccessControl } from "../ports/access-control.ts";
import type { HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import { type Caller, type CallerDefaults, ownerOfKey, readAuthorization, takenAtTheirWord } from "./authenticate.ts";
import { encodeQueryError, encodeQueryResponse } from "./aws-query/index.ts";
import { type Called, findCalled } from "./called.ts";
import { encodeError, notBuilt, requestIdHeader } from "./failures.ts";
import type { Guard } from "./guard.ts";
import { parseQuery, splitTarget } from "./query.ts";
import { encodeResponse } from "./rest-json/index.ts";
import type { Service } from "./service.ts";
import type { SignedRequest } from "../sigv4/index.ts";
import { validate } from "./validate.ts";

export interface ControlPlaneOptions {
  /** Several may share a signing name (V1 and V2 of API Gateway); the first that knows a path serves it. */
  readonly services: readonly Service[];
  readonly guard: Guard;
  /** Who may do what. Absent in development: any credentials will do, and may do everything. */
  readonly access?: AccessControl;
  readonly defaults: CallerDefaults;
  readonly ids: Ids;
  readonly log: Log;
}

export interface ControlPlane {
  /** Answers a control-plane request. Never throws. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Whether the method and path are an operation's, whoever asks. */
  isOperation(request: Pick<HttpRequest, "method" | "target">): boolean;
}

/** Makes the control planes of all services. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const bySigningName = Map.groupBy(options.services, (service) => service.table.signingName);
  return {
    async handle(request) {
      const exchange: Exchange = { requestId: options.ids.uuid(), table: undefined, operation: undefined };
      try {
        return await serve(request, bySigningName, exchange, options);
      } catch (error) {
        return failure(error, request, exchange, options.log);
      }
    },
    isOperation: ({ method, target }) => isOperation(options.services, method, target),
  };
}

/** What is known of a request so far, for the answer and the log should something fail. */
interface Exchange {
  readonly requestId: string;
  table: OperationTable | undefined;
  operation: string | undefined;
}

async function serve(
  request: HttpRequest,
  bySigningName: ReadonlyMap<string, readonly Service[]>,
  exchange: Exchange,
  options: ControlPlaneOptions,
): Promise<HttpResponse> {
  const refusal = options.guard(request);
  if (refusal !== undefined) throw new ServiceError("AccessDeniedException", refusal);
  const signed = readAuthorization(request, splitTarget(request.target).search);
  const services = bySigningName.get(signed.service);
  if (services === undefined) throw unknownService(signed.service, [...bySigningName.keys()]);
  // Known before anything of it is: what fails from here on is told in the service's protocol.
  exchange.table = services[0]?.table;
  const caller = await callerOf(request, signed, exchange, options);
  const called = await findCalled(services, request);
  const { service, operation } = called;
  const { name } = operation;
  exchange.table = service.table;
  exchange.operation = name;
  const handler = service.handler(name);
  const input = await admit(request, caller, called, options.access, handler !== undefined);
  if (handler === undefined) throw notBuilt(`Gatehouse has not built ${name} yet.`);
  validate(input, name, service.table, service.wording);
  const { call } = caller;
  const output = ((await handler(input, call)) ?? {}) as Readonly<Record<string, unknown>>;
  const answer =
    service.table.protocol === "awsQuery"
      ? encodeQueryResponse(output, operation, service.table, call.requestId)
      : encodeResponse(output, operation, service.table, service.payloadType);
  options.log.debug("control-plane call", { operation: name, status: answer.status, requestId: call.requestId });
  return { ...answer, headers: [...requestIdHeader(call.requestId), ...answer.headers] };
}

/** Those of IAM and STS may be off by 15 minutes, those of the others by 5 (devsecops/bootcamp#101, mhart/aws4#118). */
const skewOf = (table: OperationTable | undefined): number => (table?.protocol === "awsQuery" ? 15 : 5);

async function callerOf(
  request: HttpRequest, signed: SignedRequest, { requestId, table }: Exchange, { access, defaults }: ControlPlaneOptions,
): Promise<Caller> {
  if (access === undefined) return takenAtTheirWord(request, signed, defaults, requestId);
  return ownerOfKey(request, signed, { access, defaults, requestId, now: access.now(), skewMinutes: skewOf(table) });
}

/**
 * The input of a call whose caller has signed it, and may make it. Whether it may is said before anything is said about the
 * input's values, and before anything is read of what it is about.
 */
async function admit(
  request: HttpRequest, caller: Caller, called: Called, access: AccessControl | undefined, isBuilt: boolean,
): Promise<Record<string, unknown>> {
  if (access === undefined) return isBuilt ? called.readInput() : {};
  const { call, identity } = caller;
  const { service: { permissions }, operation } = called;
  caller.prove(await called.body());
  const input = await called.readInput();
  if (identity === undefined || permissions === undefined) {
    throw new ServiceError("AccessDeniedException", "Unable to determine service/operation name to be authorized");
  }
  await access.authorize(identity, await permissions({ operation, input, call }), { call, encrypted: request.encrypted });
  return input;
}

function isOperation(services: readonly Service[], method: string, target: string): boolean {
  const { path, search } = splitTarget(target);
  try {
    const query = parseQuery(search);
    return services.some((service) => service.route(method, path, query) !== undefined);
  } catch {
    // A query that cannot be read names no operation.
    return false;
  }
}

const unknownService = (name: string, known: readonly string[]): ServiceError =>
  notBuilt(`Gatehouse has not built the service '${name.slice(0, 100)}' of the credential's scope; it has ${known.join(", ")}.`);

/** The answer for what was thrown. Whatever is not an error of the model is a bug: its cause is for the log alone. */
function failure(error: unknown, request: HttpRequest, { requestId, table, operation }: Exchange, log: Log): HttpResponse {
  if (error instanceof ServiceError) {
    const answer = encodeFailure(error, table, requestId);
    if (answer !== undefined) {
      log.debug("control-plane call refused", { operation, status: answer.status, code: error.code, requestId });
      return answer;
    }
  }
  log.error("control-plane call failed", error, { operation, method: request.method, requestId });
  const internal = new ServiceError("InternalFailure", "Internal server error");
  return encodeFailure(internal, table, requestId) as HttpResponse;
}

function encodeFailure(error: ServiceError, table: OperationTable | undefined, requestId: string): HttpResponse | undefined {
  if (table?.protocol !== "awsQuery") return encodeError(error, table, requestId);
  const answer = encodeQueryError(error, table, requestId);
  return answer && { ...answer, headers: [...requestIdHeader(requestId), ...answer.headers] };
}
