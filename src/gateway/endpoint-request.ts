// What goes to the backend, as a log shows it.
import type { HeaderList } from "../ports/http-server.ts";
import type { Mapped } from "./execution.ts";
import { traceIdOf } from "./execution.ts";

export interface EndpointRequest {
  readonly uri: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array();

/** The request to the backend; undefined where there is none. */
export function endpointRequestOf(execution: Mapped): EndpointRequest | undefined {
  const { integrationRequest } = execution;
  switch (integrationRequest.type) {
    case "MOCK":
    case "CACHE":
      return undefined;
    case "HTTP": {
      const { origin, path, headers, body } = integrationRequest.upstream;
      return { uri: `${origin}${path}`, headers, body: body ?? NOTHING };
    }
    case "LAMBDA":
      return invocationOf(execution, integrationRequest.payload);
  }
}

/**
 * The invocation as a request to Lambda's endpoint, as AWS's logs show it. A local function is called without one: what
 * only a signed request has (date, hash, authorization, token) is left out.
 */
function invocationOf(execution: Mapped, payload: Uint8Array): EndpointRequest | undefined {
  const { integration } = execution.method;
  if (!("invocation" in integration)) return undefined;
  const { functionArn, sourceArn } = integration.invocation;
  const host = lambdaHost(functionArn);
  const { apiId } = execution.stage;
  const uri =
    integration.type === "AWS_PROXY_STREAM" ? `https://${host}/2021-11-15/functions/${functionArn}/response-streaming-invocations` : invokeUri(functionArn);
  const headers = [
    "x-amzn-apigateway-api-id", apiId,
    "Accept", "application/json",
    "User-Agent", `AmazonAPIGateway_${apiId}`,
    "Host", host,
    "X-Amzn-Trace-Id", traceIdOf(execution),
    "x-amzn-lambda-integration-tag", execution.requestId,
    "X-Amz-Source-Arn", sourceArn(execution),
  ];
  return { uri, headers, body: payload };
}

function lambdaHost(functionArn: string): string {
  const [, partition, , region = ""] = functionArn.split(":");
  return `lambda.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** Where a function is invoked (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export const invokeUri = (functionArn: string): string => `https://${lambdaHost(functionArn)}/2015-03-31/functions/${functionArn}/invocations`;
