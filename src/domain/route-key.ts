// The keys of an HTTP API's routes (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).

/** The key of the route that takes what no other takes. */
export const DEFAULT_ROUTE_KEY = "$default";

export const ROUTE_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE", "ANY"] as const;

/** One segment of a route's path. */
export type RouteSegment =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "variable"; readonly name: string }
  /** `{name+}`: all that follows, at the end of a path alone. */
  | { readonly type: "greedy"; readonly name: string };

export type ParsedRouteKey =
  | { readonly type: "default" }
  | { readonly type: "path"; readonly method: (typeof ROUTE_METHODS)[number]; readonly path: string; readonly segments: readonly RouteSegment[] };

const KEY = new RegExp(`^(${ROUTE_METHODS.join("|")}) (/\\S*)$`);
const VARIABLE = /^\{([A-Za-z0-9._:-]+)(\+?)\}$/;
const LITERAL = /^[A-Za-z0-9\-._~%!$&'()*+,;=:@]+$/;

/** `$default`, or a method and a path; undefined for any other text. */
export function parseRouteKey(routeKey: string): ParsedRouteKey | undefined {
  if (routeKey === DEFAULT_ROUTE_KEY) return { type: "default" };
  const [, method, path] = KEY.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const segments = parsePath(path);
  return segments && { type: "path", method: method as (typeof ROUTE_METHODS)[number], path, segments };
}

/** A slash at the end is a segment of its own, without text: `/pets/` is another path than `/pets`. */
function parsePath(path: string): readonly RouteSegment[] | undefined {
  const texts = path === "/" ? [] : path.slice(1).split("/");
  const segments: RouteSegment[] = [];
  const names = new Set<string>();
  for (const [place, text] of texts.entries()) {
    const isLast = place === texts.length - 1;
    const [, name, plus] = VARIABLE.exec(text) ?? [];
    if (name !== undefined) {
      if (names.has(name) || (plus === "+" && !isLast)) return undefined;
      names.add(name);
      segments.push({ type: plus === "+" ? "greedy" : "variable", name });
    } else if (LITERAL.test(text) || (text === "" && isLast)) segments.push({ type: "literal", text });
    else return undefined;
  }
  return segments;
}

/** What requests the route takes, whatever its variables are called; equal for routes of which one could never be reached. */
export function routePattern(route: ParsedRouteKey): string {
  if (route.type === "default") return DEFAULT_ROUTE_KEY;
  const spelled = route.segments.map((segment) => (segment.type === "literal" ? segment.text : segment.type === "greedy" ? "{+}" : "{}"));
  return `${route.method} /${spelled.join("/")}`;
}
