// Requests to HTTP backends: where they go, and how their failures are answered.
import type { UpstreamPlan } from "../../plan/index.ts";
import { encodeQuery, formatQuery, headerValue, isCanonicalQuery, isHeaderName, lastHeader, queryOf, removeHeader } from "../../plan/index.ts";
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamResponse } from "../../ports/http-client.ts";
import type { Authorized, Mapped } from "../execution.ts";
import type { HeaderRules } from "../header-rules.ts";
import { configurationError, Rejection } from "../rejection.ts";
import type { Backends } from "./integration.ts";

/** Path and query; `passed` is the query that a proxy passes on. */
export function upstreamPath(execution: Authorized, plan: UpstreamPlan, passed: string): string {
  let query = plan.target.query(execution);
  const add = (part: string): void => {
    if (part !== "") query = query === "" ? part : `${query}&${part}`;
  };
  add(passed);
  const set = (name: string, value: string | readonly string[]): void => {
    const encoded = encodeQuery(name);
    for (const single of typeof value === "string" ? [value] : value) add(`${encoded}=${encodeQuery(single)}`);
  };
  const overrides = execution.overrides?.request.querystring;
  for (const mapping of plan.mappings.query) {
    const value = overrides?.has(mapping.name) === true ? undefined : mapping.value(execution);
    if (value !== undefined) set(mapping.name, value);
  }
  for (const { name, value } of overrides?.values() ?? []) set(name, value);
  const path = plan.target.path(execution);
  return query === "" ? path : `${path}?${query}`;
}

/** The client's query, decoded and encoded again, without the parameters that are mapped. */
export function passedQuery(execution: Authorized, plan: UpstreamPlan): string {
  const mapped = plan.mappings.query;
  if (mapped.length === 0 && isCanonicalQuery(execution.rawQuery)) return execution.rawQuery;
  const query = queryOf(execution);
  if (mapped.length === 0) return formatQuery(query);
  const overridden = new Set(mapped.filter((mapping) => mapping.value(execution) !== undefined).map(({ name }) => name));
  return formatQuery(query.filter((_, index) => !overridden.has(query[index - (index % 2)] as string)));
}

/** Puts mapped headers, and a template's overrides of them, into a list, in place of those of the same name. */
export function setMappedHeaders(headers: string[], execution: Authorized, plan: UpstreamPlan, rules: HeaderRules): void {
  const set = (name: string, value: string | readonly string[] | undefined): void => {
    const rule = rules(name);
    if (rule === "drop" || rule === "own" || value === undefined) return;
    removeHeader(headers, name.toLowerCase());
    for (const single of typeof value === "string" ? [value] : value) headers.push(name, headerValue(single));
  };
  for (const mapping of plan.mappings.headers) set(mapping.name, mapping.value(execution));
  for (const { name, value } of execution.overrides?.request.header.values() ?? []) if (isHeaderName(name)) set(name, value);
}

/** What AWS sends where neither the client nor a mapping says otherwise. */
export function setDefaultHeaders(headers: string[], execution: Authorized, hasBody: boolean): void {
  if (lastHeader(headers, "accept") === undefined) headers.push("Accept", "application/json");
  setProxyDefaultHeaders(headers, execution, hasBody);
}

/** The same for a proxy, whose backend sees no Accept that the client has not sent. */
export function setProxyDefaultHeaders(headers: string[], execution: Authorized, hasBody: boolean): void {
  const { apiId } = execution.stage;
  if (lastHeader(headers, "user-agent") === undefined) headers.push("User-Agent", `AmazonAPIGateway_${apiId}`);
  if (hasBody && lastHeader(headers, "content-type") === undefined) headers.push("Content-Type", "application/json");
  headers.push("x-amzn-apigateway-api-id", apiId);
}

/** Sends the mapped request. @throws {UpstreamError} */
export function callUpstream({ integrationRequest }: Mapped, { httpClient }: Backends): Promise<UpstreamResponse> {
  if (integrationRequest.type !== "HTTP") throw new TypeError("the request is not for an HTTP backend");
  return httpClient.request(integrationRequest.upstream);
}

/** For what calls a backend: as AWS answers when no usable response comes. @throws {Rejection} */
export function throwAsRejection(error: unknown): never {
  throw error instanceof UpstreamError ? rejectionOf(error) : error;
}

/**
 * A backend that cannot be reached, or breaks off, is an integration failure; a name that does not resolve, a certificate
 * that is not trusted and a response over 10 MB are configuration errors (500).
 */
function rejectionOf(error: UpstreamError): Rejection {
  switch (error.failure) {
    case "timeout":
      return new Rejection("INTEGRATION_TIMEOUT", { reason: error.message, cause: error });
    case "connect":
      return isUnknownHost(error.cause) ? configurationError(error.message, error) : networkError(error);
    case "protocol":
    case "aborted":
      return networkError(error);
    case "tls":
    case "tooLarge":
    case "refusedAddress":
      return configurationError(error.message, error);
  }
}

const networkError = (error: UpstreamError): Rejection =>
  new Rejection("INTEGRATION_FAILURE", { reason: error.message, cause: error });

function isUnknownHost(cause: unknown): boolean {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code === "ENOTFOUND" || code === "EAI_AGAIN";
}
