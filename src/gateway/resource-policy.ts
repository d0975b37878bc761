// What an API's resource policy says of a call, beside what an authorizer says
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
import { evaluate, type Verdict } from "../policy/index.ts";
import { methodArn, methodArns } from "./authorizer-event.ts";
import type { Routed } from "./execution.ts";
import { invocationOf } from "./policy-request.ts";
import { Rejection } from "./rejection.ts";

/**
 * By the path as it travelled; what the policy denies is denied in every spelling. Undefined when the API has no policy.
 * Callers are anonymous: methods that are authorized by IAM, whose callers have names, are not built.
 */
export function judgedByResource(routed: Routed): Verdict | undefined {
  const { resourcePolicy } = routed.stage;
  if (resourcePolicy === undefined) return undefined;
  const verdicts = methodArns(routed).map((arn) => evaluate(resourcePolicy, invocationOf(routed, arn)));
  return verdicts.includes("Deny") ? "Deny" : verdicts[0];
}

/** @throws {Rejection} ACCESS_DENIED for an explicit denial, whatever else may allow the call */
export function assertNotDenied(routed: Routed, verdict: Verdict | undefined): void {
  if (verdict === "Deny") throw denied(routed, " with an explicit deny");
}

/** "An implicit denial or any explicit denial results in denying the caller". @throws {Rejection} ACCESS_DENIED */
export function assertAllowed(routed: Routed, verdict: Verdict | undefined): void {
  assertNotDenied(routed, verdict);
  if (verdict === "NoMatch") throw denied(routed, "");
}

/** The words of https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer; the account as github.com/ASFHyP3/hyp3/issues/2283 shows it. */
function denied(routed: Routed, how: string): Rejection {
  const { account } = routed.stage;
  const arn = methodArn(routed).replace(`:${account}:`, `:********${account.slice(8)}:`);
  return new Rejection("ACCESS_DENIED", { message: `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${arn}${how}` });
}
