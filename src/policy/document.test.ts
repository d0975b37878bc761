// What is no policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
import { describe, expect, test } from "vitest";
import { compilePolicy, evaluate, type PolicyKind, PolicySyntaxError } from "./index.ts";

const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const policy = (members: object, ...more: readonly object[]) => ({ Version: "2012-10-17", Statement: [{ ...statement, ...members }, ...more] });
const without = (name: keyof typeof statement, members: object = {}) => {
  const { [name]: _, ...rest } = statement;
  return { Statement: { ...rest, ...members } };
};
const resourceBased: PolicyKind = { resourceBased: true };
const trust: PolicyKind = { trust: true };
const strict: PolicyKind = { strict: true };
const SYNTAX = "Syntax errors in policy.";
const NO_PRINCIPALS =
  "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!";

test.each<readonly [document: unknown, kind: PolicyKind, message: string]>([
  ["", {}, "This policy contains invalid Json"],
  ["assume-role-policy.json", {}, "This policy contains invalid Json"],
  ['{"Statement": [],}', {}, "This policy contains invalid Json"],
  ...["[]", "null", "1", '"text"', "{}"].map((text) => [text, {}, SYNTAX] as const),
  [undefined, {}, SYNTAX],
  [{ Statement: [] }, {}, SYNTAX],
  [{ Statement: "Allow" }, {}, SYNTAX],
  [{ Statement: [statement, null] }, {}, SYNTAX],
  [{ Statement: statement, Comment: "x" }, {}, SYNTAX],
  [{ Statement: statement, Id: 1 }, {}, SYNTAX],
  [{ statement }, {}, SYNTAX],
  [policy({ Comment: "x" }), {}, SYNTAX],
  [policy({ Sid: 1 }), {}, SYNTAX],
  [{ Version: "2012-10-18", Statement: statement }, {}, "The policy must contain a valid version string"],
  [{ Version: null, Statement: statement }, {}, "The policy must contain a valid version string"],
  [policy({ Effect: "allow" }), {}, "The policy failed legacy parsing"],
  [without("Effect"), {}, "The policy failed legacy parsing"],
  [without("Action"), {}, "Policy statement must contain actions."],
  [policy({ Action: [] }), {}, "Policy statement must contain actions."],
  [without("Resource"), {}, "Policy statement must contain resources."],
  [policy({ Resource: [] }), {}, "Policy statement must contain resources."],
  [policy({ Action: 1 }), {}, SYNTAX],
  [policy({ Action: ["a:B", null] }), {}, SYNTAX],
  [policy({ Resource: { Ref: "Api" } }), {}, SYNTAX],
  // Elements of which a statement has one only.
  [policy({ NotAction: "a:B" }), {}, SYNTAX],
  [policy({ NotResource: "*" }), {}, SYNTAX],
  [policy({ Principal: "*", NotPrincipal: "*" }), resourceBased, SYNTAX],
  // github.com/aws-cloudformation/cfn-lint/issues/3751: a condition without an operator.
  [policy({ Condition: { "servicecatalog:accountLevel": "self" } }), {}, SYNTAX],
  [policy({ Condition: null }), {}, SYNTAX],
  [policy({ Condition: { StringEquals: { "a:b": null } } }), {}, SYNTAX],
  [policy({ Condition: { StringEquals: { "a:b": [["x"]] } } }), {}, SYNTAX],
  [policy({ Principal: "*" }), {}, "Policy document should not specify a principal."],
  [policy({ NotPrincipal: "*" }), {}, "Policy document should not specify a principal."],
  [policy({}), resourceBased, "Missing required field Principal"],
  [policy({ Principal: {} }), resourceBased, NO_PRINCIPALS],
  [policy({ Principal: { AWS: [] } }), resourceBased, NO_PRINCIPALS],
  [policy({ Principal: "arn:aws:iam::123456789012:root" }), resourceBased, SYNTAX],
  [policy({ Principal: { AWS: 123456789012 } }), resourceBased, SYNTAX],
  // "You cannot use a wildcard to match part of a principal name or ARN."
  ...["arn:aws:iam::123456789012:user/*", "12345", "bob", "", "arn:aws:iam::123456789012", "arn:aws:sts::123456789012:assumed-role/r/*"].map(
    (name) => [policy({ Principal: { AWS: name } }), resourceBased, `Invalid principal in policy: "AWS":"${name}"`] as const,
  ),
  [policy({ Principal: { Service: "*.amazonaws.com" } }), resourceBased, 'Invalid principal in policy: "Service":"*.amazonaws.com"'],
  [policy({ Principal: { Group: "admins" } }), resourceBased, 'Invalid principal in policy: "Group":"admins"'],
  [policy({ Principal: { __proto__x: "a" } }), resourceBased, 'Invalid principal in policy: "__proto__x":"a"'],
  [without("Resource"), trust, "Missing required field Principal"],
  [policy({ Principal: "*" }), trust, "Has prohibited field Resource"],
  [without("Resource", { NotPrincipal: "*" }), trust, "Has prohibited field NotPrincipal"],
  [policy({ Resource: "arn:aws:${aws:partition}:::x" }), {},
    "Policy variables are allowed in the resource part of an ARN only: arn:aws:${aws:partition}:::x"],
  // What IAM's own operations refuse besides.
  [policy({ Resource: "my-api" }), strict, 'Resource my-api must be in ARN format or "*".'],
  [policy({ Resource: "" }), strict, 'Resource  must be in ARN format or "*".'],
  [policy({ Action: "Invoke" }), strict, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."],
  [policy({ Action: "arn:aws:a:B" }), strict, "Actions/Condition can contain only one colon."],
  [policy({ Sid: "autogenerated-id" }), strict,
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"],
  [policy({ Sid: "a" }, { ...statement, Sid: "a" }), strict, "Statement IDs (SID) in a single policy must be unique."],
])("%j (%j): %s", (document, kind, message) => {
  expect(() => compilePolicy(document, kind)).toThrow(new PolicySyntaxError(message));
});

test.each<readonly [document: unknown, kind: PolicyKind]>([
  [policy({ Sid: "" }, { ...statement, Sid: "" }), strict],
  [policy({ Sid: "with spaces", Principal: "*" }), { ...strict, resourceBased: true }],
  [policy({ Resource: "execute-api:/stage/GET/pets", Principal: "*" }), { ...strict, resourceBased: true }],
  [policy({ Resource: "my-api", Action: "Invoke", Sid: "a-b" }, { ...statement, Sid: "a-b" }), {}],
  [policy({ Resource: ["arn:aws:execute-api:*", "*"], Action: ["*", "execute-api:*"] }), strict],
  [{ Id: "id", ...policy({}) }, {}],
])("%j (%j) is a policy", (document, kind) => {
  expect(compilePolicy(document, kind).statements.length).toBeGreaterThan(0);
});

describe("hostile documents", () => {
  test("individual elements must not contain multiple instances of the same key", () => {
    const text = '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Effect":"Allow"}}';
    expect(() => compilePolicy(text)).toThrow(new PolicySyntaxError(SYNTAX));
    expect(() => compilePolicy(text.replace('"Effect":"Allow"', '"Eff\\u0065ct":"Allow"'))).toThrow(new PolicySyntaxError(SYNTAX));
    const twice = '{"Statement":[{"Effect":"Allow","Action":"{\\"a","Resource":"*"},{"Effect":"Allow","Action":"}","Resource":"*"}]}';
    expect(compilePolicy(twice).statements).toHaveLength(2);
  });

  test("length is bounded, of texts and of objects", () => {
    const message = new PolicySyntaxError("The policy has more than 32768 characters.");
    const many = policy({ Action: Array.from({ length: 5000 }, () => "s3:GetX") });
    expect(() => compilePolicy(many)).toThrow(message);
    expect(() => compilePolicy(JSON.stringify(many))).toThrow(message);
    expect(() => compilePolicy(policy({}), { maxLength: 20 })).toThrow(new PolicySyntaxError("The policy has more than 20 characters."));
  });

  test("texts with wildcards are bounded, for their states are", () => {
    const message = new PolicySyntaxError("Texts with wildcards have at most 2048 characters.");
    const long = "a".repeat(2048);
    expect(() => compilePolicy(policy({ Resource: `arn:aws:a:::*?${long}*` }))).toThrow(message);
    expect(() => compilePolicy(policy({ Action: `a:*${long}` }))).toThrow(message);
    expect(() => compilePolicy(policy({ Condition: { StringLike: { "a:b": `*${long}` } } }))).toThrow(message);
    expect(compilePolicy(policy({ Resource: `arn:aws:a:::${long}`, Condition: { StringEquals: { "a:b": `*${long}` } } })).statements).toHaveLength(1);
  });

  test("a long value of a variable is matched like any other", () => {
    const compiled = compilePolicy(policy({ Action: "*", Resource: "arn:aws:a:::*?${a:b}?*" }));
    const value = "a".repeat(8000);
    const verdict = (resource: string) => evaluate(compiled, { action: "a:B", resource, context: () => [value] });
    expect([verdict(`arn:aws:a:::x${value}y`), verdict(`arn:aws:a:::x${value}`)]).toEqual(["Allow", "NoMatch"]);
  });

  test("depth is bounded, and circles end", () => {
    const circle: Record<string, unknown> = {};
    circle["Statement"] = [circle];
    expect(() => compilePolicy(circle)).toThrow(new PolicySyntaxError(SYNTAX));
    expect(() => compilePolicy(`{"Statement":${"[".repeat(9000)}${"]".repeat(9000)}}`)).toThrow(new PolicySyntaxError(SYNTAX));
  });

  test("names of the prototype mean nothing", () => {
    expect(() => compilePolicy(JSON.parse('{"__proto__":{"Statement":[]}}'))).toThrow(new PolicySyntaxError(SYNTAX));
    expect(() => compilePolicy(Object.create(policy({})))).toThrow(new PolicySyntaxError(SYNTAX));
    const inherited = Object.assign(Object.create({ Resource: "*" }) as object, without("Resource").Statement);
    expect(() => compilePolicy({ Statement: inherited })).toThrow(new PolicySyntaxError("Policy statement must contain resources."));
  });
});
