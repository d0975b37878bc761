// What becomes of the facts of an event of a WebSocket API: metrics and the access log
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-monitor.html).
import type { WebSocketIntegrationFacts, WebSocketRoutePlan, WebSocketStagePlan } from "../../plan/websocket/index.ts";
import { lastHeader } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { LogSink } from "../../ports/log-sink.ts";
import type { Metrics, WebSocketMeter, WebSocketOutcome } from "../../ports/metrics.ts";
import { Rejection } from "../rejection.ts";
import type { WebSocketExecution } from "./execution.ts";

export interface WebSocketObservation {
  readonly clock: Clock;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
  /** Undefined where the operator wants no logs: then nothing is formatted. */
  readonly logs: LogSink | undefined;
  readonly metrics: Metrics;
  /** The operator's. */
  readonly log: Log;
}

export interface WebSocketObserver {
  /** Counts and logs an event. @param failure what a step has thrown */
  conclude(execution: WebSocketExecution, status: number, failure?: unknown): void;
}

export function createWebSocketObserver({ clock, elapsed, log, logs, metrics }: WebSocketObservation): WebSocketObserver {
  const meters = createMeters(metrics);

  function countAndLog(execution: WebSocketExecution, stage: WebSocketStagePlan, status: number, failure: unknown): void {
    const latencyMs = integrationLatency(execution, elapsed());
    const isMessage = execution.eventType === "MESSAGE";
    const isAnswered = isMessage && (failure !== undefined || execution.responseBody !== undefined);
    const counted = {
      isConnect: execution.eventType === "CONNECT",
      messages: Number(isMessage) + Number(isAnswered),
      outcome: outcomeOf(execution, status, failure),
      integrationLatencyMs: latencyMs,
    };
    meters.stage(stage).record(counted);
    if (execution.route?.detailedMetrics === true) meters.route(stage, execution.route).record(counted);
    const { accessLog } = stage;
    if (logs === undefined || accessLog === undefined) return;
    logs.write(accessLog.group, clock.now(), accessLog.line({ event: execution, status, integration: integrationFacts(execution, status, latencyMs, failure) }));
  }

  return {
    conclude(execution, status, failure) {
      if (execution.stage === undefined) return;
      try {
        countAndLog(execution, execution.stage, status, failure);
      } catch (error) {
        // A bug here must not cost a client its answer.
        log.error("an execution cannot be logged", error, { requestId: execution.requestId, apiId: execution.apiId });
      }
    },
  };
}

/**
 * "The number of requests that return a 4XX/5XX response from the integration", "that have a 4XX response returned by API Gateway before
 * the integration is invoked" and "errors that occurred when calling the integration" (guide: apigateway-websocket-api-logging).
 */
function outcomeOf({ answer, integrationStartedAt, principal }: WebSocketExecution, status: number, failure: unknown): WebSocketOutcome {
  if (failure === undefined) return status >= 400 ? "integrationError" : "none";
  const isBefore = integrationStartedAt === undefined && answer === undefined;
  if (isBefore && failure instanceof Rejection && (principal === undefined || CLIENT_ERRORS.has(failure.type))) return "clientError";
  return "executionError";
}

const CLIENT_ERRORS: ReadonlySet<Rejection["type"]> = new Set([
  "BAD_REQUEST_BODY",
  "BAD_REQUEST_PARAMETERS",
  "INVALID_API_KEY",
  "QUOTA_EXCEEDED",
  "RESOURCE_NOT_FOUND",
  "THROTTLED",
  "UNSUPPORTED_MEDIA_TYPE",
]);

/** Meters are looked up once for each plan. */
function createMeters(metrics: Metrics): { stage(stage: WebSocketStagePlan): WebSocketMeter; route(stage: WebSocketStagePlan, route: WebSocketRoutePlan): WebSocketMeter } {
  const known = new WeakMap<WebSocketStagePlan | WebSocketRoutePlan, WebSocketMeter>();
  const meterOf = (plan: WebSocketStagePlan | WebSocketRoutePlan, { apiId, apiName, stageName }: WebSocketStagePlan, route?: string): WebSocketMeter => {
    let meter = known.get(plan);
    if (meter === undefined) {
      meter = metrics.webSocketMeter({ apiId, apiName, stage: stageName, ...(route !== undefined && { route }) });
      known.set(plan, meter);
    }
    return meter;
  };
  return { stage: (stage) => meterOf(stage, stage), route: (stage, route) => meterOf(route, stage, route.routeKey) };
}

/** Milliseconds that a backend took to answer, or had until it was given up; -1 where none was asked: "suppressed for mock integrations". */
function integrationLatency({ integrationLatencyMs, integrationStartedAt }: WebSocketExecution, now: number): number {
  if (integrationLatencyMs !== undefined) return integrationLatencyMs;
  return integrationStartedAt === undefined ? -1 : now - integrationStartedAt;
}

function integrationFacts({ answer, integrationStartedAt, principal }: WebSocketExecution, status: number, latencyMs: number, failure: unknown): WebSocketIntegrationFacts | undefined {
  // What goes wrong before the client is let in is no integration's fault.
  const error = principal !== undefined && failure instanceof Rejection ? failure.details.reason : undefined;
  if (integrationStartedAt === undefined && error === undefined) return undefined;
  return {
    latencyMs: latencyMs < 0 ? undefined : latencyMs,
    integrationStatus: answer?.status,
    status: failure === undefined ? status : answer?.status,
    requestId: answer && (lastHeader(answer.headers, "x-amzn-requestid") ?? lastHeader(answer.headers, "x-amz-request-id")),
    error,
  };
}
