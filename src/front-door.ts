// The one port: which plane a request is for, in the order of docs/architecture.md.
import type { Observed } from "./data-plane.ts";
import { metricsPage } from "./metrics-page.ts";
import { header, type HttpHandler, type HttpRequest, type HttpResponse } from "./ports/http-server.ts";
import { version } from "./version.ts";

export interface Planes {
  /** The data plane; undefined when the request is not for it. */
  gateway(request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined;
  /** The control planes of all services. */
  control(request: HttpRequest): Promise<HttpResponse>;
  /** Whether a request that carries no AWS authorization still means a control plane: its path is an operation's. */
  isOperation(request: HttpRequest): boolean;
  /** What there is to tell of those who serve: caches, workers. */
  health(): Promise<object>;
  /** What they have counted. */
  observed(): Promise<Observed>;
}

/** Hands each request to the plane that its host, its path or its authorization names. */
export function createFrontDoor({ gateway, control, isOperation, health, observed }: Planes): HttpHandler {
  return (request) => {
    const answer = gateway(request);
    if (answer !== undefined) return answer;
    if (request.target.startsWith("/_gatehouse/")) return ownPage(request, health, observed);
    if (carriesAuthorization(request) || isOperation(request)) return control(request);
    return message(
      404,
      `This is Gatehouse ${version}, an open, self-hosted Amazon API Gateway. No API, and no signed AWS request, is ` +
        "addressed by this URL and Host.",
    );
  };
}

/** What Gatehouse answers for itself: whether it is there and ready. It only listens once every stage is published. */
async function ownPage(request: HttpRequest, health: Planes["health"], observed: Planes["observed"]): Promise<HttpResponse> {
  const { method, target } = request;
  const path = target.split("?", 1)[0] as string;
  if (path !== "/_gatehouse/health" && path !== "/_gatehouse/metrics") return message(404, `Gatehouse has no page ${path}.`);
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, headers: ["Content-Type", "application/json", "Allow", "GET, HEAD"], body: '{"message":"Method Not Allowed"}' };
  }
  if (path === "/_gatehouse/metrics") return metricsPage(request, observed);
  return json(200, { status: "ready", version, ...(await health()) });
}

const carriesAuthorization = ({ headers, target }: HttpRequest): boolean =>
  header(headers, "authorization")?.startsWith("AWS4-") === true || /[?&]X-Amz-Algorithm=/i.test(target);

const message = (status: number, text: string): HttpResponse => json(status, { message: text });

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: ["Content-Type", "application/json"],
  body: JSON.stringify(value),
});
