// The door of what the listener and the HTTP client share of HTTP/1.1: how fields are spelt, and how chunks are framed.
export { ChunkReader } from "./chunk-reader.ts";
export type { ChunkSink } from "./chunk-reader.ts";
export { FORBIDDEN_IN_VALUE, isToken, nameKinds } from "./fields.ts";
