// How requests leave: to HTTP integrations and to AWS endpoints. Every adapter passes test/contracts/http-client.ts.
import type { TlsIdentity } from "../domain/client-certificate.ts";
import type { HeaderList } from "./http-server.ts";
import type { Loan } from "./loan.ts";

export interface UpstreamRequest {
  readonly method: string;
  /** `http://host:port` or `https://host:port`; the port may be left out. */
  readonly origin: string;
  /** Path and query, already encoded: sent as it is. */
  readonly path: string;
  /** Sent as they are, in this order, `Host` included; framing headers (`Content-Length`, `Connection`) are the client's. */
  readonly headers: HeaderList;
  readonly body: Uint8Array | undefined;
  /** From the start of the call to the last byte of the response, in milliseconds. */
  readonly timeoutMs: number;
  /** The largest body taken, in bytes. */
  readonly responseLimit: number;
  /** Take a certificate that nobody vouches for (`tlsConfig.insecureSkipVerification`); its dates and name still count. */
  readonly insecure?: boolean;
  /** Shown to a server that asks for a certificate. */
  readonly identity?: TlsIdentity | undefined;
  /** Connect to this address (`host:port`) in place of the origin's, whose name still counts for TLS. */
  readonly address?: string | undefined;
  readonly signal?: AbortSignal;
  /** The response's body may be lent: whoever asks for it hands the loan on, or gives it back, see {@link UpstreamResponse.loan}. */
  readonly borrows?: boolean;
}

export interface UpstreamResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** What `body` is held by, where it is lent; only where the request borrows. */
  readonly loan?: Loan | undefined;
}

/** A response whose body is read while it arrives. */
export interface UpstreamStream {
  readonly status: number;
  readonly headers: HeaderList;
  /**
   * To be iterated once, or ended by its iterator's `return`: either frees the connection. No faster than it is read.
   * Throws {@link UpstreamError} where it breaks off.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Why no usable response came. */
export type UpstreamFailure = "connect" | "tls" | "timeout" | "protocol" | "tooLarge" | "refusedAddress" | "aborted";

export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly failure: UpstreamFailure;

  constructor(failure: UpstreamFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

export interface HttpClient {
  /** One request, no redirects followed, no decompression. @throws {UpstreamError} */
  request(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** The same, resolved with the response's head; `timeoutMs` and `signal` hold until its last byte. @throws {UpstreamError} */
  stream(request: Omit<UpstreamRequest, "responseLimit">): Promise<UpstreamStream>;
  close(): Promise<void>;
}
