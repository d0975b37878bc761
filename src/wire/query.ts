// A request target taken apart: path and query parameters.
import { serializationError } from "./failures.ts";

/** Every value of a parameter, in order, by its decoded name. */
export type Query = ReadonlyMap<string, readonly string[]>;

export interface Target {
  /** Percent-encoded, as it travelled. */
  readonly path: string;
  /** Without the question mark. */
  readonly search: string;
}

/** Splits a request target at its question mark. */
export function splitTarget(target: string): Target {
  const question = target.indexOf("?");
  return question < 0 ? { path: target, search: "" } : { path: target.slice(0, question), search: target.slice(question + 1) };
}

/** Reads a query string; `+` is a space. @throws {ServiceError} when a percent-encoding is not UTF-8. */
export function parseQuery(search: string): Query {
  const query = new Map<string, string[]>();
  for (const pair of search.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
    const known = query.get(name);
    if (known === undefined) query.set(name, [value]);
    else known.push(value);
  }
  return query;
}

const decode = (text: string): string => decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);

/** Decodes percent-encoded UTF-8. @throws {ServiceError} when it is not. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw serializationError(`The request's URL holds an invalid percent-encoding: '${text.slice(0, 100)}'`);
  }
}
