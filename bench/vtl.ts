// What the guide's mapping templates cost: node bench/vtl.ts [milliseconds for each, 500]
// Compiling and rendering, each in microseconds of processor time, of the templates in test/golden/templates; beside it,
// what velocityjs, which interprets templates that it has parsed, takes to render the same.
import { readdirSync, readFileSync } from "node:fs";
import { Compile, parse } from "velocityjs";
import { createPatternEngine } from "../src/pattern/index.ts";
import type { HostMethod, Value } from "../src/vtl/index.ts";
import { parseJson, parseTemplate, utilObject } from "../src/vtl/index.ts";
import { median } from "./measure.ts";

const folder = new URL("../test/golden/templates/", import.meta.url);
const milliseconds = Number(process.argv[2] ?? 500);
const patterns = createPatternEngine();

/** Only `$`, the whole body: what is measured is the template engine. */
function contextFor(body: string): Map<string, Value> {
  const root = parseJson(body);
  const path: HostMethod = () => root;
  const input: Value = { kind: "host", methods: new Map([["path", path]]) };
  return new Map<string, Value>([
    ["input", input],
    ["util", utilObject],
  ]);
}

/** The thread's processor time in microseconds, so that others on the machine do not count. */
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Microseconds of a round: the clock counts in ticks of milliseconds. */
const ROUND = 40_000;

/** Renderings in a round. */
function batchOf(work: () => void): number {
  for (let batch = 1; ; batch *= 2) if (spent(work, batch) >= ROUND) return batch;
}

/** Microseconds. */
function spent(work: () => void, times: number): number {
  const start = now();
  for (let at = 0; at < times; at += 1) work();
  return now() - start;
}

/** The medians of rounds that take turns, in microseconds for each work. */
function measure(...works: readonly (() => void)[]): string[] {
  for (const work of works) for (const end = now() + milliseconds * 250; now() < end; ) work();
  const batches = works.map(batchOf);
  const rounds: number[][] = works.map(() => []);
  for (const end = now() + milliseconds * 1000 * works.length; now() < end || rounds[0]?.length === 0; ) {
    for (const [at, work] of works.entries()) rounds[at]?.push(spent(work, batches[at] ?? 1) / (batches[at] ?? 1));
  }
  return rounds.map((each) => median(each).toFixed(2));
}

/** velocityjs takes plain objects, and gives lists and maps the methods that the templates ask of them. */
function rivalOf(source: string, body: string): () => string {
  const root: unknown = JSON.parse(body);
  const compiler = new Compile(parse(source));
  return () => compiler.render({ input: { path: () => root } });
}

const rows = readdirSync(folder)
  .filter((name) => /^(example-|models-)/.test(name))
  .map((name) => {
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, folder), "utf8");
    const source = read("template.vtl");
    const body = read("in.txt");
    const context = contextFor(body);
    const template = parseTemplate(source, { patterns });
    const rival = rivalOf(source, body);
    const [compile, render, theirs] = measure(() => parseTemplate(source, { patterns }), () => template.render(context), rival);
    return {
      template: name,
      characters: template.render(context).length,
      "velocityjs' characters": rival().length,
      "compile (us)": compile,
      "render (us)": render,
      "velocityjs renders (us)": theirs,
    };
  });
console.table(rows);
