// Turns the tokens of a path into closures, from the last one to the first. The rules, among them what is passed over and
// what ends the evaluation, are those of Jayway's library with its options at their defaults.
import { inverted, isDefinite, isDefiniteToken } from "./definite.ts";
import { PathNotFound } from "./errors.ts";
import type { Run, Step } from "./evaluation.ts";
import { collect, MISSING } from "./evaluation.ts";
import { compileFilter } from "./filter.ts";
import { compileFunction } from "./functions.ts";
import { compileScan } from "./scan.ts";
import { compileFilterStep, compileIndex, compileProperty, compileSlice, compileWildcard } from "./steps.ts";
import type { CompileRegex, PathToken, PathTree } from "./syntax/tree.ts";
import type { JsonValues } from "./values.ts";

export interface Engine {
  readonly values: JsonValues;
  readonly compileRegex: CompileRegex;
  /** `definite` says whether the last of what is found is taken, or all of it; without it, the path says so itself. */
  compile(path: PathTree, definite?: boolean): Run;
}

/** Where a token stands. */
export interface Place {
  /** Whether all tokens before it lead to one value at most. */
  readonly definite: boolean;
  /** undefined: it is the last token. */
  readonly next: Step | undefined;
}

export function compileRun(tree: PathTree, engine: Engine, definite: boolean = isDefinite(tree)): Run {
  const path = inverted(tree);
  const quick = compileQuick(path, engine.values);
  if (quick !== undefined) return quick;
  const step = compileTokens(path.tokens, engine);
  return (value, root, strict, budget) => {
    const results: unknown[] = [];
    try {
      step(value, { root, results, strict, budget });
    } catch (error) {
      if (error instanceof PathNotFound) return MISSING;
      throw error;
    }
    if (!definite) return engine.values.array(results);
    return results.length === 0 ? MISSING : results.at(-1);
  };
}

/** Paths of single names and indexes alone: most paths, and what filters ask of each element. */
function compileQuick(path: PathTree, values: JsonValues): Run | undefined {
  const keys: (string | number)[] = [];
  for (const token of path.tokens) {
    const key = token.kind === "property" ? token.names : token.kind === "index" ? token.indexes : [];
    if (key.length !== 1 || key[0] === undefined) return undefined;
    keys.push(key[0]);
  }
  return (value, _root, _strict, budget) => {
    let found = value;
    budget.step(keys.length);
    for (const key of keys) {
      found = lookUp(values, found, key);
      if (found === undefined) return MISSING;
    }
    return found;
  };
}

/** undefined when there is none. */
function lookUp(values: JsonValues, value: unknown, key: string | number): unknown {
  if (typeof key === "string") return values.kind(value) === "object" ? values.member(value, key) : undefined;
  if (values.kind(value) !== "array") return undefined;
  const size = values.size(value);
  const at = key < 0 ? size + key : key;
  return at < 0 || at >= size ? undefined : values.element(value, at);
}

function compileTokens(tokens: readonly PathToken[], engine: Engine): Step {
  const firstIndefinite = tokens.findIndex((token, at) => !isDefiniteToken(token, at, tokens));
  let next: Step | undefined;
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const definite = firstIndefinite === -1 || at <= firstIndefinite;
    next = metered(compileToken(token, { definite, next }, engine, tokens.slice(at + 1)));
  }
  return next ?? collect;
}

function metered(step: Step): Step {
  return (value, evaluation) => {
    evaluation.budget.step();
    step(value, evaluation);
  };
}

function compileToken(token: PathToken, place: Place, engine: Engine, rest: readonly PathToken[]): Step {
  const { values } = engine;
  switch (token.kind) {
    case "property":
      return compileProperty(token.names, place, values);
    case "index":
      return compileIndex(token.indexes, place, values);
    case "slice":
      return compileSlice(token.from, token.to, place, values);
    case "wildcard":
      return compileWildcard(place, values);
    case "filter":
      return compileFilterStep(compileFilter(token.expression, engine), place, values);
    case "function":
      return compileFunction(token.name, token.args, place, engine);
    case "scan":
      return compileScan(rest[0], place.next, rest.length === 1, engine);
  }
}
