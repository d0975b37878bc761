// What an API's resource policy says of a call, beside what an authorizer says
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
import { type DenyReason, evaluate, type Verdict } from "../policy/index.ts";
import { methodArn, methodArns } from "./authorizer-event.ts";
import type { Routed } from "./execution.ts";
import { invocationOf } from "./policy-request.ts";
import { Rejection } from "./rejection.ts";

/**
 * By the path as it travelled; what the policy denies is denied in every spelling. Undefined when the API has no policy.
 * Callers are anonymous: those of methods that are authorized by IAM, who have names, are judged by iam-decision.ts.
 */
export function judgedByResource(routed: Routed): Verdict | undefined {
  const { resourcePolicy } = routed.stage;
  if (resourcePolicy === undefined) return undefined;
  const verdicts = methodArns(routed).map((arn) => evaluate(resourcePolicy, invocationOf(routed, arn)));
  return verdicts.includes("Deny") ? "Deny" : verdicts[0];
}

/** @throws {Rejection} ACCESS_DENIED for an explicit denial, whatever else may allow the call */
export function assertNotDenied(routed: Routed, verdict: Verdict | undefined): void {
  if (verdict === "Deny") throw accessDenied(routed, "anonymous", "explicit");
}

/** "An implicit denial or any explicit denial results in denying the caller". @throws {Rejection} ACCESS_DENIED */
export function assertAllowed(routed: Routed, verdict: Verdict | undefined): void {
  assertNotDenied(routed, verdict);
  if (verdict === "NoMatch") throw accessDenied(routed, "anonymous", "implicit");
}

/** @param user the caller's ARN, or `anonymous` */
export const accessDenied = (routed: Routed, user: string, reason: DenyReason): Rejection => deniedAccess(methodArn(routed), routed.stage.account, user, reason);

/**
 * The words of https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden; the account as
 * github.com/ASFHyP3/hyp3/issues/2283 shows it.
 * @param resource the ARN of what is called
 */
export function deniedAccess(resource: string, account: string, user: string, reason: DenyReason): Rejection {
  const arn = resource.replace(`:${account}:`, `:********${account.slice(8)}:`);
  const how = reason === "explicit" ? " with an explicit deny" : "";
  return new Rejection("ACCESS_DENIED", { message: `User: ${user} is not authorized to perform: execute-api:Invoke on resource: ${arn}${how}` });
}
