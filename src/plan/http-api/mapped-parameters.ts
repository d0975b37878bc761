// Parameter mappings at work: headers, query strings, paths and status codes as they have to be. Whatever the values are, what
// comes out can travel: no line ends in headers, nothing in a query or a path that would end it.
import { headerValue, removeHeader } from "../headers.ts";
import { encodeQuery, parseQuery } from "../query.ts";
import { encodeIllegal, isAuthority } from "../uri.ts";
import type { HttpFacts, HttpResponseFacts } from "./facts.ts";
import type { MappingEdits, RequestMapping, ResponseMapping } from "./parameter-mapping.ts";

/** Makes the changes in a list of headers. */
export function mapHeaders<Facts>(headers: string[], edits: MappingEdits<Facts>, facts: Facts): void {
  for (const { action, name, lowerCaseName, value } of edits) {
    if (action !== "append") removeHeader(headers, lowerCaseName);
    const text = action === "remove" ? undefined : value(facts);
    if (text !== undefined) headers.push(name, headerValue(text));
  }
}

/** A query string, without `?`, with the changes made. What no change concerns stays as it is. */
export function mapQuery(query: string, { query: edits }: RequestMapping, facts: HttpFacts): string {
  const gone = new Set(edits.filter(({ action }) => action !== "append").map(({ name }) => name));
  const pairs = gone.size === 0 ? [query] : query.split(/[&;]/).filter((pair) => !gone.has(parseQuery(pair)[0] ?? ""));
  for (const { action, name, value } of edits) {
    const text = action === "remove" ? undefined : value(facts);
    if (text !== undefined) pairs.push(`${encodeQuery(name)}=${encodeQuery(text)}`);
  }
  return pairs.filter((pair) => pair !== "").join("&");
}

/** The path in place of a request's own, encoded; undefined where it stays. */
export function mappedPath({ path }: RequestMapping, facts: HttpFacts): string | undefined {
  const text = path?.(facts);
  if (text === undefined) return undefined;
  const encoded = encodeIllegal(text).replaceAll("?", "%3F").replace(/%(?![0-9A-Fa-f]{2})/g, "%25");
  return encoded.startsWith("/") ? encoded : `/${encoded}`;
}

/** The value of the Host header; undefined where it stays, also because the mapped one is no host. */
export function mappedHost({ host }: RequestMapping, facts: HttpFacts): string | undefined {
  const text = host?.(facts);
  return text !== undefined && isAuthority(text) ? text : undefined;
}

/** The status code of the answer: the integration's own where none is mapped, or no status code that an answer can have. */
export function mappedStatus({ status }: ResponseMapping, facts: HttpResponseFacts): number {
  const text = status?.(facts);
  return text !== undefined && /^[2-5]\d\d$/.test(text) ? Number(text) : facts.status;
}
