// `npm run generate`: writes src/model/*.gen.ts. With `--check` it writes nothing and exits 1 when one is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "./generate.ts";

const root = join(import.meta.dirname, "..", "..");

function current(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const files = await generate();
const stale = files.filter((file) => current(join(root, file.path)) !== file.text);
if (process.argv.includes("--check")) {
  for (const file of stale) console.error(`${file.path} is stale: run npm run generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const file of stale) {
    writeFileSync(join(root, file.path), file.text);
    console.log(`wrote ${file.path}`);
  }
}
