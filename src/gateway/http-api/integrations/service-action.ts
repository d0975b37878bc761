// First-class integrations: an AWS service is called in the name of the integration's role, and its answer goes back as it is
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html).
import type { HttpServiceTarget, ServiceCall } from "../../../plan/http-api/index.ts";
import type { AwsCredentials, ServiceEndpoints } from "../../../ports/aws-services.ts";
import type { UpstreamRequest } from "../../../ports/http-client.ts";
import { signed } from "../../integrations/signed-request.ts";
import type { HttpAuthorized } from "../execution.ts";
import { httpTraceId, passedResponseHeaders } from "../passed-headers.ts";
import { brokenIntegration, HttpRejection } from "../rejection.ts";
import type { HttpBackends, HttpIntegration } from "./integration.ts";

export const serviceAction: HttpIntegration<HttpServiceTarget> = {
  async call(execution, plan, backends) {
    const call = plan.call(execution);
    if (typeof call === "string") throw new HttpRejection("BAD_REQUEST", { reason: call });
    const identity = await credentialsOf(execution, plan, backends);
    const { address } = call;
    const scope = { region: address.signingRegion, service: address.signingName };
    const request = signed(serviceRequest(execution, plan, call, backends), scope, identity, backends.clock.now());
    return backends.httpClient.request(request);
  },

  mapResponse(execution, { status, headers, body }) {
    return { status, headers: passedResponseHeaders(execution, headers), body };
  },
};

/** AWS's words are quoted in github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/87. */
const NOT_ASSUMED = "API Gateway doesn't have permissions to assume the IAM role configured on the integration. Check the permissions and try again.";

async function credentialsOf({ stage }: HttpAuthorized, { roleArn }: HttpServiceTarget, { credentials }: HttpBackends): Promise<AwsCredentials> {
  try {
    return await credentials.for(roleArn, stage.account, stage.region);
  } catch (error) {
    throw brokenIntegration(NOT_ASSUMED, error);
  }
}

function serviceRequest(execution: HttpAuthorized, { timeoutMs }: HttpServiceTarget, call: ServiceCall, { endpoints, limits }: HttpBackends): UpstreamRequest {
  const { origin, host, basePath } = whereabouts(call, endpoints);
  const own = ["User-Agent", `AmazonAPIGateway_${execution.stage.apiId}`, "X-Amzn-Trace-Id", httpTraceId(execution)];
  return {
    method: call.method,
    origin,
    path: basePath + call.target,
    headers: ["Host", host, ...call.headers, ...own],
    body: call.body === undefined ? undefined : Buffer.from(call.body),
    timeoutMs,
    responseLimit: limits.payloadBytes,
  };
}

/** The endpoint that the operator has set for the service, or AWS's own. */
function whereabouts({ address, service }: ServiceCall, endpoints: ServiceEndpoints): { origin: string; host: string; basePath: string } {
  const endpoint = endpoints.endpoint(service);
  if (endpoint === undefined) return { origin: `https://${address.host}`, host: address.host, basePath: "" };
  return { origin: endpoint.origin, host: endpoint.host, basePath: endpoint.pathname.replace(/\/$/, "") };
}
