// `npm run generate`: writes src/model/*.gen.ts. With `--check` it writes nothing and exits 1 when one is stale.
// A folder to write to or check may follow; the project's own is the default.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "./generate.ts";

function current(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const { values, positionals } = parseArgs({ options: { check: { type: "boolean", default: false } }, allowPositionals: true });
const root = positionals[0] ?? join(import.meta.dirname, "..", "..");
const stale = (await generate()).filter(({ path, text }) => current(join(root, path)) !== text);
for (const { path, text } of stale) {
  if (values.check) {
    console.error(`${path} is stale: run npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
