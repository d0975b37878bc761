// `$input` (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#input-variable-reference).
import type { HeaderList } from "../../domain/header-list.ts";
import type { HostMethod, HostObject, Meter, Value } from "../../vtl/index.ts";
import { MapValue, TemplateRuntimeError, toJson } from "../../vtl/index.ts";
import { lastHeader } from "../headers.ts";
import { lastValue, type QueryList } from "../query.ts";
import type { JsonDocument } from "./json-document.ts";
import { JsonDocumentError } from "./json-document.ts";

/** What a request has of parameters besides its headers. */
export interface InputParameters {
  /** The names of path variables, in order. */
  readonly variables: readonly string[];
  /** Their values, as they travelled. */
  readonly pathValues: readonly string[];
  query(): QueryList;
}

/**
 * @param given asked for when a template asks
 * @param payload the body of the side that is mapped, as text and as JSON.
 * @param headers the request's headers, with those that the gateway adds; asked for once at most.
 */
export function inputObject(given: () => InputParameters, payload: JsonDocument, headers: () => HeaderList): HostObject {
  let all: MapValue | undefined;
  let headerList: HeaderList | undefined;
  const headersOnce = (): HeaderList => (headerList ??= headers());
  const parameters = (): MapValue => (all ??= allParameters(given(), headersOnce()));
  return {
    kind: "host",
    property: (name) => (name === "body" ? payload.text : null),
    methods: new Map<string, HostMethod>([
      ["path", withPath((path, meter) => find(payload, path, meter))],
      ["json", withPath((path, meter) => toJson(find(payload, path, meter), meter))],
      [
        "params",
        (args) => {
          if (args.length === 0) return parameters();
          const [name] = args;
          return args.length === 1 && typeof name === "string" ? parameter(given(), name, headersOnce) : undefined;
        },
      ],
    ]),
  };
}

function withPath(evaluate: (path: string, meter: Meter) => Value): HostMethod {
  return (args, meter) => {
    const [path] = args;
    return args.length === 1 && typeof path === "string" ? evaluate(path, meter) : undefined;
  };
}

/** What a path leads to; an empty text when it leads nowhere, so that `$input.json` of it is `""`. */
function find(payload: JsonDocument, path: string, meter: Meter): Value {
  // A step of a path takes longer than one of a template.
  meter.step(1 + (path.length >> 2));
  try {
    const value = payload.find(path, (steps) => meter.step(2 * steps));
    return value === undefined ? "" : value;
  } catch (error) {
    throw error instanceof JsonDocumentError ? new TemplateRuntimeError(error.message) : error;
  }
}

/** "From the path, query string, or header value (searched in that order)"; empty when there is none. */
function parameter({ pathValues, query, variables }: InputParameters, name: string, headers: () => HeaderList): string {
  const index = variables.indexOf(name);
  return (index < 0 ? undefined : pathValues[index]) ?? lastValue(query(), name) ?? lastHeader(headers(), name) ?? "";
}

function allParameters({ pathValues, query, variables }: InputParameters, headers: HeaderList): MapValue {
  const path = new MapValue();
  for (const [index, name] of variables.entries()) path.set(name, pathValues[index] ?? "");
  return new MapValue().set("path", path).set("querystring", ofPairs(query())).set("header", ofPairs(headers));
}

/** The last value of each name. */
function ofPairs(pairs: readonly string[]): MapValue {
  const map = new MapValue();
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i] as string, pairs[i + 1] as string);
  return map;
}
