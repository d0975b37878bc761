// What a setting is, and how the values of each kind are read.

/** A bad option. The message is one line for the operator and names where the value came from. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface Setting<T> {
  /** What the value is called in `--help`; absent for switches. */
  readonly placeholder?: string;
  readonly help: string;
  readonly fallback: T;
  /** Whether it may be given several times on the command line: all that is given counts. */
  readonly isList?: boolean;
  /** Reads a value. @throws {ConfigError} with the end of a sentence that begins with the option's name. */
  read(text: string): T;
}

export const setting = <T>(definition: Setting<T>): Setting<T> => definition;

export const text = (placeholder: string, fallback: string, help: string): Setting<string> =>
  setting({ placeholder, help, fallback, read: (value) => refuseUnless(value !== "", "must not be empty", value) });

export const flag = (help: string): Setting<boolean> => setting({ help, fallback: false, read: readBoolean });

export const list = (placeholder: string, help: string, isItem = (_item: string) => true): Setting<readonly string[]> =>
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

export const choice = <T extends string>(options: readonly T[], fallback: T, help: string): Setting<T> =>
  setting({
    placeholder: options.join("|"),
    help,
    fallback,
    read: (value) => refuseUnless(options.includes(value as T), `must be one of ${options.join(", ")}`, value) as T,
  });


function readBoolean(value: string): boolean {
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new ConfigError(`must be true or false, not ${quote(value)}`);
}

const MAX_WORKERS = 256;

/** @throws {ConfigError} */
export function readWorkers(value: string): number {
  const workers = Number(value);
  refuseUnless(/^\d{1,4}$/.test(value) && workers <= MAX_WORKERS, `must be a number between 0 and ${MAX_WORKERS}`, value);
  return workers;
}

/** @throws {ConfigError} */
export function readPort(value: string): number {
  const port = Number(value);
  refuseUnless(/^\d{1,5}$/.test(value) && port <= 65535, "must be a port number from 0 to 65535", value);
  return port;
}

/** @throws {ConfigError} */
export function readCount(value: string): number {
  const count = Number(value);
  refuseUnless(/^[1-9]\d{0,8}$/.test(value), "must be a number from 1 to 999999999", value);
  return count;
}

/** @throws {ConfigError} */
export function readBytes(value: string): number {
  const bytes = Number(value);
  refuseUnless(/^\d+$/.test(value) && Number.isSafeInteger(bytes), "must be a number of bytes", value);
  return bytes;
}

/** The value itself. @throws {ConfigError} saying the rule, unless it holds */
export function refuseUnless(holds: boolean, rule: string, value: string): string {
  if (!holds) throw new ConfigError(`${rule}, not ${quote(value)}`);
  return value;
}

/** As messages show it. */
export const quote = (value: string): string => JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value);
