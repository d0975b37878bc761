// What the parser makes of a template, and the compiler turns into closures.
import type { Token } from "./token.ts";
import { tokenLiteral } from "./token.ts";

/** The tokens of a part of the template, from which its literal text is put together. */
export interface Span {
  readonly tokens: readonly Token[];
  readonly first: number;
  readonly last: number;
}

export type Step =
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "method"; readonly name: string; readonly args: readonly Expression[]; readonly token: Token }
  | { readonly kind: "index"; readonly index: Expression; readonly token: Token };

export interface Reference {
  readonly kind: "reference";
  readonly span: Span;
  /** The token with the dollar sign; of `${name}`, the one with the name follows it. */
  readonly token: Token;
  readonly formal: Token | undefined;
  readonly steps: readonly Step[];
  readonly alternate: Expression | undefined;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly span: Span;
  readonly token: Token;
}

export type BinaryOperator = "or" | "and" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%";

export type Expression =
  | Reference
  | StringLiteral
  | { readonly kind: "word"; readonly span: Span; readonly name: string }
  | { readonly kind: "integer" | "float"; readonly span: Span; readonly text: string }
  | { readonly kind: "boolean"; readonly span: Span; readonly value: boolean }
  | { readonly kind: "list"; readonly span: Span; readonly items: readonly Expression[] }
  | { readonly kind: "map"; readonly span: Span; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "range"; readonly span: Span; readonly from: Expression; readonly to: Expression }
  | { readonly kind: "not"; readonly span: Span; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly span: Span;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface Branch {
  /** undefined: `#else`. */
  readonly condition: Expression | undefined;
  readonly body: readonly Statement[];
}

export interface Directive {
  readonly kind: "directive";
  readonly span: Span;
  readonly token: Token;
  readonly name: string;
  readonly args: readonly Expression[];
  /** What stands between it and its `#end`; its own span, for what prints or passes it on as it is. */
  readonly body: Block | undefined;
}

export interface Block {
  readonly statements: readonly Statement[];
  readonly span: Span;
}

export type Statement =
  | Reference
  | Directive
  | { readonly kind: "text"; readonly token: Token }
  /** Text that is known when it is read: an escape, an unparsed block, what stands before a comment. */
  | { readonly kind: "constant"; readonly text: string }
  | { readonly kind: "if"; readonly branches: readonly Branch[] }
  | { readonly kind: "set"; readonly target: Reference; readonly value: Expression };

/** A part of the template as it was written, as Velocity shows it where a reference has no value. */
export function literalOf(span: Span): string {
  let text = "";
  for (let at = span.first; at <= span.last; at += 1) {
    const token = span.tokens[at];
    if (token !== undefined) text += tokenLiteral(token);
  }
  return text;
}

/** The same, with comments and without what the lexer kept back: how a call to an unknown macro is printed. */
export function imageOf(span: Span): string {
  let text = "";
  for (let at = span.first; at <= span.last; at += 1) text += span.tokens[at]?.image ?? "";
  return text;
}
