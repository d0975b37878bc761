// The directives by their names; what is none of them is a call to a macro.
import { TemplateRuntimeError, TemplateSyntaxError } from "../errors.ts";
import type { Directive } from "../syntax/index.ts";
import { literalOf } from "../syntax/index.ts";
import { textOf } from "../values/index.ts";
import type { Compiler } from "./compiler.ts";
import { StopSignal } from "./frame.ts";
import { compileForeach } from "./loop.ts";
import { compileDefine, compileMacro, compileMacroCall } from "./macro.ts";
import type { Render, Run } from "./run.ts";

const NEAREST = new StopSignal("nearest");
const ALL = new StopSignal("all");

function compileBreak({ args, span }: Directive, compiler: Compiler): Render {
  const [scope] = args;
  if (args.length > 1) throw compiler.error("#break takes one scope", span);
  if (scope === undefined) {
    return () => {
      throw NEAREST;
    };
  }
  const evaluate = compiler.evaluation(scope);
  return (run, frame) => {
    const value = evaluate(run, frame);
    if (value !== null && typeof value === "object" && "kind" in value && value.kind === "loop") throw new StopSignal(value);
    throw new TemplateRuntimeError("#break takes the scope of a loop");
  };
}

function compileStop({ args, span }: Directive, compiler: Compiler): Render {
  const [message] = args;
  if (args.length > 1) throw compiler.error("#stop takes one message", span);
  const evaluate = message === undefined ? () => null : compiler.evaluation(message);
  return (run, frame) => {
    evaluate(run, frame);
    throw ALL;
  };
}

function compileLiteral({ args, body, span }: Directive, compiler: Compiler): Render {
  if (body === undefined) throw compiler.error("#literal is written #literal()", span);
  // Compiled as well: the block's escapes come off, and its macros are defined.
  compiler.block(body.statements);
  const text = literalOf(args[0]?.span ?? body.span);
  return (run) => run.write(text);
}

/** Compiles a text while the template runs. */
export type CompileText = (source: string, run: Run) => Render;

function compileEvaluate({ args, span }: Directive, compiler: Compiler, compileText: CompileText): Render {
  const [source] = args;
  if (source === undefined || args.length !== 1 || (source.kind !== "string" && source.kind !== "reference")) {
    throw compiler.error("#evaluate takes one text or reference", span);
  }
  const evaluate = compiler.evaluation(source);
  return (run, frame) => {
    const text = textOf(evaluate(run, frame), run.meter) ?? "";
    const { evaluateDepth } = run.meter.limits;
    if (run.evaluateDepth >= evaluateDepth) {
      throw new TemplateRuntimeError(`#evaluate is used within itself more than ${evaluateDepth} levels deep`);
    }
    run.evaluateDepth += 1;
    try {
      compileText(text, run)(run, frame);
    } catch (error) {
      if (error instanceof TemplateSyntaxError) throw new TemplateRuntimeError(`In the text of #evaluate: ${error.message}`);
      if (!(error instanceof StopSignal) || typeof error.target === "object") throw error;
    } finally {
      run.evaluateDepth -= 1;
    }
  };
}

export function compileDirective(directive: Directive, compiler: Compiler, compileText: CompileText): Render {
  switch (directive.name) {
    case "foreach":
      return compileForeach(directive, compiler);
    case "macro":
      return compileMacro(directive, compiler);
    case "define":
      return compileDefine(directive, compiler);
    case "literal":
      return compileLiteral(directive, compiler);
    case "evaluate":
      return compileEvaluate(directive, compiler, compileText);
    case "break":
      return compileBreak(directive, compiler);
    case "stop":
      return compileStop(directive, compiler);
    default:
      return compileMacroCall(directive, compiler);
  }
}
