// MOCK: what the message is mapped to holds the status code that selects the integration response
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html).
import type { WebSocketMockPlan } from "../../../plan/websocket/index.ts";
import { mockStatus } from "../../integrations/mock.ts";
import type { WebSocketIntegrationType } from "./integration.ts";
import { mapAnswer, requestPayload } from "./mapped-payload.ts";

const NO_BODY = Buffer.alloc(0);

export const mock: WebSocketIntegrationType<WebSocketMockPlan> = {
  call: (event, { mapping }) => ({ status: mockStatus(requestPayload(event, mapping).toString("utf8")), headers: [], body: NO_BODY, functionError: undefined }),
  mapResponse: (event, { mapping }, answer) => mapAnswer(event, mapping, answer, String(answer.status)),
};
