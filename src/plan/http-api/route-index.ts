// Which route of an HTTP API answers a request: one that matches path and method in full, then one with a greedy variable,
// then `$default` (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html). Within each, the
// more specific path goes first, and a method before `ANY`.
import { DEFAULT_ROUTE_KEY, parseRouteKey } from "../../domain/route-key.ts";
import { buildRouteTree, type RouteEntry, type RouteMatch } from "../route-tree.ts";

export interface KeyedRoute<T> {
  readonly routeKey: string;
  readonly target: T;
}

export interface RouteIndex<T> {
  /** `path` begins with `/` and has no query. */
  match(path: string, httpMethod: string): RouteMatch<T> | undefined;
}

const NO_VALUES: readonly string[] = [];

export function buildRouteIndex<T>(routes: readonly KeyedRoute<T>[]): RouteIndex<T> {
  const full = buildRouteTree(entriesOf(routes, (path) => !isGreedy(path)), EXACT);
  const greedy = buildRouteTree(entriesOf(routes, isGreedy), EXACT);
  const fallback = routes.find(({ routeKey }) => routeKey === DEFAULT_ROUTE_KEY);
  const unmatched: RouteMatch<T> | undefined = fallback && { target: fallback.target, values: NO_VALUES };
  return {
    match: (path, httpMethod) => full.match(path, httpMethod) ?? greedy.match(path, httpMethod) ?? unmatched,
  };
}

const EXACT = { trailingSlashCounts: true };

const isGreedy = (path: string): boolean => path.endsWith("+}");

function entriesOf<T>(routes: readonly KeyedRoute<T>[], wanted: (path: string) => boolean): RouteEntry<T>[] {
  const byPath = new Map<string, Map<string, T>>();
  for (const { routeKey, target } of routes) {
    const key = parseRouteKey(routeKey);
    if (key?.type !== "path" || !wanted(key.path)) continue;
    const path = `/${key.segments.map((segment) => (segment.type === "literal" ? segment.text : segment.type === "greedy" ? "{+}" : "{}")).join("/")}`;
    let methods = byPath.get(path);
    if (methods === undefined) byPath.set(path, (methods = new Map<string, T>()));
    methods.set(key.method, target);
  }
  return Array.from(byPath, ([path, methods]) => ({ path, methods }));
}
