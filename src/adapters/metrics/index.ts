// The door of the metrics: counted in memory, shown to Prometheus.
export { addSeries, createMetrics } from "./meters.ts";
export { PROMETHEUS_TYPE, prometheusText } from "./prometheus.ts";
