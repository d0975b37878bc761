// The text of a generated file's table: one line a shape.
import type { OperationTable } from "../../src/model/table.ts";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    if (entries.length === 0) return "{}";
    return `{ ${entries.map(([key, member]) => `${property(key)}: ${literal(member)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

const property = (key: string): string => (IDENTIFIER.test(key) ? key : JSON.stringify(key));

function lines(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .map(([key, value]) => `    ${property(key)}: ${literal(value)},\n`)
    .join("");
}

/** `export const {name}: OperationTable = {...};` */
export function writeTable(name: string, table: OperationTable): string {
  return `export const ${name}: OperationTable = {
  service: ${literal(table.service)},
  signingName: ${literal(table.signingName)},
  protocol: ${literal(table.protocol)},
  operations: {
${lines(table.operations)}  },
  shapes: {
${lines(table.shapes)}  },
};
`;
}
