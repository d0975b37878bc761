// The evaluation logic, row by row:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
import { describe, expect, test } from "vitest";
import { compilePolicy, decide, type Decision, type Policies, type Policy, type PrincipalFacts } from "./index.ts";

const account = "111122223333";
const USER: PrincipalFacts = { account, arn: `arn:aws:iam::${account}:user/exampleuser`, userId: "AIDAUSER" };
const SESSION: PrincipalFacts = {
  account,
  arn: `arn:aws:sts::${account}:assumed-role/examplerole/examplerolesessionname`,
  userId: "AROAROLE:examplerolesessionname",
  roleArn: `arn:aws:iam::${account}:role/examplerole`,
};
const FEDERATED: PrincipalFacts = {
  account, arn: `arn:aws:sts::${account}:federated-user/exampleuser`, userId: `${account}:exampleuser`, federatingUserArn: USER.arn as string,
};
const ROOT: PrincipalFacts = { account, arn: `arn:aws:iam::${account}:root`, userId: account };
const SERVICE: PrincipalFacts = { service: "apigateway.amazonaws.com" };

const policy = (Effect: string, Action = "*"): Policy => compilePolicy({ Statement: { Effect, Action, Resource: "*" } });
const allow = policy("Allow");
const deny = policy("Deny");
const other = policy("Allow", "s3:*");
const grant = (Principal: unknown, Effect = "Allow"): Policy =>
  compilePolicy({ Statement: { Effect, Action: "*", Resource: "*", Principal } }, { resourceBased: true });
const grantTo = (AWS: string | undefined): Policy => grant({ AWS });

const decided = (principal: PrincipalFacts | undefined, policies: Policies): Decision =>
  decide(policies, {
    action: "execute-api:Invoke",
    resource: "arn:aws:execute-api:us-east-1:111122223333:a/b/GET/c",
    context: () => undefined,
    ...(principal === undefined ? {} : { principal }),
  });
const ALLOWED: Decision = { allowed: true };
const implicit = (by: "identity" | "boundary" | "session" | "resource"): Decision => ({ allowed: false, reason: "implicit", by });
const explicit = (by: "identity" | "boundary" | "session" | "resource"): Decision => ({ allowed: false, reason: "explicit", by });

type Rows = readonly (readonly [name: string, caller: PrincipalFacts | undefined, policies: Policies, decision: Decision])[];

describe("within an account", () => {
  const rows: Rows = [
    ["no policies at all", USER, {}, implicit("identity")],
    ["the root user needs none", ROOT, {}, ALLOWED],
    ["... and is denied explicitly", ROOT, { resource: grant("*", "Deny") }, explicit("resource")],
    ["an identity policy that allows", USER, { identity: [other, allow] }, ALLOWED],
    ["identity policies that do not", USER, { identity: [other] }, implicit("identity")],
    ["an explicit deny among identity policies", USER, { identity: [allow, deny] }, explicit("identity")],
    ["either of identity and resource policy is enough: identity", USER, { identity: [allow], resource: grantTo(SESSION.arn) }, ALLOWED],
    ["either of identity and resource policy is enough: resource", USER, { identity: [other], resource: grantTo(USER.arn) }, ALLOWED],
    ["an explicit deny of the resource policy", USER, { identity: [allow], resource: grant("*", "Deny") }, explicit("resource")],
    ["an explicit deny of the identity policy", USER, { identity: [deny], resource: grantTo(USER.arn) }, explicit("identity")],
    ["a boundary that allows", USER, { identity: [allow], boundary: allow }, ALLOWED],
    ["a boundary that does not", USER, { identity: [allow], boundary: other }, implicit("boundary")],
    ["a boundary that denies", USER, { identity: [allow], boundary: deny }, explicit("boundary")],
    ["a boundary grants nothing", USER, { boundary: allow }, implicit("identity")],
    ["a session policy that allows", SESSION, { identity: [allow], session: [other, allow] }, ALLOWED],
    ["a session policy that does not", SESSION, { identity: [allow], session: [other] }, implicit("session")],
    ["a session policy that denies", SESSION, { identity: [allow], session: [allow, deny] }, explicit("session")],
    ["a session policy grants nothing", SESSION, { session: [allow] }, implicit("identity")],
    ["a role's session without session policies", SESSION, { identity: [allow], session: [] }, ALLOWED],
    ["a federated user's session without session policies", FEDERATED, { identity: [allow] }, implicit("session")],
    ["a federated user's session with one", FEDERATED, { identity: [allow], session: [allow] }, ALLOWED],
    ["boundary before session", SESSION, { identity: [allow], boundary: other, session: [other] }, implicit("boundary")],
    // An account "delegates authority to the account", whose identity policies decide.
    ["a resource policy that names the account", USER, { resource: grantTo(account) }, implicit("identity")],
    ["... with an identity policy", USER, { resource: grantTo(account), identity: [allow] }, ALLOWED],
  ];
  test.each(rows)("%s", (_name, caller, policies, expected) => {
    expect(decided(caller, policies)).toEqual(expected);
  });
});

describe("resource policies and implicit denies of other policies", () => {
  const limits: Policies = { identity: [other], boundary: other, session: [other] };
  const rows: Rows = [
    ["a role's ARN is limited by the boundary", SESSION, { boundary: other, resource: grantTo(SESSION.roleArn) }, implicit("boundary")],
    ["a role's ARN is limited by session policies", SESSION, { session: [other], resource: grantTo(SESSION.roleArn) }, implicit("session")],
    ["a role's ARN is not limited by identity policies", SESSION, { identity: [other], resource: grantTo(SESSION.roleArn) }, ALLOWED],
    ["a role's unique id likewise", SESSION, { boundary: other, resource: grantTo("AROAROLE") }, implicit("boundary")],
    ["a session's ARN is limited by none", SESSION, { ...limits, resource: grantTo(SESSION.arn) }, ALLOWED],
    ["a user's ARN is limited by none", USER, { identity: [other], boundary: other, resource: grantTo(USER.arn) }, ALLOWED],
    ["a federated user's ARN is limited by none", FEDERATED, { ...limits, resource: grantTo(FEDERATED.arn) }, ALLOWED],
    ["the ARN of the user who federated is limited", FEDERATED, { session: [other], resource: grantTo(USER.arn) }, implicit("session")],
    // "do not limit permissions granted ... with a wildcard(*) in the Principal element, unless the identity-based policies contain an explicit deny"
    ["everybody is limited by none", SESSION, { ...limits, resource: grant("*") }, ALLOWED],
    ["everybody, with an explicit deny", SESSION, { ...limits, boundary: deny, resource: grant("*") }, explicit("boundary")],
  ];
  test.each(rows)("%s", (_name, caller, policies, expected) => {
    expect(decided(caller, policies)).toEqual(expected);
  });

  test("the closest of several grants counts", () => {
    const Statement = [SESSION.roleArn, SESSION.arn, account].map((AWS) => ({ Effect: "Allow", Action: "*", Resource: "*", Principal: { AWS } }));
    expect(decided(SESSION, { ...limits, resource: compilePolicy({ Statement }, { resourceBased: true }) })).toEqual(ALLOWED);
    const issuerLast = compilePolicy({ Statement: [Statement[2], Statement[0]] }, { resourceBased: true });
    expect(decided(SESSION, { identity: [other], resource: issuerLast })).toEqual(ALLOWED);
  });

  test("NotPrincipal with Deny always denies a caller with a boundary (access_policies_boundaries)", () => {
    const NotPrincipal = { AWS: [USER.arn, account] };
    const resource = compilePolicy({ Statement: { Effect: "Deny", Action: "*", Resource: "*", NotPrincipal } }, { resourceBased: true });
    expect(decided(USER, { identity: [allow], resource })).toEqual(ALLOWED);
    expect(decided(USER, { identity: [allow], resource, boundary: allow })).toEqual(explicit("resource"));
  });
});

describe("across accounts (reference_policies_evaluation-logic-cross-account)", () => {
  const rows: Rows = [
    ["both allow", USER, { crossAccount: true, identity: [allow], resource: grantTo(USER.arn) }, ALLOWED],
    ["both allow, by the account", USER, { crossAccount: true, identity: [allow], resource: grantTo(account) }, ALLOWED],
    ["the identity's alone", USER, { crossAccount: true, identity: [allow] }, implicit("resource")],
    ["the identity's alone, with a policy for others", USER,
      { crossAccount: true, identity: [allow], resource: grantTo(SESSION.arn) }, implicit("resource")],
    ["the resource's alone", USER, { crossAccount: true, resource: grantTo(USER.arn) }, implicit("identity")],
    ["everybody, without an identity policy", USER, { crossAccount: true, resource: grant("*") }, implicit("identity")],
    ["a boundary limits", USER, { crossAccount: true, identity: [allow], boundary: other, resource: grantTo(USER.arn) }, implicit("boundary")],
    ["session policies limit", SESSION,
      { crossAccount: true, identity: [allow], session: [other], resource: grantTo(SESSION.arn) }, implicit("session")],
    ["the other account's root user", ROOT, { crossAccount: true, resource: grantTo(account) }, ALLOWED],
    ["the other account's root user without a grant", ROOT, { crossAccount: true }, implicit("resource")],
    ["an explicit deny", USER, { crossAccount: true, identity: [allow, deny], resource: grantTo(USER.arn) }, explicit("identity")],
  ];
  test.each(rows)("%s", (_name, caller, policies, expected) => {
    expect(decided(caller, policies)).toEqual(expected);
  });
});

describe("where the resource's policy must allow, as a role's trust policy", () => {
  const rows: Rows = [
    ["an identity policy is not enough", USER, { resourceMustAllow: true, identity: [allow], resource: grant({ Service: "apigateway.amazonaws.com" }) },
      implicit("resource")],
    ["nor is being the root user", ROOT, { resourceMustAllow: true }, implicit("resource")],
    ["the user is named", USER, { resourceMustAllow: true, resource: grantTo(USER.arn) }, ALLOWED],
    ["the account is named, whose policies allow", USER, { resourceMustAllow: true, identity: [allow], resource: grantTo(account) }, ALLOWED],
    ["the account is named, whose policies do not", USER, { resourceMustAllow: true, resource: grantTo(account) }, implicit("identity")],
  ];
  test.each(rows)("%s", (_name, caller, policies, expected) => {
    expect(decided(caller, policies)).toEqual(expected);
  });
});

describe("callers without policies of their own", () => {
  const rows: Rows = [
    ["a service that is named", SERVICE, { resource: grant({ Service: "apigateway.amazonaws.com" }), crossAccount: true }, ALLOWED],
    ["a service that is not", SERVICE, { resource: grant({ Service: "s3.amazonaws.com" }) }, implicit("resource")],
    ["a service and no resource policy", SERVICE, { identity: [allow] }, implicit("resource")],
    ["anonymous, and everybody may", undefined, { resource: grant("*") }, ALLOWED],
    ["anonymous, and no resource policy", undefined, {}, implicit("resource")],
    ["anonymous, and denied", undefined, { resource: grant("*", "Deny") }, explicit("resource")],
  ];
  test.each(rows)("%s", (_name, caller, policies, expected) => {
    expect(decided(caller, policies)).toEqual(expected);
  });
});
