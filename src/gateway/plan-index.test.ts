// Which plan a request gets, and which are kept compiled.
import { expect, test } from "vitest";
import type { StagePlan } from "../plan/index.ts";
import { createPlanIndex } from "./plan-index.ts";

/** Stages that note when they are compiled. */
function stages() {
  const compiled: string[] = [];
  const lazy = (apiId: string, version = apiId) => ({
    apiId,
    stageName: "prod",
    cacheBytes: 0,
    load: () => {
      compiled.push(version);
      return { apiId, stageName: "prod", deploymentId: version } as StagePlan;
    },
  });
  return { compiled, lazy };
}

test("a plan is compiled when it is first needed, once, and swapped whole", () => {
  const { compiled, lazy } = stages();
  const index = createPlanIndex();
  index.put(lazy("a"));
  expect(compiled).toEqual([]);
  const first = index.find("a", "prod");
  expect(index.find("a", "prod")).toBe(first);
  index.put(lazy("a", "a2"));
  expect(index.find("a", "prod")?.deploymentId).toBe("a2");
  expect(compiled).toEqual(["a", "a2"]);
  index.drop("a", "prod");
  expect(index.find("a", "prod")).toBeUndefined();
  expect(index.find("b", "prod")).toBeUndefined();
});

test("past the bound the plans that nobody needed lately are dropped, and compiled again when they are needed", () => {
  const { compiled, lazy } = stages();
  const index = createPlanIndex(3);
  for (const id of ["a", "b", "c", "d"]) index.put(lazy(id));
  const find = (...ids: string[]) => ids.map((id) => index.find(id, "prod")?.deploymentId);
  expect(find("a", "b", "c")).toEqual(["a", "b", "c"]);
  // All were used, and lose their mark: the first of them goes.
  find("d");
  find("c", "d");
  find("a");
  expect(compiled).toEqual(["a", "b", "c", "d", "a"]);
  // b went: c and d had been used since.
  find("c", "d");
  expect(compiled).toEqual(["a", "b", "c", "d", "a"]);
  find("b");
  expect(compiled).toEqual(["a", "b", "c", "d", "a", "b"]);
});

test("a plan that failed to compile is tried again", () => {
  const index = createPlanIndex();
  let fails = true;
  const load = () => {
    if (fails) throw new Error("not now");
    return { deploymentId: "1" } as StagePlan;
  };
  index.put({ apiId: "a", stageName: "prod", cacheBytes: 0, load });
  expect(() => index.find("a", "prod")).toThrow("not now");
  fails = false;
  expect(index.find("a", "prod")?.deploymentId).toBe("1");
});

test("no more than a thousand are kept compiled, however many stages are called", () => {
  const { compiled, lazy } = stages();
  const index = createPlanIndex();
  const ids = Array.from({ length: 10_000 }, (_, i) => `api${i}`);
  for (const id of ids) index.put(lazy(id));
  const call = (some: readonly string[]): number => {
    const before = compiled.length;
    for (const id of some) index.find(id, "prod");
    return compiled.length - before;
  };
  expect(call(ids)).toBe(10_000);
  // The last thousand are there. Of the others none is.
  expect(call(ids.slice(-1000))).toBe(0);
  expect(call(ids.slice(0, 9000))).toBe(9000);
  expect(call(ids.slice(8000, 9000))).toBe(0);
  // One that is called all the time hardly ever goes, whatever else is called: once in a thousand others, or less.
  const before = compiled.length;
  call(ids.flatMap((id) => ["api0", id]));
  expect(compiled.slice(before).filter((id) => id === "api0").length).toBeLessThanOrEqual(11);
});
