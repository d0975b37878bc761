// The series of HTTP APIs, which have no caches and count the bytes of payloads.
import type { Dimensions, HttpMeter } from "../../ports/metrics.ts";
import { HTTP_COUNTERS } from "../../ports/metrics.ts";
import { add, countRequest, requestPlaces } from "./counting.ts";

const PLACES = requestPlaces(HTTP_COUNTERS, ["4xx", "5xx"]);
const DATA_PROCESSED = HTTP_COUNTERS.indexOf("DataProcessed");

export interface HttpSeries extends HttpMeter {
  readonly dimensions: Dimensions;
  readonly values: Float64Array;
  readonly protocol: "HTTP";
}

export function createHttpSeries(dimensions: Dimensions): HttpSeries {
  const values = new Float64Array(PLACES.length);
  return {
    dimensions,
    values,
    protocol: "HTTP",
    record(status, latencyMs, integrationLatencyMs, dataProcessed) {
      countRequest(values, PLACES, status, latencyMs, integrationLatencyMs);
      add(values, DATA_PROCESSED, dataProcessed);
    },
  };
}
