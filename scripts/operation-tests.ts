// Which test files call which operation, read from the files themselves: through an SDK's command, or on a service's handlers.
import { glob, readFile } from "node:fs/promises";

/** How the tests of a service can be known. */
export interface TestedService {
  /** The endpoint prefix of its table. */
  readonly service: string;
  /** The npm package of its SDK client: `NameCommand`, imported from there, is a call of `Name`. */
  readonly client: string;
  /** Files that name its handlers (`api.CreateStage`): those in this folder, and those in nobody's that import one of these files. */
  readonly folder?: string;
  readonly harnesses?: readonly string[];
}

/** Test files, by service and operation, each once and in order: `apigateway CreateStage`. */
export type OperationTests = ReadonlyMap<string, readonly string[]>;

/** Reads all test files of the checkout. @param root its folder, as a URL that ends with a slash */
export async function findOperationTests(root: URL, services: readonly TestedService[]): Promise<OperationTests> {
  const files = await Array.fromAsync(glob(["src/**/*.test.ts", "test/**/*.test.ts"], { cwd: root }));
  const found = new Map<string, string[]>();
  for (const file of files.sort()) {
    for (const operation of operationsIn(file, await readFile(new URL(file, root), "utf8"), services)) {
      found.set(operation, [...(found.get(operation) ?? []), file]);
    }
  }
  return found;
}

/** The operations that a test file calls, with their services. */
export function operationsIn(file: string, source: string, services: readonly TestedService[]): ReadonlySet<string> {
  const calls = new Set<string>();
  const imports = [...source.matchAll(/import\s*(?:type\s*)?\{([^}]*)\}\s*from\s*"([^"]+)"/g)].map(([, names = "", from = ""]) => ({ names, from }));
  const owner = services.find(({ folder }) => folder !== undefined && file.startsWith(folder));
  for (const each of services) {
    const { service, client, harnesses = [] } = each;
    for (const { names, from } of imports) {
      if (from !== client) continue;
      for (const [, name] of names.matchAll(/\b(\w+)Command\b/g)) if (source.includes(`new ${name}Command(`)) calls.add(`${service} ${name}`);
    }
    const callsHandlers = owner === undefined ? harnesses.some((harness) => imports.some(({ from }) => from.endsWith(harness))) : owner === each;
    if (callsHandlers) for (const [, name] of source.matchAll(/\.([A-Z]\w+)\b/g)) calls.add(`${service} ${name}`);
  }
  return calls;
}

/**
 * Of the files that call an operation, the one beside the source and the one under test/ that are most about it: by their
 * names, else because they call few others. Two at most, so that the page does not change with every new test.
 */
export function foremost(tests: OperationTests, service: string, operation: string): readonly string[] {
  const files = tests.get(`${service} ${operation}`) ?? [];
  const calls = (file: string): number => [...tests.values()].filter((each) => each.includes(file)).length;
  const words = operation.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const named = (file: string): number => {
    const name = file.slice(file.lastIndexOf("/") + 1).replace(/s?\.test\.ts$/, "");
    return words.includes(name) ? name.length : 0;
  };
  const ordered = files.toSorted((a, b) => named(b) - named(a) || calls(a) - calls(b) || (a < b ? -1 : 1));
  return ["src/", "test/"].flatMap((folder) => ordered.find((file) => file.startsWith(folder)) ?? []);
}
