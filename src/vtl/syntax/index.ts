// Reading templates: tokens, the grammar, the tree.
export type { Origin } from "./lexer.ts";
export type { Parsed } from "./parser.ts";
export { parse } from "./parser.ts";
export { tokenLiteral } from "./token.ts";
export type { BinaryOperator, Branch, Directive, Expression, Reference, Span, Statement, Step, StringLiteral } from "./tree.ts";
export { imageOf, literalOf } from "./tree.ts";
