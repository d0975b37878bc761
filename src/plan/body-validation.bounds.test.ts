// Bodies that are made to take long are validated in work that grows with them, or their validation ends by its steps.
import { expect, it } from "vitest";
import { integrationOf, snapshotOf } from "../../test/harness/rest-api.ts";
import { compileBodyValidation } from "./body-validation.ts";

function validatorOf(schema: unknown) {
  const models = [{ id: "m", name: "M", contentType: "application/json", schema: JSON.stringify(schema) }];
  const method = {
    resourceId: "r",
    httpMethod: "POST",
    authorizationType: "NONE" as const,
    apiKeyRequired: false,
    methodResponses: {},
    methodIntegration: integrationOf({}),
    requestModels: { "application/json": "M" },
  };
  const validate = compileBodyValidation(method, snapshotOf({}, { models }))?.choose("application/json");
  if (validate === undefined) throw new Error("no validator");
  return (body: string) => validate(Buffer.from(body));
}

const list = (count: number, element: string): string => `[${`${element},`.repeat(count - 1)}${element}]`;
const members = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(",")}}`;
const many = (schema: unknown): unknown => ({ anyOf: Array.from({ length: 1000 }, () => schema) });

it.each([
  ["each of five million numbers", { items: { type: "integer", minimum: 0 } }, list(5_000_000, "1"), undefined],
  ["decimals without end", { items: { type: "number" } }, list(2_000_000, "1.0"), undefined],
  ["different numbers", { uniqueItems: true }, `[${Array.from({ length: 900_000 }, (_, at) => at).join()}]`, undefined],
  ["numbers of which the last is the first", { uniqueItems: true }, `[${Array.from({ length: 900_000 }, (_, at) => at).join()},0]`, "[array must not contain duplicate elements]"],
  ["addresses", { items: { pattern: "^[a-z0-9.]+@[a-z0-9.-]+\\.[a-z]{2,}$" } }, list(250_000, '"someone@example.com"'), undefined],
])("a large body is validated whole: %s", { timeout: 60_000 }, (_, schema, body, wrong) => {
  expect(validatorOf(schema)(body)).toBe(wrong);
});

it.each([
  ["a large object is compared a thousand times", many({ enum: [{ k0: 1 }] }), members(100_000)],
  ["members are counted a thousand times", many({ maxProperties: 2 }), members(100_000)],
  ["names are looked for a thousand times", many({ additionalProperties: false, properties: { k0: {} } }), members(100_000)],
  ["a list is written out a thousand times", many({ not: { uniqueItems: true } }), `[${list(200_000, "1")},1]`],
  ["ten thousand members are looked for in each object", { items: { properties: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, {}])) } }, list(100_000, "{}")],
  ["patterns are compiled for each text", { items: { format: "regex" } }, `[${Array.from({ length: 20_000 }, (_, at) => `"a{1000}${at}"`).join()}]`],
  ["a pattern of many instructions reads a long text", { pattern: "^(?:[ab]{30}c?){30}$" }, `"${"ab".repeat(500_000)}"`],
])("a validation ends by its steps where %s", { timeout: 60_000 }, (_, schema, body) => {
  const result = validatorOf(schema)(body);
  expect(result).toMatch(/^\[validation takes more than \d+ steps\]$|^\[instance failed to match at least one required schema among 1000\]$/);
  const bytes = Buffer.byteLength(body);
  if (result?.startsWith("[validation")) expect(result).toBe(`[validation takes more than ${1_000_000 + bytes} steps]`);
});

it("lists no more than a thousand properties that are not allowed", () => {
  const text = validatorOf({ additionalProperties: false })(members(400_000)) ?? "";
  const names = Array.from({ length: 1000 }, (_, at) => `k${at}`).sort();
  expect(text).toBe(`[object instance has properties which are not allowed by the schema: [${names.map((name) => `"${name}"`).join(",")}]]`);
});
