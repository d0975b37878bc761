// AWS and AWS_PROXY, to Lambda: a function gets what a message is mapped to, or an event
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integrations.html).
import { decodeBase64 } from "../../../plan/index.ts";
import type { BackendAnswer, WebSocketFunctionPlan } from "../../../plan/websocket/index.ts";
import { FunctionCallError } from "../../../ports/functions.ts";
import { functionErrorMessage } from "../../function-error.ts";
import { callRejection, resultHeaders, within } from "../../integrations/invoke-function.ts";
import { badGateway } from "../../integrations/lambda-proxy.ts";
import { parseLambdaResult } from "../../integrations/lambda-result.ts";
import { proxyEvent, traceIdOf } from "../events.ts";
import type { WebSocketAuthorized } from "../execution.ts";
import type { RouteAnswer, WebSocketIntegrationType } from "./integration.ts";
import { mapAnswer, requestPayload } from "./mapped-payload.ts";

const NO_PAYLOAD = Buffer.from("{}");

export const lambda: WebSocketIntegrationType<WebSocketFunctionPlan> = {
  async call(event, plan, { clock, functions }) {
    const { byResourcePolicy, functionArn, sourceArn, timeoutMs } = plan;
    const caller = { principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: event.stage.account };
    const invocation = { functionArn, type: invocationType(event, plan), payload: payloadOf(event, plan), traceId: traceIdOf(event), ...(byResourcePolicy ? { caller } : {}) } as const;
    const result = await within(timeoutMs, clock, (signal) => functions.invoke({ ...invocation, signal })).catch((error: unknown) => {
      throw error instanceof FunctionCallError ? callRejection(error) : error;
    });
    return { status: result.status, headers: resultHeaders(result), body: result.payload, functionError: result.functionError };
  },

  mapResponse(event, { mapping }, answer) {
    if (mapping === undefined) return proxyAnswer(answer);
    // A function that fails lets nobody in, whatever its error is mapped to.
    if (event.eventType === "CONNECT" && answer.functionError !== undefined) throw failed(answer);
    return mapAnswer(event, mapping, answer, answer.functionError === undefined ? "" : functionErrorMessage(answer.body));
  },
};

/** `Event` invokes without waiting, as of REST APIs. */
function invocationType(event: WebSocketAuthorized, { mappings }: WebSocketFunctionPlan): "RequestResponse" | "Event" {
  const mapped = mappings.headers.find(({ lowerCaseName }) => lowerCaseName === "x-amz-invocation-type");
  return mapped?.value(event) === "Event" ? "Event" : "RequestResponse";
}

function payloadOf(event: WebSocketAuthorized, { mapping }: WebSocketFunctionPlan): Buffer {
  if (mapping === undefined) return Buffer.from(JSON.stringify(proxyEvent(event)), "utf8");
  const payload = requestPayload(event, mapping);
  return payload.length === 0 ? NO_PAYLOAD : payload;
}

/** A proxy's function has to answer with a response (guide: websocket-connect-route-subprotocol); what was not waited for is accepted. */
function proxyAnswer(answer: BackendAnswer): RouteAnswer {
  if (answer.status === 202) return { status: 202, headers: [], body: "" };
  if (answer.functionError !== undefined) throw failed(answer);
  const result = parseLambdaResult(answer.body);
  if (result === undefined) throw badGateway("Malformed Lambda proxy response");
  const { body, headers, isBase64Encoded, status } = result;
  if (!isBase64Encoded) return { status, headers, body };
  const decoded = decodeBase64(body);
  if (decoded === undefined) throw badGateway("Unable to base64 decode the body.");
  return { status, headers, body: decoded };
}

const failed = ({ body, functionError }: BackendAnswer) => badGateway(`Lambda execution failed: ${functionError} function error: ${functionErrorMessage(body)}`);
