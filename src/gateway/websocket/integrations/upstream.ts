// Requests to the HTTP backends and the services of WebSocket APIs: where they go, and with which headers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html).
import { encodeQuery, formatQuery, headerValue, lastHeader, queryOf, removeHeader } from "../../../plan/index.ts";
import type { WebSocketUpstream } from "../../../plan/websocket/index.ts";
import { addHeader, REQUEST_RULES } from "../../header-rules.ts";
import { handshakeHeaders, traceIdOf } from "../events.ts";
import type { WebSocketAuthorized } from "../execution.ts";

/** Path and query; a proxy's backend gets the handshake's query too, without what is mapped. */
export function pathOf(event: WebSocketAuthorized, { mappings, target }: WebSocketUpstream, isProxy: boolean): string {
  const parts = [target.query(event), isProxy ? passedQuery(event, mappings.query) : ""];
  for (const { name, value } of mappings.query) {
    for (const single of valuesOf(value(event))) parts.push(`${encodeQuery(name)}=${encodeQuery(single)}`);
  }
  const query = parts.filter((part) => part !== "").join("&");
  const path = target.path(event);
  return query === "" ? path : `${path}?${query}`;
}

/** The headers of a request. A proxy's backend gets those of the handshake; messages and ends have none. */
export function headersOf(event: WebSocketAuthorized, { mappings }: WebSocketUpstream, { host, isProxy, hasBody }: { host: string; isProxy: boolean; hasBody: boolean }): string[] {
  const headers = ["Host", host];
  if (isProxy && event.eventType === "CONNECT") passHeaders(headers, handshakeHeaders(event));
  for (const { lowerCaseName, name, value } of mappings.headers) {
    const rule = REQUEST_RULES.http(name);
    const values = valuesOf(value(event));
    if (rule === "drop" || rule === "own" || values.length === 0) continue;
    removeHeader(headers, lowerCaseName);
    for (const single of values) headers.push(name, headerValue(single));
  }
  const setDefault = (name: string, value: string): void => {
    if (lastHeader(headers, name.toLowerCase()) === undefined) headers.push(name, value);
  };
  if (!isProxy) setDefault("Accept", "application/json");
  setDefault("User-Agent", `AmazonAPIGateway_${event.stage.apiId}`);
  if (hasBody) setDefault("Content-Type", "application/json");
  headers.push("x-amzn-apigateway-api-id", event.stage.apiId);
  setDefault("X-Amzn-Trace-Id", traceIdOf(event));
  return headers;
}

function passHeaders(headers: string[], passed: readonly string[]): void {
  for (let i = 0; i < passed.length; i += 2) {
    const name = passed[i] as string;
    const rule = name.toLowerCase().startsWith("x-forwarded-") || name === "X-Amzn-Trace-Id" ? "pass" : REQUEST_RULES.httpProxy(name);
    addHeader(headers, rule, name, passed[i + 1] as string);
  }
}

function passedQuery(event: WebSocketAuthorized, mapped: WebSocketUpstream["mappings"]["query"]): string {
  const names = new Set(mapped.filter(({ value }) => value(event) !== undefined).map(({ name }) => name));
  const query = queryOf(event);
  return formatQuery(query.filter((_, index) => !names.has(query[index - (index % 2)] as string)));
}

const valuesOf = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === "string" ? [value] : value);
