// One evaluation: what it has found, what it is still allowed, and where it stands.
import { LimitExceeded } from "./errors.ts";
import type { JsonValues } from "./values.ts";

export interface PathLimits {
  /** Values that are looked at in one evaluation, those of filters and arguments included. */
  readonly steps: number;
  /** How deep a deep scan goes into a document. */
  readonly depth: number;
}

export const defaultLimits: PathLimits = { steps: 1_000_000, depth: 1_000 };

/** What it takes to make an error that is caught again. */
export const ERROR_STEPS = 40;

/** What all parts of one evaluation share. */
export class Budget {
  private readonly limits: PathLimits;
  private steps = 0;
  private depth = 0;

  constructor(limits: PathLimits) {
    this.limits = limits;
  }

  /** The steps that were taken so far. */
  get used(): number {
    return this.steps;
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.steps) throw new LimitExceeded(`the path takes more than ${this.limits.steps} steps`);
  }

  enter(): void {
    this.depth += 1;
    if (this.depth > this.limits.depth) throw new LimitExceeded(`the document is deeper than ${this.limits.depth} levels`);
  }

  leave(): void {
    this.depth -= 1;
  }
}

/** Values that cost a step whenever one is looked at: what operators of filters compare may be large on both sides. */
export interface CountedValues extends JsonValues {
  /** Of the evaluation that goes on; never kept beyond one comparison. */
  budget: Budget | undefined;
  step(count: number): void;
}

export function countedValues(values: JsonValues): CountedValues {
  const counted: CountedValues = {
    ...values,
    budget: undefined,
    step: (count) => counted.budget?.step(count),
    element: (array, index) => {
      counted.budget?.step();
      return values.element(array, index);
    },
    member: (object, name) => {
      counted.budget?.step();
      return values.member(object, name);
    },
  };
  return counted;
}

/** A path at work, the whole one or one within a filter or an argument. */
export interface Evaluation {
  /** What `$` means in filters and arguments. */
  readonly root: unknown;
  readonly results: unknown[];
  /** In existence checks, a property that is missing anywhere ends the evaluation. */
  readonly strict: boolean;
  readonly budget: Budget;
}

/** What remains of a path, at work on a value. */
export type Step = (value: unknown, evaluation: Evaluation) => void;

/** What a definite path gives that leads nowhere. */
export const MISSING = Symbol("missing");

/** The end of every path. */
export const collect: Step = (value, { results }) => {
  results.push(value);
};

/** A compiled path. Throws the errors of errors.ts, but for PathNotFound, for which it gives MISSING. */
export type Run = (value: unknown, root: unknown, strict: boolean, budget: Budget) => unknown;
