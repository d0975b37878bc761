// Which method answers a request: a tree of path segments, literals before variables before greedy variables, and `ANY`
// after the exact method.
//
// AWS resolves the pair of resource and method: a resource that matches the path but has no such method does not end the
// search, and the next best resource is tried ("a method request against a specific resource takes precedence over a
// method request against a generic resource",
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html).
// Segments are compared as they travelled, case-sensitively and without decoding: REST APIs keep percent-encoding.

/** A resource's path as declared (`/pets/{id}`, `/{proxy+}`) and what stands under its HTTP methods. */
export interface RouteEntry<T> {
  readonly path: string;
  readonly methods: ReadonlyMap<string, T>;
}

export interface RouteMatch<T> {
  readonly target: T;
  /** The variables' values in the order of the path, as they travelled. */
  readonly values: readonly string[];
}

export interface RouteTree<T> {
  /** `path` begins with `/` and has no query. */
  match(path: string, httpMethod: string): RouteMatch<T> | undefined;
}

interface Node<T> {
  methods: ReadonlyMap<string, T> | undefined;
  readonly literals: Map<string, Node<T>>;
  variable: Node<T> | undefined;
  greedy: Node<T> | undefined;
}

const NO_VALUES: readonly string[] = [];

export interface RouteTreeOptions {
  /** Whether `/pets/` is another path than `/pets`, as for HTTP APIs. */
  readonly trailingSlashCounts?: boolean;
}

export function buildRouteTree<T>(entries: readonly RouteEntry<T>[], { trailingSlashCounts = false }: RouteTreeOptions = {}): RouteTree<T> {
  const root = newNode<T>();
  const fixed = new Map<string, ReadonlyMap<string, T>>();
  for (const entry of entries) {
    nodeAt(root, segmentsOf(entry.path)).methods = entry.methods;
    if (!entry.path.includes("{")) fixed.set(entry.path, entry.methods);
  }
  return {
    match(path, httpMethod) {
      const trimmed = trailingSlashCounts ? path : withoutTrailingSlash(path);
      const target = methodOf(fixed.get(trimmed), httpMethod);
      if (target !== undefined) return { target, values: NO_VALUES };
      const values: string[] = [];
      const found = descend(root, trimmed, trimmed === "/" ? 2 : 1, httpMethod, values);
      return found === undefined ? undefined : { target: found, values };
    },
  };
}

/** The variables of a declared path, in order: `/a/{b}/{proxy+}` has `b` and `proxy`. */
export function variablesOf(path: string): readonly string[] {
  return segmentsOf(path).filter(isVariable).map(variableName);
}

/**
 * A trailing slash does not count, but stays in the request's path: AWS routes `/lunch-menu/` to `/lunch-menu`, and
 * `{proxy+}` comes without it.
 */
function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Depth first in order of priority; a node lies at one depth, so that no node is visited twice. */
function descend<T>(node: Node<T>, path: string, from: number, httpMethod: string, values: string[]): T | undefined {
  if (from > path.length) return methodOf(node.methods, httpMethod);
  const slash = path.indexOf("/", from);
  const end = slash < 0 ? path.length : slash;
  const segment = path.slice(from, end);

  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = descend(literal, path, end + 1, httpMethod, values);
    if (found !== undefined) return found;
  }
  if (node.variable !== undefined && segment !== "") {
    values.push(segment);
    const found = descend(node.variable, path, end + 1, httpMethod, values);
    if (found !== undefined) return found;
    values.pop();
  }
  if (node.greedy !== undefined && from < path.length) {
    const found = methodOf(node.greedy.methods, httpMethod);
    if (found !== undefined) values.push(path.slice(from));
    return found;
  }
  return undefined;
}

function methodOf<T>(methods: ReadonlyMap<string, T> | undefined, httpMethod: string): T | undefined {
  return methods?.get(httpMethod) ?? methods?.get("ANY");
}

function nodeAt<T>(root: Node<T>, segments: readonly string[]): Node<T> {
  let node = root;
  for (const segment of segments) node = childOf(node, segment);
  return node;
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  if (isGreedy(segment)) return (node.greedy ??= newNode<T>());
  if (isVariable(segment)) return (node.variable ??= newNode<T>());
  let child = node.literals.get(segment);
  if (child === undefined) node.literals.set(segment, (child = newNode<T>()));
  return child;
}

function newNode<T>(): Node<T> {
  return { methods: undefined, literals: new Map(), variable: undefined, greedy: undefined };
}

const segmentsOf = (path: string): readonly string[] => (path === "/" ? [] : path.slice(1).split("/"));
const isVariable = (segment: string): boolean => segment.startsWith("{") && segment.endsWith("}");
const isGreedy = (segment: string): boolean => segment.startsWith("{") && segment.endsWith("+}");
const variableName = (segment: string): string => segment.slice(1, isGreedy(segment) ? -2 : -1);
