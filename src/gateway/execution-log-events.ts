// What a stage's execution log says of an execution, at the level that its method has. With dataTraceEnabled, requests and
// responses are shown at both levels (https://qiita.com/t20190127/items/2a98b478de6945b20533 shows those of ERROR).
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { LoggingPlan } from "../plan/index.ts";
import type { Execution } from "./execution.ts";
import type { NotedEvent } from "./execution-log.ts";
import { executionLogLines, type LineKind, type LoggedAnswer, type LogLine, masked, truncated } from "./execution-log-text.ts";
import { type ExceededLimit, Rejection } from "./rejection.ts";

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** The events of an execution that has found its method, in order; none where the level has nothing to say. */
export function executionLogEvents(
  execution: Execution,
  noted: readonly NotedEvent[],
  answer: LoggedAnswer,
  { level, dataTrace }: LoggingPlan,
): readonly LogEvent[] {
  const failed = noted.find(({ event }) => event.type === "failed")?.event;
  const failure = failed?.type === "failed" ? failed.error : undefined;
  if ((level === "ERROR" && !dataTrace && failure === undefined) || isUnidentified(execution)) return [];
  const wants = (kind: LineKind): boolean => kind === "error" || (kind === "trace" ? dataTrace : level === "INFO");
  const { extendedRequestId, receivedAt, requestId } = execution;
  const access = accessLines(execution, failure).filter(({ kind }) => wants(kind));
  const lines = isLetIn(execution, failure) ? [...access, ...executionLogLines(execution, noted, answer, wants)] : access;
  if (lines.length === 0) return [];
  const first: LogLine = { at: receivedAt, kind: "info", text: `Extended Request Id: ${extendedRequestId}` };
  const last = wants("info") ? [...throttledLines(failure, answer), ...traceLines(execution, answer)] : [];
  return [first, ...lines, ...last].map(({ at, text }) => ({ at, message: `(${requestId}) ${truncated(text)}` }));
}

/** A throttled request's status is in its log, as github.com/sahilnarain/aws-api-gateway-log-parser/pull/3 shows it. */
const throttledLines = (failure: unknown, { at, status }: LoggedAnswer): readonly LogLine[] =>
  failure instanceof Rejection && failure.details.exceeded !== undefined ? [{ at, kind: "info", text: `Method completed with status: ${status}` }] : [];

/** With it the logs end that users show of stages with tracing. */
const traceLines = ({ trace }: Execution, { at }: LoggedAnswer): readonly LogLine[] =>
  trace === undefined ? [] : [{ at, kind: "info", text: `X-ray Tracing ID : Root=${trace.root}` }];

/** AWS does not log a call "if the required token [...] is not set" (.../call-api-with-api-gateway-lambda-authorization.html). */
function isUnidentified({ authorizer, method }: Execution): boolean {
  const isFunction = method?.authorizer?.type === "TOKEN" || method?.authorizer?.type === "REQUEST";
  return isFunction && authorizer?.status === 401 && authorizer.integrationStatus === undefined;
}

const BY_USAGE_PLAN: ReadonlySet<string> = new Set(["INVALID_API_KEY", "THROTTLED", "QUOTA_EXCEEDED"]);

/** Whether authorization and usage plans have let the caller in. */
const isLetIn = ({ principal }: Execution, failure: unknown): boolean =>
  principal !== undefined && !(failure instanceof Rejection && BY_USAGE_PLAN.has(failure.type));

/** How the caller was let in, or was not, in the words of https://repost.aws/knowledge-center/api-gateway-logs. */
function accessLines(execution: Execution, failure: unknown): readonly LogLine[] {
  const at = execution.receivedAt;
  const authorizer = authorizerLines(execution);
  const usagePlan = execution.principal === undefined ? [] : usagePlanLines(execution, isLetIn(execution, failure));
  return [
    ...[...authorizer, ...usagePlan].map((text): LogLine => ({ at, kind: "info", text })),
    ...denialLines(execution, failure).map((text): LogLine => ({ at, kind: "error", text })),
  ];
}

function authorizerLines({ authorizer: facts, method, requestId }: Execution): readonly string[] {
  const plan = method?.authorizer;
  if (plan === undefined || plan.type === "BROKEN" || plan.type === "IAM" || facts === undefined) return [];
  const starting = `Starting authorizer: ${plan.id} for request: ${requestId}`;
  if (facts.status === 200) return [starting, "Successfully completed authorizer execution"];
  return facts.status === 401 ? [starting, `Unauthorized request: ${requestId}`] : [starting];
}

/**
 * With a key, it and the API are masked (github.com/brefphp/bref/issues/534); without one its place stays empty
 * (github.com/serverless-heaven/serverless-webpack/issues/314).
 */
function usagePlanLines(execution: Execution, isLetIn: boolean): readonly string[] {
  const { httpMethod, method, requestId } = execution;
  const { key, stage } = keyAndStage(execution);
  const verifying = `Verifying Usage Plan for request: ${requestId}. API Key: ${key} API Stage: ${stage}`;
  if (!isLetIn) return [verifying];
  const unasked = `API Key ${key} authorized because method '${httpMethod} ${method?.resourcePath}' does not require API Key. Request will not contribute to throttle or quota limits`;
  const succeeded = `Usage Plan check succeeded for API Key ${key} and API Stage ${stage}`;
  return method?.limits.keySource === undefined ? [verifying, unasked, succeeded] : [verifying, succeeded];
}

function keyAndStage({ identity, stage }: Execution): { readonly key: string; readonly stage: string } {
  const { apiId = "", stageName = "" } = stage ?? {};
  const key = identity?.apiKey;
  return key === undefined ? { key: "", stage: `${apiId}/${stageName}` } : { key: masked(key), stage: `${"*".repeat(apiId.length)}/${stageName}` };
}

/** Why the caller was not let in. A policy's denial: github.com/DataBiosphere/azul/issues/5939. */
function denialLines(execution: Execution, failure: unknown): readonly string[] {
  if (!(failure instanceof Rejection) || isLetIn(execution, failure)) return [];
  const { authorizer, httpMethod, method } = execution;
  const { key, stage } = keyAndStage(execution);
  switch (failure.type) {
    case "ACCESS_DENIED":
      return ["The client is not authorized to perform this operation."];
    case "INVALID_API_KEY":
      return key === "" ? [`API Key ${key} not authorized because method '${httpMethod} ${method?.resourcePath}' requires API Key and API Key is not associated with a Usage Plan for API Stage ${stage}: API Key was required but not present`] : [];
    case "THROTTLED":
    case "QUOTA_EXCEEDED":
      return failure.details.exceeded === undefined ? [] : exceededLines(execution, failure.details.exceeded);
    default:
      return authorizer?.status === 500 ? (authorizer.error ?? "").split("; ") : [];
  }
}

/**
 * Which limit a request has exceeded. A key's: https://repost.aws/knowledge-center/api-gateway-429-limit, where the key is
 * masked and its stage is not. A method's: github.com/sahilnarain/aws-api-gateway-log-parser/pull/3. The account's has no
 * line that AWS or its users would show.
 */
function exceededLines({ httpMethod, identity, method, stage }: Execution, exceeded: ExceededLimit): readonly string[] {
  const { apiId = "", stageName = "" } = stage ?? {};
  const key = `API Key ${masked(identity?.apiKey ?? "")} exceeded`;
  const where = `RestApi ${apiId}, Stage ${stageName}, Resource ${method?.resourceId}, HttpMethod ${httpMethod}`;
  switch (exceeded.of) {
    case "key":
      return [`${key} throttle limit for API Stage ${apiId}/${stageName}: Key throttle limit exceeded for Usage Plan ID ${exceeded.planId}, ${where}. ${limitText(exceeded.bucket)}`];
    case "quota":
      return [`${key} quota limit for API Stage ${apiId}/${stageName}: Key quota exhausted for Usage Plan ID ${exceeded.planId}. Q Limit: ${exceeded.quota?.limit} Period: ${exceeded.quota?.period}`];
    case "method":
      return [`Key throttle limit exceeded for ${where}. ${limitText(exceeded.bucket)}`];
    case "account":
      return [];
  }
}

const limitText = ({ rateLimit, burstLimit }: TokenBucket): string => `Limit: ${rateLimit.toFixed(2)} Burst: ${burstLimit}`;
