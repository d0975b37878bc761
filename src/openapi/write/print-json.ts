// A document as JSON, laid out as AWS lays out its exports: as Java's Jackson does.
import { isExact } from "./exact-json.ts";
import type { JsonObject } from "./source.ts";

/** JSON of two spaces a level; the items of a list follow each other on one line as far as they can. */
export const printJson = (document: JsonObject): string => print(document, "");

function print(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.map((item) => print(item, indent)).join(", ")} ]`;
  if (typeof value !== "object" || value === null || isExact(value)) return JSON.stringify(value);
  const members = Object.entries(value);
  if (members.length === 0) return "{ }";
  const deeper = `${indent}  `;
  const lines = members.map(([name, member]) => `${deeper}${JSON.stringify(name)} : ${print(member, deeper)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
