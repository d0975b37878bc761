// Why there is no connection, in words for the operator.

const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "connecting took too long",
};

/** A sentence without its subject, of an error that came before a connection was made. */
export function connectFailure(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return FAILURES[code] ?? `no connection: ${error.message === "" ? code : error.message}`;
}
