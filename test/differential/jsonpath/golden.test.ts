import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writtenCases } from "./cases.ts";
import { knownDifference } from "./differences.ts";
import { comparable, evaluateCase } from "./evaluate.ts";
import { generatedCases } from "./generated.ts";

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8")) as [
  path: string,
  answer: string,
][];

test("golden.json has the library's answer to each case", () => {
  expect(golden.map(([path]) => path)).toEqual(writtenCases.map(({ path }) => path));
});

test("paths come to what Jayway's library answers", () => {
  const ours: [string, string][] = [];
  const theirs: [string, string][] = [];
  for (const [at, one] of writtenCases.entries()) {
    if (knownDifference(one.path) !== undefined) continue;
    ours.push([one.path, comparable(evaluateCase(one))]);
    theirs.push([one.path, golden[at]?.[1] ?? ""]);
  }
  expect(ours.length).toBeGreaterThan(700);
  expect(ours).toEqual(theirs);
});

test("generated paths come to something", () => {
  for (const one of generatedCases(1, 3_000)) expect(evaluateCase(one)).toMatch(/^\{"(value|missing|failed|syntax)":/);
});
