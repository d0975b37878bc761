// Compares our paths with Jayway's: node test/differential/jsonpath/compare.ts [--update] [generated cases] [seed].
// With --update, its answers to the written cases become golden.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writtenCases } from "./cases.ts";
import { knownDifference } from "./differences.ts";
import { comparable, evaluateCase } from "./evaluate.ts";
import { generatedCases } from "./generated.ts";
import type { Case } from "./oracle.ts";
import { askOracle } from "./oracle.ts";

const { values, positionals } = parseArgs({ options: { update: { type: "boolean" } }, allowPositionals: true });
const [generated = 20_000, seed = Date.now() % 1_000_000] = positionals.map(Number);

const counts = new Map<string, number>();
const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

function compare(cases: readonly Case[]): string[] {
  const answers = askOracle(cases).map(comparable);
  for (const [at, one] of cases.entries()) {
    const ours = comparable(evaluateCase(one));
    const difference = ours === answers[at] ? "the same" : knownDifference(one.path);
    count(difference ?? "UNEXPLAINED");
    if (difference === undefined) {
      console.log(`${one.path}\n  of     ${one.document}\n  theirs ${answers[at]}\n  ours   ${ours}`);
    }
  }
  return answers;
}

const golden = compare(writtenCases);
if (values.update === true) {
  const entries = writtenCases.map(({ path }, at) => JSON.stringify([path, golden[at]]));
  writeFileSync(join(import.meta.dirname, "golden.json"), `[\n${entries.join(",\n")}\n]\n`);
}
compare(generatedCases(seed, generated));
console.log(`${writtenCases.length} written and ${generated} generated cases (seed ${seed}):`);
for (const [name, cases] of counts) console.log(`${String(cases).padStart(8)} ${name}`);
process.exitCode = counts.has("UNEXPLAINED") ? 1 : 0;
