import { expect, test } from "vitest";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import type { Call } from "../../domain/call.ts";
import { resourceTrees } from "../../domain/rest-api.ts";
import { put, type Store } from "../../ports/store.ts";
import { writing } from "./write.ts";

const call = {} as Call;
const KEY = ["000000000000", "us-east-1", "api"];

/** Counts up in one record, and how often that was decided. */
function counting(store: Store) {
  const counts = { decisions: 0 };
  const increment = writing(store, async () => {
    counts.decisions += 1;
    const found = await store.get(resourceTrees, KEY);
    const size = (found?.value.size ?? 0) + 1;
    return { changes: [put(resourceTrees, KEY, { size }, found?.version ?? "absent")], answer: size };
  });
  return { counts, increment };
}

test("many writers of one record all get through, each with its own turn", async () => {
  const store = createMemoryStore();
  const { counts, increment } = counting(store);
  const answers = await Promise.all(Array.from({ length: 200 }, () => increment({}, call)));
  expect(answers.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(counts.decisions).toBeLessThanOrEqual(400);
});

test("a writer that is refused in its turn does not hold up the next", async () => {
  const store = createMemoryStore();
  let tries = 0;
  const contend = writing(store, async (input: { readonly fails?: boolean }) => {
    tries += 1;
    if (input.fails && tries > 2) throw new Error("refused");
    const found = await store.get(resourceTrees, KEY);
    return { changes: [put(resourceTrees, KEY, { size: tries }, found?.version ?? "absent")], answer: "done" };
  });
  const outcomes = await Promise.allSettled([contend({}, call), contend({ fails: true }, call), contend({}, call)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("one that others outrun each time is told so, in AWS's words", async () => {
  const store = createMemoryStore();
  const late = writing(store, async () => {
    const found = await store.get(resourceTrees, KEY);
    await store.commit([put(resourceTrees, KEY, { size: 0 }, "any")]);
    return { changes: [put(resourceTrees, KEY, { size: 1 }, found?.version ?? "absent")], answer: "done" };
  });
  await expect(late({}, call)).rejects.toMatchObject({
    code: "ConflictException",
    message: "Unable to complete operation due to concurrent modification. Please try again later.",
  });
});
