// Values of parameter mappings and of service actions' parameters, compiled to functions from a request's facts, or those of
// its backend's response (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html).
import type { ValuePart } from "../../domain/parameter-mapping.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import { valueAt } from "../body-mapping.ts";
import { allHeaders } from "../headers.ts";
import { jsonDocument } from "../mapping-template/index.ts";
import { stageVariable } from "../parameter-mapping.ts";
import { allValues, queryOf } from "../query.ts";
import { httpContextVariable } from "./context-variables.ts";
import type { HttpFacts, HttpResponseFacts } from "./facts.ts";

/** A value as text; undefined when it is missing, which it is as soon as a part of it is. */
export type MappedText<Facts> = (facts: Facts) => string | undefined;

/** What a value can refer to besides the facts of an execution. */
export interface ValueScope {
  /** The names of the route's path variables, in order. */
  readonly variables: readonly string[];
  readonly stageVariables: StringMap;
}

/** How a path variable's value stands in a text: decoded, but in a path as it travelled. */
export type PathValueForm = "decoded" | "travelled";

/** "API Gateway truncates the request body at 100 KB and then applies the selection expression." */
const SELECTED_BYTES = 102_400;

export function requestValue(parts: readonly ValuePart[], scope: ValueScope, form: PathValueForm = "decoded"): MappedText<HttpFacts> {
  return joined(parts.map((part) => requestPart(part, scope, form)));
}

/** Of a mapping of responses, where `$response` and what is known of the request besides its parameters can be named. */
export function responseValue(parts: readonly ValuePart[], scope: ValueScope): MappedText<HttpResponseFacts> {
  return joined(parts.map((part) => responsePart(part, scope)));
}

function joined<Facts>(parts: readonly MappedText<Facts>[]): MappedText<Facts> {
  const [first, ...more] = parts;
  if (first === undefined) return () => "";
  if (more.length === 0) return first;
  return (facts) => {
    let text = "";
    for (const part of parts) {
      const value = part(facts);
      if (value === undefined) return undefined;
      text += value;
    }
    return text;
  };
}

function requestPart(part: ValuePart, scope: ValueScope, form: PathValueForm): MappedText<HttpFacts> {
  switch (part.type) {
    case "header":
      return ({ headers }) => allHeaders(headers, part.name)?.join(",");
    case "querystring":
      return (facts) => allValues(queryOf(facts), part.name)?.join(",");
    case "path":
      return ({ stagePath }) => stagePath;
    case "pathVariable": {
      const place = scope.variables.indexOf(part.name);
      return form === "travelled" ? ({ pathValues }) => pathValues[place] : ({ pathValues }) => decoded(pathValues[place]);
    }
    case "body": {
      const { jsonPath } = part;
      return jsonPath === undefined ? ({ body }) => body.toString("utf8") : (facts) => valueAt(requestDocument(facts), jsonPath);
    }
    default:
      return commonPart(part, scope);
  }
}

function responsePart(part: ValuePart, scope: ValueScope): MappedText<HttpResponseFacts> {
  switch (part.type) {
    case "header":
      return ({ headers }) => allHeaders(headers, part.name)?.join(",");
    case "body": {
      const { jsonPath } = part;
      return jsonPath === undefined ? ({ body }) => bytesOf(body).toString("utf8") : (facts) => valueAt(responseDocument(facts), jsonPath);
    }
    case "querystring":
    case "path":
    case "pathVariable":
      return () => undefined;
    default: {
      const value = commonPart(part, scope);
      return ({ request }) => value(request);
    }
  }
}

type CommonPart = Extract<ValuePart, { readonly type: "text" | "context" | "stageVariable" }>;

function commonPart(part: CommonPart, { stageVariables }: ValueScope): MappedText<HttpFacts> {
  switch (part.type) {
    case "text":
      return () => part.text;
    case "context":
      return httpContextVariable(part.name) ?? (() => undefined);
    case "stageVariable": {
      const value = stageVariable(stageVariables, part.name);
      return () => value;
    }
  }
}

const requestDocument = (facts: HttpFacts) => (facts.requestDocument ??= documentOf(facts.body));

const responseDocument = (facts: HttpResponseFacts) => (facts.document ??= documentOf(bytesOf(facts.body)));

const documentOf = (body: Buffer) => jsonDocument(body.toString("utf8", 0, SELECTED_BYTES));

const bytesOf = (body: string | Uint8Array): Buffer => (typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength));

function decoded(value: string | undefined): string | undefined {
  if (value === undefined || !value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
