// What becomes of the facts of an execution of an HTTP API once it is answered: metrics and the access log
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-monitor.html).
import type { HttpIntegrationFacts, HttpRoutePlan, HttpStagePlan } from "../../plan/http-api/index.ts";
import { lastHeader } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpResponse } from "../../ports/http-server.ts";
import type { Log } from "../../ports/log.ts";
import type { LogSink } from "../../ports/log-sink.ts";
import type { HttpMeter, Metrics } from "../../ports/metrics.ts";
import type { HttpExecution } from "./execution.ts";
import { HttpRejection } from "./rejection.ts";

export interface HttpObservation {
  readonly clock: Clock;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
  /** Undefined where the operator wants no logs: then nothing is formatted. */
  readonly logs: LogSink | undefined;
  readonly metrics: Metrics;
  /** The operator's. */
  readonly log: Log;
}

export interface HttpObserver {
  /** Counts and logs an answer. @param failure what a step has thrown */
  conclude(execution: HttpExecution, response: HttpResponse, failure?: unknown): HttpResponse;
}

export function createHttpObserver({ clock, elapsed, log, logs, metrics }: HttpObservation): HttpObserver {
  const meters = createMeters(metrics);

  function countAndLog(execution: HttpExecution, stage: HttpStagePlan, response: HttpResponse, failure: unknown): void {
    const now = elapsed();
    const latencyMs = now - execution.startedAt;
    const integrationLatencyMs = integrationLatency(execution, now);
    const responseLength = lengthOf(response.body);
    const dataProcessed = execution.body.length + responseLength;
    meters.stage(stage).record(response.status, latencyMs, integrationLatencyMs, dataProcessed);
    if (execution.route?.detailedMetrics === true) {
      meters.route(stage, execution.route).record(response.status, latencyMs, integrationLatencyMs, dataProcessed);
    }
    const { accessLog } = stage;
    if (logs === undefined || accessLog === undefined) return;
    const line = accessLog.line({
      request: execution,
      status: response.status,
      responseLength,
      dataProcessed,
      responseLatencyMs: latencyMs,
      error: execution.error,
      integration: integrationFacts(execution, integrationLatencyMs, failure),
    });
    logs.write(accessLog.group, clock.now(), line);
  }

  return {
    conclude(execution, response, failure) {
      if (execution.stage === undefined) return response;
      try {
        countAndLog(execution, execution.stage, response, failure);
      } catch (error) {
        // A bug here must not cost a client its answer.
        log.error("an execution cannot be logged", error, { requestId: execution.requestId, apiId: execution.address.apiId });
      }
      return response;
    },
  };
}

/** Meters are looked up once for each plan. */
function createMeters(metrics: Metrics): { stage(stage: HttpStagePlan): HttpMeter; route(stage: HttpStagePlan, route: HttpRoutePlan): HttpMeter } {
  const ofStages = new WeakMap<HttpStagePlan, HttpMeter>();
  const ofRoutes = new WeakMap<HttpRoutePlan, HttpMeter>();
  const dimensionsOf = ({ apiId, apiName, stageName }: HttpStagePlan) => ({ apiId, apiName, stage: stageName });
  return {
    stage(stage) {
      let meter = ofStages.get(stage);
      if (meter === undefined) ofStages.set(stage, (meter = metrics.httpMeter(dimensionsOf(stage))));
      return meter;
    },
    route(stage, route) {
      let meter = ofRoutes.get(route);
      if (meter === undefined) {
        meter = metrics.httpMeter({ ...dimensionsOf(stage), resource: route.path, method: route.method });
        ofRoutes.set(route, meter);
      }
      return meter;
    },
  };
}

/** Milliseconds that a backend took to answer, or had until it was given up; -1 where none was asked. */
function integrationLatency({ integrationLatencyMs, integrationStartedAt }: HttpExecution, now: number): number {
  if (integrationLatencyMs !== undefined) return integrationLatencyMs;
  return integrationStartedAt === undefined ? -1 : now - integrationStartedAt;
}

function integrationFacts(execution: HttpExecution, latencyMs: number, failure: unknown): HttpIntegrationFacts | undefined {
  const { integrationHeaders, integrationStartedAt, integrationStatus, principal, returnedStatus } = execution;
  // What goes wrong before the caller is let in is no integration's fault.
  const error = principal !== undefined && failure instanceof HttpRejection ? failure.details.reason : undefined;
  if (integrationStartedAt === undefined && error === undefined) return undefined;
  return {
    latencyMs: latencyMs < 0 ? undefined : latencyMs,
    integrationStatus,
    status: returnedStatus ?? integrationStatus,
    requestId: integrationHeaders && (lastHeader(integrationHeaders, "x-amzn-requestid") ?? lastHeader(integrationHeaders, "x-amz-request-id")),
    extendedRequestId: integrationHeaders && lastHeader(integrationHeaders, "x-amz-id-2"),
    error,
  };
}

const lengthOf = (body: HttpResponse["body"]): number =>
  typeof body === "string" ? Buffer.byteLength(body) : body instanceof Uint8Array ? body.byteLength : 0;
