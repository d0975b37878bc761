// A schema as it is run: what its keywords say of each kind of value, and where it goes on below.
import type { Check, Run } from "./run.ts";
import type { InstanceValues, JsonKind } from "./values.ts";

export class SchemaNode {
  private readonly values: InstanceValues;
  private readonly checks = new Map<JsonKind, readonly Check[]>();
  private elements: Check | undefined;
  private members: Check | undefined;
  /** The schemas that this one tries on the same value. */
  readonly sameValue: SchemaNode[] = [];

  constructor(values: InstanceValues) {
    this.values = values;
  }

  /** What is said of values of this kind, in the order in which it is said. */
  on(kind: JsonKind, checks: readonly Check[]): void {
    this.checks.set(kind, checks);
  }

  below(kind: "array" | "object", check: Check | undefined): void {
    if (kind === "array") this.elements = check;
    else this.members = check;
  }

  /**
   * Tries the schema on a value. As in the library, what is below a value is only looked at as long as nothing has failed
   * in this validation: one message may hide others.
   */
  apply(value: unknown, run: Run): void {
    run.budget.enter();
    const kind = this.values.kind(value);
    for (const check of this.checks.get(kind) ?? []) {
      check(value, run);
      if (run.over) break;
    }
    if (!run.failed) {
      if (kind === "array") this.elements?.(value, run);
      else if (kind === "object") this.members?.(value, run);
    }
    run.budget.leave();
  }
}
