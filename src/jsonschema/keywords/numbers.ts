// minimum, maximum and multipleOf.
import { compareNumbers, isMultiple, messageNumber, numberSteps } from "../decimals.ts";
import { keyword } from "../schema.ts";
import type { KeywordCompiler } from "./keyword.ts";

/** A number of the schema as messages show it: one without a fraction as an integer. */
function limitText(limit: unknown): string {
  return typeof limit === "number" && Number.isInteger(limit) ? String(BigInt(limit)) : String(limit);
}

/** `side` is the order in which a value and the limit must not be. */
function bound(name: "minimum" | "maximum", side: -1 | 1, off: string, edge: string): KeywordCompiler {
  const exclusiveName = name === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
  return ({ schema, place, values }) => {
    const limit = limitText(keyword(schema, name));
    const exclusive = keyword(schema, exclusiveName) === true;
    return (value, run) => {
      const text = values.numberText(value);
      run.budget.step(numberSteps(text));
      const order = compareNumbers(text, limit);
      if (order === side) run.fail(name, place, () => `${off} ${name} (${name}: ${limit}, found: ${messageNumber(text)})`);
      else if (order === 0 && exclusive) run.fail(name, place, () => `${edge} ${name} ${limit}`);
    };
  };
}

export const minimum = bound(
  "minimum",
  -1,
  "numeric instance is lower than the required",
  "numeric instance is not strictly greater than the required",
);

export const maximum = bound(
  "maximum",
  1,
  "numeric instance is greater than the required",
  "numeric instance is not strictly lower than the required",
);

export const multipleOf: KeywordCompiler = ({ schema, place, values }) => {
  const divisor = limitText(keyword(schema, "multipleOf"));
  return (value, run) => {
    const text = values.numberText(value);
    run.budget.step(1 + numberSteps(text));
    if (!isMultiple(text, divisor)) {
      run.fail("multipleOf", place, () => `remainder of division is not zero (${messageNumber(text)} / ${divisor})`);
    }
  };
};
