// The developer guide's sample APIs, each in a folder of export/: `definition.json` (what a stage serves, after the guide's
// tutorials) is exported with API Gateway's extensions to exactly `swagger.json`, `swagger.yaml`, `oas30.json` and
// `oas30.yaml`. UPDATE_GOLDEN=1 writes those anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import type { RestApi, RestApiSnapshot } from "../../../src/domain/rest-api.ts";
import { printJson, printYaml, writeDocument } from "../../../src/openapi/index.ts";

const FOLDER = join(import.meta.dirname, "export");
const NAMES = readdirSync(FOLDER);
const FORMATS = ["swagger", "oas30"] as const;
const CASES = NAMES.flatMap((name) => FORMATS.map((format) => [name, format] as const));

interface Definition {
  readonly stageName: string;
  readonly deployedAt: number;
  readonly api: RestApi;
  readonly snapshot: RestApiSnapshot;
}

function exported(name: string, format: (typeof FORMATS)[number]) {
  const definition = JSON.parse(readFileSync(join(FOLDER, name, "definition.json"), "utf8")) as Definition;
  return writeDocument({ ...definition, domainSuffix: "amazonaws.com", extensions: new Set(["apigateway"]) }, format);
}

function golden(name: string, file: string, text: string): string {
  const path = join(FOLDER, name, file);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

describe("a sample API of the guide", () => {
  it.each(CASES)("%s as %s, in JSON", (name, format) => {
    const text = printJson(exported(name, format));
    expect(text).toBe(golden(name, `${format}.json`, text));
  });

  it.each(CASES)("%s as %s, in YAML, which says the same", (name, format) => {
    const document = exported(name, format);
    const text = printYaml(document);
    expect(text).toBe(golden(name, `${format}.yaml`, text));
    expect(parseYaml(text)).toEqual(JSON.parse(printJson(document)));
  });
});
