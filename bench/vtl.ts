// What the guide's mapping templates cost: node bench/vtl.ts [milliseconds for each, 500]
// Compiling and rendering, each in microseconds, of the templates in test/golden/templates.
import { readdirSync, readFileSync } from "node:fs";
import { createPatternEngine } from "../src/pattern/index.ts";
import type { HostMethod, Value } from "../src/vtl/index.ts";
import { parseJson, parseTemplate, utilObject } from "../src/vtl/index.ts";

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

/** The median of rounds of a millisecond or more, in microseconds. */
function measure(work: () => void): number {
  let batch = 1;
  const rounds: number[] = [];
  const end = now() + milliseconds * 1000;
  while (now() < end) {
    const start = now();
    for (let at = 0; at < batch; at += 1) work();
    const spent = now() - start;
    if (spent < 1000) batch *= 2;
    else rounds.push(spent / batch);
  }
  return rounds.sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
}

const rows = readdirSync(folder)
  .filter((name) => /^(example-|models-)/.test(name))
  .map((name) => {
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, folder), "utf8");
    const source = read("template.vtl");
    const context = contextFor(read("in.txt"));
    const template = parseTemplate(source, { patterns });
    return {
      template: name,
      characters: template.render(context).length,
      "compile (us)": Number(measure(() => parseTemplate(source, { patterns })).toFixed(1)),
      "render (us)": Number(measure(() => template.render(context)).toFixed(2)),
    };
  });
console.table(rows);
