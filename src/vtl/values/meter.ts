// What bounds a rendering: every piece of work and every piece of output is counted.
import { TemplateRuntimeError } from "../errors.ts";

/** The bounds of one rendering. */
export interface RenderLimits {
  /** Iterations of one `#foreach` (limits.md of the guide: 1,000). */
  readonly iterations: number;
  /** Statements, method calls, elements and stretches of text that are worked on, in one rendering. */
  readonly steps: number;
  /** Characters of the output, and of any text that is made on the way. */
  readonly outputLength: number;
  /** Macros within macros, as Velocity counts them. */
  readonly macroDepth: number;
  /** `#evaluate` within `#evaluate`. */
  readonly evaluateDepth: number;
}

/** How deep lists and maps may stand in each other to be printed, compared or hashed. */
const MAX_DEPTH = 200;

/**
 * A step stands for about fifty nanoseconds of work: `node bench/steps.ts` measures what each kind of work takes, so that
 * no million of them takes much more than others do.
 */
export class Meter {
  readonly limits: RenderLimits;
  private steps = 0;
  private depth = 0;

  constructor(limits: RenderLimits) {
    this.limits = limits;
  }

  /** The steps that were taken so far. */
  get used(): number {
    return this.steps;
  }

  /** The steps that are still allowed. */
  get left(): number {
    return this.limits.steps - this.steps;
  }

  /** Counts so many pieces of work. */
  step(count: number): void {
    this.steps += count;
    if (this.steps > this.limits.steps) {
      throw new TemplateRuntimeError(`The template takes more than ${this.limits.steps} steps`);
    }
  }

  /** Counts the work that lies in a text, and gives the text back. */
  text(text: string): string {
    this.expectLength(text.length);
    return text;
  }

  /** Counts the work of a text that is about to be made or read. */
  expectLength(length: number): void {
    this.checkLength(length);
    this.step(1 + (length >> 6));
  }

  checkLength(length: number): void {
    if (length > this.limits.outputLength) throw this.tooLong();
  }

  tooLong(): TemplateRuntimeError {
    return new TemplateRuntimeError(`The template makes a text of more than ${this.limits.outputLength} characters`);
  }

  enter(): void {
    this.depth += 1;
    this.step(1);
    if (this.depth > MAX_DEPTH) {
      throw new TemplateRuntimeError(`Lists and maps stand in each other more than ${MAX_DEPTH} levels deep`);
    }
  }

  leave(): void {
    this.depth -= 1;
  }
}
