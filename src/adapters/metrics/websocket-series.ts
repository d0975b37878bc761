// The series of WebSocket APIs, which count other things than those of REST and HTTP APIs.
import type { CountedEvent, Dimensions, WebSocketMeter } from "../../ports/metrics.ts";
import { LATENCY_BUCKETS, WEBSOCKET_COUNTERS } from "../../ports/metrics.ts";
import { add, bucketOf } from "./counting.ts";

const at = (counter: (typeof WEBSOCKET_COUNTERS)[number]): number => WEBSOCKET_COUNTERS.indexOf(counter);
const CONNECTS = at("ConnectCount");
const MESSAGES = at("MessageCount");
const OUTCOMES = { integrationError: at("IntegrationError"), clientError: at("ClientError"), executionError: at("ExecutionError") } as const;
const INTEGRATIONS = at("IntegrationCount");
const INTEGRATION_LATENCY = at("IntegrationLatency");
const BUCKETS = WEBSOCKET_COUNTERS.length;

export interface WebSocketSeries extends WebSocketMeter {
  readonly dimensions: Dimensions;
  readonly values: Float64Array;
  readonly protocol: "WEBSOCKET";
}

export function createWebSocketSeries(dimensions: Dimensions): WebSocketSeries {
  const values = new Float64Array(BUCKETS + LATENCY_BUCKETS.length + 1);
  return {
    dimensions,
    values,
    protocol: "WEBSOCKET",
    record({ integrationLatencyMs, isConnect, messages, outcome }: CountedEvent): void {
      if (isConnect) add(values, CONNECTS, 1);
      add(values, MESSAGES, messages);
      if (outcome !== "none") add(values, OUTCOMES[outcome], 1);
      if (integrationLatencyMs < 0) return;
      add(values, INTEGRATIONS, 1);
      add(values, INTEGRATION_LATENCY, integrationLatencyMs);
      add(values, BUCKETS + bucketOf(integrationLatencyMs), 1);
    },
  };
}
