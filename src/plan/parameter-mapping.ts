// Parameter mappings, compiled: each becomes a function from the facts of an execution to a value, several values, or
// nothing when the source is absent.
import type { StringMap } from "../domain/rest-api.ts";
import { requestBodyValue, responseBodyValue } from "./body-mapping.ts";
import { contextVariable } from "./context-variables.ts";
import type { RequestFacts, ResponseFacts } from "./facts.ts";
import { allHeaders, lastHeader } from "./headers.ts";
import type { MappingExpression } from "./mapping-expressions.ts";
import { parseMappingExpression, targetName } from "./mapping-expressions.ts";
import { allValues, lastValue, queryOf } from "./query.ts";

export type MappedValue = string | readonly string[] | undefined;
type Source<Facts> = ((facts: Facts) => MappedValue) | undefined;

/** One parameter to set: its name at the target, in the spelling of the mapping, and where its value comes from. */
export interface ParameterMapping<Facts> {
  readonly name: string;
  readonly lowerCaseName: string;
  value(facts: Facts): MappedValue;
}

export interface RequestMappings {
  readonly headers: readonly ParameterMapping<RequestFacts>[];
  readonly query: readonly ParameterMapping<RequestFacts>[];
  readonly path: ReadonlyMap<string, ParameterMapping<RequestFacts>>;
}

export type ResponseMappings = readonly ParameterMapping<ResponseFacts>[];

/** What a method gives its mappings at compile time. */
export interface MappingScope {
  /** The path variables of the resource. */
  readonly variables: readonly string[];
  readonly stageVariables: StringMap;
}

/** `integration.request.*` from `method.request.*`, `context.*`, `stageVariables.*` and static values. */
export function compileRequestMappings(mappings: StringMap | undefined, scope: MappingScope): RequestMappings {
  const headers: ParameterMapping<RequestFacts>[] = [];
  const query: ParameterMapping<RequestFacts>[] = [];
  const path = new Map<string, ParameterMapping<RequestFacts>>();
  for (const [target, text] of Object.entries(mappings ?? {})) {
    const expression = parseMappingExpression(text, "method.request");
    const value = expression && requestSource(expression, scope);
    if (value === undefined) continue;
    const header = targetName(target, "integration.request.header.");
    const parameter = targetName(target, "integration.request.querystring.");
    const variable = targetName(target, "integration.request.path.");
    if (header !== undefined) headers.push(mapping(header, value));
    else if (parameter !== undefined) query.push(mapping(parameter, value));
    else if (variable !== undefined) path.set(variable, overridable(mapping(variable, value)));
  }
  return { headers, query, path };
}

/** `method.response.header.*` from `integration.response.*`, `context.*`, `stageVariables.*` and static values. */
export function compileResponseMappings(mappings: StringMap | undefined, scope: MappingScope): ResponseMappings {
  return Object.entries(mappings ?? {}).flatMap(([target, text]) => {
    const name = targetName(target, "method.response.header.");
    const expression = parseMappingExpression(text, "integration.response");
    const value = expression && responseSource(expression, scope);
    return name === undefined || value === undefined ? [] : [mapping(name, value)];
  });
}

/** A path variable, whose place a template's override takes. */
export function overridable({ name, lowerCaseName, value }: ParameterMapping<RequestFacts>): ParameterMapping<RequestFacts> {
  return { name, lowerCaseName, value: (facts) => facts.overrides?.request.path.get(name)?.value ?? value(facts) };
}

function mapping<Facts>(name: string, value: (facts: Facts) => MappedValue): ParameterMapping<Facts> {
  return { name, lowerCaseName: name.toLowerCase(), value };
}

function requestSource(expression: MappingExpression, scope: MappingScope): Source<RequestFacts> {
  switch (expression.from) {
    case "path": {
      const index = scope.variables.indexOf(expression.name);
      return (facts) => facts.pathValues[index];
    }
    case "querystring":
      return (facts) => lastValue(queryOf(facts), expression.name);
    case "multivaluequerystring":
      return (facts) => allValues(queryOf(facts), expression.name);
    case "header":
      return (facts) => lastHeader(facts.headers, expression.name);
    case "multivalueheader":
      return (facts) => allHeaders(facts.headers, expression.name);
    case "body":
      return (facts) => facts.body.toString("utf8");
    case "bodyJsonPath":
      return (facts) => requestBodyValue(facts, expression.jsonPath);
    default:
      return constantSource(expression, scope);
  }
}

function responseSource(expression: MappingExpression, scope: MappingScope): Source<ResponseFacts> {
  switch (expression.from) {
    case "header":
      return (facts) => lastHeader(facts.integrationHeaders, expression.name);
    case "multivalueheader":
      return (facts) => allHeaders(facts.integrationHeaders, expression.name);
    case "body":
      return (facts) => facts.integrationBody.toString("utf8");
    case "bodyJsonPath":
      return (facts) => responseBodyValue(facts, expression.jsonPath);
    default:
      return constantSource(expression, scope);
  }
}

/** Sources that both sides have. */
function constantSource(expression: MappingExpression, scope: MappingScope): Source<RequestFacts> {
  switch (expression.from) {
    case "static":
      return () => expression.value;
    case "stageVariables": {
      const value = stageVariable(scope.stageVariables, expression.name);
      return () => value;
    }
    case "context":
      return contextVariable(expression.name);
    default:
      return undefined;
  }
}

/** A stage variable's value; undefined when the stage has none of that name. */
export function stageVariable(variables: StringMap, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
