// Names of headers, each looked at once: whether it is a token, and what it means to a connection.

import { OWN_HEADERS } from "../upstream/index.ts";

/** What a header is for. `plain` ones are passed on and mean nothing to the client itself. */
export type HeaderKind =
  | "plain"
  | "host"
  | "content-length"
  | "transfer-encoding"
  | "connection"
  | "keep-alive"
  /** Others of the connection, which end with it. */
  | "hop";

const KINDS = new Map<string, HeaderKind>([
  ...Array.from(OWN_HEADERS, (name) => [name, "hop"] as const),
  ["host", "host"],
  ["content-length", "content-length"],
  ["transfer-encoding", "transfer-encoding"],
  ["connection", "connection"],
  ["keep-alive", "keep-alive"],
]);

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Names repeat: so many are remembered, and nobody can make them more. */
const REMEMBERED = 1000;
const known = new Map<string, HeaderKind>();

/** The kind of a header by its name, in any case; undefined when it is no name of a header. */
export function headerKind(name: string): HeaderKind | undefined {
  const found = known.get(name);
  if (found !== undefined || !TOKEN.test(name)) return found;
  const kind = KINDS.get(name.toLowerCase()) ?? "plain";
  if (known.size < REMEMBERED) known.set(name, kind);
  return kind;
}

/** What a value may not hold: RFC 9110, section 5.5, with the bytes past ASCII that it calls obsolete. */
export const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether a method is one: a token too. */
export const isToken = (text: string): boolean => TOKEN.test(text);
