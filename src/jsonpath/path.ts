// A path as its users have it: compiled once, evaluated often.
import type { Engine } from "./compiler.ts";
import { compileRun } from "./compiler.ts";
import { isDefinite } from "./definite.ts";
import { EvaluationFailure, LimitExceeded, NoSuchElement, NotApplicable } from "./errors.ts";
import type { PathLimits } from "./evaluation.ts";
import { Budget, defaultLimits, MISSING } from "./evaluation.ts";
import { parsePath } from "./syntax/path-parser.ts";
import type { CompileRegex } from "./syntax/tree.ts";
import type { JsonValues } from "./values.ts";

export interface PathOptions {
  /** How values are read and made. */
  readonly values: JsonValues;
  /** What runs the patterns of =~. */
  readonly compileRegex: CompileRegex;
  readonly limits?: PathLimits;
}

/**
 * What an evaluation has come to. "missing": a definite path leads nowhere in this document (Jayway's
 * PathNotFoundException). "failed": a function or filter has nothing to work with (its other exceptions). "limit": it took
 * too many steps, or the document is too deep.
 */
export type Outcome =
  | { readonly found: true; readonly value: unknown }
  | { readonly found: false; readonly reason: "missing" | "failed" | "limit"; readonly message: string };

export interface Path {
  readonly text: string;
  /** Whether the path leads to one value at most; otherwise it gives an array of all it finds. */
  readonly definite: boolean;
  /** @param spent is told the steps that it took, whatever has come of it; what it throws is thrown. */
  evaluate(document: unknown, spent?: (steps: number) => void): Outcome;
}

/**
 * Compiles a path as Jayway's JsonPath 2.x understands it, which API Gateway's guide names for `$input.json` and
 * `$input.path` (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
 * A path without `$` begins at the root. Throws JsonPathSyntaxError.
 */
export function compilePath(text: string, options: PathOptions): Path {
  const { values, compileRegex, limits = defaultLimits } = options;
  const tree = parsePath(text, compileRegex);
  const engine: Engine = { values, compileRegex, compile: (path, definite) => compileRun(path, engine, definite) };
  const run = engine.compile(tree);
  return {
    text,
    definite: isDefinite(tree),
    evaluate(document, spent) {
      const budget = new Budget(limits);
      try {
        const value = run(document, document, false, budget);
        if (value !== MISSING) return { found: true, value };
        return { found: false, reason: "missing", message: `${text} leads nowhere` };
      } catch (error) {
        return failure(error);
      } finally {
        spent?.(budget.used);
      }
    },
  };
}

function failure(error: unknown): Outcome {
  if (error instanceof LimitExceeded) return { found: false, reason: "limit", message: error.message };
  if (error instanceof NotApplicable || error instanceof EvaluationFailure || error instanceof NoSuchElement) {
    return { found: false, reason: "failed", message: error.message };
  }
  throw error;
}
