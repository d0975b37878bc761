// Finds the operation that a method, path and query address, from the URI templates of a service's table.
import type { Operation, OperationTable } from "../model/table.ts";
import type { Query } from "./query.ts";

export interface Route {
  readonly operation: Operation;
  /** The labels of the template and what stands in their place, still percent-encoded; greedy ones with their slashes. */
  readonly labels: readonly (readonly [name: string, encoded: string])[];
  /** Names of the query parameters that are part of the template. */
  readonly literalQuery: readonly string[];
}

/** Where templates end: literal query strings tell apart those that share a path. */
interface Leaf {
  readonly operation: Operation;
  readonly labels: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

interface Node {
  readonly literals: Map<string, Node>;
  label: Node | undefined;
  readonly greedy: Leaf[];
  readonly leaves: Leaf[];
}

export type Router = (method: string, path: string, query: Query) => Route | undefined;

const emptyNode = (): Node => ({ literals: new Map(), label: undefined, greedy: [], leaves: [] });

/** Builds a service's index. A literal segment wins over a label, a label over a greedy label, more literal query over less. */
export function createRouter(table: OperationTable): Router {
  const roots = new Map<string, Node>();
  for (const operation of Object.values(table.operations)) {
    let root = roots.get(operation.method);
    if (root === undefined) roots.set(operation.method, (root = emptyNode()));
    insert(root, operation);
  }
  return (method, path, query) => {
    const root = roots.get(method);
    if (root === undefined || !path.startsWith("/")) return undefined;
    const segments = path.slice(1).split("/");
    // A slash at the end makes no difference: clients of old API versions send it.
    if (segments.length > 1 && segments.at(-1) === "") segments.pop();
    return find(root, segments, 0, [], query);
  };
}

function insert(root: Node, operation: Operation): void {
  const [path, query = ""] = operation.uri.split("?") as [string, string?];
  const labels: string[] = [];
  let node = root;
  let leaves = node.leaves;
  for (const segment of path.slice(1).split("/").filter((part, i, all) => part !== "" || i < all.length - 1)) {
    if (!segment.startsWith("{")) {
      const next = node.literals.get(segment) ?? emptyNode();
      node.literals.set(segment, next);
      node = next;
    } else if (segment.endsWith("+}")) {
      labels.push(segment.slice(1, -2));
      leaves = node.greedy;
      break;
    } else {
      labels.push(segment.slice(1, -1));
      node = node.label ??= emptyNode();
    }
    leaves = node.leaves;
  }
  const literals = query === "" ? [] : query.split("&").map((pair) => pair.split("=") as [string, string?]);
  leaves.push({ operation, labels, query: literals.map(([name, value = ""]) => [name, value] as const) });
  leaves.sort((a, b) => b.query.length - a.query.length);
}

function find(node: Node, segments: readonly string[], at: number, values: readonly string[], query: Query): Route | undefined {
  const segment = segments[at];
  if (segment === undefined) return choose(node.leaves, values, query);
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = find(literal, segments, at + 1, values, query);
    if (found !== undefined) return found;
  }
  if (segment === "") return undefined;
  if (node.label !== undefined) {
    const found = find(node.label, segments, at + 1, [...values, segment], query);
    if (found !== undefined) return found;
  }
  return choose(node.greedy, [...values, segments.slice(at).join("/")], query);
}

function choose(leaves: readonly Leaf[], values: readonly string[], query: Query): Route | undefined {
  for (const leaf of leaves) {
    if (!leaf.query.every(([name, value]) => query.get(name)?.[0] === value)) continue;
    return {
      operation: leaf.operation,
      labels: leaf.labels.map((name, i) => [name, values[i] as string] as const),
      literalQuery: leaf.query.map(([name]) => name),
    };
  }
  return undefined;
}
