// One condition of a statement: an operator, a key and the values of the policy
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html).
import { PolicySyntaxError } from "../errors.ts";
import type { PolicyRequest } from "../policy.ts";
import type { ValueTest } from "../text-pattern.ts";
import { operators } from "./operators.ts";

/** Whether the condition is met. */
export type Condition = (request: PolicyRequest) => boolean;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Compiles a condition.
 * @throws {PolicySyntaxError} if there is no such operator, or a value is none for it
 */
export function compileCondition(name: string, key: string, values: readonly string[], variables: boolean): Condition {
  const [, quantifier, base = "", ifExists] = OPERATOR.exec(name) ?? [];
  const lowerKey = key.toLowerCase();
  if (base === "Null" && quantifier === undefined && ifExists === undefined) return nullCondition(lowerKey, values);
  const operator = operators.get(base);
  if (operator === undefined) throw invalidType(name);
  const { negated } = operator;
  const matches = operator.compile(values, variables, name);
  const whenAbsent = ifExists !== undefined;
  if (quantifier === "ForAllValues") return forAllValues(lowerKey, matches, negated);
  if (quantifier === "ForAnyValue") return forAnyValue(lowerKey, matches, negated, whenAbsent);
  return (request) => {
    const present = request.context(lowerKey);
    if (present === undefined || present.length === 0) return whenAbsent || negated;
    return isMatched(present, matches, request) !== negated;
  };
}

/** IAM's words, quoted in github.com/ministryofjustice/modernisation-platform-environments/pull/8893 for "stringEquals". */
const invalidType = (name: string): PolicySyntaxError => new PolicySyntaxError(`Invalid Condition type : ${name}`);

function isMatched(values: readonly string[], matches: ValueTest, request: PolicyRequest): boolean {
  for (const value of values) if (matches(value, request)) return true;
  return false;
}

/** "true" asks that the key is absent, "false" that it is there. */
function nullCondition(key: string, values: readonly string[]): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  for (const each of wanted) {
    if (each !== "true" && each !== "false") throw new PolicySyntaxError(`Null takes true or false: ${each}`);
  }
  const [whenAbsent, whenPresent] = [wanted.includes("true"), wanted.includes("false")];
  return ({ context }) => ((context(key) ?? []).length === 0 ? whenAbsent : whenPresent);
}

/** "It also returns true if there are no keys in the request, or if the key values resolve to a null data set, such as an empty string." */
function forAllValues(key: string, matches: ValueTest, negated: boolean): Condition {
  return (request) => {
    const values = request.context(key) ?? [];
    return isNullDataSet(values) || values.every((value) => matches(value, request) !== negated);
  };
}

/** "For no matching key or a null dataset, the condition returns false." */
function forAnyValue(key: string, matches: ValueTest, negated: boolean, whenAbsent: boolean): Condition {
  return (request) => {
    const values = request.context(key) ?? [];
    if (values.length === 0) return whenAbsent;
    return !isNullDataSet(values) && values.some((value) => matches(value, request) !== negated);
  };
}

const isNullDataSet = (values: readonly string[]): boolean => values.every((value) => value === "");
