// A test of an authorizer: asked once, for a request with AWS's synthetic context, and told with AWS's log. Whole logs
// are shown in github.com/sbarski/serverless-architectures-aws/issues/11 and, of one that fails before its function is
// called, in github.com/hashicorp/terraform-provider-aws/issues/737.
import type { LambdaAuthorizerPlan, StagePlan, TestablePlan, TokenAuthorizerPlan } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { Functions } from "../ports/functions.ts";
import type { Ids } from "../ports/ids.ts";
import type { AuthorizerTest, AuthorizerTestResult } from "../ports/test-invocation.ts";
import type { TokenVerifier } from "../ports/token-verifier.ts";
import type { Routed } from "./execution.ts";
import { headersText, logTime, mapText, masked, textOf, truncated } from "./execution-log-text.ts";
import { type AuthorizerEvent, type AuthorizerOutcome, type Identity, runAuthorizer } from "./lambda-authorizer.ts";
import { newTest } from "./test-invocation.ts";
import { judgeToken, tokenOf } from "./token-authorizer.ts";
import { unauthorized } from "./token-outcome.ts";

export interface TestedAuthorizer {
  /** A stage with one method, `GET /`, that the request is for. */
  readonly plan: StagePlan;
  readonly authorizer: TestablePlan;
  readonly test: AuthorizerTest;
}

export interface AuthorizerTesting {
  readonly functions: Functions;
  readonly tokenVerifier: TokenVerifier;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Adds lines to the log, with the time. */
type AddLines = (lines: readonly string[]) => void;

/** What an authorizer has made of a test. */
type Tested = Pick<AuthorizerTestResult, "clientStatus" | "principalId" | "policy" | "claims">;

/** Asks an authorizer once. A failure of the authorizer is an answer; it does not reject. */
export async function testAuthorizer(testing: AuthorizerTesting, { plan, authorizer, test }: TestedAuthorizer): Promise<AuthorizerTestResult> {
  const { clock, ids } = testing;
  const { body, headers, pathWithQuery, tester } = test;
  const invocation = { httpMethod: "GET", pathWithQuery, headers, body, tester };
  const execution = newTest({ plan, resourcePath: "/", invocation }, ids.uuid(), clock.now()) as Routed;
  const { receivedAt, requestId } = execution;
  let log = `Execution log for request ${requestId}\n`;
  const add: AddLines = (lines) => {
    const time = logTime(clock.now());
    for (const line of lines) log += `${time} : ${truncated(line)}\n`;
  };
  add([`Starting authorizer: ${authorizer.id} for request: ${requestId}`]);
  const tested =
    "trust" in authorizer
      ? await testToken(testing, execution, authorizer, add)
      : await testFunction(testing, execution, authorizer, test, add);
  return { ...tested, log, latencyMs: clock.now() - receivedAt };
}

async function testFunction(
  { clock, functions }: AuthorizerTesting,
  execution: Routed,
  authorizer: LambdaAuthorizerPlan,
  { additionalContext }: AuthorizerTest,
  add: AddLines,
): Promise<Tested> {
  const note = (event: AuthorizerEvent): void => add(eventLines(execution, authorizer, event));
  const outcome = await runAuthorizer(execution, authorizer, { functions, clock, additionalContext, note });
  add(outcomeLines(execution.requestId, outcome));
  const clientStatus = statusOf(outcome);
  if (outcome.type !== "authorized") return { clientStatus };
  const { principalId, policyDocument } = outcome.result;
  return { clientStatus, principalId, policy: JSON.stringify(policyDocument) };
}

/** "You can't use this feature to test access tokens" (https://repost.aws/knowledge-center/api-gateway-cognito-401-unauthorized). */
async function testToken(
  { tokenVerifier }: AuthorizerTesting,
  execution: Routed,
  authorizer: TokenAuthorizerPlan,
  add: AddLines,
): Promise<Tested> {
  const token = tokenOf(execution, authorizer);
  add([`Incoming identity: ${masked(token ?? "")}`]);
  const outcome = token === undefined ? unauthorized("there is no token") : await judgeToken(token, authorizer, tokenVerifier);
  if (outcome.type === "authorized") {
    add(["Successfully completed authorizer execution"]);
    return { clientStatus: 0, claims: outcome.claims };
  }
  add([`Unauthorized request: ${execution.requestId}`, outcome.message ?? outcome.reason]);
  return { clientStatus: outcome.type === "forbidden" ? 403 : 401 };
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
