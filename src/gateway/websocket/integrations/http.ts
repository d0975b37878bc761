// HTTP and HTTP_PROXY: a backend gets what a message is mapped to, or the message as it is
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integrations.html).
import type { WebSocketHttpPlan } from "../../../plan/websocket/index.ts";
import type { WebSocketIntegrationType } from "./integration.ts";
import { convertMessage, mapAnswer, requestPayload } from "./mapped-payload.ts";
import { headersOf, pathOf } from "./upstream.ts";

export const http: WebSocketIntegrationType<WebSocketHttpPlan> = {
  async call(event, { address, contentHandling, identity, mapping, upstream }, { httpClient, limits }) {
    const isProxy = mapping === undefined;
    const payload = isProxy ? convertMessage(event.body, contentHandling) : requestPayload(event, mapping);
    const hasBody = payload.length > 0;
    const request = {
      method: upstream.httpMethod,
      origin: upstream.target.origin,
      path: pathOf(event, upstream, isProxy),
      headers: headersOf(event, upstream, { host: upstream.target.host, isProxy, hasBody }),
      body: hasBody ? payload : undefined,
      timeoutMs: upstream.timeoutMs,
      responseLimit: limits.payloadBytes,
      identity,
      address,
    };
    const { status, headers, body } = await httpClient.request(request);
    return { status, headers, body, functionError: undefined };
  },

  /** "API Gateway automatically passes the backend output to the caller as the complete payload" (guide: apigateway-websocket-api-integration-responses). */
  mapResponse(event, { mapping }, answer) {
    if (mapping !== undefined) return mapAnswer(event, mapping, answer, String(answer.status));
    return { status: answer.status, headers: answer.headers, body: answer.body.toString("utf8") };
  },
};
