// #macro, calls to macros with and without a body, and #define.
import { TemplateRuntimeError } from "../errors.ts";
import type { Directive, Expression } from "../syntax/index.ts";
import { imageOf, literalOf } from "../syntax/index.ts";
import type { BlockValue } from "../values/index.ts";
import type { Compiler } from "./compiler.ts";
import type { Frame, MacroFrame } from "./frame.ts";
import { macroFrame, StopSignal } from "./frame.ts";
import type { Evaluate, Render, Run } from "./run.ts";

/** The word, or the reference without its dollar sign, that names a parameter. */
function parameterName(argument: Expression): string {
  const image = argument.span.tokens[argument.span.first]?.image ?? "";
  return image.startsWith("$") ? image.slice(1) : image;
}

/** Defines the macro; in its place nothing is printed. */
export function compileMacro({ args, body, span }: Directive, compiler: Compiler): Render {
  const [name, ...parameters] = args;
  if (name?.kind !== "word" || body === undefined) throw compiler.error("A #macro needs a name and an end", span);
  for (const parameter of parameters) compiler.evaluation(parameter);
  const render = compiler.block(body.statements);
  compiler.defineMacro({ name: name.name, parameters: parameters.map(parameterName), body: render });
  return () => undefined;
}

/** An argument: by its name, but for numbers and booleans, which are the same whenever they are looked at. */
interface Argument {
  readonly evaluate: Evaluate;
  readonly literal: () => string;
  readonly constant: boolean;
}

function compileArgument(argument: Expression, compiler: Compiler): Argument {
  const evaluate = compiler.evaluation(argument);
  let literal: string | undefined;
  return {
    evaluate,
    literal: () => (literal ??= literalOf(argument.span)),
    constant: argument.kind === "integer" || argument.kind === "float" || argument.kind === "boolean",
  };
}

function bind(args: readonly Argument[], parameters: readonly string[], run: Run, frame: Frame): MacroFrame {
  const own = macroFrame(frame);
  for (const [at, parameter] of parameters.entries()) {
    const argument = args[at];
    if (argument === undefined) break;
    const { evaluate, constant, literal } = argument;
    if (constant) own.own(parameter, evaluate(run, frame));
    else own.byName(parameter, { evaluate: () => byName(evaluate, run, frame), literal: literal() });
  }
  return own;
}

/** An argument that refers to itself would be looked up without end; the depth of macros bounds it too. */
function byName(evaluate: Evaluate, run: Run, frame: Frame): ReturnType<Evaluate> {
  run.meter.enter();
  run.meter.step(1);
  const value = evaluate(run, frame);
  run.meter.leave();
  return value;
}

/** What a call and its frame cost in comparison with other statements. */
const CALL_STEPS = 4;

/** A call; where there is no macro of that name when it is rendered, what was written is printed. */
export function compileMacroCall(directive: Directive, compiler: Compiler): Render {
  const { args, body, span } = directive;
  const withBody = directive.name.startsWith("@");
  const name = withBody ? directive.name.slice(1) : directive.name;
  if (withBody && body === undefined) return (run) => run.write(`#${directive.name}`);
  const compiled = args.map((argument) => compileArgument(argument, compiler));
  const word = args.find((argument) => argument.kind === "word");
  const content = body === undefined ? undefined : compiler.block(body.statements);
  let image: string | undefined;
  return (run, frame) => {
    const macro = run.macro(name);
    if (macro === undefined) return run.write((image ??= imageOf(span)));
    if (word?.kind === "word") throw new TemplateRuntimeError(`Invalid argument ${JSON.stringify(word.name)} of #${name}`);
    run.enterMacro(name);
    run.meter.step(CALL_STEPS + 2 * macro.parameters.length);
    try {
      const own = bind(compiled, macro.parameters, run, frame);
      if (content !== undefined) own.own("bodyContent", blockValue(content, frame, run, run.meter.limits.macroDepth));
      macro.body(run, own);
    } catch (error) {
      if (!(error instanceof StopSignal) || error.target !== "nearest") throw error;
    } finally {
      run.macroDepth -= 1;
    }
  };
}

/** `#define` may stand in itself once, as in Velocity. */
const DEFINE_DEPTH = 2;

/** A block as a value. Printed, it sees what is around the place where it is printed. */
function blockValue(content: Render, around: Frame, run: Run, maxDepth: number): BlockValue {
  let depth = 0;
  function renderIn(run: Run, frame: Frame): boolean {
    if (depth >= maxDepth) return false;
    depth += 1;
    run.meter.enter();
    try {
      content(run, frame);
    } catch (error) {
      if (!(error instanceof StopSignal) || error.target !== "nearest") throw error;
    } finally {
      depth -= 1;
      run.meter.leave();
    }
    return true;
  }
  return {
    kind: "block",
    renderIn,
    text: () => {
      let rendered = false;
      const text = run.capture((run, frame) => {
        rendered = renderIn(run, frame);
      }, around);
      return rendered ? text : null;
    },
  };
}

export function compileDefine({ args, body, span }: Directive, compiler: Compiler): Render {
  const [name] = args;
  if (name === undefined || args.length !== 1 || body === undefined) {
    throw compiler.error("#define is written #define($name)", span);
  }
  compiler.evaluation(name);
  const key = (name.span.tokens[name.span.first]?.image ?? "").slice(1);
  const content = compiler.block(body.statements);
  return (run, frame) => frame.put(key, blockValue(content, frame, run, DEFINE_DEPTH));
}
