import { expect, it } from "vitest";
import { remembered } from "./remembered.ts";

it("makes the same of a text once, also when that is nothing; of long ones, and of those before the last thousand, again", () => {
  const asked: string[] = [];
  const lengthOf = remembered((text) => (asked.push(text), text === "" ? undefined : text.length));
  const long = "x".repeat(1_001);
  for (const text of ["a", "a", "", "", long, long]) expect(lengthOf(text)).toBe(text === "" ? undefined : text.length);
  expect(asked).toEqual(["a", "", long, long]);
  for (let index = 0; index < 1_000; index++) lengthOf(`text ${index}`);
  lengthOf("a");
  expect(asked.at(-1)).toBe("a");
});
