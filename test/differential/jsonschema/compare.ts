// Compares our validation with the Java library's:
//   node test/differential/jsonschema/compare.ts [--update] [generated cases] [seed].
// With --update, its answers to the written cases become golden.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writtenCases } from "./cases.ts";
import { knownDifference } from "./differences.ts";
import { generatedCases } from "./generated.ts";
import type { Case } from "./oracle.ts";
import { askOracle } from "./oracle.ts";
import { comparable, validateCase } from "./validate.ts";

const { values, positionals } = parseArgs({ options: { update: { type: "boolean" } }, allowPositionals: true });
const [generated = 5_000, seed = Date.now() % 1_000_000] = positionals.map(Number);
const counts = new Map<string, number>();

function compare(cases: readonly Case[]): string[] {
  const answers = askOracle(cases);
  for (const [at, one] of cases.entries()) {
    const theirs = JSON.stringify(comparable(answers[at] ?? { refused: "no answer" }));
    const ours = JSON.stringify(comparable(validateCase(one)));
    const name = ours === theirs ? "the same" : knownDifference(one);
    counts.set(name ?? "UNEXPLAINED", (counts.get(name ?? "UNEXPLAINED") ?? 0) + 1);
    if (name === undefined) console.log(`${one.schema}\n  of     ${one.instance}\n  theirs ${theirs}\n  ours   ${ours}`);
  }
  return answers.map((answer) => JSON.stringify(comparable(answer)));
}

const golden = compare(writtenCases);
if (values.update === true) {
  const entries = writtenCases.map(({ schema, instance }, at) => JSON.stringify([schema, instance, golden[at]]));
  writeFileSync(join(import.meta.dirname, "golden.json"), `[\n${entries.join(",\n")}\n]\n`);
}
compare(generatedCases(seed, generated));
console.log(`${writtenCases.length} written and ${generated} generated cases (seed ${seed}):`);
for (const [name, cases] of counts) console.log(`${String(cases).padStart(8)} ${name}`);
process.exitCode = counts.has("UNEXPLAINED") ? 1 : 0;
