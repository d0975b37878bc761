// HTTP_PROXY: the request goes to the backend as it came, and the response comes back as it was
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html).
import type { HttpProxyPlan } from "../../plan/index.ts";
import { lastHeader, mediaTypeOf } from "../../plan/index.ts";
import type { Authorized, Integrated, IntegrationRequest } from "../execution.ts";
import { mayBorrow } from "../execution.ts";
import { traceIdOf } from "../execution.ts";
import { addForwardedHeaders } from "../forwarded-headers.ts";
import { addHeader, REQUEST_RULES, RESPONSE_RULES } from "../header-rules.ts";
import type { GatewayLimits } from "../limits.ts";
import { convertRequest, convertResponse } from "./conversion.ts";
import { callUpstream, passedQuery, setMappedHeaders, setProxyDefaultHeaders, upstreamPath } from "./http-request.ts";
import type { Integration } from "./integration.ts";

type ProxyPlan = Pick<HttpProxyPlan, "upstream" | "contentHandling">;

export const httpProxy: Integration<HttpProxyPlan> = {
  mapRequest(execution, plan, { limits }) {
    return proxyRequest(execution, plan, limits);
  },

  call(execution, _plan, backends) {
    return callUpstream(execution, backends);
  },

  mapResponse(execution) {
    const contentType = lastHeader(execution.integrationHeaders, "content-type");
    const headers = proxyResponseHeaders(execution);
    return { status: execution.integrationStatus, headers, body: responseBody(execution, contentType) };
  },
};

/** The client's request, as the backend gets it. */
export function proxyRequest(execution: Authorized, plan: ProxyPlan, limits: GatewayLimits): IntegrationRequest {
  const { upstream } = plan;
  const body = requestBody(execution, plan);
  const headers = ["Host", upstream.target.host];
  addForwardedHeaders(headers, execution, REQUEST_RULES.httpProxy, traceIdOf);
  setMappedHeaders(headers, execution, upstream, REQUEST_RULES.httpProxy);
  setProxyDefaultHeaders(headers, execution, body !== undefined);
  return {
    type: "HTTP",
    upstream: {
      method: upstream.httpMethod ?? execution.httpMethod,
      origin: upstream.target.origin,
      path: upstreamPath(execution, upstream, passedQuery(execution, upstream)),
      headers,
      body,
      timeoutMs: upstream.timeoutMs,
      responseLimit: limits.payloadBytes,
      insecure: upstream.insecure,
      identity: upstream.identity,
      address: upstream.address,
      borrows: mayBorrow(execution),
    },
  };
}

/** The backend's headers, as the client gets them. */
export function proxyResponseHeaders({ integrationHeaders }: Integrated): string[] {
  const headers: string[] = [];
  for (let i = 0; i < integrationHeaders.length; i += 2) {
    const name = integrationHeaders[i] as string;
    addHeader(headers, RESPONSE_RULES.httpProxy(name), name, integrationHeaders[i + 1] as string);
  }
  if (lastHeader(integrationHeaders, "content-type") === undefined) headers.unshift("Content-Type", "application/json");
  return headers;
}

function requestBody(execution: Authorized, { contentHandling }: ProxyPlan): Buffer | undefined {
  if (execution.body.length === 0) return undefined;
  const mediaType = mediaTypeOf(lastHeader(execution.headers, "content-type"));
  return convertRequest(execution, execution.body, mediaType, contentHandling);
}

/** A compressed body is no text that a conversion could be meant for. */
function responseBody(execution: Integrated, contentType: string | undefined): Buffer {
  const { integrationBody, integrationHeaders } = execution;
  if (lastHeader(integrationHeaders, "content-encoding") !== undefined) return integrationBody;
  return convertResponse(execution, integrationBody, contentType, undefined);
}
