// Runs the official tests of draft 4 (https://github.com/json-schema-org/JSON-Schema-Test-Suite) from a checkout:
//   node test/differential/jsonschema/suite.ts <checkout> [file with http://json-schema.org/draft-04/schema]
// What fails is listed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileSchema, JsonSchemaError, parseSchema } from "../../../src/jsonschema/index.ts";
import { compilePattern, javaInstances, parse } from "./validate.ts";

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly description: string; readonly valid: boolean }[];
}

const [, , checkout, metaschema] = process.argv;
if (checkout === undefined) throw new Error("The path of a checkout of JSON-Schema-Test-Suite is needed");

const read = (path: string): unknown => parseSchema(readFileSync(path, "utf8"));

function documentOf(url: string): unknown {
  if (url === "http://json-schema.org/draft-04/schema") {
    return metaschema === undefined ? undefined : read(metaschema);
  }
  const prefix = "http://localhost:1234/";
  if (!url.startsWith(prefix)) return undefined;
  try {
    return read(join(checkout ?? "", "remotes", url.slice(prefix.length)));
  } catch {
    return undefined;
  }
}

function outcome(group: Group, data: unknown): string {
  try {
    const validator = compileSchema(group.schema, { values: javaInstances, compilePattern, resolve: documentOf });
    return validator.validate(data).every(({ warning }) => warning) ? "valid" : "invalid";
  } catch (error) {
    if (error instanceof JsonSchemaError) return `refused: ${error.message}`;
    throw error;
  }
}

for (const folder of ["tests/draft4", "tests/draft4/optional", "tests/draft4/optional/format"]) {
  let passed = 0;
  let all = 0;
  for (const file of readdirSync(join(checkout, folder)).filter((name) => name.endsWith(".json"))) {
    const text = readFileSync(join(checkout, folder, file), "utf8");
    const exact = parse(text) as ReadonlyMap<string, readonly ReadonlyMap<string, unknown>[]>[];
    for (const [groupAt, group] of (parseSchema(text) as Group[]).entries()) {
      for (const [at, { description, valid }] of group.tests.entries()) {
        const data = exact[groupAt]?.get("tests")?.[at]?.get("data");
        all += 1;
        const found = outcome(group, data);
        if (found === (valid ? "valid" : "invalid")) passed += 1;
        else console.log(`${folder}/${file}: ${group.description}: ${description}: ${found}`);
      }
    }
  }
  console.log(`${folder}: ${passed} of ${all}`);
}
