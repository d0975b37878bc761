// Whether a request is traced, decided once its stage is known, and how its trace goes on from here: what backends are told
// of it (https://docs.aws.amazon.com/xray/latest/devguide/xray-services-apigateway.html).
import type { StagePlan } from "../plan/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionResult } from "../ports/functions.ts";
import type { Ids } from "../ports/ids.ts";
import type { Tracer } from "../ports/tracer.ts";
import { type Execution, type Received, traceIdOf } from "./execution.ts";
import { hexDigits, traceRoot } from "./request-ids.ts";
import { formatTraceHeader, parseTraceHeader, type TraceHeader } from "./trace-header.ts";

/** The trace of a request to a stage with tracing, or of one that its sender has sampled. */
export interface Trace {
  /** `1-5759e988-bd862e3fe1be46a994272793` */
  readonly root: string;
  /** Undefined where the request is not sampled. */
  readonly segment: TracedSegment | undefined;
}

/** What is known of a segment before its request is answered. */
export interface TracedSegment {
  readonly id: string;
  /** The sender's segment. */
  readonly parentId: string | undefined;
  /** Of the sampling rule that has decided; undefined where the sender has. */
  readonly ruleName: string | undefined;
  /** Of the subsegment that is the call of the integration. */
  readonly integrationId: string;
  /** Of the one that is the call of a Lambda authorizer. */
  readonly authorizerId: string;
  authorizerCall: AuthorizerCall | undefined;
}

/** Times are in milliseconds since the epoch. */
export interface AuthorizerCall {
  readonly functionArn: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Undefined where the function gave none. */
  readonly result: FunctionResult | undefined;
}

/** Decides about a request that has found its stage, and notes what follows. */
export type BeginTrace = (execution: Execution, stage: StagePlan) => void;

/** @param tracer undefined where nothing is traced */
export function createTracing(tracer: Tracer | undefined, ids: Ids): BeginTrace {
  if (tracer === undefined) return () => undefined;
  return (execution, stage) => {
    const { active } = stage.tracing;
    if (!active && !tracer.recordsUntraced) return;
    const value = lastHeader(execution.headers, "X-Amzn-Trace-Id");
    const received = value === undefined ? undefined : parseTraceHeader(value);
    if (active) begin(execution, received, decide(execution, stage, received, tracer), ids);
    else if (received?.sampled === true) begin(execution, received, { sampled: true, ruleName: undefined }, ids);
  };
}

/** The sender's decision counts; where it has made none, the sampling rules decide. */
function decide(execution: Execution, stage: StagePlan, received: TraceHeader | undefined, tracer: Tracer): Decision {
  if (received?.sampled !== undefined) return { sampled: received.sampled, ruleName: undefined };
  const { domainName, headers, httpMethod, path } = execution;
  const { account, region, tracing } = stage;
  const { resourceArn, serviceName } = tracing;
  return tracer.sample({ account, region, serviceName, resourceArn, host: domainName, httpMethod, path, headers });
}

type Decision = ReturnType<Tracer["sample"]>;

function begin(execution: Execution, received: TraceHeader | undefined, { sampled, ruleName }: Decision, ids: Ids): void {
  const root = received?.root ?? traceRoot(execution.requestId, execution.receivedAt);
  const segment = sampled ? newSegment(received?.parent, ruleName, ids) : undefined;
  execution.trace = { root, segment };
  // Of a request that is not recorded here, what comes after belongs to the segment before.
  execution.traceId = formatTraceHeader({ root, parent: segment?.integrationId ?? received?.parent, sampled });
}

/** One random UUID makes the ids: any 16 of its digits are as good as others. */
function newSegment(parentId: string | undefined, ruleName: string | undefined, ids: Ids): TracedSegment {
  const digits = hexDigits(ids.uuid());
  return { id: digits.slice(0, 16), parentId, ruleName, integrationId: digits.slice(16), authorizerId: digits.slice(8, 24), authorizerCall: undefined };
}

/** What a Lambda authorizer's function is told of the trace. */
export function authorizerTraceIdOf(execution: Received): string {
  const { trace } = execution;
  if (trace?.segment === undefined) return traceIdOf(execution);
  return formatTraceHeader({ root: trace.root, parent: trace.segment.authorizerId, sampled: true });
}

/** Notes the call of a Lambda authorizer in the request's segment, where it has one. */
export async function tracedAuthorizer(
  { trace }: Received,
  functionArn: string,
  clock: Clock,
  call: () => Promise<FunctionResult>,
): Promise<FunctionResult> {
  const segment = trace?.segment;
  if (segment === undefined) return call();
  const startedAt = clock.now();
  let result: FunctionResult | undefined;
  try {
    return (result = await call());
  } finally {
    segment.authorizerCall = { functionArn, startedAt, endedAt: clock.now(), result };
  }
}
