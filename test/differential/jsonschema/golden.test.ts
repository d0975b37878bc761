import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writtenCases } from "./cases.ts";
import { knownDifference } from "./differences.ts";
import { comparable, validateCase } from "./validate.ts";

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8")) as [string, string, string][];

test("golden.json has the library's answer to each case", () => {
  expect(golden.map(([schema, instance]) => [schema, instance])).toEqual(
    writtenCases.map(({ schema, instance }) => [schema, instance]),
  );
});

test("validation says what the Java library says, message by message", () => {
  const ours: unknown[] = [];
  const theirs: unknown[] = [];
  for (const [at, one] of writtenCases.entries()) {
    if (knownDifference(one) !== undefined) continue;
    ours.push([one.schema, one.instance, comparable(validateCase(one))]);
    theirs.push([one.schema, one.instance, JSON.parse(golden[at]?.[2] ?? "null")]);
  }
  expect(ours.length).toBeGreaterThan(650);
  expect(ours).toEqual(theirs);
});
