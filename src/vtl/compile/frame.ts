// Where references find their values while a template is rendered: the context, and what macros and loops put over it.
import type { LoopValue, Value } from "../values/index.ts";

export interface Frame {
  /** null where there is none. */
  get(name: string): Value;
  put(name: string, value: Value): void;
  remove(name: string): void;
  /** What a reference to a macro's parameter prints when it has no value: what the caller wrote. */
  literal(name: string): string | undefined;
}

export function contextFrame(values: Map<string, Value>): Frame {
  return {
    get: (name) => values.get(name) ?? null,
    put: (name, value) => {
      values.set(name, value);
    },
    remove: (name) => {
      values.delete(name);
    },
    literal: () => undefined,
  };
}

/** An argument that a macro evaluates anew, in its caller's frame, whenever it uses it. */
export interface ByName {
  readonly evaluate: () => Value;
  readonly literal: string;
}

export interface MacroFrame extends Frame {
  /** Gives a parameter a value of its own. */
  own(name: string, value: Value): void;
  byName(name: string, argument: ByName): void;
}

/** What is set in a macro is set around it too; its parameters are its own. */
export function macroFrame(outer: Frame): MacroFrame {
  const local = new Map<string, Value>();
  const args = new Map<string, ByName>();
  const literals = new Map<string, string>();
  return {
    get: (name) => local.get(name) ?? (args.get(name) ?? { evaluate: () => outer.get(name) }).evaluate(),
    put: (name, value) => {
      local.set(name, value);
      outer.put(name, value);
    },
    remove: (name) => {
      local.delete(name);
      args.delete(name);
      outer.remove(name);
    },
    literal: (name) => literals.get(name) ?? outer.literal(name),
    own: (name, value) => {
      local.set(name, value);
    },
    byName: (name, argument) => {
      args.set(name, argument);
      literals.set(`$${name}`, argument.literal);
    },
  };
}

/** Holds a loop's variable at null, whatever is around it, until the template takes it away. */
export function nullFrame(held: string, outer: Frame): Frame {
  let active = true;
  return {
    get: (name) => (active && name === held ? null : outer.get(name)),
    put: (name, value) => {
      if (name === held && value === null) active = true;
      outer.put(name, value);
    },
    remove: (name) => {
      if (name === held) active = false;
      outer.remove(name);
    },
    literal: (name) => outer.literal(name),
  };
}

/** Leaves a loop, a macro or everything; it travels as an error does, and is none. */
export class StopSignal extends Error {
  readonly target: LoopValue | "nearest" | "all";
  constructor(target: LoopValue | "nearest" | "all") {
    super("A #break or #stop outside of what it ends");
    this.target = target;
  }
}
