// AWS_PROXY: the function gets the whole request and returns the whole response
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
import { decodeBase64, firstMediaTypeOf, headerValue, lastHeader } from "../../plan/index.ts";
import type { LambdaProxyPlan } from "../../plan/index.ts";
import type { Authorized, Integrated, IntegrationRequest } from "../execution.ts";
import { addHeader, RESPONSE_RULES } from "../header-rules.ts";
import { configurationError, Rejection } from "../rejection.ts";
import type { Integration } from "./integration.ts";
import { invokeFunction } from "./invoke-function.ts";
import { lambdaEvent } from "./lambda-event.ts";
import { parseLambdaResult } from "./lambda-result.ts";
import type { LambdaResult } from "./lambda-result.ts";

export const lambdaProxy: Integration<LambdaProxyPlan> = {
  mapRequest: proxyInvocation,

  call(execution, plan, backends) {
    return invokeFunction(execution, plan.invocation, backends);
  },

  mapResponse(execution) {
    const { functionError, integrationBody } = execution;
    if (functionError !== undefined) throw badGateway(`Lambda execution failed: ${functionError} function error`);
    const result = parseLambdaResult(integrationBody);
    if (result === undefined) throw badGateway("Malformed Lambda proxy response");
    return { status: result.status, headers: responseHeaders(result.headers), body: responseBody(execution, result) };
  },
};

/** The whole request as an event. */
export function proxyInvocation(execution: Authorized): IntegrationRequest {
  const payload = Buffer.from(JSON.stringify(lambdaEvent(execution)), "utf8");
  return { type: "LAMBDA", invocationType: "RequestResponse", payload, isJson: true };
}

/** AWS answers 502 for a function that fails or returns something else than a response. */
export const badGateway = (reason: string): Rejection => new Rejection("API_CONFIGURATION_ERROR", { status: 502, reason });

export function responseHeaders(list: readonly string[]): readonly string[] {
  const headers: string[] = [];
  let hasContentType = false;
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    hasContentType ||= name.toLowerCase() === "content-type";
    addHeader(headers, RESPONSE_RULES.lambda(name), name, headerValue(list[i + 1] as string));
  }
  if (!hasContentType) headers.unshift("Content-Type", "application/json");
  return headers;
}

/**
 * Base64 is decoded when the first media type of the request's Accept header is binary, and sent as text otherwise
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html).
 */
function responseBody({ headers, stage }: Integrated, { body, isBase64Encoded }: LambdaResult): Uint8Array | string {
  if (!isBase64Encoded || !stage.binaryMediaTypes.includes(firstMediaTypeOf(lastHeader(headers, "accept")))) return body;
  const decoded = decodeBase64(body);
  if (decoded === undefined) throw configurationError("Unable to base64 decode the body.");
  return decoded;
}
