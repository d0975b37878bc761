// What the names of headers mean to a connection.
import { nameKinds } from "../http1-syntax/index.ts";
import { OWN_HEADERS } from "../upstream/index.ts";

/** What a header is for. `plain` ones are passed on and mean nothing to the client itself. */
type HeaderKind =
  | "plain"
  | "host"
  | "content-length"
  | "transfer-encoding"
  | "connection"
  | "keep-alive"
  /** Others of the connection, which end with it. */
  | "hop";

/** The kind of a header by its name, in any case; undefined when it is no name of a header. */
export const headerKind = nameKinds(
  new Map<string, HeaderKind>([
    ...Array.from(OWN_HEADERS, (name) => [name, "hop"] as const),
    ["host", "host"],
    ["content-length", "content-length"],
    ["transfer-encoding", "transfer-encoding"],
    ["connection", "connection"],
    ["keep-alive", "keep-alive"],
  ]),
);
