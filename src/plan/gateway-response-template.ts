// Templates and headers of gateway responses. No VTL runs here: "a non-VTL mapping template supporting only simple
// variable substitutions" (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html).
import { parseMappingExpression, parseParameter } from "../domain/mapping-expression.ts";
import type { StringMap } from "../domain/rest-api.ts";
import { contextVariable } from "./context-variables.ts";
import type { EarlyFacts } from "./facts.ts";
import { allHeaders, lastHeader } from "./headers.ts";
import { mediaTypeOf } from "./media-types.ts";
import type { MappedValue, ParameterMapping } from "./parameter-mapping.ts";
import { stageVariable } from "./parameter-mapping.ts";
import { allValues, lastValue, queryOf } from "./query.ts";

/** What a rejected request leaves to speak of. */
export interface RejectedFacts extends EarlyFacts {
  readonly error: RejectionFacts;
}

/** `$context.error` */
export interface RejectionFacts {
  readonly responseType: string;
  readonly message: string | null;
  /** `$context.error.validationErrorString`; undefined for what no validator has rejected. */
  readonly validationErrors: string | undefined;
}

/** The body for one content type. */
export interface RejectionTemplate {
  readonly contentType: string;
  readonly render: (facts: RejectedFacts) => string;
}

export interface RejectionTemplates {
  /** The template for the media type of an Accept header, else the first. */
  choose(accept: string): RejectionTemplate;
}

/** What renders as JSON itself, quotes included. */
const QUOTED = "error.messageString";

type ErrorVariable = (error: RejectionFacts) => string | undefined;

const ERROR_VARIABLES: Readonly<Record<string, ErrorVariable>> = {
  "error.message": ({ message }) => message ?? undefined,
  "error.messageString": ({ message }) => JSON.stringify(message),
  "error.responseType": ({ responseType }) => responseType,
  "error.validationErrorString": ({ validationErrors }) => validationErrors,
};

/** The variables of a template: `$context.a.b`, `$stageVariables.a`, `$method.request.header.a-b`. */
const VARIABLE = new RegExp(
  "\\$(?:(?<context>context\\.(?:authorizer(?:\\.[\\w:-]*[\\w-])+|\\w+(?:\\.\\w+)*))|(?<stage>stageVariables\\.\\w+)|" +
    "(?<method>method\\.request\\.(?:path|querystring|header|multivaluequerystring|multivalueheader)\\.[\\w-]+))",
  "g",
);

/** Other variables and directives are text like any other; a variable without a value leaves nothing behind. */
export function compileRejectionTemplates(templates: StringMap): RejectionTemplates | undefined {
  const byType = new Map<string, RejectionTemplate>();
  for (const [contentType, text] of Object.entries(templates)) {
    byType.set(mediaTypeOf(contentType), { contentType, render: compileTemplate(text, isJson(mediaTypeOf(contentType))) });
  }
  const [first] = byType.values();
  return first && { choose: (accept) => byType.get(accept) ?? first };
}

type Piece = string | ((facts: RejectedFacts) => string);

function compileTemplate(text: string, json: boolean): (facts: RejectedFacts) => string {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const name = match[0].slice(1);
    pieces.push(text.slice(end, match.index), variable(name, json));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return (facts) => pieces.map((piece) => (typeof piece === "string" ? piece : piece(facts))).join("");
}

/**
 * JSON has values escaped, so that they can stand between quotes: what `"$context.error.validationErrorString"` gives is
 * shown in github.com/aws-samples/serverless-patterns; `$context.error.messageString` brings its own quotes (ibid.:
 * github.com/wri/gfw-data-api/pull/350 shows them doubled).
 */
function variable(name: string, json: boolean): (facts: RejectedFacts) => string {
  const value = sourceOf(name);
  const escapes = json && name !== `context.${QUOTED}`;
  return (facts) => {
    const found = value?.(facts);
    const text = typeof found === "string" ? found : (found ?? []).join(",");
    return escapes ? JSON.stringify(text).slice(1, -1) : text;
  };
}

/** The headers that a gateway response sets: `gatewayresponse.header.{name}` from a mapping expression. */
export function compileRejectionHeaders(mappings: StringMap): readonly ParameterMapping<RejectedFacts>[] {
  return Object.entries(mappings).flatMap(([target, text]) => {
    const name = parseParameter(target, "gatewayresponse")?.name;
    const value = sourceOf(text);
    return name === undefined || value === undefined ? [] : [{ name, lowerCaseName: name.toLowerCase(), value }];
  });
}

type Source = (facts: RejectedFacts) => MappedValue;

function sourceOf(text: string): Source | undefined {
  const parameter = parseParameter(text, "method.input");
  if (parameter !== undefined) return (facts) => inputParameter(facts, parameter.name);
  const expression = parseMappingExpression(text, "method.request");
  switch (expression?.from) {
    case "static":
      return () => expression.value;
    case "stageVariables":
      return ({ stage }) => stage && stageVariable(stage.stageVariables, expression.name);
    case "context":
      return contextSource(expression.name);
    case "path":
      return (facts) => pathValue(facts, expression.name);
    case "querystring":
      return (facts) => lastValue(queryOf(facts), expression.name);
    case "multivaluequerystring":
      return (facts) => allValues(queryOf(facts), expression.name);
    case "header":
      return ({ headers }) => lastHeader(headers, expression.name);
    case "multivalueheader":
      return ({ headers }) => allHeaders(headers, expression.name);
    default:
      return undefined;
  }
}

function contextSource(name: string): Source | undefined {
  const ofError = Object.hasOwn(ERROR_VARIABLES, name) ? ERROR_VARIABLES[name] : undefined;
  return ofError ? ({ error }) => ofError(error) : contextVariable(name);
}

/** Searched for in path, query string and headers, in that order, like `$input.params`. */
function inputParameter(facts: RejectedFacts, name: string): string | undefined {
  return pathValue(facts, name) ?? lastValue(queryOf(facts), name) ?? lastHeader(facts.headers, name);
}

/** A request that has found no method has no path variables. */
function pathValue({ method, pathValues }: RejectedFacts, name: string): string | undefined {
  return pathValues?.[method?.variables.indexOf(name) ?? -1];
}

const isJson = (mediaType: string): boolean => /[/+]json$/.test(mediaType);
