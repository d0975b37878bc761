// undici's and Node's errors as the port names them, with a sentence for the operator.
import { errors } from "undici";
import type { UpstreamFailure } from "../../ports/http-client.ts";
import { RefusedAddress } from "../addresses/index.ts";

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
  if (stage === "connect") return explained("connect", connectFailure(error, code));
  if (stage === "tls") return explained("tls", `no TLS connection: ${error.message}`);
  if (CLOSED.has(code)) return explained("protocol", "the connection was closed before the response was whole", true);
  return explained("protocol", `no valid response: ${error.message}`);
}

const CLOSED = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", "ECONNABORTED"]);

const CONNECT_FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "connecting took too long",
  UND_ERR_CONNECT_TIMEOUT: "connecting took too long",
};

function connectFailure(error: Error, code: string): string {
  return CONNECT_FAILURES[code] ?? `no connection: ${error.message === "" ? code : error.message}`;
}
