// One validation: what it has found, and what it is still allowed.
import { ValidationLimitError } from "./errors.ts";

export interface ValidationLimits {
  /** Schemas that are tried on values, elements and members that are looked at. */
  readonly steps: number;
  /** Values within each other. */
  readonly depth: number;
  /** Once so many are gathered, the validation is over. */
  readonly messages: number;
}

/** Messages: what API Gateway answers with has 10 MB at most, and nobody reads more of them. */
export const defaultLimits: ValidationLimits = { steps: 1_000_000, depth: 1_000, messages: 1_000 };

export interface ValidationMessage {
  /** As the Java library json-schema-validator has it, which API Gateway quotes. */
  readonly text: string;
  readonly keyword: string;
  /** The place of the schema that says so: its document's URL if it has one, "#" and a JSON pointer. */
  readonly schema: string;
  /** The schema asks for what the validator does not know. API Gateway does not let such a value pass either. */
  readonly warning: boolean;
}

/** What all parts of one validation share. */
export class Budget {
  readonly limits: ValidationLimits;
  private readonly allowed: number;
  private steps = 0;
  private depth = 0;

  constructor(limits: ValidationLimits, furtherSteps = 0) {
    this.limits = limits;
    this.allowed = limits.steps + furtherSteps;
  }

  step(count: number): void {
    this.steps += count;
    if (this.steps > this.allowed) {
      throw new ValidationLimitError(`validation takes more than ${this.allowed} steps`);
    }
  }

  enter(): void {
    this.step(1);
    this.depth += 1;
    if (this.depth > this.limits.depth) throw new ValidationLimitError(`more than ${this.limits.depth} levels to validate`);
  }

  leave(): void {
    this.depth -= 1;
  }
}

/** A validation, or the part of one that only asks whether a schema is fulfilled. */
export class Run {
  failed = false;
  readonly budget: Budget;
  /** undefined: only `failed` is asked for, so the first failure is the end. */
  readonly messages: ValidationMessage[] | undefined;

  constructor(budget: Budget, messages?: ValidationMessage[]) {
    this.budget = budget;
    this.messages = messages;
  }

  fail(keyword: string, schema: string, text: () => string): void {
    this.failed = true;
    if (this.messages === undefined) return;
    const message = text();
    this.budget.step(message.length >> 4);
    this.messages.push({ text: message, keyword, schema, warning: false });
  }

  warn(keyword: string, schema: string, text: string): void {
    this.messages?.push({ text, keyword, schema, warning: true });
  }

  /** Nothing more needs to be known. */
  get over(): boolean {
    return this.messages === undefined ? this.failed : this.messages.length >= this.budget.limits.messages;
  }
}

/** What a keyword says of a value. */
export type Check = (value: unknown, run: Run) => void;
