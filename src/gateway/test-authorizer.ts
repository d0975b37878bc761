// A test of a Lambda authorizer: asked once, for a request with AWS's synthetic context, and told with AWS's log. Whole logs
// are shown in github.com/sbarski/serverless-architectures-aws/issues/11 and, of one that fails before its function is
// called, in github.com/hashicorp/terraform-provider-aws/issues/737.
import type { LambdaAuthorizerPlan, StagePlan } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { Functions } from "../ports/functions.ts";
import type { Ids } from "../ports/ids.ts";
import type { AuthorizerTest, AuthorizerTestResult } from "../ports/test-invocation.ts";
import type { Routed } from "./execution.ts";
import { headersText, logTime, mapText, masked, textOf, truncated } from "./execution-log-text.ts";
import { type AuthorizerEvent, type AuthorizerOutcome, type Identity, runAuthorizer } from "./lambda-authorizer.ts";
import { newTest } from "./test-invocation.ts";

export interface TestedAuthorizer {
  /** A stage with one method, `GET /`, that the request is for. */
  readonly plan: StagePlan;
  readonly authorizer: LambdaAuthorizerPlan;
  readonly test: AuthorizerTest;
}

export interface AuthorizerTesting {
  readonly functions: Functions;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Asks an authorizer once. A failure of the authorizer is an answer; it does not reject. */
export async function testAuthorizer(testing: AuthorizerTesting, { plan, authorizer, test }: TestedAuthorizer): Promise<AuthorizerTestResult> {
  const { clock, functions, ids } = testing;
  const { additionalContext, body, headers, pathWithQuery, tester } = test;
  const invocation = { httpMethod: "GET", pathWithQuery, headers, body, tester };
  const execution = newTest({ plan, resourcePath: "/", invocation }, ids.uuid(), clock.now()) as Routed;
  const { receivedAt, requestId } = execution;
  let log = `Execution log for request ${requestId}\n`;
  const add = (lines: readonly string[]): void => {
    const time = logTime(clock.now());
    for (const line of lines) log += `${time} : ${truncated(line)}\n`;
  };
  add([`Starting authorizer: ${authorizer.id} for request: ${requestId}`]);
  const note = (event: AuthorizerEvent): void => add(eventLines(execution, authorizer, event));
  const outcome = await runAuthorizer(execution, authorizer, { functions, clock, additionalContext, note });
  add(outcomeLines(requestId, outcome));
  const measured = { clientStatus: statusOf(outcome), log, latencyMs: clock.now() - receivedAt };
  if (outcome.type !== "authorized") return measured;
  const { principalId, policyDocument } = outcome.result;
  return { ...measured, principalId, policy: JSON.stringify(policyDocument) };
}

function eventLines(execution: Routed, authorizer: LambdaAuthorizerPlan, event: AuthorizerEvent): readonly string[] {
  switch (event.type) {
    case "identified":
      return [`Incoming identity: ${identityText(authorizer, event.identities)}`];
    case "invoked": {
      const uri = endpointOf(event.functionArn);
      return [
        `Endpoint request URI: ${uri}`,
        `Endpoint request headers: ${headersText(endpointHeaders(execution, authorizer))}`,
        `Endpoint request body after transformations: ${textOf(event.payload)}`,
        `Sending request to ${uri}`,
      ];
    }
    case "answered":
      return [`Authorizer result body before parsing: ${textOf(event.payload)}`];
  }
}

/** A token alone, or each of several values with where it is from. */
function identityText({ type }: LambdaAuthorizerPlan, identities: readonly Identity[]): string {
  if (type === "TOKEN") return masked(identities[0]?.value ?? "");
  return mapText(identities.flatMap(({ expression, value }) => (value === undefined ? [] : [expression, masked(value)])));
}

function endpointOf(functionArn: string): string {
  const [, partition, , region = ""] = functionArn.split(":");
  return `https://lambda.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/2015-03-31/functions/${functionArn}/invocations`;
}

/** Without what only a signed request has: local functions are called without one. */
function endpointHeaders({ requestId, stage }: Routed, { byResourcePolicy, sourceArn }: LambdaAuthorizerPlan): readonly string[] {
  return [
    "x-amzn-lambda-integration-tag", requestId,
    "x-amzn-apigateway-api-id", stage.apiId,
    ...(byResourcePolicy ? ["X-Amz-Source-Arn", sourceArn] : []),
    "Accept", "application/json",
    "User-Agent", `AmazonAPIGateway_${stage.apiId}`,
  ];
}

function outcomeLines(requestId: string, outcome: AuthorizerOutcome): readonly string[] {
  switch (outcome.type) {
    case "authorized":
      return [`Using valid authorizer policy for principal: ${masked(outcome.result.principalId)}`, "Successfully completed authorizer execution"];
    case "unauthorized":
      return [`Unauthorized request: ${requestId}`, "Unauthorized"];
    case "failed":
      return [...outcome.reasons, outcome.errorType];
  }
}

/** "Value is 0 if the authorizer succeeded" (https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeAuthorizer.html). */
function statusOf({ type }: AuthorizerOutcome): number {
  if (type === "authorized") return 0;
  return type === "unauthorized" ? 401 : 500;
}
