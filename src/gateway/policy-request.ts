// What policies are asked about a call of a method, and what they may look at: the condition keys of every kind of caller
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html).
import type { PolicyRequest } from "../policy/index.ts";
import { lastHeader } from "../plan/index.ts";
import type { Routed } from "./execution.ts";

/** A request to an API of any kind. */
type Judged = Pick<Routed, "headers" | "receivedAt" | "request" | "sourceIp">;

type ConditionKey = (request: Judged) => string | undefined;

const CONDITION_KEYS: Readonly<Record<string, ConditionKey>> = {
  "aws:currenttime": ({ receivedAt }) => new Date(receivedAt).toISOString(),
  "aws:epochtime": ({ receivedAt }) => String(Math.floor(receivedAt / 1000)),
  "aws:referer": ({ headers }) => lastHeader(headers, "referer"),
  "aws:securetransport": ({ request }) => String(request.encrypted),
  "aws:sourceip": ({ sourceIp }) => sourceIp,
  "aws:useragent": ({ headers }) => lastHeader(headers, "user-agent"),
};

/** @param methodArn of the method that is to be called. */
export function invocationOf(judged: Judged, methodArn: string): PolicyRequest {
  return {
    action: "execute-api:Invoke",
    resource: methodArn,
    context(key) {
      const value = Object.hasOwn(CONDITION_KEYS, key) ? CONDITION_KEYS[key]?.(judged) : undefined;
      return value === undefined ? undefined : [value];
    },
  };
}
