// Condition keys that policies know of whoever calls
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
import type { Principal } from "./principal.ts";

/** Somebody whose credentials are known to be good. */
export interface KnownCaller {
  readonly principal: Principal;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  /** When temporary credentials were made, in milliseconds since the epoch. */
  readonly issuedAt?: number;
}

type CallerKey = (caller: KnownCaller) => string | undefined;

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

/** The value of a condition key about the caller; undefined when there is none. @param key in lower case */
export function callerKey(caller: KnownCaller, key: string): string | undefined {
  if (key.startsWith(PRINCIPAL_TAG)) return tagValue(caller.principal.tags, key.slice(PRINCIPAL_TAG.length));
  return Object.hasOwn(CALLER_KEYS, key) ? CALLER_KEYS[key]?.(caller) : undefined;
}

/** Names of tags are told apart by more than their case; condition keys are not. */
export const tagValue = (tags: Readonly<Record<string, string>>, lowerCaseName: string): string | undefined =>
  Object.entries(tags).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1];
