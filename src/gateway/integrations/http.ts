// HTTP: the backend gets what is mapped and nothing else, and so does the client
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html).
import { lastHeader } from "../../plan/index.ts";
import type { HttpPlan } from "../../plan/index.ts";
import { traceIdOf } from "../execution.ts";
import { REQUEST_RULES } from "../header-rules.ts";
import { callUpstream, setDefaultHeaders, setMappedHeaders, upstreamPath } from "./http-request.ts";
import type { Integration } from "./integration.ts";
import { mapResponse, requestPayload, selectResponse } from "./mapped-payload.ts";

export const http: Integration<HttpPlan> = {
  mapRequest(execution, { upstream, request }, { limits }) {
    const payload = requestPayload(execution, request);
    const headers = ["Host", upstream.target.host];
    setMappedHeaders(headers, execution, upstream, REQUEST_RULES.http);
    const contentType = lastHeader(execution.headers, "content-type");
    if (payload.length > 0 && contentType !== undefined && lastHeader(headers, "content-type") === undefined) {
      headers.push("Content-Type", contentType);
    }
    setDefaultHeaders(headers, execution, payload.length > 0);
    headers.push("X-Amzn-Trace-Id", traceIdOf(execution));
    return {
      type: "HTTP",
      upstream: {
        method: upstream.httpMethod ?? execution.httpMethod,
        origin: upstream.target.origin,
        path: upstreamPath(execution, upstream, ""),
        headers,
        body: payload.length === 0 ? undefined : payload,
        timeoutMs: upstream.timeoutMs,
        responseLimit: limits.payloadBytes,
        insecure: upstream.insecure,
        identity: upstream.identity,
        address: upstream.address,
      },
    };
  },

  call(execution, _plan, backends) {
    return callUpstream(execution, backends);
  },

  mapResponse(execution, { responses }) {
    return mapResponse(execution, selectResponse(execution, responses, String(execution.integrationStatus)));
  },
};
