// Metrics in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/): those of stages, which
// add up to those of their APIs, and apart from them those of methods that have metrics of their own.
import type { LogUsage } from "../../ports/log-sink.ts";
import type { Dimensions, MetricSeries } from "../../ports/metrics.ts";
import { COUNTERS, HTTP_COUNTERS, LATENCY_BUCKETS, WEBSOCKET_COUNTERS } from "../../ports/metrics.ts";
import type { TraceUsage } from "../../ports/tracer.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Counter = (typeof COUNTERS)[number] | (typeof HTTP_COUNTERS)[number] | (typeof WEBSOCKET_COUNTERS)[number];
type Total = readonly [counter: Counter, name: string, help: string];

const TOTALS: readonly Total[] = [
  ["Count", "count_total", "Requests (Count)."],
  ["4XXError", "4xx_error_total", "Answers with a client-side error (4XXError)."],
  ["5XXError", "5xx_error_total", "Answers with a server-side error (5XXError)."],
  ["CacheHitCount", "cache_hit_count_total", "Requests served from the cache (CacheHitCount)."],
  ["CacheMissCount", "cache_miss_count_total", "Requests served from the backend although there is a cache (CacheMissCount)."],
];

/** Of HTTP APIs. */
const HTTP_TOTALS: readonly Total[] = [
  ["Count", "count_total", "Requests (Count)."],
  ["4xx", "4xx_total", "Answers with a client-side error (4xx)."],
  ["5xx", "5xx_total", "Answers with a server-side error (5xx)."],
  ["DataProcessed", "data_processed_bytes_total", "Payloads of requests and answers (DataProcessed)."],
];

/** Of WebSocket APIs. */
const WEBSOCKET_TOTALS: readonly Total[] = [
  ["ConnectCount", "connect_count_total", "Handshakes (ConnectCount)."],
  ["MessageCount", "message_count_total", "Messages from and to clients (MessageCount)."],
  ["IntegrationError", "integration_error_total", "Backends' answers with an error (IntegrationError)."],
  ["ClientError", "client_error_total", "Events that were turned away before a backend was asked (ClientError)."],
  ["ExecutionError", "execution_error_total", "Backends that could not be asked (ExecutionError)."],
];

interface Histogram {
  readonly name: string;
  readonly help: string;
  readonly count: Counter;
  readonly sum: Counter;
  /** Of its first bucket among a series' values. */
  readonly at: number;
}

const LATENCY = { name: "latency_milliseconds", help: "From a request to its answer (Latency).", count: "Count", sum: "Latency" } as const;
const INTEGRATION_LATENCY = {
  name: "integration_latency_milliseconds",
  help: "From a request to a backend to its answer (IntegrationLatency).",
  count: "IntegrationCount",
  sum: "IntegrationLatency",
} as const;

/** Of series with so many counters before them. */
const bothHistograms = (counters: number): readonly Histogram[] => [
  { ...LATENCY, at: counters },
  { ...INTEGRATION_LATENCY, at: counters + LATENCY_BUCKETS.length + 1 },
];
const HISTOGRAMS = bothHistograms(COUNTERS.length);
const HTTP_HISTOGRAMS = bothHistograms(HTTP_COUNTERS.length);
const WEBSOCKET_HISTOGRAMS: readonly Histogram[] = [{ ...INTEGRATION_LATENCY, at: WEBSOCKET_COUNTERS.length }];

export function prometheusText(series: readonly MetricSeries[], logs: LogUsage | undefined, traces: TraceUsage): string {
  const of = (wanted: MetricSeries["protocol"]) => series.filter(({ protocol }) => protocol === wanted);
  const [ofRest, ofHttp, ofWebSockets] = [of(undefined), of("HTTP"), of("WEBSOCKET")];
  const lines = [
    ...family("gatehouse_stage_", ofRest.filter(({ dimensions }) => dimensions.resource === undefined)),
    ...family("gatehouse_method_", ofRest.filter(({ dimensions }) => dimensions.resource !== undefined)),
    ...family("gatehouse_http_stage_", ofHttp.filter(({ dimensions }) => dimensions.resource === undefined), HTTP_TOTALS, HTTP_HISTOGRAMS),
    ...family("gatehouse_http_route_", ofHttp.filter(({ dimensions }) => dimensions.resource !== undefined), HTTP_TOTALS, HTTP_HISTOGRAMS),
    ...family("gatehouse_websocket_stage_", ofWebSockets.filter(({ dimensions }) => dimensions.route === undefined), WEBSOCKET_TOTALS, WEBSOCKET_HISTOGRAMS),
    ...family("gatehouse_websocket_route_", ofWebSockets.filter(({ dimensions }) => dimensions.route !== undefined), WEBSOCKET_TOTALS, WEBSOCKET_HISTOGRAMS),
  ];
  if (logs !== undefined) {
    lines.push(...head("gatehouse_log_events_written_total", "counter", "Events of access and execution logs that were written."));
    lines.push(`gatehouse_log_events_written_total ${logs.written}`);
    lines.push(...head("gatehouse_log_events_dropped_total", "counter", "Events of access and execution logs that were lost."));
    lines.push(`gatehouse_log_events_dropped_total ${logs.dropped}`);
  }
  lines.push(...head("gatehouse_trace_segments_recorded_total", "counter", "Segments of traced requests that were sent or logged."));
  lines.push(`gatehouse_trace_segments_recorded_total ${traces.recorded}`);
  lines.push(...head("gatehouse_trace_segments_dropped_total", "counter", "Segments of traced requests that were lost."));
  lines.push(`gatehouse_trace_segments_dropped_total ${traces.dropped}`);
  return lines.map((line) => `${line}\n`).join("");
}

function family(prefix: string, series: readonly MetricSeries[], counters: readonly Total[] = TOTALS, measured: readonly Histogram[] = HISTOGRAMS): readonly string[] {
  if (series.length === 0) return [];
  const totals = counters.flatMap(([counter, name, help]) => [
    ...head(prefix + name, "counter", help),
    ...series.map((each) => `${prefix}${name}{${labelsOf(each.dimensions)}} ${valueOf(each, counter)}`),
  ]);
  const histograms = measured.flatMap((histogram) => [
    ...head(prefix + histogram.name, "histogram", histogram.help),
    ...series.flatMap((each) => histogramLines(prefix + histogram.name, histogram, each)),
  ]);
  return [...totals, ...histograms];
}

function histogramLines(name: string, { at, count, sum }: Histogram, series: MetricSeries): readonly string[] {
  const labels = labelsOf(series.dimensions);
  let below = 0;
  const buckets = [...LATENCY_BUCKETS, "+Inf"].map((bound, index) => {
    below += series.values[at + index] ?? 0;
    return `${name}_bucket{${labels},le="${bound}"} ${below}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${valueOf(series, sum)}`, `${name}_count{${labels}} ${valueOf(series, count)}`];
}

const COUNTERS_OF = { REST: COUNTERS, HTTP: HTTP_COUNTERS, WEBSOCKET: WEBSOCKET_COUNTERS } as const;

function valueOf({ protocol, values }: MetricSeries, counter: Counter): number {
  const counters: readonly Counter[] = COUNTERS_OF[protocol ?? "REST"];
  return values[counters.indexOf(counter)] ?? 0;
}

const head = (name: string, type: "counter" | "histogram", help: string): readonly string[] => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];

function labelsOf({ apiId, apiName, stage, resource, method, route }: Dimensions): string {
  const labels: (readonly [string, string | undefined])[] = [["api_id", apiId], ["api_name", apiName], ["stage", stage], ["resource", resource], ["method", method], ["route", route]];
  return labels.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${escape(value)}"`])).join(",");
}

const escape = (value: string): string => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
