// The engine against the oracle of policy-oracle.fixture.ts, on generated policies and requests; and hostile documents.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePolicy, decide, evaluate, PolicySyntaxError, type PolicyRequest, type PrincipalFacts } from "./index.ts";
import { globMatcher, wildcardParts } from "./glob.ts";
import { oracleAllows, oracleVerdict, type OracleDocument, type OracleStatement } from "./policy-oracle.fixture.ts";

const oneOrMore = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const pieces = (units: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), maxLength });

const action = fc.constantFrom("execute-api:Invoke", "execute-api:InvalidateCache", "apigateway:GET", "EXECUTE-API:invoke");
const actionText = fc.oneof(action, fc.constantFrom("*", "*", "execute-api:*", "execute-api:Inv*e", "execute-api:Invok?", "apigateway:*", "*:*"));

const path = pieces(["a", "b", "/", ":", "prod", "GET"], 6);
const resource = fc
  .tuple(fc.constantFrom("us-east-1", "eu-west-1"), fc.constantFrom("111111111111", "222222222222"), path)
  .map(([region, account, rest]) => `arn:aws:execute-api:${region}:${account}:${rest}`);
const variable = fc.constantFrom(
  "${aws:username}", "${aws:UserName, 'a'}", "${aws:missing}", "${aws:missing, 'b'}", "${*}", "${?}", "${$}", "${aws:tags}",
);
const resourceText = fc.oneof(
  fc.constantFrom("*", "*", "arn:aws:execute-api:*", "arn:aws:execute-api:*:*:*", "arn:aws:*:111111111111:*", "arn:*:b", "arn:a*:a", "arn:aws:execute-api:us-east-1?111111111111:*",
    ...["${aws:username}*", "${aws:tags}*", "${aws:missing}*", "${aws:username, 'a'}*", "*${*}*"].map((rest) => `arn:aws:execute-api:*:*:${rest}`)),
  fc
    .tuple(
      fc.constantFrom("us-east-1", "eu-west-1", "*", "us-*-1", "us-east-?", "us-*", "?u*", "**"),
      fc.constantFrom("111111111111", "222222222222", "*", "1*", "*1", "1?1111111111", "*2*"),
      fc.array(
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom("a", "b", "/", ":", "prod", "GET", "*", "?") }, { weight: 1, arbitrary: variable }),
        { maxLength: 5 },
      ),
    )
    .map(([region, account, rest]) => `arn:aws:execute-api:${region}:${account}:${rest.join("")}`),
);

const word = pieces(["a", "b", "A", ":", "*"], 3);
const wordText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom("a", "b", "A", ":", "*", "?") }, { weight: 1, arbitrary: variable }), { maxLength: 4 })
  .map((parts) => parts.join(""));
const number = fc.constantFrom("0", "1", "-1", "1.5", "1.50", "10", "1e1");
const date = fc.constantFrom("2020-01-01T00:00:00Z", "2020-01-01", "2020", "1577836800", "2020-01-01T01:00:00+01:00", "2019-12-31T23:59:59.5Z");
const address = fc.constantFrom("10.0.0.1", "10.0.1.1", "192.0.2.77", "::1", "2001:db8::1", "2001:db8:0:1::", "::ffff:10.0.0.1");
const range = fc.oneof(address, fc.constantFrom("10.0.0.0/24", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "2001:db8::/64", "::/0", "192.0.2.64/27"));
const arn = fc.oneof(resource, fc.constantFrom("arn:aws:iam::111111111111:role/a", "arn:aws:sns:us-east-1:111111111111:a:b"));
const arnText = fc.constantFrom(
  "arn:aws:*:*:*:*", "arn:aws:sns:*:111111111111:a", "arn:aws:iam::*:role/${aws:username}", "arn:aws:execute-api:us-*:*:?*",
  "arn:aws:iam::111111111111:role/a",
);
const binary = fc.constantFrom("AQI=", "AQ==", "", "////");

interface Kind {
  readonly operators: readonly string[];
  readonly key: string;
  readonly text: fc.Arbitrary<string>;
}
const ordered = (type: string): string[] =>
  ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map((each) => `${type}${each}`);
const kinds: readonly Kind[] = [
  {
    operators: ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"],
    key: "t:word",
    text: wordText,
  },
  { operators: ordered("Numeric"), key: "t:number", text: number },
  { operators: ordered("Date"), key: "t:date", text: date },
  { operators: ["Bool"], key: "t:bool", text: fc.constantFrom("true", "false", "True") },
  { operators: ["BinaryEquals"], key: "t:binary", text: binary },
  { operators: ["IpAddress", "NotIpAddress"], key: "t:address", text: range },
  { operators: ["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"], key: "t:arn", text: arnText },
];
const qualified = (operators: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:"), fc.constantFrom(...operators), fc.constantFrom("", "", "IfExists"))
    .map((parts) => parts.join(""));
const oneCondition = fc.oneof(
  ...kinds.map(({ operators, key, text }) =>
    fc.tuple(qualified(operators), fc.constantFrom(key, key.toUpperCase()), fc.oneof(text, fc.array(text, { maxLength: 3 }))),
  ),
  fc.tuple(fc.constant("Null"), fc.constantFrom(...kinds.map(({ key }) => key)), fc.constantFrom("true", "false")),
);
const condition = fc
  .array(oneCondition, { maxLength: 2 })
  .map((all) => Object.fromEntries(all.map(([operator, key, values]) => [operator, { [key]: values }])));

const ROLE = "arn:aws:iam::111111111111:role/team/r";
const USER = "arn:aws:iam::111111111111:user/u";
const SESSION = "arn:aws:sts::111111111111:assumed-role/r/s";
const callers: readonly PrincipalFacts[] = [
  { account: "111111111111", arn: USER, userId: "AIDAU" },
  { account: "111111111111", arn: SESSION, roleArn: ROLE, userId: "AROAR:s" },
  { account: "111111111111", arn: "arn:aws:iam::111111111111:root", userId: "111111111111" },
  { account: "222222222222", arn: "arn:aws:iam::222222222222:user/u", userId: "AIDAX" },
];
const outsiders: readonly PrincipalFacts[] = [{}, { service: ["events.amazonaws.com", "e.amazonaws.com"] }, { canonicalUser: "c" }];
const principalNames: Readonly<Record<string, readonly string[]>> = {
  AWS: ["*", "111111111111", "222222222222", "arn:aws:iam::111111111111:root", USER, SESSION, ROLE, "AIDAU", "AROAR"],
  Service: ["events.amazonaws.com", "lambda.amazonaws.com"],
  CanonicalUser: ["c"],
};
const principal = fc.oneof(
  { weight: 1, arbitrary: fc.constant("*" as const) },
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.oneof(
          ...Object.entries(principalNames).map(([type, names]) =>
            fc.tuple(fc.constant(type), fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })),
          ),
        ),
        { minLength: 1, maxLength: 2 },
      )
      .map((all) => Object.fromEntries(all)),
  },
);

/** Half of the statements are wide, so that they often apply. */
function statement(resourceBased: boolean): fc.Arbitrary<OracleStatement> {
  const either = <T>(name: string, value: fc.Arbitrary<T>) =>
    fc.tuple(fc.constantFrom(name, name, name, `Not${name}`), value).map((entry) => Object.fromEntries([entry]));
  const narrow = fc.tuple(
    either("Action", oneOrMore(actionText)),
    either("Resource", oneOrMore(resourceText)),
    fc.oneof(fc.constant({}), condition.map((Condition) => ({ Condition }))),
  );
  const wide = fc.tuple(
    fc.constantFrom({ Action: "*" }, { Action: "execute-api:*" }, { NotAction: "apigateway:*" }),
    fc.constant({ Resource: "*" }),
    fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: condition.map((Condition) => ({ Condition })) }),
  );
  return fc
    .tuple(
      fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
      resourceBased ? either("Principal", principal) : fc.constant({}),
      fc.oneof(narrow, wide),
    )
    .map(([Effect, named, members]) => Object.assign({ Effect }, named, ...members) as OracleStatement);
}
const document = (resourceBased: boolean): fc.Arbitrary<OracleDocument> =>
  fc
    .tuple(
      fc.constantFrom({}, ...(["2008-10-17", "2012-10-17", "2012-10-17"] as const).map((Version) => ({ Version }))),
      oneOrMore(statement(resourceBased)),
    )
    .map(([version, Statement]) => ({ ...version, Statement }));

const values = (value: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(value, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }) },
  );
const context = fc.record({
  "t:word": values(word),
  "t:number": values(number),
  "t:date": values(date),
  "t:bool": values(fc.constantFrom("true", "false")),
  "t:binary": values(binary),
  "t:address": values(address),
  "t:arn": values(arn),
  "aws:username": values(fc.constantFrom("a", "b", "", "*")),
  "aws:tags": fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
});

interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly principal: PrincipalFacts;
  readonly context: Readonly<Record<string, readonly string[]>>;
}
const asked = (principals: readonly PrincipalFacts[]): fc.Arbitrary<Asked> =>
  fc.record({ action, resource, principal: fc.constantFrom(...principals), context });

const requestOf = ({ context: values, ...rest }: Asked): PolicyRequest => {
  const held = new Map(Object.entries(values).filter(([, each]) => each.length > 0));
  return { ...rest, context: (key) => held.get(key) };
};

/** Fixed seeds, so that what has passed passes again, and one that is new each time. */
const runs: readonly (readonly [name: string, parameters: { readonly seed?: number; readonly numRuns: number }])[] = [
  ["seed 8", { seed: 8, numRuns: 800 }],
  ["seed 1011", { seed: 1011, numRuns: 800 }],
  ["a new seed", { numRuns: 400 }],
];

describe.each(runs)("the engine and the oracle agree (%s)", (_name, parameters) => {
  test.each([false, true])("on one policy, resource-based: %s", (resourceBased) => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(document(resourceBased), fc.array(asked([...callers, ...outsiders]), { minLength: 3, maxLength: 3 }), (policy, all) => {
        const compiled = compilePolicy(JSON.stringify(policy), { resourceBased });
        for (const each of all) {
          const request = requestOf(each);
          const verdict = evaluate(compiled, request);
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
          expect(verdict).toBe(oracleVerdict(policy, request));
        }
      }),
      parameters,
    );
    if (parameters.seed === undefined) return;
    for (const verdict of ["Allow", "Deny", "NoMatch"]) expect(seen.get(verdict)).toBeGreaterThan(100);
  });

  test("on several policies together", () => {
    const seen = new Map<boolean, number>();
    const policies = fc.record({
      identity: fc.array(document(false), { maxLength: 2 }),
      boundary: fc.option(document(false), { nil: undefined }),
      session: fc.array(document(false), { maxLength: 1 }),
      resource: fc.option(document(true), { nil: undefined }),
      crossAccount: fc.boolean(),
    });
    fc.assert(
      fc.property(policies, asked(callers), (documents, each) => {
        const request = requestOf(each);
        const { identity, boundary, session, resource: owner, crossAccount } = documents;
        const decision = decide(
          {
            identity: identity.map((policy) => compilePolicy(policy)),
            session: session.map((policy) => compilePolicy(policy)),
            ...(boundary === undefined ? {} : { boundary: compilePolicy(boundary) }),
            ...(owner === undefined ? {} : { resource: compilePolicy(owner, { resourceBased: true }) }),
            crossAccount,
          },
          request,
        );
        seen.set(decision.allowed, (seen.get(decision.allowed) ?? 0) + 1);
        expect(decision.allowed).toBe(oracleAllows(documents, request));
      }),
      parameters,
    );
    if (parameters.seed === undefined) return;
    for (const allowed of [true, false]) expect(seen.get(allowed)).toBeGreaterThan(70);
  });
});

test("wildcards match what a regular expression of the same form does", () => {
  const units = ["a", "b", "*", "?", "ab"];
  fc.assert(
    fc.property(pieces(units, 8), pieces(["a", "b", "ab"], 40), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
      expect(globMatcher(wildcardParts(pattern))(text)).toBe(expression.test(text));
    }),
    { seed: 3, numRuns: 3000 },
  );
});

const memberNames = [
  "Version", "Statement", "Effect", "Action", "Resource", "NotResource", "Principal", "Condition", "AWS", "__proto__", "constructor",
  "StringLike", "ForAllValues:ArnLike", "IpAddress", "Null", "DateEquals", "toString", "aws:SourceIp",
];

test("no document crashes the compiler: it compiles or is refused", () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("*", "Allow", "Deny", "2012-10-17", "true", "10.0.0.0/8", "arn:aws:iam::111111111111:root", "", "${", "${a}", "${a, 'b'}"),
      fc.constantFrom(0, true, null, 1e21),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...memberNames),
        tie("value"),
        { maxKeys: 5 },
      ),
    ),
  })).value;
  const request: PolicyRequest = { action: "execute-api:Invoke", resource: "*", context: () => undefined };
  const nearly = fc
    .tuple(json, json, json)
    .map(([Action, Resource, Condition]) => ({ Statement: { Effect: "Allow", Action, Resource, Condition } }));
  fc.assert(
    fc.property(fc.oneof(json, nearly), fc.boolean(), (value, resourceBased) => {
      try {
        expect(["Allow", "Deny", "NoMatch"]).toContain(evaluate(compilePolicy(value, { resourceBased }), request));
      } catch (error) {
        if (!(error instanceof PolicySyntaxError)) throw error;
      }
    }),
    { seed: 5, numRuns: 2000 },
  );
});
