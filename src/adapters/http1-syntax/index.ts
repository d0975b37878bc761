// The door of what the listener, the HTTP client and the functions' Runtime API share of HTTP/1.1: how the heads of requests are
// read, how fields are spelt, and how chunks are framed.
export { ChunkReader } from "./chunk-reader.ts";
export type { ChunkSink } from "./chunk-reader.ts";
export { FORBIDDEN_IN_VALUE, isToken, nameIn, nameKinds } from "./fields.ts";
export { HeadReader } from "./head-reader.ts";
export { HeadScanner } from "./head-scanner.ts";
export { isHost } from "./host.ts";
export { checkFields } from "./request-fields.ts";
export { mayBeHandshake } from "./request-head.ts";
export type { RequestHead } from "./request-head.ts";
export { UnreadableRequest } from "./unreadable.ts";
