// undici's and Node's errors as the port names them, with a sentence for the operator.
import { errors } from "undici";
import type { UpstreamFailure } from "../../ports/http-client.ts";
import { connectFailure, RefusedAddress } from "../upstream/index.ts";

export interface Explanation {
  readonly failure: UpstreamFailure;
  readonly message: string;
  /** The server closed or reset the connection. */
  readonly isClosed: boolean;
}

/** What went wrong on the way to `origin`, by how far the connection had come. */
export function explain(error: Error, origin: string, stage: "connect" | "tls" | "open"): Explanation {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const explained = (failure: UpstreamFailure, message: string, isClosed = false): Explanation => ({
    failure,
    message: `${origin}: ${message}`,
    isClosed,
  });
  if (error instanceof RefusedAddress) return explained("refusedAddress", error.message);
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
    return explained("protocol", `the request cannot be sent: ${error.message}`);
  }
  if (error instanceof errors.ClientDestroyedError || error instanceof errors.ClientClosedError) {
    return explained("aborted", "the client is closed");
  }
  if (stage === "connect") return explained("connect", code === "UND_ERR_CONNECT_TIMEOUT" ? "connecting took too long" : connectFailure(error));
  if (stage === "tls") return explained("tls", `no TLS connection: ${error.message}`);
  if (CLOSED.has(code)) return explained("protocol", "the connection was closed before the response was whole", true);
  return explained("protocol", `no valid response: ${error.message}`);
}

const CLOSED = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", "ECONNABORTED"]);
