// Asks Jayway's library. Needs Java 17 and, the first time, Maven; the library is kept in a cache directory.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;

/** GATEHOUSE_ORACLES names another cache. */
const cache = join(process.env["GATEHOUSE_ORACLES"] ?? join(homedir(), ".cache", "gatehouse-oracles"), "jsonpath");

export interface Case {
  readonly path: string;
  /** JSON. */
  readonly document: string;
}

/** The library, copied by Maven when it is not there yet. Throws when there is no Maven. */
function classPath(): string {
  if (!existsSync(cache) || readdirSync(cache).length === 0) {
    mkdirSync(cache, { recursive: true });
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    execFileSync("mvn", ["-q", "-f", join(here, "pom.xml"), goal, `-DoutputDirectory=${cache}`], { stdio: "inherit" });
  }
  return join(cache, "*");
}

/** What the library says to each case, as JaywayOracle.java prints it. */
export function askOracle(cases: readonly Case[]): string[] {
  const input = cases.map(({ path, document }) => `${JSON.stringify(path)}\n${document}\n`).join("");
  const output = execFileSync("java", ["-cp", classPath(), join(here, "JaywayOracle.java")], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return output.trimEnd().split("\n");
}
