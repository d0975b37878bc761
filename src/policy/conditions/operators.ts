// The condition operators by name. A negated operator is met when its positive one is not: "those values are evaluated using a
// logical NOR" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html).
import { PolicySyntaxError } from "../errors.ts";
import { anyOf, textTest, type ValueTest } from "../text-pattern.ts";
import { addressTest } from "./addresses.ts";
import { arnTest } from "./arns.ts";
import { parseDate } from "./dates.ts";
import { parseNumber } from "./numbers.ts";

export interface Operator {
  readonly negated: boolean;
  /**
   * Tells whether a value of a request matches any of the policy's values.
   * @throws {PolicySyntaxError} if one of the policy's values is none for the operator
   */
  readonly compile: (texts: readonly string[], variables: boolean, operator: string) => ValueTest;
}

type Compile = Operator["compile"];
type Compare = (value: number, limit: number) => boolean;

const equals: Compile = (texts, variables) => {
  if (variables && texts.some((text) => text.includes("${"))) {
    return anyOf(texts.map((text) => textTest(text, { wildcards: false, variables })));
  }
  const [only] = texts;
  if (texts.length === 1) return (value) => value === only;
  const expected = new Set(texts);
  return (value) => expected.has(value);
};

const equalsIgnoreCase: Compile = (texts, variables) => {
  const tests = texts.map((text) => textTest(text.toLowerCase(), { wildcards: false, variables }));
  if (!variables || !texts.some((text) => text.includes("${"))) {
    const matches = anyOf(tests);
    return (value, request) => matches(value.toLowerCase(), request);
  }
  // The values that variables stand for are compared without regard to case too.
  return (value, request) => {
    const lower = { ...request, context: (key: string) => request.context(key)?.map((each) => each.toLowerCase()) };
    return tests.some((test) => test(value.toLowerCase(), lower));
  };
};

const like: Compile = (texts, variables) => anyOf(texts.map((text) => textTest(text, { wildcards: true, variables })));

const bool: Compile = (texts, variables, operator) => {
  for (const text of texts) {
    if (!/^(?:true|false)$/i.test(text) && !(variables && text.includes("${"))) throw invalidValue(operator, text);
  }
  return equalsIgnoreCase(texts, variables, operator);
};

/** A value that is no number, or no date, is compared with none. */
function ordered(parse: (text: string) => number | undefined, compare: Compare): Compile {
  return (texts, _variables, operator) => {
    const limits = texts.map((text) => parse(text) ?? raise(invalidValue(operator, text)));
    return (text) => {
      const value = parse(text);
      return value !== undefined && limits.some((limit) => compare(value, limit));
    };
  };
}

/** "It compares the value of the specified key byte for byte against a base-64 encoded representation of the binary value." */
const binaryEquals: Compile = (texts, _variables, operator) => {
  const expected = new Set(texts.map((text) => canonicalBase64(text) ?? raise(invalidValue(operator, text))));
  return (value) => expected.has(canonicalBase64(value) ?? "");
};

function canonicalBase64(text: string): string | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64").toString("base64");
}

/** The words are Gatehouse's: AWS's are not known. */
const invalidValue = (operator: string, text: string): PolicySyntaxError =>
  new PolicySyntaxError(`Invalid value for condition operator ${operator}: ${text}`);

function raise(error: PolicySyntaxError): never {
  throw error;
}

const comparisons: Readonly<Record<string, Compare>> = {
  Equals: (value, limit) => value === limit,
  LessThan: (value, limit) => value < limit,
  LessThanEquals: (value, limit) => value <= limit,
  GreaterThan: (value, limit) => value > limit,
  GreaterThanEquals: (value, limit) => value >= limit,
};

const address: Compile = (texts, _variables, operator) => addressTest(texts, (text) => raise(invalidValue(operator, text)));

function orderedOperators(type: string, parse: (text: string) => number | undefined): (readonly [string, Operator])[] {
  const entries = Object.entries(comparisons).map(
    ([name, compare]) => [`${type}${name}`, { negated: false, compile: ordered(parse, compare) }] as const,
  );
  return [...entries, [`${type}NotEquals`, { negated: true, compile: ordered(parse, (value, limit) => value === limit) }]];
}

function pair(positive: string, negative: string, compile: Compile): (readonly [string, Operator])[] {
  return [
    [positive, { negated: false, compile }],
    [negative, { negated: true, compile }],
  ];
}

/** All but Null, which asks for no value. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair("StringEquals", "StringNotEquals", equals),
  ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", equalsIgnoreCase),
  ...pair("StringLike", "StringNotLike", like),
  ...orderedOperators("Numeric", parseNumber),
  ...orderedOperators("Date", parseDate),
  ["Bool", { negated: false, compile: bool }],
  ["BinaryEquals", { negated: false, compile: binaryEquals }],
  ...pair("IpAddress", "NotIpAddress", address),
  // "The ArnEquals and ArnLike condition operators behave identically."
  ...pair("ArnEquals", "ArnNotEquals", arnTest),
  ...pair("ArnLike", "ArnNotLike", arnTest),
]);
