import { expect, test } from "vitest";
import { MAX_HOLDER } from "../gateway/index.ts";
import { createHolderNumbers } from "./holder-numbers.ts";

const none = () => false;

test("numbers follow each other and begin anew past the largest, without that of a process that is alone", () => {
  const holders = createHolderNumbers(MAX_HOLDER - 2);
  expect([1, 2, 3, 4].map(() => holders.next(none))).toEqual([MAX_HOLDER - 1, MAX_HOLDER, 1, 2]);
});

test("numbers of workers that are there are left out", () => {
  const holders = createHolderNumbers(MAX_HOLDER);
  expect(holders.next((holder) => holder < 4)).toBe(4);
});

test("primaries begin anywhere", () => {
  const first = new Set(Array.from({ length: 20 }, () => createHolderNumbers().next(none)));
  expect(first.size).toBeGreaterThan(10);
});
