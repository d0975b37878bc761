// What policies are asked about a call of a method, and what they may look at: the condition keys of every kind of caller
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html).
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

type CallerKey = (caller: Identity) => string | undefined;

/** Those that only callers have who have signed (the page's "Needs AuthN"). */
const CALLER_KEYS: Readonly<Record<string, CallerKey>> = {
  // "Key is present only in requests that are signed using temporary security credentials"; there is no MFA.
  "aws:multifactorauthpresent": ({ sessionToken }) => (sessionToken === undefined ? undefined : "false"),
  "aws:principalaccount": ({ principal }) => principal.account,
  "aws:principalarn": ({ principal }) => principal.roleArn ?? principal.arn,
  "aws:principaltype": ({ principal }) => principal.type,
  "aws:sourceidentity": ({ principal }) => principal.sourceIdentity,
  "aws:tokenissuetime": ({ issuedAt }) => (issuedAt === undefined ? undefined : new Date(issuedAt).toISOString()),
  "aws:userid": ({ principal }) => principal.userId,
  "aws:username": ({ principal }) => principal.userName,
};

const PRINCIPAL_TAG = "aws:principaltag/";

/** What may be done with APIs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigateway.html). */
export type ExecuteApiAction = "execute-api:Invoke" | "execute-api:InvalidateCache" | "execute-api:ManageConnections";

/** @param methodArn of the method that is to be called, by whomever. */
export const invocationOf = (judged: Judged, methodArn: string): PolicyRequest => anonymousRequest(judged, "execute-api:Invoke", methodArn);

function anonymousRequest(judged: Judged, action: ExecuteApiAction, resource: string): PolicyRequest {
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
export function requestBy(caller: Identity, judged: Judged, action: ExecuteApiAction, resource: string): PolicyRequest {
  const anonymous = anonymousRequest(judged, action, resource);
  const { account, arn, roleArn, userId } = caller.principal;
  return {
    ...anonymous,
    principal: { account, arn, userId, ...(roleArn !== undefined && { roleArn }) },
    context: (key) => callerValue(caller, key) ?? anonymous.context(key),
  };
}

function callerValue(caller: Identity, key: string): readonly string[] | undefined {
  const value = key.startsWith(PRINCIPAL_TAG) ? tagValue(caller, key.slice(PRINCIPAL_TAG.length)) : ownKey(caller, key);
  return value === undefined ? undefined : [value];
}

const ownKey = (caller: Identity, key: string): string | undefined => (Object.hasOwn(CALLER_KEYS, key) ? CALLER_KEYS[key]?.(caller) : undefined);

/** Names of tags are told apart by more than their case; condition keys are not. */
const tagValue = ({ principal }: Identity, lowerCaseName: string): string | undefined =>
  Object.entries(principal.tags).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1];
