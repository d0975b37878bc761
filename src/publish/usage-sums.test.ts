// Sums of what places have used are the same whether a ledger has numbered them or not, and in whatever order they come.
import { expect, test } from "vitest";
import { createUsageSums } from "./usage-sums.ts";

const place = (number: number) => ["a", "r", "p", `k${number}`];
const counted = (number: number, used: number, day = "2026-01-20") => ({ place: place(number), number, day, used });
const stored = (number: number, used: number, day = "2026-01-20") => ({ place: place(number), day, used });
const byName = (one: { place: readonly string[]; day: string }, other: typeof one) => (`${one.day} ${one.place[3]}` < `${other.day} ${other.place[3]}` ? -1 : 1);

test("each place is there once for a day, with all that it has used", () => {
  const sums = createUsageSums();
  sums.addStored([stored(1, 5), stored(70_000, 1), stored(1, 2, "2026-01-19")]);
  sums.add([counted(70_000, 2), counted(0, 1), counted(1, 1)]);
  sums.add([counted(0, 4, "2026-01-21"), counted(0, 1), counted(2, 3), counted(2, -3), counted(1, -1)]);
  expect(sums.all().toSorted(byName)).toEqual([stored(1, 2, "2026-01-19"), stored(0, 2), stored(1, 5), stored(70_000, 3), stored(0, 4, "2026-01-21")]);
  sums.add([counted(0, 1), counted(2, 2)]);
  expect(sums.all().toSorted(byName)).toEqual([stored(1, 2, "2026-01-19"), stored(0, 3), stored(1, 5), stored(2, 2), stored(70_000, 3), stored(0, 4, "2026-01-21")]);
});
