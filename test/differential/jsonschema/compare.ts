// Compares our validation with the Java library's: node test/differential/jsonschema/compare.ts [--update].
// With --update, its answers to the written cases become golden.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writtenCases } from "./cases.ts";
import type { Case } from "./oracle.ts";
import { askOracle } from "./oracle.ts";
import { comparable, validateCase } from "./validate.ts";

const { values } = parseArgs({ options: { update: { type: "boolean" } }, allowPositionals: true });
const counts = new Map<string, number>();

function compare(cases: readonly Case[]): string[] {
  const answers = askOracle(cases);
  for (const [at, one] of cases.entries()) {
    const theirs = JSON.stringify(comparable(answers[at] ?? { refused: "no answer" }));
    const ours = JSON.stringify(comparable(validateCase(one)));
    const name = ours === theirs ? "the same" : "UNEXPLAINED";
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (ours !== theirs) {
      console.log(`${one.schema}\n  of     ${one.instance}\n  theirs ${JSON.stringify(answers[at]).slice(0, 400)}\n  ours   ${JSON.stringify(validateCase(one)).slice(0,400)}`);
    }
  }
  return answers.map((answer) => JSON.stringify(comparable(answer)));
}

const golden = compare(writtenCases);
if (values.update === true) {
  const entries = writtenCases.map(({ schema, instance }, at) => JSON.stringify([schema, instance, golden[at]]));
  writeFileSync(join(import.meta.dirname, "golden.json"), `[\n${entries.join(",\n")}\n]\n`);
}
for (const [name, cases] of counts) console.log(`${String(cases).padStart(8)} ${name}`);
process.exitCode = counts.has("UNEXPLAINED") ? 1 : 0;
