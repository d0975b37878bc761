// Evaluates a case and prints what comes of it as JaywayOracle.java does.
import { RE2JS } from "re2js";
import type { CompileRegex } from "../../../src/jsonpath/index.ts";
import { compilePath, JsonPathSyntaxError } from "../../../src/jsonpath/index.ts";
import { javaValues, parse, write } from "./java-values.ts";
import type { Case } from "./oracle.ts";

const compileRegex: CompileRegex = (pattern, flags) => {
  const compiled = RE2JS.compile(pattern, flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
  return (text) => compiled.matches(text);
};

export const options = { values: javaValues, compileRegex };

export function evaluateCase({ path, document }: Case): string {
  try {
    const outcome = compilePath(path, options).evaluate(parse(document));
    if (outcome.found) return `{"value":${write(outcome.value)}}`;
    return outcome.reason === "missing" ? '{"missing":true}' : `{"failed":${write(outcome.message)}}`;
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    return `{"syntax":${write(error.message)}}`;
  }
}

/** The kind of an answer, and the value if there is one: messages are each library's own. */
export function comparable(answer: string): string {
  return answer.replace(/^\{"(syntax|failed)":.*$/s, "$1");
}
