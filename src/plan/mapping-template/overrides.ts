// What templates override: `$context.requestOverride` and `$context.responseOverride`
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html).
import type { HostMethod, HostObject, Value } from "../../vtl/index.ts";
import { ListValue, TemplateRuntimeError } from "../../vtl/index.ts";
import { textOfValue } from "./text-of-value.ts";

export interface Override {
  readonly name: string;
  readonly value: string | readonly string[];
}

/** By name, in the order in which they were set. */
export type OverrideMap = ReadonlyMap<string, Override>;

export interface Overrides {
  readonly request: { readonly header: OverrideMap; readonly querystring: OverrideMap; readonly path: OverrideMap };
  readonly response: { readonly header: OverrideMap; readonly status: string | undefined };
  /** As `$context.requestOverride` and `$context.responseOverride`. */
  readonly requestObject: HostObject;
  readonly responseObject: HostObject;
}

/** Bounds what one request can be given. */
const MAX_OVERRIDES = 1000;

export function newOverrides(): Overrides {
  const header = parameters("requestOverride.header");
  const querystring = parameters("requestOverride.querystring");
  const path = parameters("requestOverride.path");
  const responseHeader = parameters("responseOverride.header");
  const response = { header: responseHeader.map as OverrideMap, status: undefined as string | undefined };
  return {
    request: { header: header.map, querystring: querystring.map, path: path.map },
    response,
    requestObject: group({ header: header.object, querystring: querystring.object, path: path.object }),
    responseObject: {
      kind: "host",
      property: (name) => (name === "header" ? responseHeader.object : name === "status" ? (response.status ?? null) : null),
      assign(name, value) {
        if (name !== "status") return false;
        if (response.status !== undefined) throw overriddenTwice("responseOverride.status");
        response.status = textOfValue(value);
        return true;
      },
    },
  };
}

function group(objects: Readonly<Record<string, HostObject>>): HostObject {
  return { kind: "host", property: (name) => (Object.hasOwn(objects, name) ? (objects[name] ?? null) : null) };
}

interface Parameters {
  readonly map: Map<string, Override>;
  readonly object: HostObject;
}

function parameters(path: string): Parameters {
  const map = new Map<string, Override>();
  const values = new Map<string, Value>();
  const set = (name: string, value: Value): void => {
    if (map.has(name)) throw overriddenTwice(`${path}.${name}`);
    if (map.size >= MAX_OVERRIDES) throw new TemplateRuntimeError(`More than ${MAX_OVERRIDES} overrides of $context.${path}`);
    map.set(name, { name, value: value instanceof ListValue ? value.items.map(textOfValue) : textOfValue(value) });
    values.set(name, value);
  };
  const object: HostObject = {
    kind: "host",
    property: (name) => values.get(name) ?? null,
    assign(name, value) {
      set(name, value);
      return true;
    },
    methods: new Map<string, HostMethod>([
      ["get", ([name]) => (typeof name === "string" ? (values.get(name) ?? null) : undefined)],
      [
        "put",
        ([name, value]) => {
          if (typeof name !== "string" || value === undefined) return undefined;
          set(name, value);
          return null;
        },
      ],
    ]),
  };
  return { map, object };
}

/** "Trying to override the same parameter multiple times will result in `5XX` responses" (the guide's page, above). */
function overriddenTwice(name: string): TemplateRuntimeError {
  return new TemplateRuntimeError(`$context.${name} is overridden more than once`);
}
