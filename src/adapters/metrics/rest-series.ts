// The series of REST APIs.
import type { Dimensions, Meter } from "../../ports/metrics.ts";
import { COUNTERS } from "../../ports/metrics.ts";
import { add, countRequest, requestPlaces } from "./counting.ts";

const PLACES = requestPlaces(COUNTERS, ["4XXError", "5XXError"]);
const CACHE_HIT = COUNTERS.indexOf("CacheHitCount");
const CACHE_MISS = COUNTERS.indexOf("CacheMissCount");

export interface RestSeries extends Meter {
  readonly dimensions: Dimensions;
  readonly values: Float64Array;
}

export function createRestSeries(dimensions: Dimensions): RestSeries {
  const values = new Float64Array(PLACES.length);
  return {
    dimensions,
    values,
    record(status, latencyMs, integrationLatencyMs, cache) {
      countRequest(values, PLACES, status, latencyMs, integrationLatencyMs);
      if (cache !== "none") add(values, cache === "hit" ? CACHE_HIT : CACHE_MISS, 1);
    },
  };
}
