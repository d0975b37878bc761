// The elements of a policy, each as its page has it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
import { describe, expect, test } from "vitest";
import { compilePolicy, evaluate, type PolicyKind, type PrincipalFacts, type Verdict } from "./index.ts";

type Values = Readonly<Record<string, readonly string[]>>;

const API = "arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets";

function verdict(
  document: unknown,
  { action = "execute-api:Invoke", resource = API, principal, context = {} }: {
    action?: string; resource?: string; principal?: PrincipalFacts; context?: Values;
  } = {},
  kind: PolicyKind = {},
): Verdict {
  const held = new Map(Object.entries(context));
  const caller = principal === undefined ? {} : { principal };
  return evaluate(compilePolicy(document, kind), { action, resource, ...caller, context: (key) => held.get(key) });
}

const allow = (members: object, Version: string | undefined = "2012-10-17") => ({
  ...(Version === undefined ? {} : { Version }),
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...members }],
});

describe("Effect and Statement (reference_policies_elements_effect, ..._statement)", () => {
  const statement = { Effect: "Allow", Action: "*", Resource: "*" };
  const deny = { ...statement, Effect: "Deny" };
  test.each([
    ["one statement without a list", statement, "Allow"],
    ["a list", [statement], "Allow"],
    ["an explicit deny after an allow", [statement, deny], "Deny"],
    ["an explicit deny before an allow", [deny, statement], "Deny"],
    ["no statement that applies", [{ ...statement, Action: "s3:*" }], "NoMatch"],
    ["a deny that does not apply", [statement, { ...deny, Action: "s3:*" }], "Allow"],
  ] as const)("%s", (_name, Statement, expected) => {
    expect(verdict({ Version: "2012-10-17", Statement })).toBe(expected);
    expect(verdict(JSON.stringify({ Version: "2012-10-17", Statement }))).toBe(expected);
  });
});

describe("Action and NotAction (reference_policies_elements_action, ..._notaction)", () => {
  test.each([
    [{ Action: "execute-api:Invoke" }, "execute-api:Invoke", true],
    [{ Action: "EXECUTE-API:invoke" }, "execute-api:Invoke", true],
    [{ Action: "execute-api:*" }, "execute-api:InvalidateCache", true],
    [{ Action: "execute-api:Inv*e" }, "execute-api:InvalidateCache", true],
    [{ Action: "execute-api:Inv*e" }, "execute-api:ManageConnections", false],
    [{ Action: "execute-api:Invok?" }, "execute-api:Invoke", true],
    [{ Action: "execute-api:Invoke?" }, "execute-api:Invoke", false],
    [{ Action: "*" }, "apigateway:GET", true],
    [{ Action: ["s3:*", "apigateway:GET"] }, "apigateway:GET", true],
    [{ Action: "iam:*AccessKey*" }, "iam:UpdateAccessKey", true],
    [{ Action: undefined, NotAction: "execute-api:Invoke" }, "execute-api:Invoke", false],
    [{ Action: undefined, NotAction: ["s3:*", "EXECUTE-API:INVOKE"] }, "execute-api:Invoke", false],
    [{ Action: undefined, NotAction: ["s3:*"] }, "execute-api:Invoke", true],
  ])("%j and %s: %s", (members, action, applies) => {
    expect(verdict(JSON.parse(JSON.stringify(allow(members))), { action })).toBe(applies ? "Allow" : "NoMatch");
  });
});

describe("Resource and NotResource (reference_policies_elements_resource)", () => {
  const bucket = "arn:aws:s3:::amzn-s3-demo-bucket";
  test.each([
    // "The asterisk can expand to replace everything within a segment, including characters like a forward slash": the page's lists.
    ...["/1/test/object.jpg", "/1/2/test/object.jpg", "/1/2/test/3/object.jpg", "/1/2/3/test/4/object.jpg", "/1///test///object.jpg",
      "/1/test/.jpg", "//test/object.jpg", "/1/test/"].map((key) => [`${bucket}/*/test/*`, bucket + key, true] as const),
    ...["/1-test/object.jpg", "/test/object.jpg", "/1/2/test.jpg"].map((key) => [`${bucket}/*/test/*`, bucket + key, false] as const),
    ["*", API, true],
    [API, API, true],
    [API.toUpperCase(), API, false],
    ["arn:aws:execute-api:us-east-1:123456789012:abc123/prod/*/pets", API, true],
    ["arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pet?", API, true],
    ["arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/pets?", API, false],
    // "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries."
    ["arn:aws:execute-api:*", API, true],
    ["arn:aws:execute-api:*:abc123/*", API, true],
    ["arn:aws:*:123456789012:*", API, true],
    // ... and a wildcard elsewhere in a segment stays there.
    ["arn:aws:execute-api:us-*-1:123456789012:abc123/*", API, true],
    ["arn:aws:exec*1:123456789012:abc123/*", API, false],
    ["arn:aws:exec*i:us-east-1:123456789012:abc123/*", API, true],
    ["arn:aws:execute-api:us-east-1?123456789012:abc123/*", API, false],
    ["arn:aws:execute-api:us-east-?:123456789012:abc123/*", API, true],
    // After the fifth colon all is the resource, colons too.
    ["arn:aws:lambda:us-east-1:123456789012:function:*-a:b", "arn:aws:lambda:us-east-1:123456789012:function:x:y-a:b", true],
    ["arn:aws:lambda:us-east-1:123456789012:function?a", "arn:aws:lambda:us-east-1:123456789012:function:a", true],
  ] as const)("%s and %s: %s", (text, resource, applies) => {
    expect(verdict(allow({ Resource: text }), { resource })).toBe(applies ? "Allow" : "NoMatch");
    expect(verdict(allow({ Resource: ["arn:aws:sqs:::none", text] }), { resource })).toBe(applies ? "Allow" : "NoMatch");
    const not = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", NotResource: text } };
    expect(verdict(not, { resource })).toBe(applies ? "NoMatch" : "Allow");
  });
});

describe("Variables (reference_policies_variables)", () => {
  const at = "arn:aws:execute-api:us-east-1:123456789012:abc123/prod/GET/users/";
  const context = { "aws:username": ["bob"], "aws:principaltag/team": [""], "aws:tagkeys": ["a", "b"], "t:star": ["*"] };
  test.each([
    ["${aws:username}/*", "bob/orders", true],
    ["${aws:username}/*", "alice/orders", false],
    ["${AWS:UserName}", "bob", true],
    ["${aws:username, 'nobody'}", "bob", true],
    ["${aws:missing, 'nobody'}", "nobody", true],
    ["${aws:missing,'nobody'}", "nobody", true],
    // "The resource that includes a policy variable with no value will not match any resource."
    ["${aws:missing}", "", false],
    ["${aws:missing}*", "anything", false],
    ["${aws:PrincipalTag/team}*", "anything", false],
    ["${aws:PrincipalTag/team, 'none'}", "none", true],
    // "You can't use a multivalued condition key as a variable."
    ["${aws:TagKeys}", "a", false],
    ["${aws:TagKeys, 'x'}", "x", false],
    // Characters that would be wildcards otherwise.
    ["${*}", "*", true],
    ["${*}", "x", false],
    ["${?}", "?", true],
    ["${?}", "x", false],
    ["${$}{aws:username}", "${aws:username}", true],
    // A value's own characters are no wildcards.
    ["${t:star}", "anything", false],
    ["${t:star}", "*", true],
    // What is no variable is text.
    ["${aws:username", "${aws:username", true],
    ["$aws", "$aws", true],
  ])("%s and %s: %s", (text, name, applies) => {
    expect(verdict(allow({ Resource: at + text }), { resource: at + name, context })).toBe(applies ? "Allow" : "NoMatch");
  });

  test.each(["2008-10-17", undefined])("are literal text in version %s (reference_policies_elements_version)", (version) => {
    const document = { ...allow({ Resource: `${at}\${aws:username}` }), Version: version };
    const policy = JSON.parse(JSON.stringify(document)) as object;
    expect(verdict(policy, { resource: `${at}bob`, context })).toBe("NoMatch");
    expect(verdict(policy, { resource: `${at}\${aws:username}`, context })).toBe("Allow");
  });

  test("are known in a document without Version where that is the kind's version", () => {
    const policy = { Statement: allow({ Resource: `${at}\${aws:username}` }).Statement };
    expect(verdict(policy, { resource: `${at}bob`, context }, { defaultVersion: "2012-10-17" })).toBe("Allow");
  });

  test("a variable without value is refused by none but the negated operators (Policy variables with no value)", () => {
    const condition = (operator: string) => allow({ Condition: { [operator]: { "aws:username": "${aws:missing}" } } });
    expect(verdict(condition("StringEquals"), { context })).toBe("NoMatch");
    expect(verdict(condition("StringLike"), { context })).toBe("NoMatch");
    expect(verdict(condition("StringNotEquals"), { context })).toBe("Allow");
    expect(verdict(condition("StringNotLike"), { context })).toBe("Allow");
  });
});

describe("Principal and NotPrincipal (reference_policies_elements_principal, ..._notprincipal)", () => {
  const account = "123456789012";
  const user: PrincipalFacts = { account, arn: `arn:aws:iam::${account}:user/team/bob`, userId: "AIDABOB" };
  const session: PrincipalFacts = {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/reader/s1`,
    userId: "AROAREADER:s1",
    roleArn: `arn:aws:iam::${account}:role/team/reader`,
  };
  const federated: PrincipalFacts = { ...session, federated: ["cognito-identity.amazonaws.com"] };
  const federatedUser: PrincipalFacts = {
    account, arn: `arn:aws:sts::${account}:federated-user/f`, userId: `${account}:f`, federatingUserArn: `arn:aws:iam::${account}:user/team/bob`,
  };
  const root: PrincipalFacts = { account, arn: `arn:aws:iam::${account}:root`, userId: account };
  const stranger: PrincipalFacts = { account: "999999999999", arn: "arn:aws:iam::999999999999:user/team/bob", userId: "AIDAX" };
  const service: PrincipalFacts = { service: "apigateway.amazonaws.com" };
  const names = { user, session, federated, federatedUser, root, stranger, service, anonymous: {} } as const;
  const all = Object.keys(names) as (keyof typeof names)[];
  const ofAccount = ["user", "session", "federated", "federatedUser", "root"] as const;

  test.each<[name: string, element: object, matched: readonly (keyof typeof names)[]]>([
    ["*", { Principal: "*" }, all],
    ['AWS "*", the same for anonymous users', { Principal: { AWS: "*" } }, all],
    ["an account", { Principal: { AWS: account } }, ofAccount],
    ["an account's ARN behaves the same way", { Principal: { AWS: `arn:aws:iam::${account}:root` } }, ofAccount],
    ["a user, with its path", { Principal: { AWS: user.arn } }, ["user", "federatedUser"]],
    ["a user without its path", { Principal: { AWS: `arn:aws:iam::${account}:user/bob` } }, []],
    ["names are case sensitive", { Principal: { AWS: user.arn?.replace("bob", "Bob") } }, []],
    ["a user's unique id", { Principal: { AWS: "AIDABOB" } }, ["user"]],
    ["a role: its sessions", { Principal: { AWS: session.roleArn } }, ["session", "federated"]],
    ["a role's unique id", { Principal: { AWS: "AROAREADER" } }, ["session", "federated"]],
    ["a session", { Principal: { AWS: session.arn } }, ["session", "federated"]],
    ["another session of the role", { Principal: { AWS: session.arn?.replace("s1", "s2") } }, []],
    ["a federated user", { Principal: { AWS: federatedUser.arn } }, ["federatedUser"]],
    ["a list", { Principal: { AWS: ["999999999999", user.arn] } }, ["user", "federatedUser", "stranger"]],
    ["a service", { Principal: { Service: "apigateway.amazonaws.com" } }, ["service"]],
    ["another service", { Principal: { Service: ["s3.amazonaws.com"] } }, []],
    ["an identity provider", { Principal: { Federated: "cognito-identity.amazonaws.com" } }, ["federated"]],
    ["types are joined by or", { Principal: { Service: "apigateway.amazonaws.com", AWS: "999999999999" } }, ["stranger", "service"]],
    ["NotPrincipal with Allow leaves out whom it names", { NotPrincipal: { AWS: user.arn } },
      all.filter((each) => each !== "user" && each !== "federatedUser")],
    ["NotPrincipal with Allow and an account", { NotPrincipal: { AWS: account } }, ["stranger", "service", "anonymous"]],
    ["NotPrincipal with Allow and everybody", { NotPrincipal: "*" }, []],
  ])("%s", (_name, element, matched) => {
    const policy = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*", ...element } };
    const found = all.filter((name) => verdict(policy, { principal: names[name] }, { resourceBased: true }) === "Allow");
    expect(found).toEqual(matched);
  });

  test("no principal is an anonymous caller", () => {
    const policy = (Principal: unknown) => ({ Statement: { Effect: "Allow", Action: "*", Resource: "*", Principal } });
    expect(verdict(policy("*"), {}, { resourceBased: true })).toBe("Allow");
    expect(verdict(policy({ AWS: account }), {}, { resourceBased: true })).toBe("NoMatch");
  });

  test.each<[name: string, listed: readonly unknown[], spared: readonly (keyof typeof names)[]]>([
    ["a user and its account, as the page's example has it", [user.arn, `arn:aws:iam::${account}:root`], ["user", "root"]],
    ["a user alone: \"might explicitly deny access to the account that contains the user\"", [user.arn], []],
    ["a session, its role and its account, as the page's example has it", [session.arn, session.roleArn, account], ["session", "federated", "root"]],
    ["a session and its account without the role", [session.arn, account], ["root"]],
    ["a role without its account", [session.arn, session.roleArn], []],
    ["an account", [account], ["root"]],
  ])("NotPrincipal with Deny spares %s", (_name, AWS, spared) => {
    const policy = { Version: "2012-10-17", Statement: { Effect: "Deny", Action: "*", Resource: "*", NotPrincipal: { AWS } } };
    expect(all.filter((name) => verdict(policy, { principal: names[name] }, { resourceBased: true }) === "NoMatch")).toEqual(spared);
  });

  test("NotPrincipal with Deny spares a service", () => {
    const policy = { Statement: { Effect: "Deny", Action: "*", Resource: "*", NotPrincipal: { Service: "apigateway.amazonaws.com" } } };
    expect(all.filter((name) => verdict(policy, { principal: names[name] }, { resourceBased: true }) === "NoMatch")).toEqual(["service"]);
  });

  test("a trust policy has principals and no resources", () => {
    const policy = { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "apigateway.amazonaws.com" } } };
    const asked = { action: "sts:AssumeRole", resource: session.roleArn as string };
    expect(verdict(policy, { ...asked, principal: service }, { trust: true })).toBe("Allow");
    expect(verdict(policy, { ...asked, principal: user }, { trust: true })).toBe("NoMatch");
  });
});

test("the condition keys of a request are asked for in lower case", () => {
  const policy = allow({ Condition: { StringEquals: { "AWS:SourceVpce": "vpce-1" } } });
  expect(verdict(policy, { context: { "aws:sourcevpce": ["vpce-1"] } })).toBe("Allow");
});

test("what API Gateway shows as a resource policy's examples (apigateway-resource-policies-examples)", () => {
  const Resource = "arn:aws:execute-api:us-east-1:123456789012:abc123/*";
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: [Resource] },
      { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: [Resource],
        Condition: { IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"] } } },
    ],
  };
  const from = (address: string) => verdict(policy, { context: { "aws:sourceip": [address] } }, { resourceBased: true });
  expect([from("192.0.2.9"), from("203.0.113.9")]).toEqual(["Deny", "Allow"]);
});
