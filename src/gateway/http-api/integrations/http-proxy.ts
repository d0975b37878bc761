// HTTP_PROXY: the request goes to the backend as it came, and the response comes back as it was
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html).
import type { HttpProxyTarget } from "../../../plan/http-api/index.ts";
import { mapHeaders, mappedHost, mappedPath, mapQuery } from "../../../plan/http-api/index.ts";
import type { UpstreamRequest } from "../../../ports/http-client.ts";
import { UpstreamError } from "../../../ports/http-client.ts";
import type { GatewayLimits } from "../../limits.ts";
import type { HttpAuthorized } from "../execution.ts";
import { passedRequestHeaders, passedResponseHeaders } from "../passed-headers.ts";
import { brokenIntegration, HttpRejection } from "../rejection.ts";
import type { HttpIntegration } from "./integration.ts";

export const httpProxy: HttpIntegration<HttpProxyTarget> = {
  call(execution, plan, { httpClient, limits }) {
    return httpClient.request(proxyRequest(execution, plan, limits));
  },

  mapResponse(execution, { status, headers, body }) {
    return { status, headers: passedResponseHeaders(execution, headers), body };
  },
};

function proxyRequest(execution: HttpAuthorized, plan: HttpProxyTarget, limits: GatewayLimits): UpstreamRequest {
  const { body } = execution;
  return {
    method: plan.method ?? execution.httpMethod,
    origin: plan.origin,
    path: targetOf(execution, plan),
    headers: headersOf(execution, plan),
    body: body.length === 0 ? undefined : body,
    timeoutMs: plan.timeoutMs,
    responseLimit: limits.payloadBytes,
    address: plan.address,
    // Nobody reads it but the client, and parameter mappings before that.
    borrows: true,
  };
}

/** Path and query. */
function targetOf(execution: HttpAuthorized, plan: HttpProxyTarget): string {
  const { rawQuery, route } = execution;
  const mapping = route.requestMapping;
  const own = plan.query(execution);
  const passed = own === "" ? rawQuery : rawQuery === "" ? own : `${own}&${rawQuery}`;
  const query = mapping === undefined ? passed : mapQuery(passed, mapping, execution);
  const path = (mapping && mappedPath(mapping, execution)) ?? plan.path(execution);
  return query === "" ? path : `${path}?${query}`;
}

function headersOf(execution: HttpAuthorized, plan: HttpProxyTarget): string[] {
  const mapping = execution.route.requestMapping;
  if (mapping === undefined) return passedRequestHeaders(execution, plan.host);
  const headers = passedRequestHeaders(execution, mappedHost(mapping, execution) ?? plan.host);
  mapHeaders(headers, mapping.headers, execution);
  return headers;
}

/** For what calls a backend. @throws {HttpRejection} as AWS answers when no usable response comes */
export function throwAsRejection(error: unknown): never {
  throw error instanceof UpstreamError ? rejectionOf(error) : error;
}

/** 503 `Service Unavailable` where the backend could not be asked, or was too slow; 500 where it cannot work. */
function rejectionOf(error: UpstreamError): HttpRejection {
  switch (error.failure) {
    case "timeout":
      return new HttpRejection("INTEGRATION_TIMEOUT", { reason: error.message, cause: error });
    case "connect":
    case "protocol":
    case "aborted":
      return new HttpRejection("SERVICE_UNAVAILABLE", { reason: error.message, cause: error });
    case "tls":
    case "tooLarge":
    case "refusedAddress":
      return brokenIntegration(error.message, error);
  }
}
