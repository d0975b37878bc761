// Texts as documents: which language they are in, where their values stand, and what is bounded.
import { describe, expect, it } from "vitest";
import { MAX_DOCUMENT_BYTES, parseDocument } from "./document.ts";
import { DocumentError } from "./problem.ts";

const importer = { account: "123456789012", region: "cn-north-1" };
const parse = (text: string | Uint8Array) => parseDocument(typeof text === "string" ? Buffer.from(text) : text, importer);

/** The detail of the refusal, and where it is. */
function refusal(text: string | Uint8Array): string {
  try {
    return `accepted: ${JSON.stringify(parse(text).root)}`;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { problem, position } = error;
    expect(problem).toMatchObject({ severity: "error", message: "Invalid OpenAPI input.", fatal: true });
    return `${position === undefined ? problem.pointer : `${position.line}:${position.column}`} ${problem.detail}`;
  }
}

describe("the language of a document", () => {
  it.each([
    ["JSON, when it begins with a brace", ' \n{"a": 1}', { a: 1 }],
    ["JSON with a byte order mark", '\uFEFF{"a": 1}', { a: 1 }],
    ["YAML, when it begins with anything else", "a: 1", { a: 1 }],
    ["YAML that is a JSON text of a text", '"{}"', "{}"],
    ["YAML, empty", "", null],
    ["YAML with keys that are numbers, as they are written", "200: a\n1.0: b\ntrue: c", { 200: "a", "1.0": "b", true: "c" }],
    ["YAML with dates and old booleans, which are texts", "a: 2020-01-01\nb: yes\nc: no", { a: "2020-01-01", b: "yes", c: "no" }],
    ["YAML with merged maps, whose members give way", "a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\nc: {<<: [{x: 5}, *a]}", { a: { x: 1, y: 2 }, b: { y: 3, x: 1 }, c: { x: 5, y: 2 } }],
  ])("is %s", (_what, text, root) => {
    expect(parse(text).root).toEqual(root);
  });

  it.each([
    ['{"a": 1,}', "1:9 Expected double-quoted property name"],
    ['{\n  "a": [1 2]\n}', "2:11 Expected ',' or ']' after array element"],
    ['{"a"', "1:5 Expected ':' after property name"],
    ["{a: 1}", "1:2 Expected property name or '}'"],
    ["a: b: c", "1:4 Nested mappings are not allowed in compact mappings"],
    ["a: 'x\n", "2:1 Missing closing 'quote"],
    ["a: *nothing", "/a the alias stands for nothing"],
    ["a: 1\n---\nb: 2", "2:1 the text has more than one document"],
    ["? [a]\n: 1", " keys have to be scalars"],
    [Uint8Array.of(0x7b, 0xff, 0x7d), " the document is not UTF-8"],
  ])("%j is refused: %s", (text, why) => {
    expect(refusal(text)).toBe(why);
  });
});

describe("a document's bounds", () => {
  it("are 6 MB of text (API_ImportRestApi)", () => {
    const filler = (size: number) => `{"a":"${"x".repeat(size - 8)}"}`;
    expect(parse(filler(MAX_DOCUMENT_BYTES)).root).toHaveProperty("a");
    expect(refusal(filler(MAX_DOCUMENT_BYTES + 1))).toBe(" a document has at most 6291456 bytes; this one has 6291457");
  });

  it.each([
    ["JSON", (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`],
    ["YAML", (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}`],
  ])("are 200 levels of %s", (_language, nested) => {
    expect(refusal(nested(199))).toMatch(/^accepted/);
    expect(refusal(nested(201))).toBe(" the document is nested deeper than 200 levels");
    expect(refusal(nested(20_000))).toMatch(/ the document is nested (?:too deeply|deeper than 200 levels)$/);
  });

  it.each([
    ["brackets", (size: number) => `a: ${"[".repeat(size)}`],
    ["brackets after as many that close none", (size: number) => `a: ${"]".repeat(1_000)}${"[".repeat(size / 2)}`],
    ["braces", (size: number) => `a: ${"{".repeat(size)}`],
    ["lists on a line", (size: number) => `a:\n${"- ".repeat(size / 2)}`],
    ["keys on a line", (size: number) => "? ".repeat(size / 2)],
  ])("are 200 levels of %s, before a YAML parser takes memory for them", (_what, nested) => {
    expect(refusal(nested(6_000_000))).toBe(" the document is nested deeper than 200 levels");
  });

  it("are three million words and marks of YAML", () => {
    expect(refusal("- a\n".repeat(700_000))).toBe(" the document has more than 3000000 words and marks");
    expect(refusal('a: ["[", "{", "- - -"]')).toMatch(/^accepted/);
  });

  it("are two million values with all aliases written out: a billion laughs cost nothing", () => {
    const laughs = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 10 }, () => (i === 0 ? "ha" : `*a${i - 1}`)).join(",")}]`);
    expect(refusal(laughs.join("\n"))).toBe("/a6 the document has more than 2000000 values with its aliases written out");
  });

  it("are so much text with all aliases written out, too", () => {
    const text = (aliases: number) => `a: &a ${"x".repeat(1_000_000)}\nb: [${"*a,".repeat(aliases)}]`;
    expect(refusal(text(150))).toMatch(/^accepted/);
    expect(refusal(text(250))).toBe("/b the document has more than 2000000 values with its aliases written out");
  });

  it("have no circles", () => {
    expect(refusal("a: &a {b: [*a]}")).toBe("/a/b/0 the alias stands for what it is part of");
  });
});

describe("the place of a value", () => {
  it.each([
    ["JSON", '{\n  "a~/": [1,\n   {"b": "x", "c": {}}],\n  "a~/": [{}, {"c":\n{"\\u0064": []}}]\n}'],
    ["YAML", 'a~/: [1, {}]\n"b":\n- x\n- c:\n    d: []\n'],
  ])("is its line and column in %s: members stand where their names do", (language, text) => {
    const pointers = ["", "/a~0~1", "/a~0~1/1/c", "/a~0~1/1/c/d", "/b", "/b/1", "/b/1/c/d", "/nothing"];
    const positions = Object.fromEntries(parse(text).positions(pointers));
    expect(positions).toEqual(
      language === "JSON"
        ? { "": { line: 1, column: 1 }, "/a~0~1": { line: 4, column: 3 }, "/a~0~1/1": { line: 4, column: 15 }, "/a~0~1/1/c": { line: 4, column: 16 }, "/a~0~1/1/c/d": { line: 5, column: 2 } }
        : {
            "": { line: 1, column: 1 },
            "/a~0~1": { line: 1, column: 1 },
            "/a~0~1/1/c": { line: 1, column: 10 },
            "/a~0~1/1/c/d": { line: 1, column: 10 },
            "/b": { line: 2, column: 1 },
            "/b/1": { line: 4, column: 3 },
            "/b/1/c/d": { line: 5, column: 5 },
            "/nothing": { line: 1, column: 1 },
          },
    );
  });
});

it("AWS's variables are filled in wherever a text stands (import-api-aws-variables)", () => {
  const text = '{"a": ["arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}"], "version": 1.0}';
  const parsed = parse(text);
  expect(parsed.root).toEqual({ a: ["arn:aws-cn:x:cn-north-1:123456789012:${AWS::StackName}"], version: 1 });
  expect(parsed.sources.get(parsed.root as object)?.get("version")).toBe("1.0");
});

it("the sources of numbers in JSON are kept wherever they print otherwise than they are written; texts are no numbers", () => {
  const { root, sources } = parse('{"a":-1.50,"b": 1e3,"c":[2.0,3.5,12345678901234567890],"d":"1.0","e":10.25,"f":100}');
  const { c } = root as { readonly c: object };
  expect(sources.get(root as object)).toEqual(new Map([["a", "-1.50"], ["b", "1e3"]]));
  expect(sources.get(c)).toEqual(new Map([["0", "2.0"], ["2", "12345678901234567890"]]));
});

it("aliases stand for the last node before them that has the anchor, and cost nothing to find", () => {
  expect(parse("a: &x 1\nb: *x\nc: &x [2]\nd: *x\n&k e: 3\nf: *k\n*k : 4").root).toEqual({ a: 1, b: 1, c: [2], d: [2], e: 4, f: "e" });
  const anchors = Array.from({ length: 20_000 }, (_, i) => `- &a${i} ${i}`);
  const aliases = Array.from({ length: 20_000 }, (_, i) => `- *a${i}`);
  const { root } = parse([...anchors, ...aliases].join("\n"));
  expect((root as readonly unknown[]).slice(19_999, 20_002)).toEqual([19_999, 0, 1]);
});
