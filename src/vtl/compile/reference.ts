// References: how they are found, printed and set, and what is printed of one that has no value.
import { callMethod, getElement, getProperty, setElement, setProperty } from "../methods/index.ts";
import type { Reference, Step } from "../syntax/index.ts";
import { literalOf } from "../syntax/index.ts";
import { isNumber, isZero, textOf } from "../values/index.ts";
import type { Value } from "../values/index.ts";
import type { CompiledReference, Compiler } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import type { Evaluate, Render, Run } from "./run.ts";

/** How a reference is written, taken from its first token as Velocity does. */
interface Spelling {
  readonly root: string;
  /** What is printed where there is no value. */
  readonly literal: string;
  /** A backslash keeps it from being a reference; one half of the backslashes is printed. */
  readonly escaped: boolean;
  readonly slashes: string;
  /** What the lexer took along in front of it. */
  readonly before: string;
  /** `text`: it prints its literal and has no value. */
  readonly kind: "reference" | "text";
}

/** `$\!name` is text: all but one of the backslashes go. */
function slashedBang(image: string): Spelling {
  const start = image.indexOf("\\", image.indexOf("$"));
  let end = start;
  while (image[end] === "\\") end += 1;
  const literal = image.slice(0, start) + image.slice(start, end - 1) + image.slice(end);
  return { root: literal, literal, escaped: false, slashes: "", before: "", kind: "text" };
}

/** Takes escapes and what stands before the dollar sign off the token, so that literals show it without them. */
function spell(reference: Reference): Spelling {
  const { token, formal } = reference;
  if (token.image.includes("\\!") && token.image.includes("$")) return slashedBang(token.image);
  const count = /^\\*/.exec(token.image)?.[0].length ?? 0;
  const escaped = count % 2 === 1;
  const slashes = token.image.slice(0, Math.trunc(count / 2));
  token.image = token.image.slice(count);
  const dollar = token.image.lastIndexOf("$");
  const before = dollar > 0 ? token.image.slice(0, dollar) : "";
  if (dollar > 0) token.image = token.image.slice(dollar);
  const literal = literalOf(reference.span);
  const { image } = token;
  const spelling = { literal, escaped, slashes, before, kind: "reference" } as const;
  if (image.startsWith("$!")) {
    const root = image.startsWith("$!{") ? (formal?.image ?? "") : image.slice(2);
    return { ...spelling, root, literal: escaped ? literal : "" };
  }
  if (image === "${") return { ...spelling, root: formal?.image ?? "" };
  if (image.startsWith("$")) return { ...spelling, root: image.slice(1) };
  return { ...spelling, root: image, literal: image, kind: "text" };
}

type Access = (base: Value, run: Run, frame: Frame) => Value;

function compileStep(step: Step, compiler: Compiler): Access {
  if (step.kind === "property") {
    const { name } = step;
    return (base, run) => getProperty(base, name, run);
  }
  if (step.kind === "index") {
    const index = compiler.evaluation(step.index);
    return (base, run, frame) => getElement(base, index(run, frame), run);
  }
  const { name } = step;
  const args = step.args.map((arg) => compiler.evaluation(arg));
  const [first, second] = args;
  if (first === undefined) return (base, run) => callMethod(base, name, [], run);
  if (second === undefined) return (base, run, frame) => callMethod(base, name, [first(run, frame)], run);
  return (base, run, frame) => callMethod(base, name, args.map((arg) => arg(run, frame)), run);
}

function compileAccess(root: string, steps: readonly Access[]): Evaluate {
  const [first, second] = steps;
  if (first === undefined) return (_, frame) => frame.get(root);
  if (second === undefined) {
    return (run, frame) => {
      const base = frame.get(root);
      return base === null ? null : first(base, run, frame);
    };
  }
  return (run, frame) => {
    let value = frame.get(root);
    for (const step of steps) {
      if (value === null) return null;
      value = step(value, run, frame);
    }
    return value;
  };
}

/** Whether an alternate value takes a value's place: where there is none, and for what is false, zero or empty. */
function isEmptyValue(value: Value, run: Run): boolean {
  if (value === null || value === false || value === "") return true;
  if (isNumber(value)) return isZero(value);
  if (typeof value !== "object") return false;
  return callMethod(value, "isEmpty", [], run) === true;
}

function renderValue(evaluate: Evaluate, spelling: Spelling): Render {
  const { slashes, before, literal } = spelling;
  const prefix = slashes + before;
  // Without a value, the slashes are printed twice.
  const missing = slashes + prefix;
  return (run, frame) => {
    const value = evaluate(run, frame);
    if (typeof value === "string") {
      run.meter.step(value.length >> 6);
      return run.write(prefix === "" ? value : prefix + value);
    }
    // A block prints itself where it stands, without what is before it.
    if (value !== null && typeof value === "object" && "kind" in value && value.kind === "block") {
      if (value.renderIn(run, frame)) return;
      return run.write(missing + shownLiteral(run, frame, literal));
    }
    const text = textOf(value, run.meter);
    run.write(text === null ? missing + shownLiteral(run, frame, literal) : prefix + text);
  };
}

/** What is printed of a reference without a value. */
function shownLiteral(run: Run, frame: Frame, literal: string): string {
  return run.silent ? "" : (frame.literal(literal) ?? literal);
}

function renderEscaped(evaluate: Evaluate, { slashes, literal }: Spelling): Render {
  return (run, frame) => {
    const shown = frame.literal(literal) ?? literal;
    run.write(slashes + (evaluate(run, frame) === null ? `\\${shown}` : shown));
  };
}

export function compileReference(reference: Reference, compiler: Compiler): CompiledReference {
  // Before the spelling: an argument's own escapes come off first.
  const steps = reference.steps.map((step) => compileStep(step, compiler));
  const alternate = reference.alternate === undefined ? undefined : compiler.evaluation(reference.alternate);
  const spelling = spell(reference);
  const { root, literal } = spelling;
  if (spelling.kind === "text") {
    return {
      root,
      evaluate: () => null,
      test: () => false,
      render: (run, frame) => run.write(frame.literal(literal) ?? literal),
      assign: () => () => undefined,
    };
  }
  const found = compileAccess(root, steps);
  const evaluate: Evaluate =
    alternate === undefined
      ? found
      : (run, frame) => {
          const value = found(run, frame);
          return isEmptyValue(value, run) ? alternate(run, frame) : value;
        };
  return {
    root,
    evaluate,
    render: spelling.escaped ? renderEscaped(evaluate, spelling) : renderValue(evaluate, spelling),
    test: (run, frame) => {
      const value = evaluate(run, frame);
      if (typeof value === "boolean") return value;
      if (value !== null && typeof value === "object" && "kind" in value && value.kind === "block") {
        return textOf(value, run.meter) !== null;
      }
      return value !== null;
    },
    assign: (right) => compileAssignment(reference, spelling, steps, right, compiler),
  };
}

function compileAssignment(
  reference: Reference,
  { root }: Spelling,
  steps: readonly Access[],
  right: Evaluate,
  compiler: Compiler,
): Render {
  const last = reference.steps.at(-1);
  if (last === undefined) {
    // Velocity 1.7 takes the token after its dollar sign for the name, so `${name}` sets no `$name`.
    const name = reference.token.image.slice(1);
    return (run, frame) => {
      const value = right(run, frame);
      if (value !== null) frame.put(name, value);
    };
  }
  const target = compileAccess(root, steps.slice(0, -1));
  if (last.kind === "index") {
    const index = compiler.evaluation(last.index);
    return (run, frame) => {
      const value = right(run, frame);
      if (value === null) return;
      const object = target(run, frame);
      if (object !== null) setElement(object, index(run, frame), value, run);
    };
  }
  const { name } = last;
  return (run, frame) => {
    const value = right(run, frame);
    if (value === null) return;
    const object = target(run, frame);
    if (object !== null) setProperty(object, name, value, run);
  };
}
