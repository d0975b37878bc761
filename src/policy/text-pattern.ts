// Texts of a policy in which `*` and `?` may be wildcards and `${...}` stands for a value of the request
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
import { bounded, globMatcher, type PatternPart, wildcardParts } from "./glob.ts";
import type { PolicyRequest } from "./policy.ts";

/** A policy variable: its condition key in lower case, and the text that stands where the request has no value. */
export interface Variable {
  readonly type: "variable";
  readonly key: string;
  readonly fallback: string | undefined;
}

export type TextPart = PatternPart | Variable;

/** Tells whether a value of a request is one that a text of the policy stands for. */
export type ValueTest = (value: string, request: PolicyRequest) => boolean;

/** `${*}`, `${?}` and `${$}` are the characters themselves; `${key}` and `${key, 'default'}` are variables. */
const VARIABLE = /\$\{(?:([*?$])|([^{}$*?',]+)(?:,\s*'([^'{}]*)')?)\}/g;

export interface TextSyntax {
  readonly wildcards: boolean;
  /** Whether the policy's version knows variables. */
  readonly variables: boolean;
}

/**
 * The parts of a text, wildcards and variables apart.
 * @throws {PolicySyntaxError} if a text with wildcards is too long
 */
export function textParts(text: string, { wildcards, variables }: TextSyntax): readonly TextPart[] {
  const plain = (piece: string): readonly TextPart[] => {
    if (piece === "") return [];
    return wildcards ? wildcardParts(piece) : [{ type: "text", text: piece }];
  };
  if (!variables) return bounded(plain(text));
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: whole, 1: character, 2: key, 3: fallback, index } of text.matchAll(VARIABLE)) {
    parts.push(...plain(text.slice(from, index)));
    if (key === undefined) parts.push({ type: "text", text: character as string });
    else parts.push({ type: "variable", key: key.trim().toLowerCase(), fallback });
    from = index + whole.length;
  }
  return bounded([...parts, ...plain(text.slice(from))]);
}

export const hasVariables = (parts: readonly TextPart[]): boolean => parts.some(({ type }) => type === "variable");

/**
 * The parts with the request's values in place of the variables; a value's own `*` and `?` are no wildcards.
 * Undefined when a variable has no value: the text matches nothing then ("Policy variables with no value").
 */
export function resolved(parts: readonly TextPart[], { context }: PolicyRequest): readonly PatternPart[] | undefined {
  const pattern: PatternPart[] = [];
  for (const part of parts) {
    if (part.type !== "variable") {
      pattern.push(part);
      continue;
    }
    const text = valueOf(part, context(part.key));
    if (text === undefined) return undefined;
    pattern.push({ type: "text", text });
  }
  return pattern;
}

/** "You can't use a multivalued condition key as a variable"; an empty value is none. */
function valueOf({ fallback }: Variable, values: readonly string[] | undefined): string | undefined {
  if (values !== undefined && values.length > 1) return undefined;
  const value = values?.[0];
  return value === undefined || value === "" ? fallback : value;
}

/** Tests values against a text's parts with a matcher, which is made once where the text has no variables. */
export function partsTest(parts: readonly TextPart[], matcher: (pattern: readonly PatternPart[]) => (value: string) => boolean): ValueTest {
  if (!hasVariables(parts)) return matcher(parts as readonly PatternPart[]);
  return (value, request) => {
    const pattern = resolved(parts, request);
    return pattern !== undefined && matcher(pattern)(value);
  };
}

/** Tests values against a text. */
export const textTest = (text: string, syntax: TextSyntax): ValueTest => partsTest(textParts(text, syntax), globMatcher);

/** Whether any of the tests says so. */
export function anyOf(tests: readonly ValueTest[]): ValueTest {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (value, request) => {
    for (const test of tests) if (test(value, request)) return true;
    return false;
  };
}
