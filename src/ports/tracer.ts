// Traces: which requests are recorded, and where what was recorded of them goes. Requests do not wait for it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html).
import type { HeaderList } from "../domain/header-list.ts";
import type { LogGroup } from "../domain/log-group.ts";

/** What sampling rules look at (.../apigateway-configuring-xray-sampling-rules.html). */
export interface TracedRequest {
  readonly account: string;
  readonly region: string;
  /** `{api name}/{stage}` */
  readonly serviceName: string;
  /** Of the stage. */
  readonly resourceArn: string;
  readonly host: string;
  readonly httpMethod: string;
  /** As it travelled, without the query. */
  readonly path: string;
  readonly headers: HeaderList;
}

export interface SamplingDecision {
  readonly sampled: boolean;
  /** Of the rule that has decided; undefined where it has no name. */
  readonly ruleName: string | undefined;
}

/** A request that was recorded. */
export interface Segment {
  /** The stage's group, for those who keep segments as logs. */
  readonly group: LogGroup;
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
  /** A segment document as JSON (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). */
  readonly document: string;
}

export interface Tracer {
  /** Whether requests to stages without tracing are recorded where their sender has sampled them. */
  readonly recordsUntraced: boolean;
  /** Decides about a request whose sender has not decided. Each call counts. */
  sample(request: TracedRequest): SamplingDecision;
  /**
   * Takes a segment. Returns at once and never throws; one that is too large, or for which there is no room until it is
   * sent, is dropped and counted.
   */
  record(segment: Segment): void;
  usage(): TraceUsage;
  /** Sends what has been taken. Nothing may be recorded afterwards. */
  close(): Promise<void>;
}

export interface TraceUsage {
  /** Handed on: to the system's network, or to the logs. */
  readonly recorded: number;
  readonly dropped: number;
}
