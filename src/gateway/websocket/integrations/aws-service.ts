// AWS, to any service but Lambda's Invoke: the service gets what a message is mapped to, signed in the name of the integration's role.
import { lastHeader } from "../../../plan/index.ts";
import type { WebSocketServicePlan } from "../../../plan/websocket/index.ts";
import { NOT_THE_SIGNATURE, setActionHeaders, whereabouts } from "../../integrations/aws-service.ts";
import { signed } from "../../integrations/signed-request.ts";
import type { WebSocketIntegrationType } from "./integration.ts";
import { mapAnswer, requestPayload } from "./mapped-payload.ts";
import { headersOf, pathOf } from "./upstream.ts";

export const awsService: WebSocketIntegrationType<WebSocketServicePlan> = {
  async call(event, { mapping, roleArn, service, upstream }, { clock, credentials, endpoints, httpClient, limits }) {
    const payload = requestPayload(event, mapping);
    const { basePath, host, origin } = whereabouts(service, endpoints);
    const headers = actionHeaders(headersOf(event, upstream, { host, isProxy: false, hasBody: false }), service, payload.length > 0);
    const request = {
      method: upstream.httpMethod,
      origin,
      path: basePath + pathOf(event, upstream, false),
      headers,
      body: payload.length === 0 ? undefined : payload,
      timeoutMs: upstream.timeoutMs,
      responseLimit: limits.payloadBytes,
    };
    const { account, region } = event.stage;
    const identity = await credentials.for(roleArn, account, region);
    const scope = { region: service.signingRegion, service: service.signingName };
    const { status, headers: answered, body } = await httpClient.request(signed(request, scope, identity, clock.now()));
    return { status, headers: answered, body, functionError: undefined };
  },

  mapResponse: (event, { mapping }, answer) => mapAnswer(event, mapping, answer, String(answer.status)),
};

/** What tells a service with a JSON protocol the action goes before the type that a body has otherwise. */
function actionHeaders(mapped: readonly string[], service: WebSocketServicePlan["service"], hasBody: boolean): string[] {
  const headers: string[] = [];
  for (let i = 0; i < mapped.length; i += 2) {
    const name = mapped[i] as string;
    if (NOT_THE_SIGNATURE(name) !== "own" || name === "Host" || OWN.has(name.toLowerCase())) headers.push(name, mapped[i + 1] as string);
  }
  setActionHeaders(headers, service);
  if (hasBody && lastHeader(headers, "content-type") === undefined) headers.push("Content-Type", "application/json");
  return headers;
}

/** Those that the gateway has set itself. */
const OWN = new Set(["x-amzn-apigateway-api-id", "x-amzn-trace-id"]);
