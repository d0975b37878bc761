// HTTP_PROXY with responseTransferMode STREAM: the response goes to the client while it arrives, unchanged and of any length
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html).
import type { HttpProxyStreamPlan } from "../../plan/index.ts";
import { proxyRequest, proxyResponseHeaders } from "./http-proxy.ts";
import type { Integration } from "./integration.ts";
import { limitedStream } from "./limited-stream.ts";
import { streamedBody } from "./streamed-body.ts";

const STREAMED = Buffer.alloc(0);

export const httpProxyStream: Integration<HttpProxyStreamPlan> = {
  mapRequest(execution, plan, { limits }) {
    return proxyRequest(execution, plan, limits);
  },

  async call({ integrationRequest, request }, { idleMs }, { httpClient, clock }) {
    if (integrationRequest.type !== "HTTP") throw new TypeError("the request is not for an HTTP backend");
    const { signal } = request;
    const response = await httpClient.stream({ ...integrationRequest.upstream, signal });
    const stream = limitedStream(response.body[Symbol.asyncIterator](), { clock, idleMs });
    return { status: response.status, headers: response.headers, body: STREAMED, stream };
  },

  mapResponse(execution) {
    const headers = proxyResponseHeaders(execution);
    return { status: execution.integrationStatus, headers, body: streamedBody(execution) };
  },
};
