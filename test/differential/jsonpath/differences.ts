// Where we knowingly differ from Jayway's library, by name.
import { parsePath } from "../../../src/jsonpath/syntax/path-parser.ts";

const ofElements: ReadonlySet<unknown> = new Set(["index", "slice", "wildcard", "filter"]);

function kindOf(token: unknown): unknown {
  return (token as { kind?: unknown } | null)?.kind;
}

/**
 * `$..[0].name`: the library skips the index for arrays and visits all elements; 2.6 and before then give every element's
 * name, later versions only keep those whose index is the text of the token before the last one, and remember it from one
 * evaluation to the next. With us, what follows `..` is applied to each array as it is to each object.
 */
function deepScanOfElements(tree: unknown): boolean {
  if (Array.isArray(tree)) {
    return tree.some(
      (token, at) =>
        deepScanOfElements(token) ||
        (kindOf(token) === "scan" && tree.length > at + 2 && ofElements.has(kindOf(tree[at + 1]))),
    );
  }
  return typeof tree === "object" && tree !== null && Object.values(tree).some(deepScanOfElements);
}

/** The name of the known difference that a path shows; undefined for all others. */
export function knownDifference(path: string): string | undefined {
  // The library appends to the list in the document itself, so it shows wherever that list is found again.
  if (path.includes(".append(")) return "append leaves the document as it is";
  // Patterns are Java's there and RE2's here; the engine is the caller's to choose.
  if (/=~.*\\|\/.*\\.*\//.test(path)) return "a pattern with a backslash";
  try {
    return deepScanOfElements(parsePath(path, () => () => false))
      ? "what follows a deep scan is applied to arrays"
      : undefined;
  } catch {
    return undefined;
  }
}
