// The text of a generated file's types: an interface for every structure, and one that lists the operations.
import type { OperationTable, Shape } from "../../src/model/table.ts";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Shapes that requests carry: all that an operation's input refers to. */
function reachable(table: OperationTable, roots: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const shape = table.shapes[id] as Shape;
    if (shape.type === "list") visit(shape.element);
    if (shape.type === "map") visit(shape.value);
    if (shape.type === "structure" || shape.type === "union") {
      for (const member of Object.values(shape.members)) visit(member.shape);
    }
  };
  roots.forEach(visit);
  return seen;
}

function typeOf(id: string, table: OperationTable, ofInput: boolean): string {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
      return id;
    case "union":
      return shape.eventStream ? `AsyncIterable<${id}>` : id;
    case "list": {
      const element = typeOf(shape.element, table, ofInput);
      return `readonly ${/[|&]/.test(element) || element.startsWith("readonly ") ? `(${element})` : element}[]`;
    }
    case "map":
      return `Readonly<Record<string, ${typeOf(shape.value, table, ofInput)}${shape.sparse ? " | null" : ""}>>`;
    case "string":
      if (shape.enum === undefined) return "string";
      return ofInput ? id : `OpenEnum<${id}>`;
    case "integer":
    case "long":
    case "float":
    case "double":
    case "timestamp":
      return "number";
    case "boolean":
      return "boolean";
    case "document":
      return "unknown";
    case "blob":
      return shape.streaming && !ofInput ? "Uint8Array | AsyncIterable<Uint8Array>" : "Uint8Array";
  }
}

function enumType(id: string, values: readonly string[]): string {
  const oneLine = `export type ${id} = ${values.map((value) => JSON.stringify(value)).join(" | ")};\n`;
  if (oneLine.length <= 121) return oneLine;
  return `export type ${id} =\n${values.map((value) => `  | ${JSON.stringify(value)}`).join("\n")};\n`;
}

/** Absent members of requests are absent; answers may also spell them `undefined`. */
function declaration(id: string, shape: Shape, table: OperationTable, ofInput: boolean): string {
  if (shape.type === "string" && shape.enum) return enumType(id, shape.enum);
  if (shape.type === "union") {
    const choices = Object.entries(shape.members).map(
      ([name, member]) => `  | { readonly ${name}: ${typeOf(member.shape, table, ofInput)} }`,
    );
    return `export type ${id} =\n${choices.join("\n")};\n`;
  }
  if (shape.type !== "structure") return "";
  const members = Object.entries(shape.members).map(([name, member]) => {
    const key = IDENTIFIER.test(name) ? name : JSON.stringify(name);
    const type = typeOf(member.shape, table, ofInput);
    const optional = member.required === undefined;
    return `  readonly ${key}${optional ? "?" : ""}: ${type}${optional && !ofInput ? " | undefined" : ""};\n`;
  });
  if (members.length === 0) return `export type ${id} = Readonly<Record<never, never>>;\n`;
  return `export interface ${id} {\n${members.join("")}}\n`;
}

/** The types of a service; `prefix` begins the name of the interface of its operations. */
export function writeTypes(prefix: string, table: OperationTable): string {
  const operations = Object.values(table.operations);
  const ofInput = reachable(table, operations.map((operation) => operation.input));
  const types = reachable(table, operations.flatMap((operation) => [operation.input, operation.output]));
  const parts: string[] = [];
  for (const [id, shape] of Object.entries(table.shapes)) {
    if (!types.has(id)) continue;
    const text = declaration(id, shape, table, ofInput.has(id));
    if (text !== "") parts.push(text);
  }
  const names = operations.map(({ name, input, output }) => `  ${name}: { input: ${input}; output: ${output} };\n`);
  parts.push(`export interface ${prefix}Operations {\n${names.join("")}}\n`);
  const text = parts.join("\n");
  return `${text.includes("OpenEnum<") ? 'import type { OpenEnum } from "./table.ts";\n' : ""}\n${text}`;
}
