// Parameter mappings of HTTP APIs, compiled: what is appended to, overwritten in and removed from requests before they reach
// the backend, and its responses before they reach the client
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html).
import type { HttpIntegration } from "../../domain/http-api.ts";
import { isReservedHeader, type MappingSide, type MappingTarget, parseMappingTarget, parseMappingValue, type ValuePart } from "../../domain/parameter-mapping.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import { isHeader } from "../headers.ts";
import type { HttpFacts, HttpResponseFacts } from "./facts.ts";
import { type MappedText, requestValue, responseValue, type ValueScope } from "./mapped-value.ts";

/** One change. A value that is missing is not put in; what it was to overwrite goes all the same. */
export interface MappingEdit<Facts> {
  readonly action: "append" | "overwrite" | "remove";
  /** In the spelling of the mapping. */
  readonly name: string;
  readonly lowerCaseName: string;
  readonly value: MappedText<Facts>;
}

/** Changes in the order in which they are made: removals, overwrites, then what is appended. */
export type MappingEdits<Facts> = readonly MappingEdit<Facts>[];

export interface RequestMapping {
  readonly headers: MappingEdits<HttpFacts>;
  /** What goes in place of the Host header, of which a request has one and only one. */
  readonly host: MappedText<HttpFacts> | undefined;
  readonly query: MappingEdits<HttpFacts>;
  /** In place of the whole path. */
  readonly path: MappedText<HttpFacts> | undefined;
}

export interface ResponseMapping {
  readonly headers: MappingEdits<HttpResponseFacts>;
  readonly status: MappedText<HttpResponseFacts> | undefined;
}

/** By the status code that the integration answers with. */
export type ResponseMappings = ReadonlyMap<number, ResponseMapping>;

/** Undefined where nothing is mapped. */
export function compileRequestMapping(mappings: StringMap | undefined, scope: ValueScope): RequestMapping | undefined {
  const entries = entriesOf(mappings, "request");
  if (entries.length === 0) return undefined;
  const headers: MappingEdit<HttpFacts>[] = [];
  const query: MappingEdit<HttpFacts>[] = [];
  let host: MappedText<HttpFacts> | undefined;
  let path: MappedText<HttpFacts> | undefined;
  for (const { target, parts } of entries) {
    if (!("name" in target)) path = requestValue(parts, scope, "travelled");
    else if (target.location === "querystring") query.push(editOf(target, requestValue(parts, scope)));
    else if (isUntouchable(target.name, "request")) continue;
    else if (isHeader(target.name, "host")) host = target.action === "remove" ? host : requestValue(parts, scope);
    else headers.push(editOf(target, requestValue(parts, scope)));
  }
  return { headers: inOrder(headers), host, query: inOrder(query), path };
}

/** Undefined where nothing is mapped. */
export function compileResponseMappings(byStatus: HttpIntegration["responseParameters"], scope: ValueScope): ResponseMappings | undefined {
  const mappings = new Map<number, ResponseMapping>();
  for (const [status, given] of Object.entries(byStatus ?? {})) {
    const entries = entriesOf(given, "response");
    const headers: MappingEdit<HttpResponseFacts>[] = [];
    let mappedStatus: MappedText<HttpResponseFacts> | undefined;
    for (const { target, parts } of entries) {
      if (!("name" in target)) mappedStatus = responseValue(parts, scope);
      else if (!isUntouchable(target.name, "response")) headers.push(editOf(target, responseValue(parts, scope)));
    }
    if (entries.length > 0) mappings.set(Number(status), { headers: inOrder(headers), status: mappedStatus });
  }
  return mappings.size === 0 ? undefined : mappings;
}

interface Entry {
  readonly target: MappingTarget;
  readonly parts: readonly ValuePart[];
}

/** Without those that the control plane would not have taken. */
function entriesOf(mappings: StringMap | undefined, side: MappingSide): Entry[] {
  return Object.entries(mappings ?? {}).flatMap(([key, value]) => {
    const target = parseMappingTarget(key, side);
    const parts = target?.action === "remove" ? [] : parseMappingValue(value, side);
    return target === undefined || parts === undefined ? [] : [{ target, parts }];
  });
}

/** Headers of the connection, which AWS's list of reserved ones does not name. */
const OF_THE_CONNECTION = new Set(["expect", "proxy-connection", "trailer"]);

function isUntouchable(name: string, side: MappingSide): boolean {
  const lowerCase = name.toLowerCase();
  return isReservedHeader(name) || OF_THE_CONNECTION.has(lowerCase) || (side === "response" && lowerCase === "date");
}

function editOf<Facts>({ action, name }: Extract<MappingTarget, { readonly name: string }>, value: MappedText<Facts>): MappingEdit<Facts> {
  return { action, name, lowerCaseName: name.toLowerCase(), value };
}

const ORDER = ["remove", "overwrite", "append"] as const;

const inOrder = <Facts>(edits: MappingEdits<Facts>): MappingEdits<Facts> => ORDER.flatMap((action) => edits.filter((edit) => edit.action === action));
