import { expect, test } from "vitest";
import { ServiceError } from "../../domain/errors.ts";
import { patch, type PatchOperation, type PatchRules } from "./patch.ts";
import { entries, items, set, unset, within } from "./patch-steps.ts";
import { boolean, integer, number, oneOf, optional, optionalText, someText, stringMap } from "./patch-values.ts";

interface Thing {
  readonly name: string;
  readonly size?: number;
  readonly rate?: number;
  readonly on?: boolean;
  readonly color?: "RED" | "BLUE";
  readonly types?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly inner?: { readonly note?: string };
  readonly at?: string;
}

const rules: PatchRules<Thing> = {
  "/name": { replace: set("name", someText), copy: (thing, { from }) => ({ ...thing, name: from ?? "" }) },
  "/size": { replace: set("size", optional(integer(0, 10))), remove: unset("size") },
  "/rate": { replace: set("rate", number(-1, 10)) },
  "/on": { replace: set("on", boolean) },
  "/color": { replace: set("color", oneOf("RED", "BLUE")) },
  "/types": items<Thing>("types"),
  "/types/{type}": items<Thing>("types"),
  "/variables": { replace: set("variables", stringMap) },
  "/variables/{name}": entries<Thing, "variables">("variables", someText),
  "/inner/note": { replace: within<Thing, "inner">("inner", () => ({}), set("note", optionalText)) },
  "/on/<day>/at/<path+>/<method>": { add: (thing, { names, value }) => ({ ...thing, at: `${names.join("|")}=${value}` }) },
  "/{path+}/{method}/enabled": { replace: (thing, { names, value }) => ({ ...thing, at: `${names.join("|")}=${value}` }) },
};

const thing: Thing = { name: "thing", size: 3, types: ["a/b"], variables: { v1: "1" } };

function refused(...operations: readonly PatchOperation[]): string {
  try {
    return JSON.stringify(patch(rules, thing, operations));
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

test.each<[string, PatchOperation, Partial<Record<keyof Thing, unknown>>]>([
  ["replaces a member", { op: "replace", path: "/name", value: "other" }, { name: "other" }],
  ["copies", { op: "copy", path: "/name", from: "/size" }, { name: "/size" }],
  ["parses integers", { op: "replace", path: "/size", value: "10" }, { size: 10 }],
  ["takes a member away when its value is empty", { op: "replace", path: "/size", value: "" }, { size: undefined }],
  ["takes a member away when its value is missing", { op: "replace", path: "/size" }, { size: undefined }],
  ["removes a member", { op: "remove", path: "/size" }, { size: undefined }],
  ["parses numbers as Terraform writes them", { op: "replace", path: "/rate", value: "2.500000" }, { rate: 2.5 }],
  ["takes True for true, as the guide writes it", { op: "replace", path: "/on", value: "True" }, { on: true }],
  ["takes false", { op: "replace", path: "/on", value: "false" }, { on: false }],
  ["parses enumerations", { op: "replace", path: "/color", value: "BLUE" }, { color: "BLUE" }],
  ["adds an item named in the path, ~1 for its slash", { op: "add", path: "/types/image~1png" }, { types: ["a/b", "image/png"] }],
  ["adds an item given as the value", { op: "add", path: "/types", value: "c" }, { types: ["a/b", "c"] }],
  ["adds an item once", { op: "add", path: "/types/a~1b" }, { types: ["a/b"] }],
  ["replaces an item", { op: "replace", path: "/types/a~1b", value: "x/y" }, { types: ["x/y"] }],
  ["adds an item in the place of one that is not there", { op: "replace", path: "/types/q", value: "x" }, { types: ["a/b", "x"] }],
  ["removes an item", { op: "remove", path: "/types/a~1b" }, { types: [] }],
  ["removes an item that is not there", { op: "remove", path: "/types/none" }, { types: ["a/b"] }],
  ["adds an entry", { op: "add", path: "/variables/v2", value: "2" }, { variables: { v1: "1", v2: "2" } }],
  ["reads ~01 as ~1 and not as a slash", { op: "add", path: "/variables/a~01b", value: "2" }, { variables: { v1: "1", "a~1b": "2" } }],
  ["keeps an entry called __proto__ to itself", { op: "add", path: "/variables/__proto__", value: "2" }, { variables: Object.fromEntries([["v1", "1"], ["__proto__", "2"]]) }],
  ["replaces an entry", { op: "replace", path: "/variables/v1", value: "2" }, { variables: { v1: "2" } }],
  ["removes an entry", { op: "remove", path: "/variables/v1" }, { variables: {} }],
  ["replaces a whole map by JSON", { op: "replace", path: "/variables", value: '{"a":"b"}' }, { variables: { a: "b" } }],
  ["makes what a nested member needs", { op: "replace", path: "/inner/note", value: "n" }, { inner: { note: "n" } }],
  ["matches one segment in front", { op: "replace", path: "/~1pets~1{id}/GET/enabled", value: "1" }, { at: "/pets/{id}|GET=1" }],
  ["matches several segments in front", { op: "replace", path: "/pets/{id}/GET/enabled", value: "1" }, { at: "pets/{id}|GET=1" }],
  ["matches several segments in the middle", { op: "add", path: "/on/1/at//pets/{id}/GET", value: "1" }, { at: "1|/pets/{id}|GET=1" }],
  ["matches one segment in the middle", { op: "add", path: "/on/1/at/~1/GET", value: "1" }, { at: "1|/|GET=1" }],
  ["matches stars", { op: "replace", path: "/*/*/enabled", value: "1" }, { at: "*|*=1" }],
])("%s", (_what, operation, changed) => {
  const expected = Object.fromEntries(Object.entries({ ...thing, ...changed }).filter(([, value]) => value !== undefined));
  expect(patch(rules, thing, [operation])).toStrictEqual(expected);
});

test("does the operations in their order, and leaves the record it was given as it is", () => {
  const operations = [
    { op: "replace", path: "/types/a~1b", value: "x" },
    { op: "remove", path: "/types/a~1b" },
    { op: "add", path: "/types/y" },
  ];
  expect(patch(rules, thing, operations)).toStrictEqual({ ...thing, types: ["x", "y"] });
  expect(thing).toStrictEqual({ name: "thing", size: 3, types: ["a/b"], variables: { v1: "1" } });
  expect(patch(rules, thing, undefined)).toBe(thing);
});

const SUPPORTED = "/name, /size, /rate, /on, /color, /types, /types/{type}, /variables, /variables/{name}, /inner/note, /{path}/{method}/enabled";

test.each<[string, PatchOperation, string]>([
  ["a path it does not know", { op: "replace", path: "/nothing", value: "x" }, `Invalid patch path  '/nothing' specified for op 'replace'. Must be one of: [${SUPPORTED}]`],
  ["a path that is too short", { op: "replace", path: "/GET/enabled", value: "x" }, `Invalid patch path  '/GET/enabled' specified for op 'replace'. Must be one of: [${SUPPORTED}]`],
  ["a path without its slash", { op: "replace", path: "name", value: "x" }, `Invalid patch path  'name' specified for op 'replace'. Must be one of: [${SUPPORTED}]`],
  ["an operation that a path does not know", { op: "remove", path: "/name" }, "Invalid patch path  '/name' specified for op 'remove'. Must be one of: [/size, /types, /types/{type}, /variables/{name}]"],
  ["a path that is too short in the middle", { op: "add", path: "/on/1/at/GET", value: "x" }, "Invalid patch path  '/on/1/at/GET' specified for op 'add'. Must be one of: [/types, /types/{type}, /variables/{name}, /on/<day>/at/<path>/<method>]"],
  ["move", { op: "move", path: "/name", from: "/size" }, "Invalid patch path  '/name' specified for op 'move'. Must be one of: []"],
  ["test", { op: "test", path: "/name", value: "thing" }, "Invalid patch path  '/name' specified for op 'test'. Must be one of: []"],
  ["a member of every object", { op: "constructor", path: "/name" }, "Invalid patch path  '/name' specified for op 'constructor'. Must be one of: []"],
  ["no operation", { path: "/name" }, "Invalid patch operation specified: op must be one of: [add, remove, replace, copy]"],
  ["no path", { op: "replace" }, "Invalid patch operation specified: path is required for op 'replace'"],
  ["an empty name", { op: "replace", path: "/name", value: "" }, "Invalid patch value '' specified for path '/name'. Must be non-empty"],
  ["a number that is none", { op: "replace", path: "/size", value: "1e1" }, "Invalid patch value '1e1' specified for path '/size'. Must be an integer between 0 and 10"],
  ["a number of many digits", { op: "replace", path: "/size", value: "1".repeat(5_000) }, `Invalid patch value '${"1".repeat(1_000)}...' specified for path '/size'. Must be an integer between 0 and 10`],
  ["a number that is too large", { op: "replace", path: "/size", value: "11" }, "Invalid patch value '11' specified for path '/size'. Must be an integer between 0 and 10"],
  ["a rate that is none", { op: "replace", path: "/rate", value: "NaN" }, "Invalid patch value 'NaN' specified for path '/rate'. Must be a number between -1 and 10"],
  ["a boolean that is none", { op: "replace", path: "/on", value: "yes" }, "Invalid patch value 'yes' specified for path '/on'. Must be true or false"],
  ["a word of no enumeration", { op: "replace", path: "/color", value: "red" }, "Invalid patch value 'red' specified for path '/color'. Must be one of: [RED, BLUE]"],
  ["a map that is no JSON", { op: "replace", path: "/variables", value: "{" }, "Invalid patch value '{' specified for path '/variables'. Must be a JSON object of strings"],
  ["a map of numbers", { op: "replace", path: "/variables", value: '{"a":1}' }, "Invalid patch value '{\"a\":1}' specified for path '/variables'. Must be a JSON object of strings"],
])("refuses %s", (_what, operation, message) => {
  expect(refused({ op: "replace", path: "/size", value: "5" }, operation)).toBe(`BadRequestException: ${message}`);
});

test("a request has at most 1,000 operations, each of which may copy the record", () => {
  const operations = (count: number) => Array.from({ length: count }, (_, i) => ({ op: "add", path: `/types/${i}` }));
  expect(patch(rules, thing, operations(1000)).types).toHaveLength(1001);
  expect(refused(...operations(1001))).toBe(
    "BadRequestException: Invalid patch operations specified: there are 1001, and at most 1000 are possible",
  );
});

test("refuses paths that no resource could have, without repeating them", () => {
  const deep = (length: number) => ({ op: "replace", path: "/a".repeat(length / 2) });
  expect(refused(deep(10_240))).toMatch(/^BadRequestException: Invalid patch path {2}'\/a\/a/);
  expect(refused(deep(2_000_000))).toBe(
    "BadRequestException: Invalid patch path specified: it has 2000000 characters, and at most 10240 are possible",
  );
});
