// What the parts of the compiler need of each other: they are as recursive as the language.
import type { TemplateSyntaxError } from "../errors.ts";
import type { Expression, Origin, Reference, Span, Statement } from "../syntax/index.ts";
import type { Evaluate, Macro, Render, Test } from "./run.ts";

export interface CompiledReference {
  readonly evaluate: Evaluate;
  readonly render: Render;
  readonly test: Test;
  /** `#set` of it. */
  assign(evaluate: Evaluate): Render;
  /** The name it is found under. */
  readonly root: string;
}

export interface Compiler {
  reference(reference: Reference): CompiledReference;
  evaluation(expression: Expression): Evaluate;
  condition(expression: Expression): Test;
  block(statements: readonly Statement[]): Render;
  /** Compiles a text that is a template itself: a literal in double quotes. */
  inner(source: string, origin: Origin): Render;
  /** Compiles and defines what `#evaluate` finds when the template runs. */
  isMacro(name: string): boolean;
  defineMacro(macro: Macro): void;
  locate(offset: number): Origin;
  error(reason: string, span: Span): TemplateSyntaxError;
}
