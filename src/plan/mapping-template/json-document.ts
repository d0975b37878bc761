// A payload as JSON: read when first asked for, and once.
import type { Path } from "../../jsonpath/index.ts";
import { compilePath, JsonPathSyntaxError, LenientJsonError, readLenientJson } from "../../jsonpath/index.ts";
import { compilePattern } from "../../pattern/index.ts";
import type { Value } from "../../vtl/index.ts";
import { parseJson, TemplateRuntimeError } from "../../vtl/index.ts";
import { templateValues } from "./json-values.ts";

/** A payload that is no JSON, a path that is wrong, or a document in which it cannot be evaluated. */
export class JsonDocumentError extends Error {
  override readonly name = "JsonDocumentError";
}

export interface JsonDocument {
  /** The payload's text, `{}` for an empty one. */
  readonly text: string;
  /** What a path leads to; undefined when it leads nowhere. @throws {JsonDocumentError} */
  find(path: string, spent?: Spent): Value | undefined;
}

/** Is told how much work there was: steps of a path. */
export type Spent = (steps: number) => void;

/**
 * An empty payload is read as `{}`: a request without a body becomes `"body": {}` in the template of
 * https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-apigateway/README.md#aws-stepfunctions-backed-apis.
 */
export function jsonDocument(payload: string): JsonDocument {
  const text = payload === "" ? "{}" : payload;
  let read: { readonly value: Value } | undefined;
  return { text, find: (path, spent) => findIn((read ??= { value: readJson(text) }).value, path, spent) };
}

/** @throws {JsonDocumentError} */
export function findIn(root: Value, path: string, spent?: Spent): Value | undefined {
  const outcome = pathOf(path, spent).evaluate(root, spent);
  if (outcome.found) return outcome.value as Value;
  if (outcome.reason === "missing") return undefined;
  throw new JsonDocumentError(outcome.message);
}

/**
 * What is no JSON is read as loosely as Jayway's library does, for which words without quotes are texts: that is how
 * `$input.path('$')` of a form's body (`a=1&b=2`) is that body.
 */
function readJson(text: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof TemplateRuntimeError)) throw error;
    try {
      return readLenientJson(text, templateValues) as Value;
    } catch (lenient) {
      throw lenient instanceof LenientJsonError ? new JsonDocumentError(error.message, { cause: error }) : lenient;
    }
  }
}

/** Paths that are kept compiled, and how long they may be. Templates use few; they can make any number of them. */
const KEPT_PATHS = 1000;
const KEPT_LENGTH = 1000;
const paths = new Map<string, Path>();

/** What compiling a character of a path takes in comparison with evaluating it. */
const COMPILING_STEPS = 2;

/** The same of an instruction of a pattern. */
const PATTERN_STEPS = 45;

/** @throws {JsonDocumentError} with the place of what is wrong */
export function pathOf(text: string, spent?: Spent): Path {
  const known = paths.get(text);
  if (known !== undefined) return known;
  spent?.(COMPILING_STEPS * (text.length + 1));
  const path = compile(text, spent);
  if (text.length > KEPT_LENGTH) return path;
  if (paths.size >= KEPT_PATHS) paths.clear();
  paths.set(text, path);
  return path;
}

function compile(text: string, spent?: Spent): Path {
  try {
    return compilePath(text, { values: templateValues, compileRegex: (pattern, flags) => compileRegex(pattern, flags, spent) });
  } catch (error) {
    if (error instanceof JsonPathSyntaxError) throw new JsonDocumentError(`Invalid JSONPath ${text}: ${error.message}`);
    throw error;
  }
}

/** Flags that a pattern can carry in itself. */
function compileRegex(pattern: string, flags: string, spent?: Spent): (text: string) => boolean {
  const compiled = compilePattern(flags === "" ? pattern : `(?${flags})${pattern}`);
  spent?.(PATTERN_STEPS * compiled.size);
  return (text) => {
    if (text.length * compiled.size > MAX_MATCHING) throw new JsonDocumentError("A text is too long for the pattern of a filter");
    return compiled.matches(text);
  };
}

/** Characters of a text times instructions of a pattern: what matching takes at worst. */
const MAX_MATCHING = 10_000_000;
