// Which paths lead to one value at most, and how a function behind a deep scan is understood.
import type { FunctionArgument, PathToken, PathTree } from "./syntax/tree.ts";

/** Whether a path leads to one value at most. */
export function isDefinite(path: PathTree): boolean {
  return inverted(path).tokens.every(isDefiniteToken);
}

/** Whether a token leads to one value at most. */
export function isDefiniteToken(token: PathToken, at: number, tokens: readonly PathToken[]): boolean {
  switch (token.kind) {
    case "property":
      // At the end, several names make one object.
      return token.names.length === 1 || at === tokens.length - 1;
    case "index":
      return token.indexes.length === 1;
    case "function":
      return true;
    case "slice":
    case "filter":
    case "wildcard":
    case "scan":
      return false;
  }
}

/** $..a.sum() is $.sum($..a): the function then sees all that the scan finds. */
export function inverted(path: PathTree): PathTree {
  const [first, ...rest] = path.tokens;
  if (first?.kind !== "scan" || path.tokens.at(-1)?.kind !== "function") return path;
  const at = rest.findIndex(({ kind }) => kind === "function");
  const call = rest[at];
  if (call?.kind !== "function") return path;
  const scanned: FunctionArgument = { kind: "path", path: { root: path.root, tokens: [first, ...rest.slice(0, at)] } };
  return { root: "$", tokens: [{ ...call, args: [scanned] }, ...rest.slice(at + 1)] };
}
