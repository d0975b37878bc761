// A control-plane request from its first byte to its answer: guard, authenticate, route, decode, validate, handle, encode.
import { ServiceError } from "../domain/errors.ts";
import type { OperationTable } from "../model/table.ts";
import { BodyAborted, BodyTooLarge } from "../ports/http-server.ts";
import type { HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log } from "../ports/log.ts";
import { authenticate } from "./authenticate.ts";
import type { CallerDefaults } from "./authenticate.ts";
import { encodeError, notBuilt, requestIdHeader } from "./failures.ts";
import type { Guard } from "./guard.ts";
import { parseQuery, splitTarget } from "./query.ts";
import type { Query } from "./query.ts";
import { decodeRequest, encodeResponse, hasBodyMembers } from "./rest-json/index.ts";
import type { Route } from "./route.ts";
import type { Service } from "./service.ts";
import { validate } from "./validate.ts";

export interface ControlPlaneOptions {
  /** Several may share a signing name (V1 and V2 of API Gateway); the first that knows a path serves it. */
  readonly services: readonly Service[];
  readonly guard: Guard;
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
  { guard, defaults, log }: ControlPlaneOptions,
): Promise<HttpResponse> {
  const refusal = guard(request);
  if (refusal !== undefined) throw new ServiceError("AccessDeniedException", refusal);
  const { path, search } = splitTarget(request.target);
  const { call, signingName } = authenticate(request, search, defaults, exchange.requestId);
  const services = bySigningName.get(signingName);
  if (services === undefined) throw unknownService(signingName, [...bySigningName.keys()]);
  const query = parseQuery(search);
  const { service, route } = findRoute(services, request.method, path, query);
  const { name } = route.operation;
  exchange.table = service.table;
  exchange.operation = name;
  const handler = service.handler(name);
  if (handler === undefined) throw notBuilt(`Gatehouse has not built ${name} yet.`);
  const input = await readInput(request, service, route, query);
  const output = (await handler(input, call)) as Readonly<Record<string, unknown>> | undefined;
  const answer = encodeResponse(output ?? {}, route.operation, service.table, service.payloadType);
  log.debug("control-plane call", { operation: name, status: answer.status, requestId: call.requestId });
  return { ...answer, headers: [...requestIdHeader(call.requestId), ...answer.headers] };
}

async function readInput(request: HttpRequest, service: Service, route: Route, query: Query): Promise<Record<string, unknown>> {
  const { name } = route.operation;
  const body = request.hasBody ? await readBody(request, service.nameInErrors(name), service.bodyLimit(route.operation)) : undefined;
  if (!body?.length && service.missingBody !== undefined && readsJsonBody(service, route)) throw service.missingBody();
  const input = decodeRequest({ route, query, headers: request.headers, body }, service.table);
  validate(input, name, service.table, service.wording);
  return input;
}

function readsJsonBody({ table }: Service, { operation }: Route): boolean {
  const shape = table.shapes[operation.input];
  return shape?.type === "structure" && hasBodyMembers(Object.entries(shape.members));
}

async function readBody(request: HttpRequest, operation: string, limit: number): Promise<Buffer> {
  try {
    return await request.readBody(limit);
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      const message = `Request must be smaller than ${String(limit)} bytes for the ${operation} operation`;
      throw new ServiceError("RequestEntityTooLargeException", message);
    }
    if (error instanceof BodyAborted) throw new ServiceError("RequestAbortedException", "The request was aborted.");
    throw error;
  }
}

function findRoute(services: readonly Service[], method: string, path: string, query: Query): { service: Service; route: Route } {
  for (const service of services) {
    const route = service.route(method, path, query);
    if (route !== undefined) return { service, route };
  }
  // What AWS answers for a path that no operation has, to API Gateway's and Lambda's clients alike: boto/boto3#294,
  // aws/serverless-application-model#430.
  throw new ServiceError("AccessDeniedException", "Unable to determine service/operation name to be authorized");
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
    const answer = encodeError(error, table, requestId);
    if (answer !== undefined) {
      log.debug("control-plane call refused", { operation, status: answer.status, code: error.code, requestId });
      return answer;
    }
  }
  log.error("control-plane call failed", error, { operation, method: request.method, requestId });
  const internal = new ServiceError("InternalFailure", "Internal server error");
  return encodeError(internal, undefined, requestId) as HttpResponse;
}
