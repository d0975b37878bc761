// Deep scans: `..` and the token behind it, which is tried on every object and array of the value, outer ones first.
import type { Engine } from "./compiler.ts";
import { EvaluationFailure } from "./errors.ts";
import type { Evaluation, Step } from "./evaluation.ts";
import { compileFilter } from "./filter.ts";
import { sizeSteps } from "./steps.ts";
import type { PathToken } from "./syntax/tree.ts";
import type { JsonValues } from "./values.ts";

type Matches = (value: unknown, evaluation: Evaluation) => boolean;

/** `target` is the token behind the scan, `step` what it and the rest of the path do. */
export function compileScan(target: PathToken | undefined, step: Step | undefined, last: boolean, engine: Engine): Step {
  const { values } = engine;
  if (target === undefined || step === undefined) {
    return () => {
      throw new EvaluationFailure("nothing follows the deep scan");
    };
  }
  const matches = targetMatches(target, last, engine);
  const walk: Step = (value, evaluation) => {
    const kind = values.kind(value);
    if (kind !== "object" && kind !== "array") return;
    evaluation.budget.step(1 + sizeSteps(value, values));
    evaluation.budget.enter();
    try {
      if (matches(value, evaluation)) step(value, evaluation);
      if (kind === "object") {
        for (const key of values.keys(value)) walk(values.member(value, key), evaluation);
      } else {
        for (let at = 0; at < values.size(value); at += 1) walk(values.element(value, at), evaluation);
      }
    } finally {
      evaluation.budget.leave();
    }
  };
  return walk;
}

function targetMatches(target: PathToken, last: boolean, engine: Engine): Matches {
  const { values } = engine;
  switch (target.kind) {
    case "property":
      return hasNames(target.names, last, values);
    case "index":
    case "slice":
      return (value) => values.kind(value) === "array";
    case "wildcard":
      return () => true;
    case "filter":
      return compileFilter(target.expression, engine);
    case "function":
    case "scan":
      return () => false;
  }
}

/** Several names followed by more are tried one by one; one name, or several at the end, have to be there. */
function hasNames(names: readonly string[], last: boolean, values: JsonValues): Matches {
  return (value) => {
    if (values.kind(value) !== "object") return false;
    return (names.length > 1 && !last) || names.every((name) => values.member(value, name) !== undefined);
  };
}
