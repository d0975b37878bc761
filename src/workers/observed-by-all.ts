// What all workers have counted together. A worker that is gone keeps counting as what it last told, so that sums do not
// fall; what it counted after that is lost.
import { addSeries } from "../adapters/metrics/index.ts";
import type { Observed } from "../data-plane.ts";
import type { WorkerObserved } from "./messages.ts";

/** So many workers are remembered one by one; those that came first are added up beyond that. */
const REMEMBERED = 64;

export interface ObservedByAll {
  /** The sum, after some workers have told what they have counted so far. */
  add(told: readonly WorkerObserved[]): Observed;
}

export function createObservedByAll(): ObservedByAll {
  /** By process: its id and when it began, as ids come again. */
  const byWorker = new Map<string, Observed>();
  let before: Observed = { series: [], logs: undefined, traces: { recorded: 0, dropped: 0 } };
  return {
    add(told) {
      for (const { pid, since, observed } of told) byWorker.set(`${pid} ${since}`, observed);
      for (const [key, observed] of byWorker) {
        if (byWorker.size <= REMEMBERED) break;
        before = sum([before, observed]);
        byWorker.delete(key);
      }
      return sum([before, ...byWorker.values()]);
    },
  };
}

function sum(all: readonly Observed[]): Observed {
  const logs = all.flatMap(({ logs: usage }) => (usage === undefined ? [] : [usage]));
  return {
    series: addSeries(all.map(({ series }) => series)),
    traces: all.map(({ traces }) => traces).reduce((a, b) => ({ recorded: a.recorded + b.recorded, dropped: a.dropped + b.dropped })),
    logs: logs.length === 0 ? undefined : logs.reduce((a, b) => ({ written: a.written + b.written, dropped: a.dropped + b.dropped })),
  };
}
