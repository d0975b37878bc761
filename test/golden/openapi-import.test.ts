// OpenAPI documents and what they define. Each `openapi/import/*.in.json` or `*.in.yaml` makes exactly the definition and
// the problems in the `.out.json` of its name; ids count up, so that the file says which part refers to which.
// UPDATE_GOLDEN=1 writes the `.out.json` anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importedDefinition } from "../harness/imported-definition.ts";

const FOLDER = join(import.meta.dirname, "openapi/import");
const DOCUMENTS = readdirSync(FOLDER).filter((file) => /\.in\.(?:json|yaml)$/.test(file));

describe("an OpenAPI document", () => {
  it.each(DOCUMENTS)("%s becomes the definition in its file", (file) => {
    const out = join(FOLDER, file.replace(/\.in\.(?:json|yaml)$/, ".out.json"));
    const [, basePath] = /\.basepath-(ignore|prepend|split)\./.exec(file) ?? [];
    const text = `${JSON.stringify(importedDefinition(readFileSync(join(FOLDER, file)), basePath), undefined, 2)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(out, text);
    expect(text).toBe(existsSync(out) ? readFileSync(out, "utf8") : "");
  });
});
