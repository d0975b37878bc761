// What policies are asked about a call of a method, and what they may look at: the condition keys of every kind of caller
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html).
import { callerKey } from "../domain/condition-keys.ts";
import type { PolicyRequest } from "../policy/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { Identity } from "../ports/identities.ts";
import type { Routed } from "./execution.ts";

/** A request to an API of any kind. */
export type Judged = Pick<Routed, "headers" | "receivedAt" | "request" | "sourceIp">;

type ConditionKey = (request: Judged) => string | undefined;

const CONDITION_KEYS: Readonly<Record<string, ConditionKey>> = {
  "aws:currenttime": ({ receivedAt }) => new Date(receivedAt).toISOString(),
  "aws:epochtime": ({ receivedAt }) => String(Math.floor(receivedAt / 1000)),
  "aws:referer": ({ headers }) => lastHeader(headers, "referer"),
  "aws:securetransport": ({ request }) => String(request.encrypted),
  "aws:sourceip": ({ sourceIp }) => sourceIp,
  "aws:useragent": ({ headers }) => lastHeader(headers, "user-agent"),
};

/** What may be done with APIs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigateway.html). */
type ExecuteApiAction = "execute-api:Invoke" | "execute-api:InvalidateCache" | "execute-api:ManageConnections";

/** What the gateway asks of policies: the same, and what a method's caller does by itself. */
export type JudgedAction = ExecuteApiAction | "lambda:InvokeFunction";

/** @param methodArn of the method that is to be called, by whomever. */
export const invocationOf = (judged: Judged, methodArn: string): PolicyRequest => anonymousRequest(judged, "execute-api:Invoke", methodArn);

function anonymousRequest(judged: Judged, action: JudgedAction, resource: string): PolicyRequest {
  return {
    action,
    resource,
    context(key) {
      const value = Object.hasOwn(CONDITION_KEYS, key) ? CONDITION_KEYS[key]?.(judged) : undefined;
      return value === undefined ? undefined : [value];
    },
  };
}

/** The same with a caller who has signed. @param resource an ARN */
export function requestBy(caller: Identity, judged: Judged, action: JudgedAction, resource: string): PolicyRequest {
  const anonymous = anonymousRequest(judged, action, resource);
  const { account, arn, roleArn, userId } = caller.principal;
  return {
    ...anonymous,
    principal: { account, arn, userId, ...(roleArn !== undefined && { roleArn }) },
    // Those that only callers have who have signed (the page's "Needs AuthN") go first.
    context(key) {
      const value = callerKey(caller, key);
      return value === undefined ? anonymous.context(key) : [value];
    },
  };
}
