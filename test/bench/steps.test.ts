// The steps that templates are charged: as many as their work is large, so that none that is made to take long does. What
// a step takes is measured by `node bench/steps.ts`; here, counts are asserted, and processor time only as a last guard.
import { describe, expect, it } from "vitest";
import { hostileTemplates, renderHostile, textCalls } from "../../bench/hostile-templates.ts";
import type { HostileTemplate } from "../../bench/hostile-templates.ts";
import { jsonDocument } from "../../src/plan/mapping-template/index.ts";

/** A twentieth of what a rendering may take. */
const STEPS = 50_000;

/** Milliseconds that a twentieth of the steps never takes, on the slowest machine: the aim is five. */
const GUARD = 2000;

function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function expectBounded(template: HostileTemplate): void {
  const document = jsonDocument(template.body);
  document.find("$");
  let ends = "";
  const took = cpuOf(() => ({ ends } = renderHostile(template, document, STEPS)));
  expect(took, `${template.name}: ${ends}`).toBeLessThan(GUARD);
  expect(ends, template.name).not.toBe("rendered");
}

describe("a template that does one thing over and over", () => {
  it("ends by its steps, or by what is wrong in it", { timeout: 120_000 }, () => {
    for (const template of hostileTemplates) expectBounded(template);
    expect(hostileTemplates.length).toBeGreaterThan(500);
  });

  it("ends by its steps also where random calls are made of each other's texts", { timeout: 60_000 }, () => {
    // The same for the same seed: the seed of a failure is its name.
    for (let seed = 1; seed <= 150; seed += 1) expectBounded(randomCalls(seed));
  });
});

function randomCalls(seed: number): HostileTemplate {
  let state = seed;
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? "";
  const letters = ["a", "b", "é", "\u0130", " ", ",", "%41", "+", "\\", "1", "{", "😀", "ab ", "$"];
  const start = `#set($one = '${pick(letters)}')#set($t = $one.repeat(${10 ** below(6)}))#set($half = $t.substring(${below(2)}))#set($u = $t)#set($d = 1.5)`;
  const more = "#set($s = 'abc')#set($texts = ['a', 'b'])#set($comma = ',')#set($commas = $t)";
  const calls = Array.from({ length: 1 + below(4) }, () => `#set($x = $t.${pick(textCalls)})#set($t = "$!x$!{half.${pick(textCalls)}}")`);
  return { name: `seed ${seed}`, source: `${start}${more}#foreach($i in [1..1000])#foreach($j in [1..1000])${calls.join("")}#if($t.length() > 1000000 || $t == "")#set($t = $half)#end#end#end`, body: "" };
}

/** Steps that a call takes by itself, for a text of so many letters. */
function charged(call: string, letter: string, length: number): number {
  const before = `#set($one = '${letter}')#set($t = $one.repeat(${length}))`;
  const steps = (source: string): number => renderHostile({ name: call, source, body: "" }, jsonDocument("")).steps;
  return steps(`${before}#set($x = ${call})`) - steps(`${before}#set($x = $t)`);
}

it.each([
  // Steps for a thousand characters, at least: the work of each was measured.
  ["$t.contains('b')", "a", 15],
  ["$t.contains('bb')", "a", 75],
  ["$t.indexOf('bb')", "a", 75],
  ["$t.hashCode()", "a", 75],
  ["$t.toLowerCase()", "\u0130", 260],
  ["$t.toUpperCase()", "ß", 260],
  ["$t.stripTrailing()", " ", 260],
  ["$t.replace('', 'b')", "a", 1000],
  ["$t.replace('a', 'b')", "a", 200],
  ["$t.replaceAll('', 'b')", "a", 2000],
  ["$t.replaceAll('a', 'b')", "a", 2000],
  ["$t.replaceAll('(a)', 'b')", "a", 24_000],
  ["$t.split('')", "a", 2000],
  ["$t.split('[a]')", "a", 18_000],
  ["$t.matches('(a|b)*')", "a", 1000],
  ["$t.getBytes()", "a", 2000],
  ["$t.equalsIgnoreCase($t)", "a", 2000],
  ["$util.escapeJavaScript($t)", '"', 750],
  ["$util.urlEncode($t)", "é", 500],
  ["$util.urlDecode($t)", "%", 0],
  ["$util.base64Encode($t)", "a", 125],
  ["$util.base64Decode($t)", "a", 125],
])("%s of %j is charged for all of it", (call, letter, least) => {
  const [short, long] = [charged(call, letter, 1000), charged(call, letter, 10_000)];
  expect(short).toBeGreaterThanOrEqual(least);
  expect(long - short).toBeGreaterThanOrEqual(least * 9 * 0.98);
});

it("an evaluation, and a pattern that is new, are charged for being compiled", () => {
  const steps = (source: string): number => renderHostile({ name: "", source, body: "" }, jsonDocument("")).steps;
  expect(steps("#evaluate('#if(1)#end')") - steps("x$i")).toBeGreaterThanOrEqual(32 + 10 * 10);
  // Each pattern is of its own: those that are compiled are kept.
  expect(steps("#set($s = 'a')#set($x = $s.matches('q{500}'))") - steps("$i")).toBeGreaterThanOrEqual(500 * 90);
  expect(steps("$i$input.path(\"$.a[?(@.b =~ /w{500}/)]\")") - steps("$i")).toBeGreaterThanOrEqual(500 * 90);
});
