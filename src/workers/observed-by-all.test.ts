// Sums of what workers count never fall, whoever goes and whoever comes.
import { expect, test } from "vitest";
import { createMetrics } from "../adapters/metrics/index.ts";
import type { WorkerObserved } from "./messages.ts";
import { createObservedByAll } from "./observed-by-all.ts";

const STAGE = { apiId: "a1", apiName: "pets", stage: "prod" };

function worker(pid: number, since: number, count: number): WorkerObserved {
  const metrics = createMetrics();
  for (let i = 0; i < count; i++) metrics.meter(STAGE).record(200, 1, -1, "none");
  return { pid, since, observed: { series: metrics.series(), logs: { written: count, dropped: 1 }, traces: { recorded: count, dropped: 2 } } };
}

test("workers that are gone count as what they last told, also when their ids come again", () => {
  const all = createObservedByAll();
  const sum = (...told: readonly WorkerObserved[]) => {
    const { series, logs, traces } = all.add(told);
    return [series.map(({ dimensions, values }) => [dimensions, values[0]]), logs, traces];
  };
  expect(sum()).toEqual([[], undefined, { recorded: 0, dropped: 0 }]);
  expect(sum(worker(7, 1, 2), worker(8, 1, 3))).toEqual([[[STAGE, 5]], { written: 5, dropped: 2 }, { recorded: 5, dropped: 4 }]);
  expect(sum(worker(7, 1, 4))).toEqual([[[STAGE, 7]], { written: 7, dropped: 2 }, { recorded: 7, dropped: 4 }]);
  expect(sum(worker(7, 2, 1), worker(8, 1, 3))).toEqual([[[STAGE, 8]], { written: 8, dropped: 3 }, { recorded: 8, dropped: 6 }]);
});

test("however many have come and gone, few are remembered one by one, and all are counted", () => {
  const all = createObservedByAll();
  for (let pid = 1; pid <= 200; pid++) all.add([worker(pid, 1, 1)]);
  expect(all.add([]).series[0]?.values[0]).toBe(200);
});
