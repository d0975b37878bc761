// Parameter mappings of WebSocket APIs: what a backend is sent besides the message
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html).
import type { StringMap } from "../../domain/rest-api.ts";
import { valueAt } from "../body-mapping.ts";
import { allHeaders, lastHeader } from "../headers.ts";
import { compileMappedParameters, type MappedParameters, type MappedValue, stageVariable } from "../parameter-mapping.ts";
import { allValues, lastValue, queryOf } from "../query.ts";
import { webSocketVariable } from "./context-variables.ts";
import type { WebSocketFacts } from "./facts.ts";
import { messageDocument } from "./selection.ts";

export type WebSocketRequestMappings = MappedParameters<WebSocketFacts>;

type Source = (facts: WebSocketFacts) => MappedValue;

export const compileWebSocketMappings = (mappings: StringMap | undefined, stageVariables: StringMap): WebSocketRequestMappings =>
  compileMappedParameters(mappings, (expression) => compileMappedSource(expression, stageVariables));

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
