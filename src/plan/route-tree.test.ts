import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RouteEntry } from "./route-tree.ts";
import { buildRouteTree, variablesOf } from "./route-tree.ts";

/** A tree of `GET /pets`-like keys; each key stands for itself. */
function treeOf(...keys: string[]) {
  const entries = new Map<string, Map<string, string>>();
  for (const key of keys) {
    const [method, path] = key.split(" ") as [string, string];
    const methods = entries.get(path) ?? new Map<string, string>();
    entries.set(path, methods.set(method, key));
  }
  return buildRouteTree([...entries].map(([path, methods]): RouteEntry<string> => ({ path, methods })));
}

const find = (tree: ReturnType<typeof treeOf>, request: string) => {
  const [method, path] = request.split(" ") as [string, string];
  const match = tree.match(path, method);
  return match && [match.target, ...match.values];
};

describe("a route tree", () => {
  const tree = treeOf(
    "GET /",
    "GET /pets",
    "ANY /pets",
    "POST /pets/{id}",
    "GET /pets/all",
    "GET /pets/{id}/toys/{toy}",
    "GET /files/{proxy+}",
    "OPTIONS /files/readme",
    "GET /users/{id}/posts",
    "GET /users/me/likes",
  );

  it.each([
    ["GET /", ["GET /"]],
    ["POST /", undefined],
    ["GET /pets", ["GET /pets"]],
    ["DELETE /pets", ["ANY /pets"]],
    ["GET /pets/", ["GET /pets"]],
    ["GET /pets/all", ["GET /pets/all"]],
    ["POST /pets/all", ["POST /pets/{id}", "all"]],
    ["POST /pets/7", ["POST /pets/{id}", "7"]],
    ["GET /pets/7", undefined],
    ["GET /Pets", undefined],
    ["GET /pets/a%2Fb/toys/x%20y", ["GET /pets/{id}/toys/{toy}", "a%2Fb", "x%20y"]],
    ["GET /pets//toys/ball", undefined],
    ["GET /pets/7/toys/", undefined],
    ["GET /files", undefined],
    ["GET /files/", undefined],
    ["GET /files/a", ["GET /files/{proxy+}", "a"]],
    ["GET /files/a/b/c", ["GET /files/{proxy+}", "a/b/c"]],
    ["GET /files/a/b/", ["GET /files/{proxy+}", "a/b"]],
    ["GET /files//b", ["GET /files/{proxy+}", "/b"]],
    ["GET /users/me/likes", ["GET /users/me/likes"]],
  ])("answers %s with %j", (request, expected) => {
    expect(find(tree, request)).toEqual(expected);
  });

  it("tries the next best resource when a more specific one has no such method", () => {
    expect(find(tree, "GET /files/readme")).toEqual(["GET /files/{proxy+}", "readme"]);
    expect(find(tree, "OPTIONS /files/readme")).toEqual(["OPTIONS /files/readme"]);
    expect(find(tree, "GET /users/me/posts")).toEqual(["GET /users/{id}/posts", "me"]);
  });

  it("does not let {proxy+} at the root answer /", () => {
    const greedy = treeOf("ANY /{proxy+}");
    expect(find(greedy, "GET /")).toBeUndefined();
    expect(find(greedy, "GET /a")).toEqual(["ANY /{proxy+}", "a"]);
  });

  it("agrees with a matcher that tries every resource and sorts what fits", () => {
    const part = fc.constantFrom("a", "b", "{v}");
    const path = fc
      .tuple(fc.array(part, { maxLength: 3 }), fc.boolean())
      .map(([parts, greedy]) => `/${[...parts, ...(greedy ? ["{p+}"] : [])].join("/")}`);
    const key = fc.tuple(fc.constantFrom("GET", "POST", "ANY"), path).map(([method, at]) => `${method} ${at}`);
    const request = fc
      .tuple(fc.constantFrom("GET", "POST"), fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 }))
      .map(([method, parts]) => `${method} /${parts.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), request, (keys, asked) => {
        expect(find(treeOf(...keys), asked)).toEqual(naive(keys, asked));
      }),
      { numRuns: 500 },
    );
  });
});

it("names the variables of a path in order", () => {
  expect(variablesOf("/a/{b}/c/{proxy+}")).toEqual(["b", "proxy"]);
  expect(variablesOf("/")).toEqual([]);
});

/** Every key whose path fits, most specific first: segment by segment literal, variable, greedy; then the exact method. */
function naive(keys: readonly string[], asked: string): readonly string[] | undefined {
  const [method, path] = asked.split(" ") as [string, string];
  const segments = path === "/" ? [] : path.slice(1).split("/");
  const fitting = keys.flatMap((key) => {
    const [declared, pattern] = key.split(" ") as [string, string];
    const parts = pattern === "/" ? [] : pattern.slice(1).split("/");
    const values: string[] = [];
    let rank = "";
    for (const [index, part] of parts.entries()) {
      const segment = segments[index];
      if (segment === undefined) return [];
      if (part.endsWith("+}")) values.push(segments.slice(index).join("/"));
      else if (part.startsWith("{")) values.push(segment);
      else if (part !== segment) return [];
      rank += part.endsWith("+}") ? "3" : part.startsWith("{") ? "2" : "1";
    }
    if (!pattern.endsWith("+}") && parts.length !== segments.length) return [];
    if (declared !== method && declared !== "ANY") return [];
    return [{ rank: `${rank}${declared === "ANY" ? "b" : "a"}`, match: [key, ...values] }];
  });
  return fitting.toSorted((a, b) => (a.rank < b.rank ? -1 : 1))[0]?.match;
}
