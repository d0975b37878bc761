// The text of a generated file's table, in the notation that src/model/notation.ts reads.
import type { Member, OperationTable, Shape } from "../../src/model/table.ts";

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value).map(([key, member]) => `${key}: ${literal(member)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

function member([name, { shape, wireName, in: location, required }]: [string, Member]): string {
  const parts = [required ? `${name}!` : name, shape];
  if (location !== "body" || wireName !== name) parts.push(location);
  if (wireName !== name) parts.push(wireName);
  return parts.join(" ");
}

function structure(id: string, shape: Shape): string | undefined {
  if (shape.type !== "structure" && shape.type !== "union") return undefined;
  let head = id;
  if (shape.type === "union") head += shape.eventStream ? " events" : " union";
  else if (shape.error) head += ` ${String(shape.error.status)}${shape.error.code === undefined ? "" : ` ${shape.error.code}`}`;
  return `${head}: ${Object.entries(shape.members).map(member).join("; ")}`.trimEnd();
}

/** `export const {name}: OperationTable = {...};` */
export function writeTable(name: string, table: OperationTable): string {
  const operations = Object.values(table.operations).map(
    ({ name: id, method, uri, status, input, output }) => `${id} ${method} ${uri} ${String(status)} ${input} ${output}\n`,
  );
  const shapes = Object.entries(table.shapes);
  const structures = shapes.flatMap(([id, shape]) => structure(id, shape) ?? []);
  const others = shapes
    .filter(([id, shape]) => structure(id, shape) === undefined)
    .map(([id, shape]) => `    ${/^\w+$/.test(id) ? id : JSON.stringify(id)}: ${literal(shape)},\n`);
  return `export const ${name}: OperationTable = {
  service: ${literal(table.service)},
  signingName: ${literal(table.signingName)},
  protocol: ${literal(table.protocol)},
${table.query === undefined ? "" : `  query: ${literal(table.query)},\n`}  operations: readOperations(\`
${operations.join("")}\`),
  shapes: {
    ...readStructures(\`
${structures.join("\n")}
\`),
${others.join("")}  },
};
`;
}
