// The series of HTTP APIs, which have no caches and count the bytes of payloads.
import type { Dimensions, HttpMeter } from "../../ports/metrics.ts";
import { HTTP_COUNTERS, LATENCY_BUCKETS } from "../../ports/metrics.ts";
import { add, bucketOf } from "./counting.ts";

const at = (counter: (typeof HTTP_COUNTERS)[number]): number => HTTP_COUNTERS.indexOf(counter);
const COUNT = at("Count");
const ERROR_4XX = at("4xx");
const ERROR_5XX = at("5xx");
const DATA_PROCESSED = at("DataProcessed");
const LATENCY = at("Latency");
const INTEGRATIONS = at("IntegrationCount");
const INTEGRATION_LATENCY = at("IntegrationLatency");

/** Where the buckets of Latency and of IntegrationLatency begin. */
const BUCKETS = HTTP_COUNTERS.length;
const INTEGRATION_BUCKETS = BUCKETS + LATENCY_BUCKETS.length + 1;
const LENGTH = INTEGRATION_BUCKETS + LATENCY_BUCKETS.length + 1;

export interface HttpSeries extends HttpMeter {
  readonly dimensions: Dimensions;
  readonly values: Float64Array;
  readonly protocol: "HTTP";
}

export function createHttpSeries(dimensions: Dimensions): HttpSeries {
  const values = new Float64Array(LENGTH);
  return {
    dimensions,
    values,
    protocol: "HTTP",
    record(status, latencyMs, integrationLatencyMs, dataProcessed) {
      add(values, COUNT, 1);
      if (status >= 500) add(values, ERROR_5XX, 1);
      else if (status >= 400) add(values, ERROR_4XX, 1);
      add(values, DATA_PROCESSED, dataProcessed);
      add(values, LATENCY, latencyMs);
      add(values, BUCKETS + bucketOf(latencyMs), 1);
      if (integrationLatencyMs < 0) return;
      add(values, INTEGRATIONS, 1);
      add(values, INTEGRATION_LATENCY, integrationLatencyMs);
      add(values, INTEGRATION_BUCKETS + bucketOf(integrationLatencyMs), 1);
    },
  };
}
