// Templates and paths that are made to take long end by the steps they are allowed, whatever the machine's speed.
import { expect, it } from "vitest";
import { createPatternEngine } from "../../pattern/index.ts";
import { parseJson, parseTemplate } from "../../vtl/index.ts";
import type { RequestFacts } from "../facts.ts";
import { findIn, jsonDocument } from "./json-document.ts";
import { compileMappingTemplate } from "./mapping-template.ts";

const LIMIT = "the path takes more than 1000000 steps";
const numbers = JSON.stringify(Array.from({ length: 20_000 }, (_, at) => at));
const objects = JSON.stringify({ a: Array.from({ length: 2000 }, (_, at) => ({ a: at, text: "a".repeat(20) })) });

it.each([
  ["every element with every other", numbers, "$[?($ subsetof $)]"],
  ["every element with none", numbers, "$[?($ noneof $)]"],
  ["a list for every element of it", numbers, "$[?($ contains 'x')]"],
  ["a document with itself, for each of its elements", objects, "$.a[?($.a == $.a)]"],
  ["a list that the filter writes out", numbers, `$[?(@ in [${"1,".repeat(100)}1])]`],
  ["each text with a pattern", JSON.stringify(Array.from({ length: 1000 }, () => ({ t: "a".repeat(10_000) }))), "$[?(@.t =~ /(a+)+b/)]"],
])("a filter that compares %s", (_, document, path) => {
  expect(() => findIn(parseJson(document), path)).toThrow(LIMIT);
});

it("a search from the end for a long text", () => {
  const source = '#set($a = "a")#set($t = $a.repeat(100000))#set($p = "b$t.substring(1, 20000)")$t.lastIndexOf($p)';
  expect(() => parseTemplate(source, { patterns: createPatternEngine() }).render(new Map())).toThrow(
    "The template takes more than 1000000 steps",
  );
});

it("an ordinary large template renders: 1,000 elements of 1 MB, 30 operations each", () => {
  const list = Array.from({ length: 1000 }, (_, at) => ({ id: at, text: "a".repeat(950) }));
  const operations = "$e.id,#set($x = $e.id + 1)$x,$e.text.length(),".repeat(10);
  const source = `#foreach($e in $list)${operations}$e.text#end`;
  const text = parseTemplate(source, { patterns: createPatternEngine() }).render(new Map([["list", parseJson(JSON.stringify(list))]]));
  expect(text).toBe(list.map(({ id, text: own }) => `${id},${id + 1},950,`.repeat(10) + own).join(""));
});

it.each([
  ["long conditions", `#foreach($i in [1..1000])#foreach($j in [1..1000])#if(${"$j == -1 || ".repeat(200)}false)x#end#end#end`],
  ["long sums", `#foreach($i in [1..1000])#foreach($j in [1..1000])#set($x = ${"$j + ".repeat(200)}1)#end#end`],
  ["long texts that are equal", '#set($a = "a")#set($t = $a.repeat(1000000))#set($u = $a.repeat(1000000))#foreach($i in [1..1000])#if($t == $u)#end#end'],
  ["long texts in order", '#set($a = "a")#set($t = $a.repeat(1000000))#set($u = $a.repeat(1000000))#foreach($i in [1..1000])$t.compareTo($u)#end'],
])("%s", (_, source) => {
  expect(() => parseTemplate(source, { patterns: createPatternEngine() }).render(new Map())).toThrow(
    "The template takes more than 1000000 steps",
  );
});

it.each(["$[*]", "$[0:20000]"])("what %s gathers is counted", (path) => {
  let steps = 0;
  findIn(parseJson(numbers), path, (spent) => (steps = spent));
  expect(steps).toBe(2501);
});

it("an ordinary template takes a large payload as a whole: 5 MB of records, as JSON in a text", { timeout: 30_000 }, () => {
  const records = Array.from({ length: 40_000 }, (_, id) => ({ id, name: `name ${id}`, tags: ["a", "b"], address: { street: "Main street", zip: 12345 } }));
  const payload = jsonDocument(JSON.stringify(records));
  const template = compileMappingTemplate(`{"body": "$util.escapeJavaScript($input.json('$'))", "size": $input.path('$').size()}`);
  const text = template.render({ stage: { stageVariables: {} } } as RequestFacts, payload, () => []);
  expect(text).toBe(`{"body": "${payload.text.replaceAll('"', '\\"')}", "size": 40000}`);
});
