// Random documents and paths of the grammar, valid or nearly so, from a seed.
import type { Case } from "./oracle.ts";

/** mulberry32 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Pick = <T>(choices: readonly T[]) => T;

const names = ["a", "b", "c", "d", "1", "x y", "length"];
const scalars = [
  "0",
  "1",
  "2",
  "10",
  "-1",
  "1.0",
  "1.5",
  "2e3",
  '"1"',
  '"a"',
  '"ab"',
  '""',
  "true",
  "false",
  "null",
  '"$.a"',
  '"[1]"',
];

function document(pick: Pick, depth: number): string {
  const kind = depth === 0 ? "scalar" : pick(["object", "object", "array", "array", "scalar"]);
  const size = pick([0, 1, 2, 3, 4]);
  if (kind === "scalar") return pick(scalars);
  const members = Array.from({ length: size }, () => document(pick, depth - 1));
  if (kind === "array") return `[${members.join(",")}]`;
  const start = pick([0, 1, 2, 3]);
  return `{${members.map((member, at) => `"${names[(start + at) % names.length]}":${member}`).join(",")}}`;
}

function index(pick: Pick): string {
  const number = (): string => pick(["0", "1", "2", "-1", "-2", "5"]);
  return pick([
    () => `[${number()}]`,
    () => `[${number()}]`,
    () => `[${number()},${number()}]`,
    () => `[${number()}:]`,
    () => `[:${number()}]`,
    () => `[${number()}:${number()}]`,
  ])();
}

function operand(pick: Pick, depth: number): string {
  return pick([
    () => path(pick, "@", depth - 1),
    () => path(pick, "@", depth - 1),
    () => path(pick, "$", depth - 1),
    () => pick(["1", "1.0", "2", "-1", "10", "2e3", "'a'", "'1'", '"ab"', "''", "true", "false", "null"]),
    () => pick(["[1,2]", "['a','ab']", "[]", "{}", "{'a':1}", "[1,'1',true,null]", "/a.*/", "/[0-9]+/", "/A/i"]),
  ])();
}

const signs = [
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "===",
  "!==",
  "=~",
  "in",
  "nin",
  "contains",
  "size",
  "empty",
  "subsetof",
  "anyof",
  "noneof",
];

function condition(pick: Pick, depth: number): string {
  return pick([
    () => path(pick, "@", depth - 1),
    () => `!${path(pick, "@", depth - 1)}`,
    () => `${operand(pick, depth)} ${pick(signs)} ${operand(pick, depth)}`,
    () => `${path(pick, "@", depth - 1)} ${pick(signs)} ${operand(pick, depth)}`,
    () => `${path(pick, "@", depth - 1)} ${pick(signs)} ${operand(pick, depth)}`,
    () => (depth > 0 ? `(${condition(pick, depth - 1)} ${pick(["&&", "||"])} ${condition(pick, depth - 1)})` : "@"),
    () => (depth > 0 ? `!(${condition(pick, depth - 1)})` : "@"),
  ])();
}

const calls = [
  "length()",
  "size()",
  "sum()",
  "avg()",
  "min()",
  "max()",
  "first()",
  "last()",
  "keys()",
  "index(0)",
  'concat("x")',
  "append(1)",
];

export function path(pick: Pick, root: string, depth: number): string {
  let text = root;
  const count = depth <= 0 ? pick([0, 1, 1]) : pick([1, 1, 2, 2, 3]);
  for (let at = 0; at < count; at += 1) {
    text += pick([
      () => `.${pick(["a", "b", "c", "d"])}`,
      () => `.${pick(["a", "b", "c", "d"])}`,
      () => `['${pick(names)}']`,
      () => `['${pick(names)}','${pick(names)}']`,
      () => pick([".*", "[*]"]),
      () => index(pick),
      () => index(pick),
      () => (depth > 1 ? `..${pick(["a", "b", "*", "['a']", "[0]"])}` : ".a"),
      () => (depth > 0 ? `[?(${condition(pick, depth - 1)})]` : ".b"),
    ])();
  }
  return depth > 0 && pick([0, 0, 0, 0, 1]) === 1 ? `${text}.${pick(calls)}` : text;
}

const signsAndBrackets = "[]().*'\"$@!?,: /\\".split("");

export function generatedCases(seed: number, count: number): Case[] {
  const random = randomFrom(seed);
  const pick: Pick = (choices) => choices[Math.floor(random() * choices.length)] as (typeof choices)[number];
  return Array.from({ length: count }, () => {
    let made = path(pick, "$", 2);
    const at = Math.floor(random() * made.length);
    // One in ten has a character too few or too many.
    const luck = random();
    if (luck < 0.05) made = made.slice(0, at) + made.slice(at + 1);
    else if (luck < 0.1) made = `${made.slice(0, at)}${pick(signsAndBrackets)}${made.slice(at)}`;
    const text = document(pick, 4);
    return { path: made, document: /^[[{]/.test(text) ? text : `{"a":${text}}` };
  });
}
