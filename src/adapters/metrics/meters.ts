// What stages and their methods count, a series each.
import type { Dimensions, Metrics, MetricSeries } from "../../ports/metrics.ts";
import { createHttpSeries, type HttpSeries } from "./http-series.ts";
import { createRestSeries, type RestSeries } from "./rest-series.ts";
import { createWebSocketSeries, type WebSocketSeries } from "./websocket-series.ts";

/** Of an API of any kind. */
type AnySeries = RestSeries | HttpSeries | WebSocketSeries;

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
    meter: (dimensions) => seriesOf(dimensions, methodKey(dimensions), () => createRestSeries(dimensions)),
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
