// A request as a listener hands it on and the answer it takes back: flat header lists and bytes, no object per header,
// so that any HTTP implementation can stand behind it.
import type { HeaderList } from "../domain/header-list.ts";
import type { Loan } from "./loan.ts";

export type { HeaderList };

export interface HttpRequest {
  readonly method: string;
  /** The request target as received: origin form, with the query (`/a%20b?c=d`). */
  readonly target: string;
  readonly headers: HeaderList;
  /** `HTTP/1.1` and the like. */
  readonly protocol: string;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Where the client reached the listener; absent for a request that came over no socket. */
  readonly localAddress?: string;
  /** False when the message has no body (no length and not chunked, or a length of 0). */
  readonly hasBody: boolean;
  /** Aborted when the client goes away before the answer is complete. */
  readonly signal: AbortSignal;
  /**
   * The whole body. May be called once.
   * @throws {BodyTooLarge} past `limit` bytes; what follows is not kept.
   * @throws {BodyAborted} when the client went away before its end.
   */
  readBody(limit: number): Promise<Buffer>;
}

export interface HttpResponse {
  readonly status: number;
  /** `Content-Length` is added by the listener for a buffered body; `Date` and `Connection` are the listener's own. */
  readonly headers: HeaderList;
  /** Bytes, text to send as UTF-8, or a stream of chunks that is pulled only as fast as the client reads. */
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
  /** What `body` is held by, where it is lent: the listener's from then on, who may give it back once the body is written. */
  readonly loan?: Loan | undefined;
}

export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** The body is larger than its reader allows. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The client went away before its body was complete. */
export class BodyAborted extends Error {
  override readonly name = "BodyAborted";
}

/** A running listener. */
export interface HttpListener {
  readonly host: string;
  /** The port it listens on, also when it was asked for port 0. */
  readonly port: number;
  /** Stops accepting, closes idle connections, waits for answers under way at most `graceMs`, then cuts the rest. */
  close(graceMs: number): Promise<void>;
}

/** The first value of a header, by its lower-case name; undefined when it is absent. */
export function header(headers: HeaderList, lowerCaseName: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return headers[i + 1];
  }
  return undefined;
}
