// Every template of cases/ as Apache Velocity 1.7 renders it and as this project does: the same bytes, or the same kind
// of failure. What differs stands in `differences` with its reason; one that has gone fails too.
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "./oracle.ts";
import { missingOracle, renderWithVelocity } from "./oracle.ts";
import { renderWithOurs } from "./ours.ts";

const folder = new URL("cases/", import.meta.url);
const context = JSON.parse(readFileSync(new URL("context.json", folder), "utf8")) as Record<string, unknown>;

interface Case {
  readonly name: string;
  readonly template: string;
}

/** The cases of a file: a line with `===` and the name, then the template. `␍` is a carriage return. */
function readCases(file: string): Case[] {
  const parts = readFileSync(new URL(file, folder), "utf8").split(/^=== (.*)\n/m).slice(1);
  return Array.from({ length: parts.length / 2 }, (_, at) => ({
    name: `${file.replace(".txt", "")}: ${parts[2 * at] ?? ""}`,
    template: (parts[2 * at + 1] ?? "").slice(0, -1).replaceAll("␍", "\r"),
  }));
}

const cases = readdirSync(folder)
  .filter((file) => file.endsWith(".txt"))
  .flatMap(readCases);

const differences: Readonly<Record<string, string>> = {
  "language: a failing evaluate": "a text that #evaluate cannot read is found when it runs, so it fails the rendering",
};

const missing = missingOracle();

const shown = ({ output, error }: Outcome): unknown => output ?? { error };

describe("the templates of cases/, against Apache Velocity 1.7", () => {
  let outcomes: Outcome[] = [];

  beforeAll(() => {
    if (missing === undefined) outcomes = renderWithVelocity(cases.map(({ template }) => ({ template, context })));
  });

  it.for(cases.map((entry, at) => ({ ...entry, at })))("$name", ({ name, template, at }, { skip }) => {
    skip(missing !== undefined, missing);
    const oracle = shown(outcomes[at] ?? {});
    const ours = shown(renderWithOurs({ template, context }));
    if (differences[name] === undefined) expect(ours).toEqual(oracle);
    else expect(ours, `no longer differs, though it should: ${differences[name]}`).not.toEqual(oracle);
  });

  it("all have names of their own, and every difference is one of them", ({ skip }) => {
    skip(missing !== undefined, missing);
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(differences).filter((name) => !names.includes(name))).toEqual([]);
    const failing = outcomes.filter(({ error }) => error !== undefined).length;
    const differing = Object.keys(differences).length;
    console.log(
      `Apache Velocity 1.7: ${names.length} templates, ${names.length - differing} the same ` +
        `(${failing} of all fail there), ${differing} different for a reason`,
    );
  });
});
