import { expect, test } from "vitest";
import { merge, type MergeRules, taken, takenEntries, takenOrGone } from "./merge.ts";

interface Pet {
  readonly name: string;
  readonly note?: string;
  readonly toys?: Readonly<Record<string, string>>;
}
interface Input {
  readonly Id: string;
  readonly Name?: string | undefined;
  readonly Note?: string | undefined;
  readonly Toys?: Readonly<Record<string, string>> | undefined;
}

const RULES: MergeRules<Pet, Input> = { Name: taken("name"), Note: takenOrGone("note"), Toys: takenEntries("toys") };
const REX: Pet = { name: "Rex", note: "bites", toys: { ball: "red", bone: "old" } };

test.each<[string, Omit<Input, "Id">, Pet]>([
  ["nothing", {}, REX],
  ["members without a value", { Name: undefined, Note: undefined, Toys: undefined }, REX],
  ["a value", { Name: "Max" }, { ...REX, name: "Max" }],
  ["an empty value, where it says something", { Name: "" }, { ...REX, name: "" }],
  ["an empty value, where it takes away", { Note: "" }, { name: "Rex", toys: { ball: "red", bone: "old" } }],
  ["entries", { Toys: { ball: "blue", rope: "new" } }, { ...REX, toys: { ball: "blue", bone: "old", rope: "new" } }],
  ["an empty entry", { Toys: { ball: "" } }, { ...REX, toys: { bone: "old" } }],
  ["the last entries", { Toys: { ball: "", bone: "" } }, { name: "Rex", note: "bites" }],
  ["all at once", { Name: "Max", Note: "kind", Toys: { bone: "" } }, { name: "Max", note: "kind", toys: { ball: "red" } }],
])("takes %s", (_, members, merged) => {
  const before = structuredClone(REX);
  expect(merge(RULES, REX, { Id: "1", ...members })).toEqual(merged);
  expect(REX).toEqual(before);
});

test("null is no value", () => {
  expect(merge(RULES, REX, { Id: "1", Name: null } as unknown as Input)).toEqual(REX);
});
