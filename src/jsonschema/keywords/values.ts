// type and enum.
import { primitiveTypes } from "../check.ts";
import { areEqual } from "../equality.ts";
import { keyword } from "../schema.ts";
import { jsonText, plainInstances } from "../values.ts";
import type { KeywordCompiler } from "./keyword.ts";

export const type: KeywordCompiler = ({ schema, place, values }) => {
  const given = [keyword(schema, "type")].flat();
  if (given.includes("number")) given.push("integer");
  const allowed = primitiveTypes.filter((name) => given.includes(name));
  const kinds = new Set<string>(allowed.map((name) => (name === "number" ? "decimal" : name)));
  const list = allowed.map((name) => `"${name}"`).join(",");
  return (value, run) => {
    const kind = values.kind(value);
    if (kinds.has(kind)) return;
    const found = kind === "decimal" ? "number" : kind;
    run.fail("type", place, () => `instance type (${found}) does not match any allowed primitive type (allowed: [${list}])`);
  };
};

export const oneOfValues: KeywordCompiler = ({ schema, place, values }) => {
  const allowed = keyword(schema, "enum") as readonly unknown[];
  const texts = new Set<unknown>(allowed.filter((one) => typeof one === "string"));
  const others = allowed.filter((one) => typeof one !== "string");
  const list = jsonText(allowed, plainInstances);
  return (value, run) => {
    if (texts.has(value) || others.some((one) => areEqual(value, one, values, run.budget))) return;
    run.fail(
      "enum",
      place,
      () => `instance value (${jsonText(value, values)}) not found in enum (possible values: ${list})`,
    );
  };
};
