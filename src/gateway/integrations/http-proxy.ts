// HTTP_PROXY: the request goes to the backend as it came, and the response comes back as it was
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html).
import type { HttpProxyPlan } from "../../plan/index.ts";
import { lastHeader, mediaTypeOf } from "../../plan/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { addForwardedHeaders } from "../forwarded-headers.ts";
import { addHeader, REQUEST_RULES, RESPONSE_RULES } from "../header-rules.ts";
import { convertRequest, convertResponse } from "./conversion.ts";
import { callUpstream, passedQuery, setDefaultHeaders, setMappedHeaders, upstreamPath } from "./http-request.ts";
import type { Integration } from "./integration.ts";

export const httpProxy: Integration<HttpProxyPlan> = {
  mapRequest(execution, plan, { limits }) {
    const { upstream } = plan;
    const body = requestBody(execution, plan);
    const headers = ["Host", upstream.target.host];
    addForwardedHeaders(headers, execution, REQUEST_RULES.httpProxy);
    setMappedHeaders(headers, execution, upstream, REQUEST_RULES.httpProxy);
    setDefaultHeaders(headers, execution, body !== undefined);
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
      },
    };
  },

  call(execution, _plan, backends) {
    return callUpstream(execution, backends);
  },

  mapResponse(execution) {
    const { integrationHeaders } = execution;
    const headers: string[] = [];
    for (let i = 0; i < integrationHeaders.length; i += 2) {
      const name = integrationHeaders[i] as string;
      addHeader(headers, RESPONSE_RULES.httpProxy(name), name, integrationHeaders[i + 1] as string);
    }
    const contentType = lastHeader(integrationHeaders, "content-type");
    if (contentType === undefined) headers.unshift("Content-Type", "application/json");
    return { status: execution.integrationStatus, headers, body: responseBody(execution, contentType) };
  },
};

function requestBody(execution: Authorized, { contentHandling }: HttpProxyPlan): Buffer | undefined {
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
