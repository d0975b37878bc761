// The REST control plane as it is seen through the `aws` command: the same operations, each asked for with options.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aws } from "./aws-command.ts";
import type { ControlPlane } from "./control-plane.ts";

/** How the command is refused; `name` is the error's code. */
export class CommandRefusal extends Error {
  override readonly name: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Options are the members' names in lower case, words apart; these are called otherwise, lest they be taken for the command's own. */
const RENAMED: Readonly<Record<string, string>> = { "CreateRestApi.version": "api-version" };

/** Commands that write what they get to a file, and print the rest. */
const TO_FILE: ReadonlySet<string> = new Set(["GetExport", "GetSdk"]);

/** As botocore writes names: `providerARNs` as `provider-arns`. */
const kebab = (name: string): string =>
  name.replace(/[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`).replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();

/**
 * The operations by their names, for a started Gatehouse or anything else at its address.
 * @param place the address, and a directory for the files that commands read and write
 */
export function throughAws(place: { readonly url: string; readonly dataDir: string }): ControlPlane {
  let files = 0;
  const newFile = () => join(place.dataDir, `aws-${++files}`);

  async function optionOf(operation: string, [name, value]: readonly [string, unknown]): Promise<string[]> {
    const option = `--${RENAMED[`${operation}.${name}`] ?? kebab(name)}`;
    if (typeof value === "boolean") return [value ? option : option.replace("--", "--no-")];
    if (value instanceof Uint8Array) {
      const file = newFile();
      await writeFile(file, value);
      return [option, `fileb://${file}`];
    }
    return [option, typeof value === "string" ? value : JSON.stringify(value)];
  }

  async function run(operation: string, input: object): Promise<unknown> {
    const options = await Promise.all(Object.entries(input).map((entry) => optionOf(operation, entry)));
    const file = TO_FILE.has(operation) ? [newFile()] : [];
    const printed = await aws(place, "apigateway", kebab(operation), ...options.flat(), ...file).catch((error: Error) => {
      const [, code, called, message] = /^An error occurred \((\w+)\) when calling the (\w+) operation: ([^]*)$/.exec(error.message) ?? [];
      if (code === undefined || message === undefined || called !== operation) throw error;
      throw new CommandRefusal(code, message);
    });
    return { ...(withDates(printed) as object), ...(file[0] === undefined ? {} : { body: await readFile(file[0]) }) };
  }

  return new Proxy({} as ControlPlane, { get: (_target, name) => (input: object) => run(String(name), input) });
}

/** Times are printed as seconds by version 1 of the command, and as text by version 2. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null) return value;
  const isTime = (name: string, member: unknown) => name.endsWith("Date") && (typeof member === "number" || /T/.test(String(member)));
  const dateOf = (member: unknown) => new Date(typeof member === "number" ? member * 1000 : String(member));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, isTime(name, member) ? dateOf(member) : withDates(member)]));
}
