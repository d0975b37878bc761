// What follows from the settings.
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import type { AccountThrottle } from "../domain/limits.ts";
import type { UserPoolIssuers } from "../domain/user-pool.ts";
import { ConfigError, quote } from "./setting.ts";
import type { Config } from "./settings.ts";
import { daemonAddress, TARGET, USER_POOL } from "./values.ts";

/** Whether a listening address is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

/** Whether the control plane takes only callers that exist, and only what their policies allow. */
export function isStrict({ auth, host, "no-authentication": isOpen }: Pick<Config, "auth" | "host" | "no-authentication">): boolean {
  return auth === "strict" || (auth === "auto" && !isLoopback(host) && !isOpen);
}

/** Whose administrator the built-in access keys of development are; nobody's where others than this machine could use them. */
export function developmentKeys(config: Config): { readonly developmentAccount?: string } {
  return isStrict(config) || !isLoopback(config.host) ? {} : { developmentAccount: config.account };
}

/** How many processes serve APIs: 1 is the program itself. @param cores of this machine */
export function workerCount({ workers, host }: Config, cores: number): number {
  if (workers > 0) return workers;
  return isLoopback(host) ? 1 : cores;
}

/** Addresses (`host:port`) by ARN or id, of the setting vpc-links. */
export function privateAddresses({ "vpc-links": targets }: Config): ReadonlyMap<string, string> {
  return new Map(targets.map((target) => TARGET.exec(target)?.slice(1, 3) as [string, string]));
}

/** Issuers by the ARNs of user pools, of the setting user-pools. */
export function userPoolIssuers({ "user-pools": issuers }: Config): UserPoolIssuers {
  return new Map(issuers.map((issuer) => USER_POOL.exec(issuer)?.slice(1, 3) as [string, string]));
}

/** What all APIs of an account in a region may be asked together. */
export function accountThrottle(config: Config): AccountThrottle {
  return { rateLimit: config["account-rate-limit"], burstLimit: config["account-burst-limit"] };
}

/** How many connections all WebSocket APIs of an account in a region take together. */
export function connectionThrottle(config: Config): AccountThrottle {
  return { rateLimit: config["account-connection-rate-limit"], burstLimit: config["account-connection-burst-limit"] };
}

/** How much of what API keys use is counted before it is written. */
export function usageBatch(config: Config): { readonly milliseconds: number; readonly requests: number } {
  return { milliseconds: config["usage-batch-ms"], requests: config["usage-batch-requests"] };
}

/** Where access logs and execution logs are written; undefined: nowhere, whatever stages ask for. */
export function logDirectory({ logs, "data-dir": dataDirectory, "in-memory": inMemory }: Config): string | undefined {
  if (logs === "off" || (logs === "" && inMemory)) return undefined;
  return resolve(logs === "" ? join(dataDirectory, "logs") : logs);
}

/**
 * Where segments are sent; undefined: to no daemon.
 * @throws {ConfigError} for a variable of X-Ray's that is no address.
 */
export function xrayDaemon({ "xray-daemon": own }: Config, { AWS_XRAY_DAEMON_ADDRESS: shared = "" }: Readonly<Record<string, string | undefined>>): ReturnType<typeof daemonAddress> {
  const value = own === "" ? shared : own;
  const address = daemonAddress(value);
  if (value !== "" && address === undefined) {
    throw new ConfigError(`AWS_XRAY_DAEMON_ADDRESS must be HOST:PORT, or udp:HOST:PORT tcp:HOST:PORT, not ${quote(value)}`);
  }
  return address;
}
