// Parameter mappings of WebSocket APIs: what a backend is sent besides the message
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html).
import type { StringMap } from "../../domain/rest-api.ts";
import { valueAt } from "../body-mapping.ts";
import { allHeaders, lastHeader } from "../headers.ts";
import { targetName } from "../mapping-expressions.ts";
import { type MappedValue, type ParameterMapping, stageVariable } from "../parameter-mapping.ts";
import { allValues, lastValue, queryOf } from "../query.ts";
import { webSocketVariable } from "./context-variables.ts";
import type { WebSocketFacts } from "./facts.ts";
import { messageDocument } from "./selection.ts";

export interface WebSocketRequestMappings {
  readonly headers: readonly ParameterMapping<WebSocketFacts>[];
  readonly query: readonly ParameterMapping<WebSocketFacts>[];
  readonly path: ReadonlyMap<string, ParameterMapping<WebSocketFacts>>;
}

type Source = (facts: WebSocketFacts) => MappedValue;

export function compileWebSocketMappings(mappings: StringMap | undefined, stageVariables: StringMap): WebSocketRequestMappings {
  const headers: ParameterMapping<WebSocketFacts>[] = [];
  const query: ParameterMapping<WebSocketFacts>[] = [];
  const path = new Map<string, ParameterMapping<WebSocketFacts>>();
  for (const [target, expression] of Object.entries(mappings ?? {})) {
    const value = compileMappedSource(expression, stageVariables);
    if (value === undefined) continue;
    const header = targetName(target, "integration.request.header.");
    const parameter = targetName(target, "integration.request.querystring.");
    const variable = targetName(target, "integration.request.path.");
    if (header !== undefined) headers.push(mapping(header, value));
    else if (parameter !== undefined) query.push(mapping(parameter, value));
    else if (variable !== undefined) path.set(variable, mapping(variable, value));
  }
  return { headers, query, path };
}

const mapping = (name: string, value: Source): ParameterMapping<WebSocketFacts> => ({ name, lowerCaseName: name.toLowerCase(), value });

const PARAMETER = /^route\.request\.(querystring|header|multivaluequerystring|multivalueheader)\.(.+)$/s;
const BODY = /^route\.request\.body([.[].+)?$/s;
const VARIABLE = /^(stageVariables|context)\.(.+)$/s;

/** Where a mapping takes its value from; undefined for an expression that there is not. */
function compileMappedSource(expression: string, stageVariables: StringMap): Source | undefined {
  if (expression.length >= 2 && expression.startsWith("'") && expression.endsWith("'")) {
    const text = expression.slice(1, -1);
    return () => text;
  }
  const body = BODY.exec(expression);
  if (body !== null) return bodySource(body[1]);
  const [, parameterKind, parameter] = PARAMETER.exec(expression) ?? [];
  if (parameterKind !== undefined && parameter !== undefined) return parameterSource(parameterKind, parameter);
  const [, variableKind, name] = VARIABLE.exec(expression) ?? [];
  if (name === undefined) return undefined;
  if (variableKind === "context") return webSocketVariable(name);
  const value = stageVariable(stageVariables, name);
  return () => value;
}

function bodySource(path: string | undefined): Source {
  if (path === undefined) return ({ body }) => body.toString("utf8");
  return (facts) => valueAt(messageDocument(facts), `$${path}`);
}

/** Only the handshake has any. */
function parameterSource(kind: string, name: string): Source {
  switch (kind) {
    case "querystring":
      return (facts) => lastValue(queryOf(facts), name);
    case "multivaluequerystring":
      return (facts) => allValues(queryOf(facts), name);
    case "header":
      return ({ headers }) => lastHeader(headers, name);
    default:
      return ({ headers }) => allHeaders(headers, name);
  }
}

/** `route.request.{header|querystring}.{name}` of a handshake. @throws {TypeError} for what the control plane does not let be put */
export function compileRouteParameter(expression: string, stageVariables: StringMap = {}): (facts: WebSocketFacts) => string | undefined {
  const source = compileMappedSource(expression, stageVariables);
  if (source === undefined) throw new TypeError(`Not a parameter of a route: ${expression}`);
  return (facts) => {
    const value = source(facts);
    return typeof value === "string" || value === undefined ? value : value.join(",");
  };
}
