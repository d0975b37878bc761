// Validates a case as the Java library does: with numbers that keep how they were written.
import { RE2JS } from "re2js";
import { decimalText } from "../../../src/jsonpath/decimal.ts";
import type { CompilePattern, InstanceValues } from "../../../src/jsonschema/index.ts";
import { compileSchema, JsonSchemaError, plainInstances } from "../../../src/jsonschema/index.ts";
import type { Answer, Case } from "./oracle.ts";

/** A java.math.BigDecimal. */
class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = decimalText(text);
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

interface Source {
  readonly source: string;
}

/** Reads JSON; numbers with a fraction or an exponent become Decimals, large whole ones bigints. */
export function parse(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, { source }: Source) => {
    if (typeof value !== "number") return value;
    if (/[.eE]/.test(source)) return new Decimal(source);
    return Number.isSafeInteger(value) ? value : BigInt(source);
  }) as (key: string, value: unknown) => unknown);
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
