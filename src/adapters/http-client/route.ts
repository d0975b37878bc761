// Where the connections of a pool lead, and how they are made.
import type { HeadScanner } from "../http1-syntax/index.ts";
import type { LookupFunction } from "node:net";
import type { TlsIdentity } from "../../domain/client-certificate.ts";
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest } from "../../ports/http-client.ts";
import { poolKey } from "../upstream/index.ts";
import type { HostNames } from "./host-names.ts";
import type { TlsSessions } from "./tls-sessions.ts";

export interface Route {
  /** What is connected to: a name or an address. */
  readonly host: string;
  readonly port: number;
  /** Whose certificate is expected. */
  readonly certified: string;
  readonly encrypted: boolean;
  /** Certificates that nobody vouches for are taken. */
  readonly insecure: boolean;
  /** Shown to a server that asks for a certificate. */
  readonly identity: TlsIdentity | undefined;
  readonly lookup: LookupFunction;
  /** None of the addresses of the host's name can be reached. */
  readonly forgetName: () => void;
  readonly isRefused: (address: string) => boolean;
  /** For TCP and TLS together, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The largest head of a response, in bytes. */
  readonly scanner: HeadScanner;
  /** The TLS session to resume. */
  readonly session: () => Buffer | undefined;
  readonly keepSession: (session: Buffer) => void;
}

export interface RouteSettings {
  readonly names: HostNames;
  readonly sessions: TlsSessions;
  readonly isRefused: (address: string) => boolean;
  readonly connectTimeoutMs: number;
  readonly scanner: HeadScanner;
}

/** The way to an origin, or to the address that stands in its place. */
export function routeTo(
  { hostname, host, port, protocol }: URL,
  request: Pick<UpstreamRequest, "origin" | "insecure" | "identity" | "address">,
  { names, sessions, isRefused, connectTimeoutMs, scanner }: RouteSettings,
): Route {
  const { insecure = false, identity, address } = request;
  const key = poolKey(request);
  const encrypted = protocol === "https:";
  const schemePort = encrypted ? 443 : 80;
  const target = address === undefined ? { hostname, port: port === "" ? schemePort : Number(port) } : endpointOf(address, host);
  return {
    host: bare(target.hostname),
    port: target.port,
    certified: bare(hostname),
    encrypted,
    insecure,
    identity,
    lookup: names.lookup,
    forgetName: () => names.forget(target.hostname),
    isRefused,
    connectTimeoutMs,
    scanner,
    // A resumed session shows no certificate that could be checked again.
    session: () => (insecure ? undefined : sessions.find(key)),
    keepSession: (session) => sessions.keep(key, session),
  };
}

function endpointOf(address: string, origin: string): { readonly hostname: string; readonly port: number } {
  const text = `http://${address}`;
  if (!URL.canParse(text)) throw new UpstreamError("connect", `${origin}: "${address}" is not an address like host:port`);
  const { hostname, port } = new URL(text);
  // The port of the scheme is left out of a URL.
  return { hostname, port: port === "" ? 80 : Number(port) };
}

/** IPv6 addresses stand in brackets in URLs alone. */
const bare = (hostname: string): string => (hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);
