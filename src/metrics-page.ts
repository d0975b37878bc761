// `/_gatehouse/metrics`, for Prometheus. It names all APIs, and is for the machine's own users alone: a loopback address on
// both ends, and no name in between that a proxy or a web page could have put there.
import { PROMETHEUS_TYPE, prometheusText } from "./adapters/metrics/index.ts";
import type { Observed } from "./data-plane.ts";
import { header, type HttpRequest, type HttpResponse } from "./ports/http-server.ts";

const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

export async function metricsPage(request: HttpRequest, observed: () => Promise<Observed>): Promise<HttpResponse> {
  const isOwn = LOOPBACK_ADDRESS.test(request.remoteAddress) && LOOPBACK_HOST.test(header(request.headers, "host") ?? "");
  if (!isOwn) {
    const message = "Metrics are shown to this machine alone, under a loopback name.";
    return { status: 403, headers: ["Content-Type", "application/json"], body: JSON.stringify({ message }) };
  }
  const { series, logs, traces } = await observed();
  return { status: 200, headers: ["Content-Type", PROMETHEUS_TYPE], body: prometheusText(series, logs, traces) };
}
