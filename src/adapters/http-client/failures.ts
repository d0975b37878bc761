// What goes wrong on a connection, as the port names it, with a sentence for the operator.
import { UpstreamError } from "../../ports/http-client.ts";
import { connectFailure, RefusedAddress } from "../upstream/index.ts";

/** How far a connection has come. */
export type Stage = "connect" | "tls" | "open";

/** Bytes that are no response of HTTP/1, or one that could be read in two ways. */
export class InvalidResponse extends Error {
  override readonly name = "InvalidResponse";
}

/** A connection took longer to make than it may. */
export class ConnectTimeout extends Error {
  override readonly name = "ConnectTimeout";
}

/** The other side has closed or reset the connection. */
export class ConnectionClosed extends Error {
  override readonly name = "ConnectionClosed";
}

/** What went wrong on the way to `origin`. */
export function explain(error: Error, origin: string, stage: Stage): UpstreamError {
  const explained = (failure: UpstreamError["failure"], message: string) => new UpstreamError(failure, `${origin}: ${message}`, { cause: error });
  if (error instanceof RefusedAddress) return explained("refusedAddress", error.message);
  if (error instanceof ConnectTimeout) return explained(stage === "tls" ? "tls" : "connect", "connecting took too long");
  if (stage === "connect") return explained("connect", connectFailure(error));
  if (stage === "tls") return explained("tls", `no TLS connection: ${error.message}`);
  if (isClosed(error)) return explained("protocol", "the connection was closed before the response was whole");
  return explained("protocol", `no valid response: ${error.message}`);
}

const CLOSED = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** Whether the other side has ended the connection. */
export const isClosed = (error: Error): boolean => error instanceof ConnectionClosed || CLOSED.has((error as NodeJS.ErrnoException).code ?? "");

