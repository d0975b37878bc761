// The operation that a request calls, found as its service's protocol says: by method and path, or by the form's Action.
import { ServiceError } from "../domain/errors.ts";
import type { Operation } from "../model/table.ts";
import { BodyAborted, BodyTooLarge } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import { decodeForm, findAction, formOf } from "./aws-query/index.ts";
import { parseQuery, splitTarget } from "./query.ts";
import type { Query } from "./query.ts";
import { decodeRequest, hasBodyMembers } from "./rest-json/index.ts";
import type { Route } from "./route.ts";
import type { Service } from "./service.ts";

export interface Called {
  readonly service: Service;
  readonly operation: Operation;
  /** The body as it travelled; undefined without one. @throws {ServiceError} when it is too large, or cut off */
  body(): Promise<Buffer | undefined>;
  /** Decodes the input; what it holds is still to be validated. @throws {ServiceError} */
  readInput(): Promise<Record<string, unknown>>;
}

/** Finds what is called among the services of one signing name. @throws {ServiceError} when it is nothing of theirs */
export async function findCalled(services: readonly Service[], request: HttpRequest): Promise<Called> {
  const [service] = services;
  return service?.table.protocol === "awsQuery" ? findByAction(service, request) : findByRoute(services, request);
}

/** A form in the body, or the query of a GET (https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html). */
async function findByAction(service: Service, request: HttpRequest): Promise<Called> {
  const limit = service.bodyLimit(undefined);
  const body = request.hasBody ? await readBody(request, service.table.service, limit) : undefined;
  const form = body === undefined ? parseQuery(splitTarget(request.target).search) : formOf(body);
  const operation = findAction(form, service.table);
  return { service, operation, body: async () => body, readInput: async () => decodeForm(form, operation, service.table) };
}

function findByRoute(services: readonly Service[], request: HttpRequest): Called {
  const { path, search } = splitTarget(request.target);
  const query = parseQuery(search);
  for (const service of services) {
    const route = service.route(request.method, path, query);
    if (route === undefined) continue;
    const body = once(() => bodyOf(request, service, route));
    return { service, operation: route.operation, body, readInput: async () => readInput(request, service, route, query, await body()) };
  }
  // What AWS answers for a path that no operation has, to API Gateway's and Lambda's clients alike: boto/boto3#294,
  // aws/serverless-application-model#430.
  throw new ServiceError("AccessDeniedException", "Unable to determine service/operation name to be authorized");
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}

async function bodyOf(request: HttpRequest, service: Service, { operation }: Route): Promise<Buffer | undefined> {
  return request.hasBody ? readBody(request, service.nameInErrors(operation.name), service.bodyLimit(operation)) : undefined;
}

function readInput(request: HttpRequest, service: Service, route: Route, query: Query, body: Buffer | undefined): Record<string, unknown> {
  if (!body?.length && service.missingBody !== undefined && readsJsonBody(service, route)) throw service.missingBody();
  return decodeRequest({ route, query, headers: request.headers, body }, service.table);
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
