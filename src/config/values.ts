// Settings whose values have a syntax of their own: ranges of addresses, targets, issuers, quotas.
import { isIP } from "node:net";
import { AWS_HTTP_LIMITS, AWS_LIMITS, type HttpApiLimits, type RestApiLimits } from "../domain/limits.ts";
import { USER_POOL_ARN } from "../domain/user-pool.ts";
import { ConfigError, quote, refuseUnless } from "./setting.ts";

/** `10.0.0.0/8` or an address. */
export function isRange(value: string): boolean {
  const [address = "", length] = value.split("/", 2);
  const longest = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && (length === undefined ? !value.includes("/") : /^\d{1,3}$/.test(length) && Number(length) <= longest);
}

/** `ARN=HOST:PORT` or `ID=HOST:PORT`; the host a name, an IPv4 address or an IPv6 address in brackets. */
export const TARGET = /^([^=\s]+)=((?:\[[0-9A-Fa-f:.]+\]|[\w.-]+):(\d{1,5}))$/;

export function isTarget(value: string): boolean {
  const port = Number(TARGET.exec(value)?.[3] ?? 0);
  return port >= 1 && port <= 65_535;
}

/** `ARN=URL`, with the URL of an issuer as its tokens have it. */
export const USER_POOL = /^([^=\s]+)=(https?:\/\/[^\s?#]+)$/;

export function isUserPool(value: string): boolean {
  const [, arn = "", issuer = ""] = USER_POOL.exec(value) ?? [];
  return USER_POOL_ARN.test(arn) && URL.canParse(issuer);
}

const ENDPOINT = String.raw`(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):(\d{1,5})`;

/** `HOST:PORT`, or what segments and sampling rules go to, each for itself, in either order. */
const DAEMON = new RegExp(String.raw`^(?:tcp:\S+ +)?(?:udp:)?${ENDPOINT}(?: +tcp:\S+)?$`);

/** Where an X-Ray daemon takes segments; undefined for what is no address in the form of AWS_XRAY_DAEMON_ADDRESS. */
export function daemonAddress(value: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, name = "", digits] = DAEMON.exec(value) ?? [];
  const port = Number(digits ?? 0);
  return port >= 1 && port <= 65_535 ? { host: bracketed ?? name, port } : undefined;
}

export const isDaemonAddress = (value: string): boolean => daemonAddress(value) !== undefined;

/** The name of a quota in the settings limits and v2-limits: `stages-per-api`. */
export const limitName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Quotas of REST APIs: `stages-per-api=20,...`. @throws {ConfigError} */
export const readLimits: (value: string) => Partial<RestApiLimits> = limitsReader(AWS_LIMITS);

/** The same of HTTP and WebSocket APIs. @throws {ConfigError} */
export const readV2Limits: (value: string) => Partial<HttpApiLimits> = limitsReader(AWS_HTTP_LIMITS);

/** @param known all quotas that there are, by their keys */
function limitsReader(known: object): (value: string) => Readonly<Record<string, number>> {
  const keys = new Map(Object.keys(known).map((key) => [limitName(key), key]));
  return (value) => {
    const given = value.split(",").map((part) => part.trim()).filter((part) => part !== "");
    const limits = given.map((item) => {
      const [name = "", number = "", ...more] = item.split("=");
      const key = keys.get(name.trim());
      if (key === undefined) throw new ConfigError(`must name quotas, not ${quote(name.trim())}; there are ${[...keys.keys()].join(", ")}`);
      refuseUnless(/^ *[1-9]\d{0,14} *$/.test(number) && more.length === 0, "must be NAME=NUMBER, with numbers from 1", item);
      return [key, Number(number)] as const;
    });
    return Object.fromEntries(limits);
  };
}
