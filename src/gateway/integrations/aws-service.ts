// AWS, to any service but Lambda's Invoke: the service gets what is mapped, signed in the name of the integration's role, or its caller's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html).
import { lastHeader } from "../../plan/index.ts";
import type { ServicePlan, ServiceTarget, UpstreamPlan } from "../../plan/index.ts";
import type { ServiceEndpoints } from "../../ports/aws-services.ts";
import { traceIdOf } from "../execution.ts";
import type { HeaderRules } from "../header-rules.ts";
import { REQUEST_RULES } from "../header-rules.ts";
import { callerCredentials } from "./caller-credentials.ts";
import { setDefaultHeaders, setMappedHeaders, upstreamPath } from "./http-request.ts";
import type { Integration } from "./integration.ts";
import { mapResponse, requestPayload, selectResponse } from "./mapped-payload.ts";
import { signed } from "./signed-request.ts";

export const awsService: Integration<ServicePlan> = {
  mapRequest(execution, { upstream, service, request }, { limits, endpoints }) {
    const payload = requestPayload(execution, request);
    const { origin, host, basePath } = whereabouts(service, endpoints);
    const headers = ["Host", host];
    setMappedHeaders(headers, execution, upstream, NOT_THE_SIGNATURE);
    setActionHeaders(headers, service);
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
        origin,
        path: basePath + upstreamPath(execution, upstream, ""),
        headers,
        body: payload.length === 0 ? undefined : payload,
        timeoutMs: upstream.timeoutMs,
        responseLimit: limits.payloadBytes,
      },
    };
  },

  async call(execution, { roleArn, service }, { httpClient, credentials, clock }) {
    const { integrationRequest, stage } = execution;
    if (integrationRequest.type !== "HTTP") throw new TypeError("the request is not for a service");
    const identity = roleArn === undefined ? callerCredentials(execution) : await credentials.for(roleArn, stage.account, stage.region);
    const scope = { region: service.signingRegion, service: service.signingName };
    return httpClient.request(signed(integrationRequest.upstream, scope, identity, clock.now()));
  },

  mapResponse(execution, { responses }) {
    return mapResponse(execution, selectResponse(execution, responses, String(execution.integrationStatus)));
  },
};

/** Headers that make a signature are the gateway's own, whatever is mapped. */
const SIGNATURE = new Set(["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]);
export const NOT_THE_SIGNATURE: HeaderRules = (name) => (SIGNATURE.has(name.toLowerCase()) ? "own" : REQUEST_RULES.http(name));

/** What tells a service with a JSON protocol the action, unless it is mapped. */
export function setActionHeaders(headers: string[], { json }: Pick<ServiceTarget, "json">): void {
  if (json === undefined) return;
  if (lastHeader(headers, "x-amz-target") === undefined) headers.push("X-Amz-Target", json.target);
  if (lastHeader(headers, "content-type") === undefined) headers.push("Content-Type", json.contentType);
}

type Located = Pick<ServiceTarget, "service" | "baseService" | "subdomain"> & { readonly target: Pick<ServiceTarget["target"], "origin" | "host"> };

interface Whereabouts extends Pick<UpstreamPlan["target"], "origin" | "host"> {
  /** Without a slash at its end. */
  readonly basePath: string;
}

/** The endpoint that the operator has set for the service, or AWS's own. A subdomain goes before the host either way. */
export function whereabouts({ service, baseService, subdomain, target }: Located, endpoints: ServiceEndpoints): Whereabouts {
  const own = endpoints.endpoint(service);
  const endpoint = own ?? endpoints.endpoint(baseService);
  if (endpoint === undefined) return { origin: target.origin, host: target.host, basePath: "" };
  const prefix = own !== undefined || subdomain === "" ? "" : `${subdomain}.`;
  return { origin: endpoint.origin, host: `${prefix}${endpoint.host}`, basePath: endpoint.pathname.replace(/\/$/, "") };
}
