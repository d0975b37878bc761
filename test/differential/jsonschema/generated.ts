// Random schemas and values from a seed.
import { randomFrom } from "../jsonpath/generated.ts";
import type { Case } from "./oracle.ts";

type Pick = <T>(choices: readonly T[]) => T;

const names = ["a", "b", "c", "10", "9", "Z"];
const types = ["string", "integer", "number", "boolean", "null", "array", "object"];
const scalars = [
  "0",
  "1",
  "2",
  "-1",
  "1.0",
  "1.5",
  "2.50",
  "3e0",
  "12345678901234567890",
  '"a"',
  '"ab"',
  '"abc"',
  '""',
  '"é"',
  "true",
  "false",
  "null",
];

function value(pick: Pick, depth: number): string {
  const kind = depth === 0 ? "scalar" : pick(["object", "object", "array", "scalar"]);
  if (kind === "scalar") return pick(scalars);
  const size = pick([0, 1, 2, 3]);
  const inner = Array.from({ length: size }, () => value(pick, depth - 1));
  if (kind === "array") return `[${inner.join(",")}]`;
  const start = pick([0, 1, 2, 3]);
  return `{${inner.map((one, at) => `"${names[(start + at) % names.length]}":${one}`).join(",")}}`;
}

function members(pick: Pick, depth: number, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: pick([1, 2, 3]) }, () => [pick(keys), schema(pick, depth - 1)]));
}

function list(pick: Pick, depth: number): unknown[] {
  return Array.from({ length: pick([1, 2, 3]) }, () => schema(pick, depth - 1));
}

function nameList(pick: Pick): string[] {
  return [...new Set(Array.from({ length: pick([1, 2, 3]) }, () => pick(names)))];
}

function keyword(pick: Pick, depth: number): Record<string, unknown> {
  const flat = [
    () => ({ type: pick(types) }),
    () => ({ type: [...new Set([pick(types), pick(types)])] }),
    () => ({ enum: [pick([0, 1]), pick(["a", "ab"]), pick([null, [1]])] }),
    () => ({ minimum: pick([0, 1, 1.5]), ...pick([{}, {}, { exclusiveMinimum: true }]) }),
    () => ({ maximum: pick([0, 1, 1.5]), ...pick([{}, {}, { exclusiveMaximum: true }]) }),
    () => ({ multipleOf: pick([1, 2, 0.5, 1.5]) }),
    () => ({ minLength: pick([0, 1, 2]), maxLength: pick([1, 2]) }),
    () => ({ pattern: pick(["a", "^a", "b$", "^.$", "[0-9]"]) }),
    () => ({ minItems: pick([0, 1, 2]), maxItems: pick([0, 1, 2]) }),
    () => ({ uniqueItems: pick([true, true, false]) }),
    () => ({ required: nameList(pick) }),
    () => ({ minProperties: pick([0, 1, 2]), maxProperties: pick([0, 1, 2]) }),
    () => ({ additionalProperties: false }),
    () => ({ format: pick(["int32", "date-time", "email", "ipv4", "uri"]) }),
  ];
  if (depth === 0) return pick(flat)();
  return pick([
    ...flat,
    () => ({ properties: members(pick, depth, names) }),
    () => ({ properties: members(pick, depth, names) }),
    () => ({ properties: members(pick, depth, names), additionalProperties: false }),
    () => ({ patternProperties: members(pick, depth, ["a", "^[0-9]", "b|c"]) }),
    () => ({ additionalProperties: schema(pick, depth - 1) }),
    () => ({ items: schema(pick, depth - 1) }),
    () => ({ items: list(pick, depth), additionalItems: pick([false, true, schema(pick, depth - 1)]) }),
    () => ({ dependencies: { [pick(names)]: nameList(pick), [pick(names)]: schema(pick, depth - 1) } }),
    () => ({ [pick(["allOf", "anyOf", "oneOf"])]: list(pick, depth) }),
    () => ({ not: schema(pick, depth - 1) }),
    () => ({ $ref: pick(["#/definitions/x", "#/definitions/y"]) }),
  ])();
}

function schema(pick: Pick, depth: number): Record<string, unknown> {
  return Object.assign({}, ...Array.from({ length: pick([1, 1, 2, 3]) }, () => keyword(pick, depth))) as Record<
    string,
    unknown
  >;
}

export function generatedCases(seed: number, count: number): Case[] {
  const random = randomFrom(seed);
  const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)] as (typeof choices)[number];
  return Array.from({ length: count }, () => {
    const definitions = {
      x: schema(pick, 0),
      y: { properties: { a: { $ref: "#/definitions/y" }, b: { $ref: "#/definitions/x" } }, ...keyword(pick, 0) },
    };
    return { schema: JSON.stringify({ ...schema(pick, 3), definitions }), instance: value(pick, 4) };
  });
}
