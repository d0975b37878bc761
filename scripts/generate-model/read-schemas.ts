// Turns an SDK client's exported schemas into an operation table.
import type { Member, MemberLocation, Operation, OperationTable, Shape } from "../../src/model/table.ts";
import type { Constraint } from "./constraints.ts";
import { createSuffixes, type NumberKind, type Places, readPlaces, simpleName } from "./places.ts";
import type { Enums } from "./read-enums.ts";
import { deref, LIST, locate, MAP, readTraits, type Role, type Schema, splitMember, type Traits } from "./sdk-schema.ts";
import type { ServiceSource } from "./services.ts";

/** What is being read, and the shapes found so far, by their names. */
interface Reader {
  readonly shapes: Map<string, Shape>;
  readonly places: Places;
  readonly enums: Enums;
  readonly suffix: (constraint: Constraint | undefined) => string;
  readonly inputs: ReadonlySet<Schema>;
  readonly outputs: ReadonlySet<Schema>;
  /** The protocol's format of timestamps in bodies. */
  readonly timestamps: "epoch-seconds" | "date-time";
}

/** Reads one service. `exported` is the client package's exports. */
export function readTable(source: ServiceSource, exported: Readonly<Record<string, unknown>>, enums: Enums): OperationTable {
  const schemas = Object.values(exported).filter(Array.isArray) as unknown[][];
  const operationSchemas = schemas.filter(([kind]) => kind === 9);
  const reader: Reader = {
    shapes: new Map(),
    places: readPlaces(source.constraints),
    enums,
    suffix: createSuffixes(),
    inputs: new Set(operationSchemas.map((operation) => deref(operation[4]))),
    outputs: new Set(operationSchemas.map((operation) => deref(operation[5]))),
    timestamps: source.query === undefined ? "epoch-seconds" : "date-time",
  };
  const operations = operationSchemas.map((schema) => readOperation(reader, schema));
  for (const schema of schemas) {
    if (schema[0] === -3 && !(schema[1] as string).startsWith("smithy.ts.sdk.synthetic")) readStructure(reader, schema);
  }
  reader.places.assertAllUsed(source.name);
  add(source, reader.shapes);
  return {
    service: source.service,
    signingName: source.signingName,
    protocol: source.query === undefined ? "restJson1" : "awsQuery",
    ...(source.query && { query: source.query }),
    operations: sorted(operations.map((operation) => [operation.name, operation])),
    shapes: sorted([...reader.shapes]),
  };
}

/** Adds what the SDK's schemas do not have yet. @throws when they have it */
function add({ name, constraints: { additions } }: ServiceSource, shapes: Map<string, Shape>): void {
  if (additions === undefined) return;
  for (const [id, shape] of Object.entries(additions.shapes)) {
    if (shapes.has(id)) throw new Error(`${name}: ${id} is in the SDK's schemas now`);
    shapes.set(id, shape);
  }
  for (const [id, members] of Object.entries(additions.members)) {
    const shape = shapes.get(id);
    if (shape?.type !== "structure") throw new Error(`${name}: there is no structure ${id}`);
    shapes.set(id, { ...shape, members: { ...shape.members, ...members } });
  }
  for (const [id, words] of Object.entries(additions.words)) {
    const shape = shapes.get(id);
    if (shape?.type !== "string" || shape.enum === undefined) throw new Error(`${name}: there is no enumeration ${id}`);
    shapes.set(id, { ...shape, enum: [...shape.enum, ...words].sort() });
  }
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readOperation(reader: Reader, [, , name, traits, input, output]: readonly unknown[]): Operation {
  // Without a binding all operations are one path's, as in awsQuery.
  const [method, uri, status] = (readTraits(traits)["http"] ?? ["POST", "/", 200]) as [string, string, number];
  return {
    name: name as string,
    method,
    uri,
    status,
    input: readStructure(reader, deref(input)),
    output: readStructure(reader, deref(output)),
  };
}

function readStructure(reader: Reader, schema: Schema): string {
  if (schema === "unit") return define(reader, "Unit", { type: "structure", members: {} });
  type Parts = [kind: number, namespace: string, id: string, traits: unknown, names: string[], schemas: Schema[], required?: number];
  const [kind, , id, ownTraits, names, schemas, required = 0] = schema as Parts;
  if (reader.shapes.has(id)) return id;
  const role = roleOf(reader, schema, kind);
  const members: Record<string, Member> = {};
  // Known before its members are read: structures may hold themselves.
  reader.shapes.set(id, { type: "structure", members });
  names.forEach((name, i) => {
    const [target, traits] = splitMember(schemas[i]);
    const { in: location, wireName } = locate(name, traits, role);
    const shape = readTarget(reader, target, `${id}.${name}`, location);
    members[name] = { shape, wireName, in: location, ...(i < required && { required: true as const }) };
  });
  const traits = readTraits(ownTraits);
  if (kind === 4) reader.shapes.set(id, { type: "union", members, ...(traits["streaming"] ? { eventStream: true as const } : {}) });
  if (kind === -3) reader.shapes.set(id, { type: "structure", members, error: readError(traits) });
  return id;
}

function readError(traits: Traits): { status: number; code?: string } {
  const [code, status] = (traits["awsQueryError"] ?? []) as [string?, number?];
  return { status: status ?? (traits["httpError"] as number), ...(code !== undefined && { code }) };
}

function roleOf({ inputs, outputs }: Reader, schema: Schema, kind: number): Role {
  if (inputs.has(schema)) return "input";
  return outputs.has(schema) || kind === -3 ? "output" : "nested";
}

/** The name of the shape that a member, an element or a value has. */
function readTarget(reader: Reader, schema: Schema, place: string, location: MemberLocation = "body"): string {
  if (typeof schema === "number") {
    if (schema & MAP) return readMap(reader, 0, schema & ~MAP, place);
    if (schema & LIST) return readList(reader, schema & ~LIST, place);
    return readSimple(reader, schema, place, location);
  }
  const [kind, , , traits, first, second] = schema as [number, string, string, unknown, Schema, Schema];
  if (kind === 0) return readSimple(reader, first as number, place, location, readTraits(traits));
  if (kind === 1) return readList(reader, splitMember(first)[0], place);
  if (kind === 2) return readMap(reader, splitMember(first)[0], splitMember(second)[0], place);
  if (kind === 3 || kind === 4) return readStructure(reader, schema);
  throw new Error(`${place}: a schema of kind ${String(kind)}`);
}

function readList(reader: Reader, elementSchema: Schema, place: string): string {
  const element = readTarget(reader, elementSchema, `${place}[]`);
  const bounds = reader.places.constraint(place);
  return define(reader, `List<${element}>${reader.suffix(bounds)}`, { type: "list", element, ...bounds });
}

function readMap(reader: Reader, keySchema: Schema, valueSchema: Schema, place: string): string {
  const value = readTarget(reader, valueSchema, `${place}{}`);
  const bounds = reader.places.constraint(place);
  const keyShape = readTarget(reader, keySchema, `${place}{key}`);
  // Most keys are any string, which needs no saying.
  const key = keyShape === "string" ? undefined : keyShape;
  const sparse = reader.places.sparse.has(place);
  const id = `Map<${key === undefined ? "" : `${key},`}${value}${sparse ? "?" : ""}>${reader.suffix(bounds)}`;
  return define(reader, id, { type: "map", value, ...(key !== undefined && { key }), ...(sparse && { sparse }), ...bounds });
}

function readSimple(reader: Reader, type: number, place: string, location: MemberLocation, traits: Traits = {}): string {
  const plain = simpleShape(type, location, reader.timestamps, reader.places.numbers.get(place));
  const shape: Shape = plain.type === "string" && traits["sensitive"] ? { ...plain, sensitive: true } : plain;
  const enumName = shape.type === "string" ? enumOf(reader.enums, place) : undefined;
  if (enumName !== undefined) return defineEnum(reader, enumName);
  const constraint = reader.places.constraint(place);
  return define(reader, simpleName(shape) + reader.suffix(constraint), { ...shape, ...constraint });
}

/** The enumeration at a place. The SDK's types have lists and maps of one at their member, and maps keyed by one. */
function enumOf({ byMember, byMapKey }: Enums, place: string): string | undefined {
  if (place.endsWith("{key}")) return byMapKey.get(place.slice(0, -"{key}".length));
  return byMember.get(place.replace(/(\[\]|\{\})+$/, ""));
}

/** A simple type's shape: their numbers in the SDK's schemas, and the protocol's default format of timestamps. */
function simpleShape(
  type: number,
  location: MemberLocation,
  inBodies: Reader["timestamps"],
  number: NumberKind = "integer",
): Shape {
  const byLocation = location === "header" ? "http-date" : location === "query" ? "date-time" : inBodies;
  const shapes: Readonly<Record<number, Shape>> = {
    0: { type: "string" },
    1: { type: number },
    2: { type: "boolean" },
    4: { type: "timestamp", format: byLocation },
    5: { type: "timestamp", format: "date-time" },
    6: { type: "timestamp", format: "http-date" },
    7: { type: "timestamp", format: "epoch-seconds" },
    15: { type: "document" },
    21: { type: "blob" },
    42: { type: "blob", streaming: true },
  };
  const shape = shapes[type];
  if (shape === undefined) throw new Error(`unknown simple type ${String(type)}`);
  return shape;
}

const defineEnum = (reader: Reader, name: string): string =>
  define(reader, name, { type: "string", enum: reader.enums.values.get(name) as readonly string[] });

function define({ shapes }: Reader, id: string, shape: Shape): string {
  const known = shapes.get(id);
  if (known && JSON.stringify(known) !== JSON.stringify(shape)) throw new Error(`two shapes are named ${id}`);
  shapes.set(id, shape);
  return id;
}
