// What an access log can say of an execution that has been answered.
import type { IntegrationFacts, LoggedFacts } from "../plan/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { Execution } from "./execution.ts";
import { failureLine } from "./failure-line.ts";

/** An answer, measured. */
export interface MeasuredAnswer {
  readonly status: number;
  /** Of the payload, in bytes. */
  readonly length: number;
  /** Milliseconds. */
  readonly latencyMs: number;
  /** See {@link integrationLatency}. */
  readonly integrationLatencyMs: number;
}

/** @param failure what a step has thrown; undefined where the backend's response was the answer */
export function loggedFacts(execution: Execution, answer: MeasuredAnswer, failure: unknown): LoggedFacts {
  return {
    request: execution,
    status: answer.status,
    responseLength: answer.length,
    responseLatencyMs: answer.latencyMs,
    error: execution.error,
    integration: integrationFacts(execution, answer.integrationLatencyMs, failure),
    basePathMatched: execution.address.customDomain?.basePath,
    routingRuleIdMatched: execution.address.customDomain?.routingRuleId,
  };
}

/**
 * Milliseconds that a backend took to answer, or had until it was given up; -1 where none was asked: MOCK, answers from the
 * cache, requests that did not get so far.
 * @param now on the clock that only measures
 */
export function integrationLatency({ integrationLatencyMs, integrationStartedAt }: Execution, now: number): number {
  if (integrationLatencyMs !== undefined) return integrationLatencyMs;
  return integrationStartedAt === undefined ? -1 : now - integrationStartedAt;
}

function integrationFacts(execution: Execution, latencyMs: number, failure: unknown): IntegrationFacts | undefined {
  const { integrationHeaders, integrationRequest, integrationStartedAt, integrationStatus } = execution;
  const asked = integrationStartedAt !== undefined;
  if (!asked && integrationRequest?.type !== "MOCK") return undefined;
  return {
    latencyMs: latencyMs < 0 ? undefined : latencyMs,
    integrationStatus,
    status: statusOf(execution, failure),
    requestId: asked && integrationHeaders !== undefined ? requestIdOf(integrationHeaders) : undefined,
    error: failure === undefined ? undefined : failureLine(execution, failure)[0],
  };
}

/** "For Lambda proxy integrations, this is the status code that your Lambda function code returns." */
function statusOf({ integrationStatus, method, status }: Execution, failure: unknown): number | undefined {
  const isProxiedFunction = method?.integration.type.startsWith("AWS_PROXY") === true;
  if (!isProxiedFunction) return integrationStatus;
  return failure === undefined ? status : undefined;
}

const requestIdOf = (headers: readonly string[]): string | undefined =>
  lastHeader(headers, "x-amzn-requestid") ?? lastHeader(headers, "x-amz-request-id");
