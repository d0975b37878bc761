// The door of what the listener, the HTTP client and the functions' Runtime API share of HTTP/1.1: how heads are read,
// how fields are spelt, and how chunks are framed.
export { ChunkReader } from "./chunk-reader.ts";
export type { ChunkSink } from "./chunk-reader.ts";
export { FORBIDDEN_IN_VALUE, isToken, nameKinds } from "./fields.ts";
export { HeadReader } from "./head-reader.ts";
export { HeadScanner, REQUEST_HEAD, responseHead } from "./head-scanner.ts";
export { isHost } from "./host.ts";
export { checkFields } from "./request-fields.ts";
export { mayBeHandshake } from "./request-head.ts";
export type { RequestHead } from "./request-head.ts";
export { RequestHeadReader } from "./request-head-reader.ts";
export { UnreadableRequest } from "./unreadable.ts";
