// The resource policy of a function: how statements are written, and which of them let a service invoke.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
import { arnLike } from "./arn-like.ts";
import type { ServiceCaller } from "../../ports/functions.ts";

/** A statement, its members in the order in which the service writes them. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*" | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  /** Operator to condition key to value. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The policy's text, as GetPolicy gives it. */
export const policyText = (statements: readonly PolicyStatement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });

/** Whether a statement lets a service invoke a function on behalf of its source. */
export function allowsInvocation(statement: PolicyStatement, caller: ServiceCaller): boolean {
  return (
    matchesPrincipal(statement.Principal, caller.principal) &&
    matchesAction(statement.Action) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, value]) => holds(operator, key, value, caller)),
    )
  );
}

function matchesPrincipal(principal: PolicyStatement["Principal"], service: string): boolean {
  if (principal === "*") return true;
  return "Service" in principal && principal.Service === service;
}

/** Actions are compared without regard to case, as in all policies. */
function matchesAction(action: string): boolean {
  const lower = action.toLowerCase();
  return lower === "*" || lower === "lambda:*" || lower === "lambda:invokefunction";
}

/** A key that a service's invocation does not carry (an event source token, an organization ...) is never matched. */
function holds(operator: string, key: string, value: string, caller: ServiceCaller): boolean {
  if (operator === "ArnLike" && key === "AWS:SourceArn") return arnLike(value, caller.sourceArn);
  if (operator === "StringEquals" && key === "AWS:SourceAccount") return value === caller.sourceAccount;
  return false;
}
