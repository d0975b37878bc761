// Parameter mappings of HTTP APIs: what requests and responses are changed by
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html).

/** What a mapping changes: `append:header.name`, `overwrite:path` and the like. */
export type MappingTarget =
  | { readonly action: "append" | "overwrite" | "remove"; readonly location: "header" | "querystring"; readonly name: string }
  | { readonly action: "overwrite"; readonly location: "path" | "statuscode" };

/** A part of a mapping's value, in their order. */
export type ValuePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "header" | "querystring" | "pathVariable"; readonly name: string }
  /** The whole body, or what a JSONPath (`$.name`) selects of it. */
  | { readonly type: "body"; readonly jsonPath?: string }
  | { readonly type: "path" }
  /** Without `$context.` and `$stageVariables.`. */
  | { readonly type: "context" | "stageVariable"; readonly name: string };

/** Whose values can be mapped: those of the request, or of the integration's response. */
export type MappingSide = "request" | "response";

const NAMED_TARGET = /^(append|overwrite|remove):(header|querystring)\.(\S+)$/;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What the key of a mapping names; undefined for any other text. */
export function parseMappingTarget(key: string, side: MappingSide): MappingTarget | undefined {
  if (key === "overwrite:path") return side === "request" ? { action: "overwrite", location: "path" } : undefined;
  if (key === "overwrite:statuscode") return side === "response" ? { action: "overwrite", location: "statuscode" } : undefined;
  const [, action, location, name] = NAMED_TARGET.exec(key) ?? [];
  if (action === undefined || name === undefined) return undefined;
  if (location === "header" ? !HEADER_NAME.test(name) : side === "response") return undefined;
  return { action: action as "append" | "overwrite" | "remove", location: location as "header" | "querystring", name };
}

/** An expression within a text: in brackets, or as plain as a part of a path can have it. */
const EMBEDDED = /\$\{([^{}]*)\}|\$((?:request|response|context|stageVariables)\.[\w-]+(?:\.[\w-]+)*)(?![^\s/?&#,;"'()}\]])/g;
const EXPRESSION_START = /\$(?:request|response|context|stageVariables)\./;

/**
 * The parts of a mapping's value: one selection expression (`$request.header.name`), or a text with any number of them in
 * brackets (`${request.path.id} of ${stageVariables.shop}`), or without them (`/v2/$request.path.proxy`: the guide does not show
 * it, and APIs on AWS have it in use). Undefined when an expression is none.
 */
export function parseMappingValue(value: string, side: MappingSide): readonly ValuePart[] | undefined {
  const isExpression = value.startsWith("$") && !value.startsWith("${");
  const whole = isExpression ? parseSelection(value.slice(1), side) : undefined;
  if (whole !== undefined) return [whole];
  const parts: ValuePart[] = [];
  let end = 0;
  for (const match of value.matchAll(EMBEDDED)) {
    if (match.index > end) parts.push({ type: "text", text: value.slice(end, match.index) });
    const part = parseSelection(match[1] ?? (match[2] as string), side);
    if (part === undefined) return undefined;
    parts.push(part);
    end = match.index + match[0].length;
  }
  if (end < value.length || value === "") parts.push({ type: "text", text: value.slice(end) });
  if (isExpression && parts[0]?.type === "text") return undefined;
  return parts.some((part) => part.type === "text" && EXPRESSION_START.test(part.text)) ? undefined : parts;
}

function parseSelection(expression: string, side: MappingSide): ValuePart | undefined {
  const [, root, rest = ""] = /^(\w+)\.(.+)$/s.exec(expression) ?? [];
  if (root === "context") return /^\w+(?:\.[\w-]+)*$/.test(rest) ? { type: "context", name: rest } : undefined;
  if (root === "stageVariables") return /^\w+$/.test(rest) ? { type: "stageVariable", name: rest } : undefined;
  return root === side ? parsePlace(rest, side) : undefined;
}

function parsePlace(place: string, side: MappingSide): ValuePart | undefined {
  const [, location, name] = /^(header|querystring|path)\.(\S+)$/.exec(place) ?? [];
  // A path goes on behind its variable.
  if (location === "path" && name?.includes("/") === true) return undefined;
  if (location === "header" && name !== undefined) return HEADER_NAME.test(name) ? { type: "header", name } : undefined;
  if (place === "body") return { type: "body" };
  // Recursive descent and filters are not supported (guide, the same page).
  if (/^body[.[]/.test(place)) return /\.\.|\?\(/.test(place) ? undefined : { type: "body", jsonPath: `$${place.slice(4)}` };
  if (side === "response") return undefined;
  if (place === "path") return { type: "path" };
  if (location === undefined || name === undefined) return undefined;
  return { type: location === "querystring" ? "querystring" : "pathVariable", name };
}

const RESERVED_HEADERS = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-location",
  "forwarded",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "via",
]);
const RESERVED_HEADER_STARTS = ["access-control-", "apigw-", "x-amz-", "x-amzn-"];

/** Whether no mapping may touch the header (the same page, reserved headers). */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED_HEADERS.has(lower) || RESERVED_HEADER_STARTS.some((start) => lower.startsWith(start));
}
