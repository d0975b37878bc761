// What is counted and measured of executions, in AWS's metrics
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html).

/** The counters of one series. Recording allocates nothing. */
export interface Meter {
  /**
   * Counts an answered request.
   * @param integrationLatencyMs negative where no backend was asked
   */
  record(status: number, latencyMs: number, integrationLatencyMs: number, cache: CacheOutcome): void;
}

export type CacheOutcome = "hit" | "miss" | "none";

/** The counters of one series of an HTTP API. */
export interface HttpMeter {
  /**
   * Counts an answered request.
   * @param integrationLatencyMs negative where no backend was asked
   * @param dataProcessed bytes of the payloads of both ways
   */
  record(status: number, latencyMs: number, integrationLatencyMs: number, dataProcessed: number): void;
}

/** The counters of one series of a WebSocket API. */
export interface WebSocketMeter {
  record(counted: CountedEvent): void;
}

/** A client that connects, a message or an end. */
export interface CountedEvent {
  readonly isConnect: boolean;
  /** "Either from or to the client". */
  readonly messages: number;
  readonly outcome: WebSocketOutcome;
  /** Negative where no backend was asked. */
  readonly integrationLatencyMs: number;
}

/** Whether the backend answers with an error, the gateway turns the event away before it asks, or asking goes wrong. */
export type WebSocketOutcome = "none" | "integrationError" | "clientError" | "executionError";

/** The dimensions of a series: Resource and Method, or Route, only where a method or a route has metrics of its own. */
export interface Dimensions {
  readonly apiId: string;
  readonly apiName: string;
  readonly stage: string;
  readonly resource?: string;
  readonly method?: string;
  /** Of a WebSocket API alone. */
  readonly route?: string;
}

/** What a series has counted since the process began. */
export interface MetricSeries {
  readonly dimensions: Dimensions;
  /**
   * In the order of {@link COUNTERS}, or of {@link HTTP_COUNTERS}, then of the buckets of Latency and of IntegrationLatency; of a
   * WebSocket API in the order of {@link WEBSOCKET_COUNTERS}, then of the buckets of IntegrationLatency.
   */
  readonly values: readonly number[];
  /** Absent for REST APIs. */
  readonly protocol?: "HTTP" | "WEBSOCKET";
}

export interface Metrics {
  /** The meter of a series, the same for the same dimensions. */
  meter(dimensions: Dimensions): Meter;
  /** The same of an HTTP API. */
  httpMeter(dimensions: Omit<Dimensions, "route">): HttpMeter;
  /** The same of a WebSocket API. */
  webSocketMeter(dimensions: Omit<Dimensions, "resource" | "method">): WebSocketMeter;
  /** Forgets the series of a stage that is gone. */
  drop(apiId: string, stage: string): void;
  series(): readonly MetricSeries[];
}

export const COUNTERS = [
  "Count",
  "4XXError",
  "5XXError",
  "CacheHitCount",
  "CacheMissCount",
  "Latency",
  "IntegrationCount",
  "IntegrationLatency",
] as const;

/** Guide: http-api-metrics. DataProcessed is in bytes. */
export const HTTP_COUNTERS = ["Count", "4xx", "5xx", "DataProcessed", "Latency", "IntegrationCount", "IntegrationLatency"] as const;

/** Guide: apigateway-websocket-api-logging. */
export const WEBSOCKET_COUNTERS = ["ConnectCount", "MessageCount", "IntegrationError", "ClientError", "ExecutionError", "IntegrationCount", "IntegrationLatency"] as const;

/** Upper bounds of the histograms' buckets, in milliseconds; a last one holds what is above. */
export const LATENCY_BUCKETS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000] as const;
