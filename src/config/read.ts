// The settings as they are given: by flags, GATEHOUSE_* variables and gatehouse.yaml, in that order.
import { existsSync, readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { isLoopback, isStrict } from "./derived.ts";
import { ConfigError } from "./setting.ts";
import { type Config, isSetting, type SettingName, SETTINGS } from "./settings.ts";

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
  refuseOpenDoor(config);
  refuseHalfTls(config);
  return { kind: "start", config };
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

function refuseOpenDoor({ auth, host, "no-authentication": isOpen, "in-memory": inMemory }: Config): void {
  if (auth === "strict" && isOpen) throw new ConfigError("auth is strict, and no-authentication gives it up; pass one of the two");
  if (auth === "development" && !isLoopback(host) && !isOpen) {
    throw new ConfigError(
      `host ${host} can be reached from other machines, and in development control-plane requests are not authenticated; ` +
        "listen on 127.0.0.1, or pass --no-authentication to let anyone who reaches the port administer everything",
    );
  }
  if (!inMemory || !isStrict({ auth, host, "no-authentication": isOpen })) return;
  throw new ConfigError(
    "authentication is strict, and nobody can be kept in memory whom it lets in; " +
      "leave in-memory out and run `gatehouse init`, or pass --auth development on a loopback address",
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
