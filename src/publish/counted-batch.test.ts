// What a batch keeps of counted requests is all that it was given.
import { expect, test } from "vitest";
import { decodeBatch, encodeBatch } from "./counted-batch.ts";

const counted = (planId: string, keyId: string, used: number, day = "2026-01-20") => ({ place: ["000000000000", "us-east-1", planId, keyId], day, used });

test("a batch is by plan and day, in whatever order its requests came", () => {
  const all = [counted("p1", "k1", 3), counted("p2", "k1", 1), counted("p1", "k2", -1), counted("p1", "k1", 2, "2026-01-19"), counted("p1", "k3", 1_000_000)];
  const batch = encodeBatch(all);
  expect(batch).toEqual({
    counted: [
      ["000000000000", "us-east-1", "p1", "2026-01-20", "k1 3 k2 -1 k3 1000000"],
      ["000000000000", "us-east-1", "p2", "2026-01-20", "k1 1"],
      ["000000000000", "us-east-1", "p1", "2026-01-19", "k1 2"],
    ],
  });
  const byPlan = [all[0], all[2], all[4], all[1], all[3]];
  expect(decodeBatch(JSON.parse(JSON.stringify(batch)))).toEqual(byPlan);
});

test("a key of a thousand takes some fifteen bytes", () => {
  const all = Array.from({ length: 1000 }, (_, i) => counted("abcdef", `k${String(i).padStart(9, "0")}`, i % 10));
  expect(JSON.stringify(encodeBatch(all)).length).toBeLessThan(15_000);
  expect(decodeBatch(encodeBatch(all))).toEqual(all);
});

test("a batch that names each of its keys, as they once did, is read too", () => {
  const one = counted("p1", "k1", 3);
  expect(decodeBatch({ counted: [[one.place, one.day, one.used]] })).toEqual([one]);
});
