// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
import { describe, expect, test } from "vitest";
import { compilePolicy, evaluate, PolicySyntaxError } from "../index.ts";

type Values = string | number | boolean | readonly (string | number | boolean)[];

function isMet(
  operator: string, wanted: Values, present: readonly string[] | undefined, others: Readonly<Record<string, string>> = {},
): boolean {
  const Condition = { [operator]: { "t:key": wanted } };
  const policy = compilePolicy({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition } });
  const held = new Map(Object.entries(others).map(([key, value]) => [key, [value]]));
  const request = { action: "a:B", resource: "*", context: (key: string) => (key === "t:key" ? present : held.get(key)) };
  return evaluate(policy, request) === "Allow";
}

/** Rows for an operator and for the one that negates it: what the policy wants, what the request has, whether the first is met. */
type Rows = readonly (readonly [wanted: Values, value: string, met: boolean])[];

const FINANCE = "arn:aws:someservice:*:111122223333:finance/*";
const IN_STORE = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
const strings: Rows = [
  ["prod", "prod", true],
  ["prod", "Prod", false],
  ["prod", "production", false],
  [["a", "prod"], "prod", true],
  [["a", "b"], "prod", false],
  ["pro*", "prod", false],
  ["${*}", "*", true],
  ["${aws:username}", "bob", true],
  [["x", "${aws:username}"], "Bob", false],
  [1, "1", true],
  [true, "true", true],
  ["", "", true],
  [[], "a", false],
];
const ignoringCase: Rows = [
  ["prod", "PROD", true],
  ["Prod", "prod", true],
  ["prod", "production", false],
  ["${aws:USERNAME}", "BOB", true],
  ["${t:upper}", "upper", true],
];
const likes: Rows = [
  ["pro*", "prod", true],
  ["p?od", "prod", true],
  ["p?od", "pod", false],
  ["PRO*", "prod", false],
  ["*", "", true],
  ["${aws:username}/*", "bob/x", true],
  ["${aws:username}/*", "alice/x", false],
  ["home/${*}", "home/x", false],
  // The page's example for what ArnLike does not match: here the star goes over colons.
  [FINANCE, IN_STORE, true],
];
const arns: Rows = [
  [FINANCE, IN_STORE, false],
  ["arn:aws:sns:us-east-1:123456789012:topic", "arn:aws:sns:us-east-1:123456789012:topic", true],
  ["arn:aws:sns:us-east-1:123456789012:Topic", "arn:aws:sns:us-east-1:123456789012:topic", false],
  ["arn:aws:sns:*:123456789012:t?pic", "arn:aws:sns:us-east-1:123456789012:topic", true],
  ["arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:role/a/b", true],
  ["arn:aws:lambda:*:*:function:*", "arn:aws:lambda:us-east-1:123456789012:function:f:alias", true],
  ["arn:aws:iam::123456789012:user/${aws:username}", "arn:aws:iam::123456789012:user/bob", true],
  ["${t:arn}", "arn:aws:sns:us-east-1:123456789012:a:b", true],
  ["arn:aws:sns:*:*:*", "no arn", false],
  ["*", "arn:aws:sns:us-east-1:123456789012:topic", true],
];
const addresses: Rows = [
  ["203.0.113.0/24", "203.0.113.255", true],
  ["203.0.113.0/24", "203.0.114.0", false],
  ["203.0.113.77/24", "203.0.113.1", true],
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8", false],
  ["0.0.0.0/0", "255.255.255.255", true],
  ["128.0.0.0/1", "200.0.0.1", true],
  ["128.0.0.0/1", "100.0.0.1", false],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["::/0", "203.0.113.7", false],
  ["2001:DB8:1234:5678::/64", "2001:db8:1234:5678:ffff::1", true],
  ["2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
  ["2001:db8::1", "2001:0db8:0:0:0:0:0:1", true],
  ["2001:db8::1", "2001:db8::2", false],
  ["203.0.113.0/24", "::ffff:203.0.113.9", true],
  ["::ffff:203.0.113.0/120", "203.0.113.9", true],
  ["::ffff:203.0.113.0/120", "203.0.114.9", false],
  ["::ffff:203.0.113.0/90", "::fffe:1:1", true],
  ["::ffff:203.0.113.0/90", "::1:0:0:1", false],
  ["::ffff:203.0.113.0/90", "1::1", false],
  [["10.0.0.0/8", "2001:db8::/32"], "2001:db8:ffff::", true],
  ["10.0.0.0/8", "not an address", false],
  ["10.0.0.0/8", "010.0.0.1", false],
];
const numbers: Readonly<Record<string, Rows>> = {
  NumericEquals: [["10", "10.0", true], [10, "10", true], ["1e1", "10", true], ["10", "x", false], ["10", "", false], ["-1", "-1", true]],
  NumericLessThan: [["10", "9.9", true], ["10", "10", false], ["9", "10", false], [["1", "10"], "5", true], ["10", "x", false]],
  NumericLessThanEquals: [["10", "10", true], ["10", "10.1", false]],
  NumericGreaterThan: [["10", "10.1", true], ["10", "10", false], ["9", "10", true]],
  NumericGreaterThanEquals: [["10", "10", true], ["10", "9", false]],
};
const dates: Readonly<Record<string, Rows>> = {
  DateEquals: [
    ["2020-01-01T00:00:00Z", "1577836800", true],
    ["1577836800", "2020-01-01T00:00:00Z", true],
    ["2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", true],
    ["2019-12-31T19:00-05:00", "2020-01-01T00:00Z", true],
    ["2020-01-01", "2020-01-01T00:00:00.000Z", true],
    ["2020", "2020-01", true],
    [1577836800, "2020-01-01T00:00:00Z", true],
    ["2020-01-01T00:00:00.1Z", "2020-01-01T00:00:00.100Z", true],
    ["2020-01-01T00:00:00Z", "yesterday", false],
  ],
  DateLessThan: [["2020-01-01T00:00:01Z", "2020-01-01T00:00:00Z", true], ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", false]],
  DateLessThanEquals: [["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", true], ["2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", false]],
  DateGreaterThan: [["2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", true], ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", false]],
  DateGreaterThanEquals: [["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", true], ["2020-01-01T00:00:01Z", "2020-01-01T00:00:00Z", false]],
};
const tables: Readonly<Record<string, Rows>> = {
  StringEquals: strings,
  StringEqualsIgnoreCase: ignoringCase,
  StringLike: likes,
  ArnEquals: arns,
  ArnLike: arns,
  IpAddress: addresses,
  ...numbers,
  ...dates,
  Bool: [["true", "true", true], ["true", "false", false], [false, "false", true], ["TRUE", "true", true], [["true", "false"], "false", true],
    ["${t:flag}", "true", true]],
  BinaryEquals: [["QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true], ["AQI=", "AQM=", false], ["AQI=", "?", false]],
};
const NEGATED: Readonly<Record<string, string>> = {
  StringEquals: "StringNotEquals",
  StringEqualsIgnoreCase: "StringNotEqualsIgnoreCase",
  StringLike: "StringNotLike",
  ArnEquals: "ArnNotEquals",
  ArnLike: "ArnNotLike",
  IpAddress: "NotIpAddress",
  NumericEquals: "NumericNotEquals",
  DateEquals: "DateNotEquals",
};
const others = { "aws:username": "bob", "t:upper": "UPPER", "t:arn": "arn:aws:sns:us-east-1:123456789012:a:b", "t:flag": "true" };

describe.each(Object.entries(tables))("%s", (operator, rows) => {
  test.each(rows)("%j and %s: %s", (wanted, value, met) => {
    expect(isMet(operator, wanted, [value], others)).toBe(met);
    // "If a single negated matching condition operator includes multiple values ..., those values are evaluated using a logical NOR."
    const negated = NEGATED[operator];
    if (negated !== undefined) expect(isMet(negated, wanted, [value], others)).toBe(!met);
  });
});

const everyOperator = [...Object.keys(tables), ...Object.values(NEGATED)];
const sample = (operator: string): string => {
  if (operator.startsWith("Arn")) return "arn:aws:sns:us-east-1:123456789012:topic";
  if (operator.includes("Ip")) return "203.0.113.7";
  if (operator.startsWith("Bool")) return "true";
  return operator.startsWith("Binary") ? "AQI=" : "2020";
};

describe.each(everyOperator)("%s without the key in the request", (operator) => {
  const isNegated = Object.values(NEGATED).includes(operator);
  test.each([[undefined], [[]]])("%j", (present) => {
    // "the condition is false. If the policy condition requires that the key is not matched ..., the condition is true."
    expect(isMet(operator, sample(operator), present)).toBe(isNegated);
    expect(isMet(`${operator}IfExists`, sample(operator), present)).toBe(true);
    // "It also returns true if there are no keys in the request"; "For no matching key or a null dataset, the condition returns false."
    expect(isMet(`ForAllValues:${operator}`, sample(operator), present)).toBe(true);
    expect(isMet(`ForAnyValue:${operator}`, sample(operator), present)).toBe(false);
    expect(isMet(`ForAllValues:${operator}IfExists`, sample(operator), present)).toBe(true);
    expect(isMet(`ForAnyValue:${operator}IfExists`, sample(operator), present)).toBe(true);
  });

  test("IfExists changes nothing where the key is there", () => {
    const value = sample(operator);
    expect(isMet(`${operator}IfExists`, value, [value])).toBe(isMet(operator, value, [value]));
    expect(isMet(`ForAnyValue:${operator}IfExists`, value, [value])).toBe(isMet(operator, value, [value]));
  });
});

describe("sets (reference_policies_condition-single-vs-multi-valued-context-keys)", () => {
  const wanted = ["PostDateTime", "Message", "Tags"];
  test.each([
    ["ForAllValues:StringEquals", ["PostDateTime", "UserName"], false],
    ["ForAllValues:StringEquals", ["PostDateTime", "Tags"], true],
    ["ForAllValues:StringEquals", [""], true],
    ["ForAllValues:StringEquals", ["Tags", ""], false],
    ["ForAnyValue:StringEquals", ["PostDateTime", "UserName"], true],
    ["ForAnyValue:StringEquals", ["UserName", "ID"], false],
    ["ForAnyValue:StringEquals", [""], false],
    ["ForAllValues:StringNotEquals", ["UserName", "ID"], true],
    ["ForAllValues:StringNotEquals", ["UserName", "Tags"], false],
    ["ForAnyValue:StringNotEquals", ["UserName", "Tags"], true],
    ["ForAnyValue:StringNotEquals", ["Message", "Tags"], false],
    ["ForAnyValue:StringNotEquals", [""], false],
    ["ForAllValues:StringLike", ["Tags"], true],
    // Without a set operator, which multivalued keys need, one of the values is enough.
    ["StringEquals", ["UserName", "Tags"], true],
    ["StringNotEquals", ["UserName", "Tags"], false],
  ] as const)("%s and %j: %s", (operator, present, met) => {
    expect(isMet(operator, wanted, present)).toBe(met);
  });
});

test.each([
  ["true", undefined, true],
  ["true", [], true],
  ["true", ["x"], false],
  ["false", ["x"], true],
  ["false", undefined, false],
  [true, undefined, true],
  [["true", "false"], ["x"], true],
  ["false", [""], true],
] as const)("Null %j and %j: %s", (wanted, present, met) => {
  expect(isMet("Null", wanted, present)).toBe(met);
});

test("all conditions must be met, and all keys of an operator", () => {
  const met = (Condition: object) => {
    const policy = compilePolicy({ Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition } });
    const held = new Map([["t:a", ["1"]], ["t:b", ["2"]]]);
    return evaluate(policy, { action: "a:B", resource: "*", context: (key) => held.get(key) });
  };
  expect(met({ StringEquals: { "t:a": "1", "t:b": "2" }, NumericEquals: { "t:a": "1" } })).toBe("Allow");
  expect(met({ StringEquals: { "t:a": "1", "t:b": "3" } })).toBe("NoMatch");
  expect(met({ StringEquals: { "t:a": "1" }, NumericEquals: { "t:b": "1" } })).toBe("NoMatch");
  expect(met({})).toBe("Allow");
});

test.each<readonly [operator: string, wanted: string, message: string]>([
  // "Condition tests in IAM policies are case sensitive": IAM's own words.
  ["stringEquals", "a", "Invalid Condition type : stringEquals"],
  ["StringEqual", "a", "Invalid Condition type : StringEqual"],
  ["ForSomeValues:StringEquals", "a", "Invalid Condition type : ForSomeValues:StringEquals"],
  // "You can add IfExists to the end of any condition operator name except the Null condition."
  ["NullIfExists", "true", "Invalid Condition type : NullIfExists"],
  ["ForAnyValue:Null", "true", "Invalid Condition type : ForAnyValue:Null"],
  ["constructor", "a", "Invalid Condition type : constructor"],
  ["__proto__x", "a", "Invalid Condition type : __proto__x"],
  ["Null", "maybe", "Null takes true or false: maybe"],
  ["ArnLike", "my-cluster", "The policy failed legacy parsing"],
  ["NumericEquals", "ten", "Invalid value for condition operator NumericEquals: ten"],
  ["NumericLessThanIfExists", "", "Invalid value for condition operator NumericLessThanIfExists: "],
  // "You can't use a policy variable with other operators."
  ["NumericEquals", "${t:other}", "Invalid value for condition operator NumericEquals: ${t:other}"],
  ["DateEquals", "2020-02-30", "Invalid value for condition operator DateEquals: 2020-02-30"],
  ["DateEquals", "2020-01-01T25:00Z", "Invalid value for condition operator DateEquals: 2020-01-01T25:00Z"],
  ["DateEquals", "2020-01-01T00:00:00", "Invalid value for condition operator DateEquals: 2020-01-01T00:00:00"],
  ["DateEquals", "2020-01-01T00:00+25:00", "Invalid value for condition operator DateEquals: 2020-01-01T00:00+25:00"],
  // "Wildcards are not permitted for date condition operators."
  ["DateEquals", "2020-*", "Invalid value for condition operator DateEquals: 2020-*"],
  ["Bool", "yes", "Invalid value for condition operator Bool: yes"],
  ["BinaryEquals", "A", "Invalid value for condition operator BinaryEquals: A"],
  ...["10.0.0.0/33", "10.0.0", "10.0.0.256", "10.0.0.0/8/8", "10.0.0.*", "::1::2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::",
    "2001:db8::/129", "::ffff:1.2.3.4/129", "1.2.3.4::1", ":::", "",
  ].map((text) => ["IpAddress", text, `Invalid value for condition operator IpAddress: ${text}`] as const),
])("%s with %j is refused", (operator, wanted, message) => {
  expect(() => isMet(operator, wanted, [])).toThrow(new PolicySyntaxError(message));
});
