// Parameter mappings, compiled: each becomes a function from the facts of an execution to a value, several values, or
// nothing when the source is absent.
import { type MappingExpression, parseMappingExpression, parseParameter } from "../domain/mapping-expression.ts";
import type { StringMap } from "../domain/rest-api.ts";
import { requestBodyValue, responseBodyValue } from "./body-mapping.ts";
import { contextVariable } from "./context-variables.ts";
import type { RequestFacts, ResponseFacts } from "./facts.ts";
import { allHeaders, lastHeader } from "./headers.ts";
import { allValues, lastValue, queryOf } from "./query.ts";

export type MappedValue = string | readonly string[] | undefined;
type Source<Facts> = ((facts: Facts) => MappedValue) | undefined;

/** One parameter to set: its name at the target, in the spelling of the mapping, and where its value comes from. */
export interface ParameterMapping<Facts> {
  readonly name: string;
  readonly lowerCaseName: string;
  value(facts: Facts): MappedValue;
}

/** What an integration's request is given, by where. */
export interface MappedParameters<Facts> {
  readonly headers: readonly ParameterMapping<Facts>[];
  readonly query: readonly ParameterMapping<Facts>[];
  /** By the names of path variables. */
  readonly path: ReadonlyMap<string, ParameterMapping<Facts>>;
}

export type RequestMappings = MappedParameters<RequestFacts>;

export type ResponseMappings = readonly ParameterMapping<ResponseFacts>[];

/** What a method gives its mappings at compile time. */
export interface MappingScope {
  /** The path variables of the resource. */
  readonly variables: readonly string[];
  readonly stageVariables: StringMap;
}

/** `integration.request.*` from `method.request.*`, `context.*`, `stageVariables.*` and static values. */
export function compileRequestMappings(mappings: StringMap | undefined, scope: MappingScope): RequestMappings {
  const { path, ...others } = compileMappedParameters(mappings, (text) => {
    const expression = parseMappingExpression(text, "method.request");
    return expression && requestSource(expression, scope);
  });
  return { ...others, path: new Map(Array.from(path, ([name, variable]) => [name, overridable(variable)])) };
}

/** @param sourceOf where an expression takes its values from; undefined for one that sets nothing */
export function compileMappedParameters<Facts>(mappings: StringMap | undefined, sourceOf: (text: string) => Source<Facts>): MappedParameters<Facts> {
  const headers: ParameterMapping<Facts>[] = [];
  const query: ParameterMapping<Facts>[] = [];
  const path = new Map<string, ParameterMapping<Facts>>();
  for (const [target, text] of Object.entries(mappings ?? {})) {
    const parameter = parseParameter(target, "integration.request");
    const value = sourceOf(text);
    if (parameter === undefined || value === undefined) continue;
    const { location, name } = parameter;
    if (location === "header") headers.push(mapping(name, value));
    else if (location === "querystring") query.push(mapping(name, value));
    else path.set(name, mapping(name, value));
  }
  return { headers, query, path };
}

/** `method.response.header.*` from `integration.response.*`, `context.*`, `stageVariables.*` and static values. */
export function compileResponseMappings(mappings: StringMap | undefined, scope: MappingScope): ResponseMappings {
  return Object.entries(mappings ?? {}).flatMap(([target, text]) => {
    const name = parseParameter(target, "method.response")?.name;
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
