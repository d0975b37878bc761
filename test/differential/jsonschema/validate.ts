// Validates a case as the Java library does: with numbers that keep how they were written.
import { RE2JS } from "re2js";
import type { CompilePattern, InstanceValues } from "../../../src/jsonschema/index.ts";
import { compileSchema, JsonSchemaError, plainInstances } from "../../../src/jsonschema/index.ts";
import { parseWith } from "../jsonpath/java-values.ts";
import type { Answer, Case } from "./oracle.ts";

/** A number with a fraction or an exponent. */
class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export const javaInstances: InstanceValues = {
  ...plainInstances,
  kind: (value) => (value instanceof Decimal ? "decimal" : plainInstances.kind(value)),
  numberText: (number) => (number instanceof Decimal ? number.text : String(number)),
};

export const compilePattern: CompilePattern = (source) => {
  const compiled = RE2JS.compile(source);
  return (text) => compiled.matcher(text).find();
};

/** Reads JSON; objects keep their order, and numbers how they were written. */
export function parse(text: string): unknown {
  return parseWith(text, (digits) => (/[.eE]/.test(digits) ? new Decimal(digits) : plainNumber(digits)));
}

function plainNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

export function validateCase({ schema, instance, documents = {} }: Case): Answer {
  try {
    const validator = compileSchema(JSON.parse(schema), {
      values: javaInstances,
      compilePattern,
      resolve: (url) => (Object.hasOwn(documents, url) ? (JSON.parse(documents[url] ?? "") as unknown) : undefined),
    });
    const messages = validator.validate(parse(instance));
    return { messages: messages.map(({ text, warning }) => [warning ? "warning" : "error", text] as const) };
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    return { refused: error.message };
  }
}

/** Why a schema is refused is said in each library's own words, and unknown keywords are not told of when validating. */
export function comparable(answer: Answer): Answer {
  if ("refused" in answer) return { refused: "" };
  return { messages: answer.messages.filter(([, text]) => !text.startsWith("the following keywords are unknown")) };
}
