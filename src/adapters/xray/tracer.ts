// A tracer as an operator has set it up: with an X-Ray daemon, else with logs, else with nowhere for segments to go.
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { LogSink } from "../../ports/log-sink.ts";
import type { Tracer } from "../../ports/tracer.ts";
import { createDaemonDestination, type DaemonAddress, type Destination } from "./daemon.ts";
import { createLosses } from "./losses.ts";
import { createSampler } from "./sampler.ts";
import { DEFAULT_RULE, type SamplingRule } from "./sampling-rules.ts";

export interface TracerOptions {
  readonly daemon: DaemonAddress | undefined;
  /** Where segments are written that no daemon gets. */
  readonly logs: LogSink | undefined;
  /** X-Ray's default rule alone unless given. */
  readonly rules?: readonly SamplingRule[] | undefined;
  readonly clock: Clock;
  /** Draws the requests that are sampled: numbers from 0 to below 1. */
  readonly random?: () => number;
  /** The operator's. */
  readonly log: Log;
}

/** Only a daemon gets segments of stages without tracing: anybody could fill the logs with those. */
export function createTracer({ daemon, logs, rules = [DEFAULT_RULE], clock, random = Math.random, log }: TracerOptions): Tracer {
  const { sample } = createSampler({ rules, clock, random });
  const destination = daemon === undefined ? (logs === undefined ? nowhere(clock, log) : toLogs(logs)) : createDaemonDestination({ daemon, clock, log });
  return { recordsUntraced: daemon !== undefined, sample, ...destination };
}

/** The sink counts, among others, what it drops. */
function toLogs(logs: LogSink): Destination {
  let recorded = 0;
  return {
    record({ group, at, document }) {
      recorded++;
      logs.write(group, at, document);
    },
    usage: () => ({ recorded, dropped: 0 }),
    close: () => Promise.resolve(),
  };
}

function nowhere(clock: Clock, log: Log): Destination {
  const losses = createLosses({ clock, log, fields: {} });
  return {
    record: () => losses.add(1, "segments of traced stages are dropped: there is no X-Ray daemon (--xray-daemon), and no logs are written (--logs)"),
    usage: () => ({ recorded: 0, dropped: losses.count() }),
    close: () => Promise.resolve(),
  };
}
