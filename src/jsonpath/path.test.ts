import { expect, test } from "vitest";
import { compilePath, JsonPathSyntaxError, plainValues } from "./index.ts";

const compileRegex = (pattern: string, flags: string): ((text: string) => boolean) => {
  const compiled = new RegExp(`^(?:${pattern})$`, flags);
  return (text) => compiled.test(text);
};
const options = { values: plainValues, compileRegex };

const evaluate = (path: string, document: unknown): unknown => compilePath(path, options).evaluate(document);
const value = (path: string, document: unknown): unknown => {
  const outcome = compilePath(path, options).evaluate(document);
  return outcome.found ? outcome.value : outcome.reason;
};

const map = (...members: [string, unknown][]): Map<string, unknown> => new Map(members);

test("a definite path that leads nowhere says so, an indefinite one gives an empty list", () => {
  expect(evaluate("$.a.b", { a: {} })).toEqual({ found: false, reason: "missing", message: "$.a.b leads nowhere" });
  expect(evaluate("$.a[*].b", { a: [{}] })).toEqual({ found: true, value: [] });
  expect(evaluate("$.a", { a: null })).toEqual({ found: true, value: null });
});

test("a path says whether it is definite", () => {
  const definite = (path: string): boolean => compilePath(path, options).definite;
  expect(["$", "$.a", "$['a'][0][-1]", "$['a','b']", "$.a.sum()", "$..a.sum()"].filter((path) => !definite(path))).toEqual(
    [],
  );
  expect(["$..a", "$.*", "$.a[0,1]", "$.a[1:]", "$.a[?(@.b)]", "$['a','b'].c"].filter(definite)).toEqual([]);
});

test("functions and filters that have nothing to work with fail", () => {
  expect(evaluate("$.a.sum()", { a: [] })).toEqual({ found: false, reason: "failed", message: "there are no numbers" });
  expect(value("$.a.nothing()", { a: [] })).toBe("failed");
  expect(value("$[?(@.a empty true)]", [{ a: {} }])).toBe("failed");
});

test("what does not compile is refused with its place in the whole path", () => {
  const refusal = (path: string): unknown => {
    try {
      return compilePath(path, options).text;
    } catch (error) {
      return error instanceof JsonPathSyntaxError ? [error.position, error.reason] : error;
    }
  };
  expect(refusal("")).toEqual([0, "the path is empty"]);
  expect(refusal("$.")).toEqual([1, "the path ends with a dot"]);
  expect(refusal("$.a b")).toEqual([3, "names with blanks stand in brackets and quotes"]);
  expect(refusal("a b")).toEqual([1, "names with blanks stand in brackets and quotes"]);
  expect(refusal("$.a['b")).toEqual([4, "' is not closed"]);
  expect(refusal("$.a[x]")).toEqual([3, "a name in quotes, an index, a slice, * or a filter is expected"]);
  expect(refusal("$.a[?(@.b == x)]")).toEqual([10, '")" is expected']);
  expect(refusal("$.a[99999999999]")).toEqual([4, '"99999999999" is no index']);
  expect(refusal("$.a[?(@.b =~ /(/)]")).toEqual([10, '")" is expected']);
});

test("members keep the order of the document, integer-like names too", () => {
  const document = map(["b", 1], ["10", 2], ["2", 3], ["a", 4]);
  expect(value("$.*", document)).toEqual([1, 2, 3, 4]);
  expect(value("$.keys()", document)).toEqual(["b", "10", "2", "a"]);
  expect(value("$['a','10','b']", document)).toEqual(map(["a", 4], ["10", 2], ["b", 1]));
});

test("no prototype is within reach of a name", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];
  for (const name of names) {
    for (const path of [`$.${name}`, `$['${name}']`, `$.a.${name}`, `$.a.${name}.constructor`]) {
      for (const document of [{ a: {} }, map(["a", map()]), { a: [] }, { a: "text" }]) {
        expect([path, value(path, document)]).toEqual([path, "missing"]);
      }
    }
    expect(value(`$..${name}`, { a: [{}] })).toEqual([]);
    expect(value(`$[?(@.${name})]`, [{}])).toEqual([]);
  }
  const own = JSON.parse('{"__proto__":{"x":1}}') as unknown;
  expect(value("$.__proto__.x", own)).toBe(1);
  expect(value("$['__proto__','a']", own)).toEqual(map(["__proto__", { x: 1 }]));
});

test("an evaluation is bounded in steps and depth", () => {
  const list = Array.from({ length: 200 }, (_, at) => at);
  const limited = { ...options, limits: { steps: 1_000, depth: 10 } };
  const outcome = compilePath("$[?($[?(@ > 5)].length() > @)]", limited).evaluate(list);
  expect(outcome).toEqual({ found: false, reason: "limit", message: "the path takes more than 1000 steps" });
  let deep: unknown = 1;
  for (let level = 0; level < 5_000; level += 1) deep = [deep];
  expect(compilePath("$..a", options).evaluate(deep)).toMatchObject({ reason: "limit" });
  expect(compilePath("$[-2000000000:2000000000]", options).evaluate([1])).toMatchObject({ reason: "limit" });
  const nested = `$${"[?(@".repeat(200)}${")]".repeat(200)}`;
  expect(() => compilePath(nested, options)).toThrow("more than 100 levels");
  expect(() => compilePath("$.a".repeat(501), options)).toThrow("more than 500 steps");
});

test("a document is left as it is", () => {
  const document = { a: [1] };
  expect(value("$.a.append(2)", document)).toEqual([1, 2]);
  expect(document).toEqual({ a: [1] });
});

test("what follows a deep scan is applied to arrays too", () => {
  const document = { a: [{ x: 1 }, { x: 2 }], b: [[{ x: 3 }]] };
  expect(value("$..[0].x", document)).toEqual([1, 3]);
  expect(value("$..[*].x", document)).toEqual([1, 2, 3]);
  expect(value("$..[1:].x", document)).toEqual([2]);
});

test("one path gives the same every time", () => {
  const path = compilePath("$..a.length()", options);
  const document = { a: [1, 2], b: { a: [3] } };
  const three = { found: true, value: 3 };
  expect([path.evaluate(document), path.evaluate(document)]).toEqual([three, three]);
});
