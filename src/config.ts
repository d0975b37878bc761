// The settings of the program: one table, read from flags, GATEHOUSE_* variables and gatehouse.yaml, in that order.
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { type AccountThrottle, AWS_ACCOUNT_THROTTLE, AWS_LIMITS, type RestApiLimits } from "./domain/limits.ts";
import { USER_POOL_ARN, type UserPoolIssuers } from "./domain/user-pool.ts";
import type { LogLevel } from "./ports/log.ts";

/** A bad option. The message is one line for the operator and names where the value came from. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

interface Setting<T> {
  /** What the value is called in `--help`; absent for switches. */
  readonly placeholder?: string;
  readonly help: string;
  readonly fallback: T;
  /** Whether it may be given several times on the command line: all that is given counts. */
  readonly isList?: boolean;
  /** Reads a value. @throws {ConfigError} with the end of a sentence that begins with the option's name. */
  read(text: string): T;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

const text = (placeholder: string, fallback: string, help: string): Setting<string> =>
  setting({ placeholder, help, fallback, read: (value) => refuseUnless(value !== "", "must not be empty", value) });

const flag = (help: string): Setting<boolean> => setting({ help, fallback: false, read: readBoolean });

const list = (placeholder: string, help: string, isItem = (_item: string) => true): Setting<readonly string[]> =>
  setting({
    placeholder,
    help,
    fallback: [],
    isList: true,
    read(value) {
      const items = value.split(",").map((part) => part.trim()).filter((part) => part !== "");
      for (const item of items) refuseUnless(isItem(item), `must list ${placeholder.toLowerCase()}`, item);
      return items;
    },
  });

const choice = <T extends string>(options: readonly T[], fallback: T, help: string): Setting<T> =>
  setting({
    placeholder: options.join("|"),
    help,
    fallback,
    read: (value) => refuseUnless(options.includes(value as T), `must be one of ${options.join(", ")}`, value) as T,
  });

/** All settings, by their flag without the dashes, in the order of `--help`. */
export const SETTINGS = {
  host: text("ADDRESS", "127.0.0.1", "address to listen on"),
  port: setting({ placeholder: "PORT", help: "port to listen on; 0 takes a free one", fallback: 4566, read: readPort }),
  "tls-cert": text("FILE", "", "certificate (PEM, its chain after it) to speak TLS with, HTTP/2 and HTTP/1.1; read again when it changes"),
  "tls-key": text("FILE", "", "private key of that certificate (PEM, without a passphrase)"),
  "tls-port": setting<number | "">({
    placeholder: "PORT",
    help: "port to speak TLS on besides the plain one; without it, TLS alone is spoken on the one port",
    fallback: "",
    read: readPort,
  }),
  workers: setting({
    placeholder: "N",
    help: "processes that serve APIs; 0: one when listening on a loopback address, one a core otherwise",
    fallback: 0,
    read: readWorkers,
  }),
  "data-dir": text("DIRECTORY", "./.gatehouse", "where APIs and functions are kept"),
  "in-memory": flag("keep everything in memory and forget it at the end"),
  logs: text("DIRECTORY|off", "", "where access logs and execution logs are written; logs/ in the data directory unless given, off in memory"),
  region: text("REGION", "us-east-1", "region of requests whose credentials name none (SigV4a)"),
  account: setting({
    placeholder: "ACCOUNT",
    help: "account of credentials that are not a 12-digit account id",
    fallback: "000000000000",
    read: (value: string) => refuseUnless(/^\d{12}$/.test(value), "must be 12 digits", value),
  }),
  "log-level": choice<LogLevel>(["debug", "info", "warn", "error"], "info", "the least important lines to log"),
  "allowed-hosts": list("NAMES", "names besides loopback ones by which the control plane may be called, with commas"),
  "no-authentication": flag("listen beyond loopback although anyone who reaches the port then administers everything"),
  "allow-metadata-addresses": flag("let integrations reach link-local and cloud metadata addresses"),
  "deny-addresses": list("RANGES", "address ranges (CIDR) that integrations must not reach, with commas", isRange),
  "vpc-links": list(
    "TARGETS",
    "where VPC links lead: ARN=HOST:PORT of a load balancer or listener, or ID=HOST:PORT of a link; with commas",
    isTarget,
  ),
  "user-pools": list(
    "ISSUERS",
    "who issues tokens in place of Cognito user pools: ARN=URL, with commas; Cognito itself where nobody does",
    isUserPool,
  ),
  "http-client": choice(["own", "undici"], "own", "what calls integrations over HTTP: Gatehouse's own client, or undici's"),
  limits: setting<Partial<RestApiLimits>>({
    placeholder: "NAME=NUMBER",
    help: "quotas that differ from AWS's defaults, with commas; docs/quotas.md lists them",
    fallback: {},
    isList: true,
    read: readLimits,
  }),
  "control-plane-rates": choice(["off", "aws"], "off", "how often operations may be called: as often as anyone likes, or as AWS allows"),
  "account-rate-limit": setting({
    placeholder: "REQUESTS",
    help: "requests a second that all APIs of an account in a region take together",
    fallback: AWS_ACCOUNT_THROTTLE.rateLimit,
    read: readCount,
  }),
  "account-burst-limit": setting({
    placeholder: "REQUESTS",
    help: "requests at once that they take",
    fallback: AWS_ACCOUNT_THROTTLE.burstLimit,
    read: readCount,
  }),
  "usage-batch-ms": setting({
    placeholder: "MILLISECONDS",
    help: "API keys' usage is written after so long; what is not written is lost when it is killed",
    fallback: 1000,
    read: readCount,
  }),
  "usage-batch-requests": setting({
    placeholder: "REQUESTS",
    help: "... or once so many requests of API keys are counted",
    fallback: 1000,
    read: readCount,
  }),
  "cache-bytes": setting({
    placeholder: "BYTES",
    help: "the most that the caches of all stages may keep in memory together",
    fallback: 268_435_456,
    read: readBytes,
  }),
  "lambda-functions": choice(
    ["auto", "on", "off"],
    "auto",
    "run functions on this machine; auto: only when listening on a loopback address",
  ),
  "lambda-relax-permissions": flag("let APIs invoke functions whose policy does not allow it"),
  "lambda-endpoint": text("URL", "", "send invocations to a real Lambda there, signed with the AWS_* credentials"),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof SETTINGS;

type Values = { readonly [Name in SettingName]: (typeof SETTINGS)[Name]["fallback"] };

/** The settings in force. */
export type Config = Values;

/** What the command line asks for. */
export type Command = { readonly kind: "help" } | { readonly kind: "version" } | { readonly kind: "start"; readonly config: Config };

/**
 * Reads the settings: a flag wins over a variable, a variable over the file, the file over the default.
 * The file is `gatehouse.yaml` in the working directory, when it is there, or what `--config` names.
 * @throws {ConfigError} for anything that is not a setting or not a value of it.
 */
export function readCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const flags = readFlags(args);
  if (flags === "help" || flags === "version") return { kind: flags };
  const named = flags.get("config");
  flags.delete("config");
  const values = new Map<string, unknown>(Object.entries(SETTINGS).map(([name, { fallback }]) => [name, fallback]));
  for (const source of [readFile(named), readEnvironment(env), flags]) {
    for (const [name, { origin, value }] of source) values.set(name, readValue(name as SettingName, origin, value));
  }
  const config = Object.fromEntries(values) as Config;
  if (config.host === "" || !isLoopback(config.host)) refuseOpenDoor(config);
  refuseHalfTls(config);
  return { kind: "start", config };
}

/** Whether a listening address is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

/** How many processes serve APIs: 1 is the program itself. @param cores of this machine */
export function workerCount({ workers, host }: Config, cores: number): number {
  if (workers > 0) return workers;
  return isLoopback(host) ? 1 : cores;
}

/** The name of a setting's environment variable. */
export const variable = (name: string): string => `GATEHOUSE_${name.toUpperCase().replaceAll("-", "_")}`;

interface Given {
  /** How the operator wrote it: `--port`, `GATEHOUSE_PORT`, `port in gatehouse.yaml`. */
  readonly origin: string;
  readonly value: string;
}

function readFlags(args: readonly string[]): Map<string, Given> | "help" | "version" {
  const given = new Map<string, Given>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--help" || arg === "-h") return "help";
    if (arg === "--version" || arg === "-v") return "version";
    const equals = arg.indexOf("=");
    const origin = equals < 0 ? arg : arg.slice(0, equals);
    const name = origin.slice(2);
    if (!origin.startsWith("--") || !(name === "config" || isSetting(name))) {
      throw new ConfigError(`unknown option ${arg}; --help lists the options`);
    }
    const isSwitch = name !== "config" && SETTINGS[name].placeholder === undefined;
    const give = (value: string) => given.set(name, { origin, value: isList(name) && given.has(name) ? `${given.get(name)?.value},${value}` : value });
    if (equals >= 0) give(arg.slice(equals + 1));
    else if (isSwitch) given.set(name, { origin, value: "true" });
    else {
      const value = args[++i];
      if (value === undefined || value.startsWith("--")) throw new ConfigError(`${origin} needs a value`);
      give(value);
    }
  }
  return given;
}

const isList = (name: string): boolean => isSetting(name) && "isList" in SETTINGS[name];

function readEnvironment(env: Readonly<Record<string, string | undefined>>): Map<string, Given> {
  const byVariable = new Map(Object.keys(SETTINGS).map((name) => [variable(name), name]));
  const given = new Map<string, Given>();
  for (const [origin, value] of Object.entries(env)) {
    if (!origin.startsWith("GATEHOUSE_") || value === undefined) continue;
    const name = byVariable.get(origin);
    if (name === undefined) throw new ConfigError(`unknown variable ${origin}; --help lists the options`);
    if (value !== "") given.set(name, { origin, value });
  }
  return given;
}

function readFile(named: Given | undefined): Map<string, Given> {
  const path = named?.value ?? "gatehouse.yaml";
  const given = new Map<string, Given>();
  if (named === undefined && !existsSync(path)) return given;
  let document: unknown;
  try {
    // Scalars stay as they are written: an account of `000000000001` is not a number.
    document = parseYaml(readFileSync(path, "utf8"), { schema: "failsafe" });
  } catch (error) {
    throw new ConfigError(`cannot read ${path}: ${(error as Error).message.split("\n", 1)[0]}`);
  }
  if (document === null || document === undefined) return given;
  if (typeof document !== "object" || Array.isArray(document)) throw new ConfigError(`${path} must hold names and values`);
  for (const [name, value] of flatten(document as Record<string, unknown>)) {
    const origin = `${name} in ${path}`;
    if (!isSetting(name)) throw new ConfigError(`unknown setting ${origin}; --help lists the options`);
    given.set(name, { origin, value: Array.isArray(value) ? value.join(",") : String(value) });
  }
  return given;
}

/** `lambda: { endpoint: x }` is `lambda-endpoint: x`, and `limits: { stages-per-api: 20 }` the list of `stages-per-api=20`. */
function flatten(document: Readonly<Record<string, unknown>>, prefix = ""): [string, unknown][] {
  return Object.entries(document).flatMap(([key, value]): [string, unknown][] => {
    const name = `${prefix}${key}`;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [[name, value]];
    if (isList(name)) return [[name, Object.entries(value).map(([item, given]) => `${item}=${given}`)]];
    return flatten(value as Record<string, unknown>, `${name}-`);
  });
}

function readValue(name: SettingName, origin: string, value: string): unknown {
  try {
    return SETTINGS[name].read(value);
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`${origin} ${error.message}`);
    throw error;
  }
}

function refuseOpenDoor(config: Config): void {
  if (config["no-authentication"]) return;
  throw new ConfigError(
    `host ${config.host} can be reached from other machines, and control-plane requests are not authenticated there; ` +
      `listen on 127.0.0.1, or pass --no-authentication to let anyone who reaches the port administer everything`,
  );
}

function refuseHalfTls({ port, "tls-cert": cert, "tls-key": key, "tls-port": tlsPort }: Config): void {
  if ((cert === "") !== (key === "")) {
    throw new ConfigError(`${cert === "" ? "tls-key is given without tls-cert" : "tls-cert is given without tls-key"}; TLS needs both`);
  }
  if (tlsPort === "") return;
  if (cert === "") throw new ConfigError("tls-port is given without a certificate; TLS needs tls-cert and tls-key");
  if (tlsPort === port && port !== 0) {
    throw new ConfigError(`port and tls-port are both ${port}; without tls-port, TLS alone is spoken on the one port`);
  }
}

function isRange(value: string): boolean {
  const [address = "", length] = value.split("/", 2);
  const longest = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && (length === undefined ? !value.includes("/") : /^\d{1,3}$/.test(length) && Number(length) <= longest);
}

/** `ARN=HOST:PORT` or `ID=HOST:PORT`; the host a name, an IPv4 address or an IPv6 address in brackets. */
const TARGET = /^([^=\s]+)=((?:\[[0-9A-Fa-f:.]+\]|[\w.-]+):(\d{1,5}))$/;

function isTarget(value: string): boolean {
  const port = Number(TARGET.exec(value)?.[3] ?? 0);
  return port >= 1 && port <= 65_535;
}

/** Addresses (`host:port`) by ARN or id, of the setting vpc-links. */
export function privateAddresses({ "vpc-links": targets }: Config): ReadonlyMap<string, string> {
  return new Map(targets.map((target) => TARGET.exec(target)?.slice(1, 3) as [string, string]));
}

/** `ARN=URL`, with the URL of an issuer as its tokens have it. */
const USER_POOL = /^([^=\s]+)=(https?:\/\/[^\s?#]+)$/;

function isUserPool(value: string): boolean {
  const [, arn = "", issuer = ""] = USER_POOL.exec(value) ?? [];
  return USER_POOL_ARN.test(arn) && URL.canParse(issuer);
}

/** Issuers by the ARNs of user pools, of the setting user-pools. */
export function userPoolIssuers({ "user-pools": issuers }: Config): UserPoolIssuers {
  return new Map(issuers.map((issuer) => USER_POOL.exec(issuer)?.slice(1, 3) as [string, string]));
}

/** What all APIs of an account in a region may be asked together. */
export function accountThrottle(config: Config): AccountThrottle {
  return { rateLimit: config["account-rate-limit"], burstLimit: config["account-burst-limit"] };
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

/** The name of a quota in the setting limits: `stages-per-api`. */
export const limitName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const LIMITS = new Map((Object.keys(AWS_LIMITS) as (keyof RestApiLimits)[]).map((key) => [limitName(key), key]));

function readLimits(value: string): Partial<RestApiLimits> {
  const given = value.split(",").map((part) => part.trim()).filter((part) => part !== "");
  const limits = given.map((item) => {
    const [name = "", number = "", ...more] = item.split("=");
    const key = LIMITS.get(name.trim());
    if (key === undefined) throw new ConfigError(`must name quotas, not ${quote(name.trim())}; there are ${[...LIMITS.keys()].join(", ")}`);
    refuseUnless(/^ *[1-9]\d{0,14} *$/.test(number) && more.length === 0, "must be NAME=NUMBER, with numbers from 1", item);
    return [key, Number(number)] as const;
  });
  return Object.fromEntries(limits);
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);

function readBoolean(value: string): boolean {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new ConfigError(`must be true or false, not ${quote(value)}`);
}

const MAX_WORKERS = 256;

function readWorkers(value: string): number {
  const workers = Number(value);
  refuseUnless(/^\d{1,4}$/.test(value) && workers <= MAX_WORKERS, `must be a number between 0 and ${MAX_WORKERS}`, value);
  return workers;
}

function readPort(value: string): number {
  const port = Number(value);
  refuseUnless(/^\d{1,5}$/.test(value) && port <= 65535, "must be a port number from 0 to 65535", value);
  return port;
}

function readCount(value: string): number {
  const count = Number(value);
  refuseUnless(/^[1-9]\d{0,8}$/.test(value), "must be a number from 1 to 999999999", value);
  return count;
}

function readBytes(value: string): number {
  const bytes = Number(value);
  refuseUnless(/^\d+$/.test(value) && Number.isSafeInteger(bytes), "must be a number of bytes", value);
  return bytes;
}

function refuseUnless(holds: boolean, rule: string, value: string): string {
  if (!holds) throw new ConfigError(`${rule}, not ${quote(value)}`);
  return value;
}

const quote = (value: string): string => JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value);
