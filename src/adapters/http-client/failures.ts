// What goes wrong on a connection, as the port names it, with a sentence for the operator.
import { UpstreamError } from "../../ports/http-client.ts";
import { RefusedAddress } from "../addresses/index.ts";

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
  if (stage === "connect") return explained("connect", connectFailure(error));
  if (stage === "tls") return explained("tls", `no TLS connection: ${error.message}`);
  if (isClosed(error)) return explained("protocol", "the connection was closed before the response was whole");
  return explained("protocol", `no valid response: ${error.message}`);
}

const CLOSED = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** Whether the other side has ended the connection. */
export const isClosed = (error: Error): boolean => error instanceof ConnectionClosed || CLOSED.has(codeOf(error));

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? "";

const CONNECT_FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "connecting took too long",
};

function connectFailure(error: Error): string {
  if (error instanceof ConnectTimeout) return "connecting took too long";
  const code = codeOf(error);
  return CONNECT_FAILURES[code] ?? `no connection: ${error.message === "" ? code : error.message}`;
}
