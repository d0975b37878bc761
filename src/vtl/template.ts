// Templates: compiled once, rendered often.
import { compileTemplate, contextFrame, Run, StopSignal } from "./compile/index.ts";
import type { Macros } from "./compile/index.ts";
import { TemplateRuntimeError, TemplateSyntaxError } from "./errors.ts";
import type { PatternEngine } from "./methods/index.ts";
import type { RenderLimits, Value } from "./values/index.ts";

/** The bounds of a template. */
export interface TemplateLimits extends RenderLimits {
  /** Characters of the template. */
  readonly templateLength: number;
}

/**
 * What API Gateway bounds (the guide's limits.md: 300 KB a template, 1,000 iterations a loop, 10 MB a payload), what
 * Velocity bounds (20 macros within each other) and what keeps a rendering short.
 */
export const defaultLimits: TemplateLimits = {
  templateLength: 300 * 1024,
  iterations: 1000,
  steps: 1_000_000,
  outputLength: 10 * 1024 * 1024,
  macroDepth: 20,
  evaluateDepth: 20,
};

export interface TemplateOptions {
  /** Java's regular expressions, for `split`, `matches`, `replaceAll` and `replaceFirst`. */
  readonly patterns: PatternEngine;
  readonly limits?: Partial<TemplateLimits>;
  /** A reference without a value prints nothing, as if all were quiet; Velocity prints what is written. */
  readonly silent?: boolean;
}

export interface Template {
  /** The text, where it is the same whatever the context: the template has neither references nor directives. */
  readonly constant: string | undefined;
  /**
   * Renders the template. What it sets stays within the rendering, but for what it changes in the values it is given.
   * @param furtherSteps what it may take beyond the limit, for what the context is large.
   * @throws TemplateRuntimeError when a method fails or a limit is reached
   */
  render(context: ReadonlyMap<string, Value>, furtherSteps?: number): string;
}

/**
 * Compiles a template of Apache Velocity 1.7.
 * @throws TemplateSyntaxError with the line and the column of what is wrong
 */
export function parseTemplate(source: string, options: TemplateOptions): Template {
  const limits: TemplateLimits = { ...defaultLimits, ...options.limits };
  if (source.length > limits.templateLength) {
    throw new TemplateSyntaxError(`The template has more than ${limits.templateLength} characters`, 1, 1);
  }
  if (!/[$#\\]/.test(source)) return { constant: source, render: () => source };
  const macros: Macros = new Map();
  const render = compileTemplate(source, macros);
  return {
    constant: undefined,
    render: (context, furtherSteps = 0) => {
      const run = new Run(furtherSteps === 0 ? limits : { ...limits, steps: limits.steps + furtherSteps }, options.patterns, macros, options.silent ?? false);
      try {
        render(run, contextFrame(new Map(context)));
      } catch (error) {
        rethrow(error);
      }
      return run.text();
    },
  };
}

/** #break and #stop end a template; anything else is its failure. */
function rethrow(error: unknown): void {
  if (error instanceof StopSignal) {
    if (typeof error.target === "string") return;
    throw new TemplateRuntimeError("#break ends a loop that is not running");
  }
  if (error instanceof RangeError) throw new TemplateRuntimeError("The template calls itself too deeply");
  throw error;
}
