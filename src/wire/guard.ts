// Keeps web pages away from the control plane. Any page that a developer visits can send requests to loopback; what it
// cannot do is choose the Host of a rebound name, or hide where it comes from.
import { isIPv4 } from "node:net";
import type { HeaderList, HttpRequest } from "../ports/http-server.ts";

export interface GuardOptions {
  /**
   * Names or addresses, besides the loopback ones, by which this machine may be called: lower case, no port. Any, where
   * requests have to be signed: a page cannot sign them, whatever name it has rebound.
   */
  readonly allowedHosts: readonly string[] | "any";
}

/** Why a request is refused, in a sentence for the client; undefined when it may pass. */
export type Guard = (request: Pick<HttpRequest, "headers" | "encrypted">) => string | undefined;

/**
 * Names that resolve to loopback addresses whoever asks: `localhost` and what is under it (RFC 6761), and the domain
 * that the tools made for emulators use. Requests that name them are the control plane's.
 */
export const LOOPBACK_DOMAINS: readonly string[] = ["localhost", "localhost.localstack.cloud"];

/** Makes the check: an allowed Host, and neither a foreign Origin nor another site's page behind the request. */
export function createGuard({ allowedHosts }: GuardOptions): Guard {
  const isAny = allowedHosts === "any";
  const allowed = new Set((isAny ? [] : allowedHosts).map((host) => host.toLowerCase().replace(/^\[|\]$/g, "")));
  return ({ headers, encrypted }) => {
    const hosts = values(headers, "host");
    const host = hosts.length === 1 ? (hosts[0] as string).toLowerCase() : undefined;
    const name = host === undefined ? undefined : hostName(host);
    if (host === undefined || name === undefined) return "The request needs one valid Host header.";
    if (!isAny && !isLoopback(name) && !allowed.has(name)) {
      return `The host '${name.slice(0, 255)}' is not allowed here: call a loopback name, or add it to --allowed-hosts.`;
    }
    const own = `${encrypted ? "https" : "http"}://${host}`;
    for (const origin of values(headers, "origin")) {
      if (origin.toLowerCase() !== own) return "Requests from web pages of another origin are refused.";
    }
    for (const site of values(headers, "sec-fetch-site")) {
      if (site !== "same-origin" && site !== "none") return "Requests from web pages of another site are refused.";
    }
    return undefined;
  };
}

/** The name of a lower-case `Host` value: without its port, an IPv6 address without brackets; undefined when malformed. */
function hostName(host: string): string | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::\d{1,5})?$/.exec(host);
  return parts?.[1] ?? parts?.[2]?.replace(/\.$/, "");
}

function isLoopback(name: string): boolean {
  if (name === "::1" || (isIPv4(name) && name.startsWith("127."))) return true;
  return LOOPBACK_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

function values(headers: HeaderList, lowerCaseName: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() === lowerCaseName) found.push(headers[i + 1] as string);
  }
  return found;
}
