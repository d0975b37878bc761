// Checks who imports whom in src/ against the table of rooms in import-rules.ts.
import { readdirSync } from "node:fs";
import { dirname, sep } from "node:path";
import type { ICruiseOptions, ICruiseResult } from "dependency-cruiser";
import { cruise } from "dependency-cruiser";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { rooms, rules } from "./import-rules.ts";

/** Fewer modules than this in src/ mean that the check no longer sees them, not that the house shrank. */
const minimumModules = 40;

const problems: string[] = [];
const options: ICruiseOptions = {
  validate: true,
  ruleSet: { forbidden: rules },
  tsPreCompilationDeps: true,
  doNotFollow: { path: "node_modules" },
  enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["node", "import", "types", "default"] },
};
const { output } = await cruise(["src"], options, undefined, { tsConfig: extractTsConfig("tsconfig.json") });
const { modules, summary } = output as ICruiseResult;

for (const violation of summary.violations) {
  const path = violation.cycle?.map((step) => step.name).join(" -> ") ?? violation.to;
  const rule = rules.find(({ name }) => name === violation.rule.name);
  problems.push(`${violation.from} -> ${path}\n    ${violation.rule.name}: ${rule?.comment ?? ""}`);
}

const seen = modules.filter(({ source }) => source.startsWith("src/") && source.endsWith(".ts"));
const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll(sep, "/")}`)
  .filter((path) => path.endsWith(".ts"));
const imports = seen.reduce((sum, module) => sum + module.dependencies.length, 0);
const unseen = files.filter((path) => !seen.some(({ source }) => source === path));
for (const path of unseen) problems.push(`${path} was not looked at`);
if (seen.length < minimumModules) problems.push(`only ${seen.length} modules were seen, at least ${minimumModules} are there`);
if (imports < seen.length) problems.push(`only ${imports} imports were seen in ${seen.length} modules`);

const roomOf = (path: string): string => dirname(path).split("/")[1] ?? ".";
for (const room of new Set(files.filter((path) => !path.endsWith(".test.ts")).map(roomOf))) {
  if (!Object.hasOwn(rooms, room)) problems.push(`src/${room} is not a room of import-rules.ts`);
}

for (const problem of problems) console.log(problem);
console.log(`${seen.length} modules, ${imports} imports, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
