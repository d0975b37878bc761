// Asks the Java library json-schema-validator. Needs Java 17 and, the first time, Maven; the library is kept in a cache
// directory.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;

/** GATEHOUSE_ORACLES names another cache. */
const cache = join(process.env["GATEHOUSE_ORACLES"] ?? join(homedir(), ".cache", "gatehouse-oracles"), "jsonschema");

export interface Case {
  /** JSON. */
  readonly schema: string;
  readonly instance: string;
  /** By URL; JSON. */
  readonly documents?: Readonly<Record<string, string>>;
}

/** Messages with their levels, or why the schema was refused. */
export type Answer =
  { readonly messages: readonly (readonly [level: string, text: string])[] } | { readonly refused: string };

/** The library, copied by Maven when it is not there yet. Throws when there is no Maven. */
function classPath(): string {
  if (!existsSync(cache) || readdirSync(cache).length === 0) {
    mkdirSync(cache, { recursive: true });
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    execFileSync("mvn", ["-q", "-f", join(here, "pom.xml"), goal, `-DoutputDirectory=${cache}`], { stdio: "inherit" });
  }
  return join(cache, "*");
}

export function askOracle(cases: readonly Case[]): Answer[] {
  const lines = cases.map(({ schema, instance, documents = {} }) => {
    const others = Object.entries(documents).map(([url, document]) => `${JSON.stringify(url)}:${document}`);
    return `{"schema":${schema},"instance":${instance},"documents":{${others.join(",")}}}\n`;
  });
  const output = execFileSync("java", ["-cp", classPath(), join(here, "ValidatorOracle.java")], {
    input: lines.join(""),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "ignore"],
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}
