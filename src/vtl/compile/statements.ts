// A template, or a text within one, as one closure.
import { TemplateSyntaxError } from "../errors.ts";
import type { Branch, Origin, Parsed, Statement } from "../syntax/index.ts";
import { parse, tokenLiteral } from "../syntax/index.ts";
import type { Compiler } from "./compiler.ts";
import type { CompileText } from "./directive.ts";
import { compileDirective } from "./directive.ts";
import { compileCondition, compileExpression } from "./expression.ts";
import { compileReference } from "./reference.ts";
import type { Macro, Macros, Render, Run, Test } from "./run.ts";

/** What is known of macros while a text is compiled. */
export interface MacroScope {
  has(name: string): boolean;
  add(macro: Macro): void;
}

function scopeOf(macros: Macros, known: (name: string) => boolean): MacroScope {
  const has = (name: string): boolean => macros.has(name) || known(name);
  return {
    has,
    add: (macro) => {
      if (!has(macro.name)) macros.set(macro.name, macro);
    },
  };
}

function compileIf(branches: readonly Branch[], compiler: Compiler): Render {
  const always: Test = () => true;
  const compiled = branches.map(({ condition, body }) => ({
    test: condition === undefined ? always : compiler.condition(condition),
    render: compiler.block(body),
  }));
  return (run, frame) => {
    for (const { test, render } of compiled) if (test(run, frame)) return render(run, frame);
  };
}

function compileStatement(statement: Statement, compiler: Compiler): Render | string {
  switch (statement.kind) {
    case "text":
      return tokenLiteral(statement.token);
    case "constant":
      return statement.text;
    case "reference":
      return compiler.reference(statement).render;
    case "set": {
      // The right side last, as Velocity prepares them in the order they are written in.
      const target = compiler.reference(statement.target);
      return target.assign(compiler.evaluation(statement.value));
    }
    case "if":
      return compileIf(statement.branches, compiler);
    case "directive":
      return compileDirective(statement, compiler, compileText);
  }
}

function writes(text: string): Render {
  return (run) => {
    run.write(text);
  };
}

/** One after the other; texts that stand side by side are one. */
function sequence(parts: readonly (Render | string)[]): Render {
  const renders: Render[] = [];
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else {
      if (text !== "") renders.push(writes(text));
      text = "";
      renders.push(part);
    }
  }
  if (text !== "") renders.push(writes(text));
  const [only, second] = renders;
  if (only === undefined) return () => undefined;
  const count = renders.length;
  if (second === undefined) {
    return (run, frame) => {
      run.meter.step(1);
      only(run, frame);
    };
  }
  return (run, frame) => {
    run.meter.step(count);
    for (const render of renders) render(run, frame);
  };
}

function compileParsed({ statements, locate }: Parsed, scope: MacroScope): Render {
  const compiler: Compiler = {
    reference: (reference) => compileReference(reference, compiler),
    evaluation: (expression) => compileExpression(expression, compiler),
    condition: (expression) => compileCondition(expression, compiler),
    block: (found) => sequence(found.map((statement) => compileStatement(statement, compiler))),
    inner: (source, origin) => compileSource(source, scope, origin),
    isMacro: scope.has,
    defineMacro: scope.add,
    locate,
    error: (reason, span) => {
      const { line, column } = locate(span.tokens[span.first]?.offset ?? 0);
      return new TemplateSyntaxError(reason, line, column);
    },
  };
  return compiler.block(statements);
}

function compileSource(source: string, scope: MacroScope, origin: Origin): Render {
  return compileParsed(parse(source, { isMacro: scope.has, origin }), scope);
}

/** For `#evaluate`: the macros it defines are the rendering's. */
const compileText: CompileText = (source: string, run: Run) => {
  // Reading and compiling: some steps for each character of what is dense with directives and references.
  run.meter.step(32 + 10 * source.length);
  const scope = scopeOf(run.macros, (name) => run.macro(name) !== undefined);
  return compileSource(source, scope, { line: 1, column: 1 });
};

/** Compiles a whole template. Its macros are put into the table. */
export function compileTemplate(source: string, macros: Macros): Render {
  return compileSource(source, scopeOf(macros, () => false), { line: 1, column: 1 });
}
