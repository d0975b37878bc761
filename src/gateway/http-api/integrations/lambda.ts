// AWS_PROXY, to Lambda: the function gets the request as an event, and its answer is the response
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
import { decodeBase64, headerValue, lastHeader } from "../../../plan/index.ts";
import type { HttpFunctionTarget } from "../../../plan/http-api/index.ts";
import { FunctionCallError } from "../../../ports/functions.ts";
import { functionErrorMessage } from "../../function-error.ts";
import { resultHeaders } from "../../integrations/invoke-function.ts";
import type { HttpAuthorized } from "../execution.ts";
import { integrationEventOne } from "../events/format-one.ts";
import { integrationEventTwo } from "../events/format-two.ts";
import { callFunction, callRefusal, FunctionTimeout } from "../function-call.ts";
import { passedResponseHeaders } from "../passed-headers.ts";
import { brokenIntegration, HttpRejection } from "../rejection.ts";
import type { HttpIntegration, HttpRouteResponse } from "./integration.ts";
import { type FunctionResponse, parseFunctionResponse } from "./lambda-response.ts";

export const lambda: HttpIntegration<HttpFunctionTarget> = {
  async call(execution, plan, backends) {
    const result = await callFunction(execution, callOf(execution, plan), backends).catch((error: unknown) => {
      throw rejectionOf(error);
    });
    return { status: result.status, headers: resultHeaders(result), body: result.payload, functionError: result.functionError };
  },

  mapResponse(execution, { body, functionError }, { payloadFormat }) {
    if (functionError !== undefined) throw brokenIntegration(failureOf(body));
    const response = parseFunctionResponse(body, payloadFormat);
    if (typeof response === "string") throw brokenIntegration(response);
    return responseOf(execution, response);
  },
};

function callOf(execution: HttpAuthorized, plan: HttpFunctionTarget) {
  const event = plan.payloadFormat === "2.0" ? integrationEventTwo(execution) : integrationEventOne(execution);
  const { functionArn, byResourcePolicy, timeoutMs } = plan;
  return { functionArn, event, byResourcePolicy, sourceArn: plan.sourceArn(execution), timeoutMs };
}

/** The words are those of access logs in https://docs.dynatrace.com/docs/analyze-explore-automate/log-management-and-analytics. */
const failureOf = (payload: Buffer): string =>
  `The Lambda function returned the following error: ${functionErrorMessage(payload)}. Check your Lambda function code and try again.`;

/** 503 `Service Unavailable` for a function that is too slow, or called too often; 500 for one that cannot be called. */
function rejectionOf(error: unknown): unknown {
  if (error instanceof FunctionTimeout) return new HttpRejection("INTEGRATION_TIMEOUT", { reason: error.message, cause: error });
  if (!(error instanceof FunctionCallError)) return error;
  const reason = callRefusal(error, "integration");
  switch (error.code) {
    case "TooManyRequestsException":
      return new HttpRejection("SERVICE_UNAVAILABLE", { reason, cause: error });
    case "RequestTooLargeException":
      return new HttpRejection("REQUEST_TOO_LARGE", { reason, cause: error });
    case "AccessDeniedException":
    case "InvalidRequestContentException":
    case "ResourceNotFoundException":
    case "ServiceException":
      return brokenIntegration(reason, error);
  }
}

function responseOf(execution: HttpAuthorized, { status, headers: given, body, isBase64Encoded }: FunctionResponse): HttpRouteResponse {
  const headers = passedResponseHeaders(execution, given.map((text, at) => (at % 2 === 0 ? text : headerValue(text))));
  // As https://aasisodiya.github.io/nodejs/nodejs-aws/nodejs-aws-apigw shows it.
  if (lastHeader(headers, "content-type") === undefined) headers.unshift("content-type", "text/plain; charset=utf-8");
  if (!isBase64Encoded) return { status, headers, body };
  const decoded = decodeBase64(body as string);
  if (decoded === undefined) throw brokenIntegration("The body of the function's response is not the base64 that it is said to be");
  return { status, headers, body: decoded };
}
