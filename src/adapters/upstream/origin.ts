// Where a request goes, as every HTTP client tells it.
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest } from "../../ports/http-client.ts";

/** @throws {UpstreamError} when it is no `http` or `https` origin. */
export function parseOrigin(origin: string): URL {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.pathname !== "/") {
    throw new UpstreamError("connect", `"${origin}" is not an origin like http://host:port`);
  }
  return url;
}

/** What requests must have in common to share connections. None of its parts has a space in it. */
export function poolKey({ origin, insecure, identity, address }: Pick<UpstreamRequest, "origin" | "insecure" | "identity" | "address">): string {
  const plain = insecure === true ? `insecure ${origin}` : origin;
  if (identity === undefined && address === undefined) return plain;
  return `${plain} as ${identity?.name ?? ""} at ${address ?? ""}`;
}

/** Methods that have the same effect sent once or twice (RFC 9110, section 9.2.2). */
export const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Headers of the connection and of the framing, which are the client's own. */
export const OWN_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
