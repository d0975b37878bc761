// Generated templates, rendered by this project's engine and by Apache Velocity 1.7:
//   node test/long/vtl-fuzz.ts [number of templates (20000)] [seed]
// Prints what differs, the counts and the seed, and fails when anything differs.
import { context, createGenerator } from "../differential/velocity/generate.ts";
import type { Outcome } from "../differential/velocity/oracle.ts";
import { missingOracle, renderWithVelocity } from "../differential/velocity/oracle.ts";
import { renderWithOurs } from "../differential/velocity/ours.ts";

const missing = missingOracle();
if (missing !== undefined) {
  console.error(missing);
  process.exit(2);
}
const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000_000);
const generator = createGenerator(seed);
const shown = ({ output, error }: Outcome): string => JSON.stringify(output ?? { error });

/** Where the outputs cannot be the same, and why. */
const reasons: readonly (readonly [string, (template: string, oracle: Outcome, ours: Outcome) => boolean])[] = [
  ["an object's address is printed", (_, { output = "" }) => /@[0-9a-f]{2,8}/.test(output)],
  ["an array's hash is its address", (template) => /split\(.*hashCode\(/s.test(template)],
  ["Velocity stumbles over an empty #literal", (template) => /#literal\(\)(?:##[^\n]*\n|#\*.*?\*#)*#(?:end|\{end\})/s.test(template)],
  ["a text of #evaluate is read when it runs", (template, { error }) => error === "parse" && template.includes("#evaluate")],
];

let same = 0;
let failing = 0;
let different = 0;
let explained = 0;
for (let from = 0; from < count; from += 5000) {
  const templates = Array.from({ length: Math.min(5000, count - from) }, (_, at) =>
    at % 2 === 0 ? generator.structured() : generator.soup(),
  );
  const outcomes = renderWithVelocity(templates.map((template) => ({ template, context })));
  for (const [at, template] of templates.entries()) {
    const oracle = outcomes[at] ?? {};
    const ours = renderWithOurs({ template, context });
    if (oracle.error !== undefined) failing += 1;
    if (shown(oracle) === shown(ours)) same += 1;
    else if (reasons.some(([, holds]) => holds(template, oracle, ours))) explained += 1;
    else {
      different += 1;
      if (different <= 40) {
        console.log(`template ${JSON.stringify(template)}\n  Velocity ${shown(oracle)} ${oracle.message ?? ""}\n  ours     ${shown(ours)} ${ours.message ?? ""}`);
      }
    }
  }
}
console.log(
  `${count} templates: ${same} the same, ${explained} different for a reason, ${different} different ` +
    `(${failing} of all fail in Velocity); seed ${seed}`,
);
process.exitCode = different === 0 ? 0 : 1;
