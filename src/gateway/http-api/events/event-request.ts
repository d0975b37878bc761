// What functions of HTTP APIs see of a request: for an authorizer as it came, for an integration with its parameter mappings
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html). The path is decoded, unlike that
// of REST APIs (github.com/aws-powertools/powertools-lambda-python/issues/1098, github.com/wakujs/waku/pull/458).
import type { HeaderList } from "../../../domain/header-list.ts";
import { mapHeaders, mappedHost, mappedPath, mapQuery } from "../../../plan/http-api/index.ts";
import { type QueryList, queryOf, removeHeader } from "../../../plan/index.ts";
import { decoded } from "../../path-segments.ts";
import type { HttpAuthorized, HttpRouted } from "../execution.ts";

export interface EventRequest {
  /** With the stage where that was called by its name. */
  readonly path: string;
  /** The client's, or what they are mapped to. */
  readonly headers: HeaderList;
  readonly rawQuery: string;
  readonly query: QueryList;
}

/** As it came. */
export const requestItself = (routed: HttpRouted): EventRequest => ({
  path: decoded(routed.path),
  headers: routed.headers,
  rawQuery: routed.rawQuery,
  query: queryOf(routed),
});

/** As its route has it mapped. */
export function mappedRequest(authorized: HttpAuthorized): EventRequest {
  const request = requestItself(authorized);
  const mapping = authorized.route.requestMapping;
  if (mapping === undefined) return request;
  const headers = [...request.headers];
  const host = mappedHost(mapping, authorized);
  if (host !== undefined) {
    removeHeader(headers, "host");
    headers.push("host", host);
  }
  mapHeaders(headers, mapping.headers, authorized);
  const rawQuery = mapQuery(request.rawQuery, mapping, authorized);
  const path = mappedPath(mapping, authorized);
  return { path: path === undefined ? request.path : decoded(path), headers, rawQuery, query: queryOf({ query: undefined, rawQuery }) };
}

/** Undefined for a route without path variables. */
export function pathParameters({ pathValues, route }: HttpRouted): Readonly<Record<string, string>> | undefined {
  if (route.variables.length === 0) return undefined;
  const parameters = Object.create(null) as Record<string, string>;
  for (const [place, name] of route.variables.entries()) parameters[name] = decoded(pathValues[place] as string);
  return parameters;
}
