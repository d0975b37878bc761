// Counters and histograms in arrays of numbers that are allocated once for each series.
import type { CacheOutcome, Dimensions, Meter, Metrics, MetricSeries } from "../../ports/metrics.ts";
import { COUNTERS, LATENCY_BUCKETS } from "../../ports/metrics.ts";
import { add, bucketOf } from "./counting.ts";
import { createHttpSeries, type HttpSeries } from "./http-series.ts";
import { createWebSocketSeries, type WebSocketSeries } from "./websocket-series.ts";

const at = (counter: (typeof COUNTERS)[number]): number => COUNTERS.indexOf(counter);
const COUNT = at("Count");
const ERROR_4XX = at("4XXError");
const ERROR_5XX = at("5XXError");
const CACHE_HIT = at("CacheHitCount");
const CACHE_MISS = at("CacheMissCount");
const LATENCY = at("Latency");
const INTEGRATIONS = at("IntegrationCount");
const INTEGRATION_LATENCY = at("IntegrationLatency");

/** Where the buckets of Latency and of IntegrationLatency begin. */
const BUCKETS = COUNTERS.length;
const INTEGRATION_BUCKETS = BUCKETS + LATENCY_BUCKETS.length + 1;
const LENGTH = INTEGRATION_BUCKETS + LATENCY_BUCKETS.length + 1;

interface Series extends Meter {
  readonly dimensions: Dimensions;
  readonly values: Float64Array;
}

/** Of an API of any kind. */
type AnySeries = Series | HttpSeries | WebSocketSeries;

/** A stage has so many series at most; then the one made first makes room. More methods than an API has at once. */
const SERIES_OF_A_STAGE = 5_000;

export function createMetrics(): Metrics {
  /** By API and stage, then by method; the stage's own under the empty name. */
  const stages = new Map<string, Map<string, AnySeries>>();

  function seriesOf<T extends AnySeries>({ apiId, stage }: Dimensions, key: string, create: () => T): T {
    const stageKey = `${apiId}/${stage}`;
    let ofStage = stages.get(stageKey);
    if (ofStage === undefined) stages.set(stageKey, (ofStage = new Map<string, AnySeries>()));
    const known = ofStage.get(key);
    // An API is of one kind for good, and so are the series under its names.
    if (known !== undefined) return known as T;
    if (ofStage.size >= SERIES_OF_A_STAGE) ofStage.delete(ofStage.keys().next().value as string);
    const series = create();
    ofStage.set(key, series);
    return series;
  }

  return {
    meter: (dimensions) => seriesOf(dimensions, methodKey(dimensions), () => createSeries(dimensions)),
    httpMeter: (dimensions) => seriesOf(dimensions, methodKey(dimensions), () => createHttpSeries(dimensions)),
    webSocketMeter: (dimensions) => seriesOf(dimensions, `${dimensions.apiName} ${dimensions.route ?? ""}`, () => createWebSocketSeries(dimensions)),
    drop: (apiId, stage) => void stages.delete(`${apiId}/${stage}`),
    series: () => [...stages.values()].flatMap((ofStage) => Array.from(ofStage.values(), toldOf)),
  };
}

const methodKey = ({ apiName, resource = "", method = "" }: Dimensions): string => `${apiName} ${method} ${resource}`;

const toldOf = (series: AnySeries): MetricSeries => ({
  dimensions: series.dimensions,
  values: Array.from(series.values),
  ...("protocol" in series && { protocol: series.protocol }),
});

function createSeries(dimensions: Dimensions): Series {
  const values = new Float64Array(LENGTH);
  return {
    dimensions,
    values,
    record(status: number, latencyMs: number, integrationLatencyMs: number, cache: CacheOutcome): void {
      add(values, COUNT, 1);
      if (status >= 500) add(values, ERROR_5XX, 1);
      else if (status >= 400) add(values, ERROR_4XX, 1);
      if (cache !== "none") add(values, cache === "hit" ? CACHE_HIT : CACHE_MISS, 1);
      add(values, LATENCY, latencyMs);
      add(values, BUCKETS + bucketOf(latencyMs), 1);
      if (integrationLatencyMs < 0) return;
      add(values, INTEGRATIONS, 1);
      add(values, INTEGRATION_LATENCY, integrationLatencyMs);
      add(values, INTEGRATION_BUCKETS + bucketOf(integrationLatencyMs), 1);
    },
  };
}

/** Series of several processes as one list, those with the same dimensions added up. */
export function addSeries(lists: readonly (readonly MetricSeries[])[]): readonly MetricSeries[] {
  const sums = new Map<string, MetricSeries & { readonly values: number[] }>();
  for (const each of lists.flat()) {
    const { dimensions, values } = each;
    const { apiId, apiName, stage, resource, method, route } = dimensions;
    const key = JSON.stringify([apiId, apiName, stage, resource, method, route]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...each, values: [...values] });
    else for (const [index, value] of values.entries()) sum.values[index] = (sum.values[index] ?? 0) + value;
  }
  return [...sums.values()];
}
