// Apache Velocity 1.7 as an oracle: one Java process renders any number of templates.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const jars = ["velocity.jar", "commons-collections3.jar", "commons-lang.jar"].map((name) => `/usr/share/java/${name}`);

/** Why there is no oracle on this machine, and how to get it; undefined where there is one. */
export function missingOracle(): string | undefined {
  if (!jars.every((path) => existsSync(path))) return "Apache Velocity 1.7 is not here: apt-get install velocity";
  const java = spawnSync("java", ["--list-modules"], { encoding: "utf8" });
  if (java.error !== undefined || !java.stdout.includes("jdk.compiler")) {
    return "A Java development kit of version 11 or newer is not here: apt-get install default-jdk-headless";
  }
  return undefined;
}

export interface Request {
  readonly template: string;
  /** Plain data. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What a template makes: its output, or whether it fails to be parsed or to be rendered. */
export interface Outcome {
  readonly output?: string;
  readonly error?: "parse" | "render";
  readonly message?: string;
}

/** Renders templates with Apache Velocity 1.7. Doubles of the contexts are to be written with a fraction. */
export function renderWithVelocity(requests: readonly Request[]): Outcome[] {
  const source = fileURLToPath(new URL("VelocityOracle.java", import.meta.url));
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  // The first stage of compilation is enough for a run of seconds.
  const java = spawnSync("java", ["-XX:TieredStopAtLevel=1", "-cp", jars.join(":"), source], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (java.status !== 0) throw new Error(`The oracle failed: ${java.stderr}`);
  const outcomes = java.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Outcome);
  if (outcomes.length !== requests.length) throw new Error(`${outcomes.length} answers to ${requests.length} templates`);
  return outcomes;
}
