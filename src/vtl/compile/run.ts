// One rendering of a template: what it has written so far, its meter and the macros that came up on the way.
import { TemplateRuntimeError } from "../errors.ts";
import type { MethodScope, PatternEngine } from "../methods/index.ts";
import type { RenderLimits, Value } from "../values/index.ts";
import { Meter } from "../values/index.ts";
import type { Frame } from "./frame.ts";

/** Prints a part of the template. */
export type Render = (run: Run, frame: Frame) => void;
/** Finds the value of an expression. */
export type Evaluate = (run: Run, frame: Frame) => Value;
/** Decides a condition. */
export type Test = (run: Run, frame: Frame) => boolean;

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Render;
}

/** The macros of a template, of which the first of a name stays. */
export type Macros = Map<string, Macro>;

export class Run implements MethodScope {
  readonly meter: Meter;
  readonly patterns: PatternEngine;
  /** Whether all references are quiet. */
  readonly silent: boolean;
  /** Macros that `#evaluate` has brought in. */
  readonly macros: Macros = new Map();
  macroDepth = 0;
  evaluateDepth = 0;
  private readonly ownMacros: Macros;
  private output = "";

  constructor(limits: RenderLimits, patterns: PatternEngine, macros: Macros, silent: boolean) {
    this.meter = new Meter(limits);
    this.patterns = patterns;
    this.silent = silent;
    this.ownMacros = macros;
  }

  macro(name: string): Macro | undefined {
    return this.ownMacros.get(name) ?? this.macros.get(name);
  }

  write(text: string): void {
    this.output += text;
    this.meter.checkLength(this.output.length);
  }

  text(): string {
    return this.output;
  }

  /** What a part of the template prints, as a value. */
  capture(render: Render, frame: Frame): string {
    const before = this.output;
    this.output = "";
    try {
      render(this, frame);
      return this.meter.text(this.output);
    } finally {
      this.output = before;
    }
  }

  enterMacro(name: string): void {
    const { macroDepth } = this.meter.limits;
    if (this.macroDepth >= macroDepth) {
      throw new TemplateRuntimeError(`Macros call each other more than ${macroDepth} levels deep, at #${name}`);
    }
    this.macroDepth += 1;
  }
}
