// What becomes of an execution's facts once it is answered: metrics, its trace, the access log, the execution log. Nothing of it is in
// a request's way but the formatting of what was asked for.
import type { Clock } from "../ports/clock.ts";
import type { HttpResponse } from "../ports/http-server.ts";
import type { Log } from "../ports/log.ts";
import type { LogSink } from "../ports/log-sink.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Tracer } from "../ports/tracer.ts";
import { integrationLatency, loggedFacts } from "./access-log.ts";
import type { Execution, Routed } from "./execution.ts";
import { executionLogEvents } from "./execution-log-events.ts";
import { type RecordedExecution, recordExecution } from "./execution-log.ts";
import { createCount } from "./metrics.ts";
import type { Step } from "./pipeline.ts";
import { Refusal } from "./rejection.ts";
import { segmentDocument } from "./segment.ts";
import { methodHeaders, rejectionHeaders } from "./test-invocation.ts";

export interface Observation {
  readonly clock: Clock;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
  /** Undefined where the operator wants no logs: then nothing is formatted. */
  readonly logs: LogSink | undefined;
  readonly metrics: Metrics;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** The operator's. */
  readonly log: Log;
}

export interface Observer {
  /** Records what happens from here on, where the method has an execution log. */
  recorded<To>(step: Step<Routed, To>): Step<Routed, To>;
  /** Counts and logs an answer; one that is streamed, once it ends. @param failure what a step has thrown */
  conclude(execution: Execution, response: HttpResponse, failure?: unknown): HttpResponse;
}

export function createObserver({ clock, elapsed, log, logs, metrics, tracer }: Observation): Observer {
  const count = createCount(metrics);

  /** A bug here must not cost a client its answer. */
  function note(execution: Execution, response: HttpResponse, length: number | undefined, failure: unknown): void {
    try {
      countAndLog(execution, response, length, failure);
    } catch (error) {
      log.error("an execution cannot be logged", error, { requestId: execution.requestId, apiId: execution.address.apiId });
    }
  }

  function countAndLog(execution: Execution, response: HttpResponse, length: number | undefined, failure: unknown): void {
    const { stage } = execution;
    if (stage === undefined) return;
    const now = elapsed();
    const latencyMs = now - execution.startedAt;
    const integrationLatencyMs = integrationLatency(execution, now);
    count(execution, stage, response.status, latencyMs, integrationLatencyMs);
    // AWS logs no 413 and the like (https://repost.aws/knowledge-center/api-gateway-missing-cloudwatch-logs).
    if (failure instanceof Refusal) return;
    const measure = () => ({ status: response.status, length: length ?? lengthOf(response.body), latencyMs, integrationLatencyMs });
    if (execution.trace?.segment !== undefined) {
      const document = JSON.stringify(segmentDocument(execution, stage, measure(), failure));
      tracer?.record({ group: stage.tracing.group, at: clock.now(), document });
    }
    if (logs === undefined) return;
    const { accessLog } = stage;
    if (accessLog !== undefined) {
      const line = accessLog.line(loggedFacts(execution, measure(), failure));
      const at = clock.now();
      for (const group of accessLog.groups) logs.write(group, at, line);
    }
    if (execution.log !== undefined) logExecution(logs, execution, response, failure);
  }

  function logExecution(sink: LogSink, execution: Execution, response: HttpResponse, failure: unknown): void {
    const { httpMethod, log: recorded, method, stage } = execution;
    const plan = method?.observation.get(httpMethod)?.logging;
    if (plan === undefined || stage === undefined) return;
    const { status } = response;
    const headers = failure === undefined ? methodHeaders(execution, response.headers) : rejectionHeaders(execution, response.headers);
    const answer = { at: clock.now(), status, headers, body: bytesOf(response.body) };
    const events = executionLogEvents(execution, (recorded as RecordedExecution).events, answer, plan);
    for (const group of stage.executionLogGroups) for (const { at, message } of events) sink.write(group, at, message);
  }

  return {
    recorded: (step) =>
      logs === undefined
        ? step
        : (routed) => {
            const isLogged = routed.method.observation.get(routed.httpMethod)?.logging !== undefined;
            if (isLogged) (routed as Execution).log = recordExecution(clock);
            return step(routed);
          },
    conclude(execution, response, failure) {
      if (execution.simulated || execution.stage === undefined) return response;
      const { body } = response;
      if (isWhole(body)) {
        note(execution, response, undefined, failure);
        return response;
      }
      return { ...response, body: measured(body, (length) => note(execution, response, length, failure)) };
    },
  };
}

type Body = HttpResponse["body"];

const isWhole = (body: Body): body is Uint8Array | string => typeof body === "string" || body instanceof Uint8Array;

const lengthOf = (body: Body): number => (typeof body === "string" ? Buffer.byteLength(body) : isWhole(body) ? body.byteLength : 0);

const NOTHING = Buffer.alloc(0);

/** What a log can show of a payload: nothing of one that is streamed. */
function bytesOf(body: Body): Buffer {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  return isWhole(body) ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : NOTHING;
}

/** The same stream; its length is told once, when it ends, fails or is given up. */
function measured(source: AsyncIterable<Uint8Array>, onEnd: (length: number) => void): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const chunks = source[Symbol.asyncIterator]();
      let length = 0;
      let isOver = false;
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        onEnd(length);
      };
      return {
        async next() {
          try {
            const result = await chunks.next();
            if (result.done === true) end();
            else length += result.value.length;
            return result;
          } catch (error) {
            end();
            throw error;
          }
        },
        async return() {
          end();
          await chunks.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
