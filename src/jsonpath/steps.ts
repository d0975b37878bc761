// The steps of a path that look at one value: names, indexes, slices, wildcards and filters.
import type { Place } from "./compiler.ts";
import { NoSuchElement, NotApplicable, PATH_NOT_FOUND, PathNotFound } from "./errors.ts";
import type { Evaluation, Step } from "./evaluation.ts";
import { collect, ERROR_STEPS } from "./evaluation.ts";
import type { JsonValues } from "./values.ts";

export function compileProperty(names: readonly string[], place: Place, values: JsonValues): Step {
  const [name] = names;
  const visit =
    names.length === 1 && name !== undefined
      ? visitMember(name, place, values)
      : place.next === undefined
        ? mergeMembers(names, values)
        : visitMembers(names, place, values);
  return (value, evaluation) => {
    if (values.kind(value) === "object") visit(value, evaluation);
    else if (place.definite) throw PATH_NOT_FOUND;
  };
}

function visitMember(name: string, place: Place, values: JsonValues): Step {
  const next = place.next ?? collect;
  const required = place.definite && place.next !== undefined;
  return (object, evaluation) => {
    const member = values.member(object, name);
    if (member !== undefined) next(member, evaluation);
    else if (required || evaluation.strict) throw PATH_NOT_FOUND;
  };
}

function visitMembers(names: readonly string[], place: Place, values: JsonValues): Step {
  const visits = names.map((name) => visitMember(name, { ...place, definite: false }, values));
  return (object, evaluation) => {
    for (const visit of visits) visit(object, evaluation);
  };
}

/** At the end of a path, several names make an object of those members that are there. */
function mergeMembers(names: readonly string[], values: JsonValues): Step {
  return (object, { results, strict }) => {
    const merged = new Map<string, unknown>();
    for (const name of names) {
      const member = values.member(object, name);
      if (member !== undefined) merged.set(name, member);
      else if (strict) throw PATH_NOT_FOUND;
    }
    results.push(values.object(merged));
  };
}

/** An index below zero counts from the end; an element that is not there is passed over. */
export function visitElement(values: JsonValues, array: unknown, index: number, next: Step, evaluation: Evaluation): void {
  const size = values.size(array);
  const at = index < 0 ? size + index : index;
  if (at < 0 || at >= size) return;
  try {
    next(values.element(array, at), evaluation);
  } catch (error) {
    if (!(error instanceof NoSuchElement)) throw error;
    evaluation.budget.step(ERROR_STEPS);
  }
}

function onArrays(place: Place, values: JsonValues, visit: Step): Step {
  return (value, evaluation) => {
    if (values.kind(value) === "array") visit(value, evaluation);
    else if (place.definite) throw PATH_NOT_FOUND;
  };
}

export function compileIndex(indexes: readonly number[], place: Place, values: JsonValues): Step {
  const next = place.next ?? collect;
  return onArrays(place, values, (array, evaluation) => {
    for (const index of indexes) visitElement(values, array, index, next, evaluation);
  });
}

/**
 * A slice with a beginning and an end takes both as they are, and counts through: [-2:1] is the elements -2, -1 and 0. A
 * slice with one of them counts it from the end when it is below zero.
 */
export function compileSlice(from: number | undefined, to: number | undefined, place: Place, values: JsonValues): Step {
  const next = place.next ?? collect;
  return onArrays(place, values, (array, evaluation) => {
    const size = values.size(array);
    let begin = from ?? 0;
    if (to === undefined && begin < 0) begin = Math.max(0, size + begin);
    let end = to ?? size;
    if (from === undefined && end < 0) end += size;
    end = Math.min(end, size);
    if (size === 0) return;
    evaluation.budget.step(size >> 3);
    if (end - begin > size) evaluation.budget.step(end - begin - size);
    for (let index = begin; index < end; index += 1) visitElement(values, array, index, next, evaluation);
  });
}

/** What it takes to go through an object or an array: an element that is only gathered takes a fraction of a step. */
export function sizeSteps(container: unknown, values: JsonValues): number {
  const size = values.size(container);
  return values.kind(container) === "object" ? size : size >> 3;
}

export function compileWildcard(place: Place, values: JsonValues): Step {
  const next = place.next ?? collect;
  return (value, evaluation) => {
    const kind = values.kind(value);
    if (kind === "object" || kind === "array") evaluation.budget.step(sizeSteps(value, values));
    if (kind === "object") {
      for (const key of values.keys(value)) next(values.member(value, key), evaluation);
    } else if (kind === "array") {
      for (let at = 0; at < values.size(value); at += 1) {
        try {
          visitElement(values, value, at, next, evaluation);
        } catch (error) {
          if (!(error instanceof PathNotFound) || evaluation.strict) throw error;
        }
      }
    }
  };
}

/** Keeps an object that fulfills the filter, or those elements of an array that do. */
export function compileFilterStep(
  holds: (item: unknown, evaluation: Evaluation) => boolean,
  place: Place,
  values: JsonValues,
): Step {
  const next = place.next ?? collect;
  return (value, evaluation) => {
    const kind = values.kind(value);
    if (kind === "object") {
      if (holds(value, evaluation)) next(value, evaluation);
    } else if (kind === "array") {
      for (let at = 0; at < values.size(value); at += 1) {
        if (holds(values.element(value, at), evaluation)) visitElement(values, value, at, next, evaluation);
      }
    } else if (place.definite) throw new NotApplicable("a filter cannot be applied to a text, a number, a boolean or null");
  };
}
