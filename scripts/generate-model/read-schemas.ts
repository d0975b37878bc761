// Turns an SDK client's exported schemas into an operation table. The schemas are arrays whose first element says what
// they are: -3 an error, 0 a simple type, 1 a list, 2 a map, 3 a structure, 4 a union, 9 an operation.
import type { Member, MemberLocation, Operation, OperationTable, Shape } from "../../src/model/table.ts";
import type { Constraint, ServiceConstraints } from "./constraints.ts";
import type { Enums } from "./read-enums.ts";
import type { ServiceSource } from "./services.ts";

type Schema = unknown;
type Traits = Readonly<Record<string, unknown>>;

/** The meaning of the bits of traits that are written as a number (@smithy/core, translateTraits). */
const TRAIT_BITS = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
];

/** Simple types, as numbers; 64 and 128 are added for a list and a map of one. */
const LIST = 64;
const MAP = 128;

function readTraits(traits: unknown): Traits {
  if (typeof traits === "number") {
    return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (traits >> bit) & 1).map((name) => [name, 1]));
  }
  return (traits ?? {}) as Traits;
}

const deref = (schema: Schema): Schema => (typeof schema === "function" ? (schema as () => Schema)() : schema);

/** A member's target without its own traits: `[target, traits]` or the target itself. */
function split(member: Schema): [Schema, Traits] {
  const isPair = Array.isArray(member) && member.length === 2;
  return isPair ? [deref(member[0]), readTraits(member[1])] : [deref(member), {}];
}

/** How a structure is used decides whether its members' HTTP traits mean anything. */
type Role = "input" | "output" | "nested";

function locate(name: string, traits: Traits, role: Role): { in: MemberLocation; wireName: string } {
  const jsonName = (traits["jsonName"] as string | undefined) ?? name;
  const named = (trait: string): string | undefined => traits[trait] as string | undefined;
  if (traits["eventPayload"]) return { in: "payload", wireName: name };
  if (role === "input") {
    if (traits["httpLabel"]) return { in: "uri", wireName: name };
    if (named("httpQuery") !== undefined) return { in: "query", wireName: named("httpQuery") as string };
    if (traits["httpQueryParams"]) return { in: "queryMap", wireName: name };
  }
  if (role !== "nested") {
    if (named("httpHeader") !== undefined) return { in: "header", wireName: named("httpHeader") as string };
    if (named("httpPrefixHeaders") !== undefined) {
      return { in: "prefixHeaders", wireName: named("httpPrefixHeaders") as string };
    }
    if (traits["httpPayload"]) return { in: "payload", wireName: name };
  }
  if (role === "output" && traits["httpResponseCode"]) return { in: "status", wireName: name };
  return { in: "body", wireName: jsonName };
}

/** Reads one service. `exported` is the client package's exports. */
export function readTable(
  source: ServiceSource,
  exported: Readonly<Record<string, unknown>>,
  enums: Enums,
): OperationTable {
  const shapes = new Map<string, Shape>();
  const places = readPlaces(source.constraints);
  const suffix = createSuffixes();
  const schemas = Object.values(exported).filter(Array.isArray) as unknown[][];
  const operationSchemas = schemas.filter(([kind]) => kind === 9);
  const inputs = new Set(operationSchemas.map((operation) => deref(operation[4])));
  const outputs = new Set(operationSchemas.map((operation) => deref(operation[5])));

  function simple(type: number, traits: Traits, place: string, location: MemberLocation): string {
    const kind = simpleType(type, traits, location, places.numbers.get(place));
    const enumName = kind.type === "string" ? enums.byMember.get(place.replace(/(\[\]|\{\})+$/, "")) : undefined;
    if (enumName !== undefined) {
      shapes.set(enumName, { type: "string", enum: enums.values.get(enumName) as readonly string[] });
      return enumName;
    }
    const constraint = places.constraint(place);
    const shape = { ...kind, ...constraint } as Shape;
    return name(simpleName(shape) + suffix(constraint), shape);
  }

  function name(id: string, shape: Shape): string {
    const known = shapes.get(id);
    if (known && JSON.stringify(known) !== JSON.stringify(shape)) throw new Error(`two shapes are named ${id}`);
    shapes.set(id, shape);
    return id;
  }

  function list(element: string, place: string): string {
    const bounds = places.constraint(place);
    return name(`List<${element}>${suffix(bounds)}`, { type: "list", element, ...bounds });
  }

  function map(value: string, place: string): string {
    const bounds = places.constraint(place);
    const keyEnum = enums.byMapKey.get(place);
    const key = keyEnum === undefined && places.constraint(`${place}{key}`) === undefined
      ? undefined
      : keyEnum === undefined ? simple(0, {}, `${place}{key}`, "body") : enumShape(keyEnum);
    const sparse = places.sparse.has(place);
    const id = `Map<${key === undefined ? "" : `${key},`}${value}${sparse ? "?" : ""}>${suffix(bounds)}`;
    return name(id, { type: "map", value, ...(key !== undefined && { key }), ...(sparse && { sparse }), ...bounds });
  }

  function enumShape(enumName: string): string {
    return name(enumName, { type: "string", enum: enums.values.get(enumName) as readonly string[] });
  }

  function target(schema: Schema, place: string, location: MemberLocation = "body"): string {
    if (typeof schema === "number") {
      if (schema & MAP) return map(target(schema & ~MAP, `${place}{}`), place);
      if (schema & LIST) return list(target(schema & ~LIST, `${place}[]`), place);
      return simple(schema, {}, place, location);
    }
    const [kind, , , traits, first, second] = schema as [number, string, string, unknown, Schema, Schema];
    switch (kind) {
      case 0:
        return simple(first as number, readTraits(traits), place, location);
      case 1:
        return list(target(split(first)[0], `${place}[]`), place);
      case 2:
        return map(target(split(second)[0], `${place}{}`), place);
      case 3:
      case 4:
        return structure(schema);
      default:
        throw new Error(`${place}: schema of kind ${String(kind)}`);
    }
  }

  function roleOf(schema: Schema, kind: number): Role {
    if (inputs.has(schema)) return "input";
    return outputs.has(schema) || kind === -3 ? "output" : "nested";
  }

  function structure(schema: Schema): string {
    if (schema === "unit") return name("Unit", { type: "structure", members: {} });
    const [kind, , id, ownTraits, memberNames, memberSchemas, required = 0] = schema as [
      number, string, string, unknown, string[], Schema[], number?,
    ];
    if (shapes.has(id)) return id;
    const role = roleOf(schema, kind);
    const members: Record<string, Member> = {};
    shapes.set(id, { type: "structure", members });
    memberNames.forEach((memberName, i) => {
      const [schemaOfMember, traits] = split(memberSchemas[i]);
      const { in: location, wireName } = locate(memberName, traits, role);
      const shape = target(schemaOfMember, `${id}.${memberName}`, location);
      members[memberName] = { shape, wireName, in: location, ...(i < required && { required: true as const }) };
    });
    const traits = readTraits(ownTraits);
    if (kind === 4) shapes.set(id, { type: "union", members, ...(traits["streaming"] ? { eventStream: true as const } : {}) });
    if (kind === -3) shapes.set(id, { type: "structure", members, error: { status: traits["httpError"] as number } });
    return id;
  }

  const operations: Record<string, Operation> = {};
  for (const [, , id, traits, input, output] of operationSchemas) {
    const [method, uri, status] = readTraits(traits)["http"] as [string, string, number];
    operations[id as string] = {
      name: id as string,
      method,
      uri,
      status,
      input: structure(deref(input)),
      output: structure(deref(output)),
    };
  }
  for (const schema of schemas) {
    if (schema[0] === -3 && !(schema[1] as string).startsWith("smithy.ts.sdk.synthetic")) structure(schema);
  }
  places.assertAllUsed(source.name);
  return {
    service: source.service,
    signingName: source.signingName,
    protocol: "restJson1",
    operations: sorted(operations),
    shapes: sorted(Object.fromEntries(shapes)),
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

type NumberKind = "integer" | "long" | "float" | "double";

function simpleType(type: number, traits: Traits, location: MemberLocation, number: NumberKind | undefined): Shape {
  switch (type) {
    case 0:
      return { type: "string" };
    case 1:
      return { type: number ?? "integer" };
    case 2:
      return { type: "boolean" };
    case 4:
      // The protocol's default depends on where the timestamp travels (restJson1).
      return { type: "timestamp", format: location === "header" ? "http-date" : location === "query" ? "date-time" : "epoch-seconds" };
    case 5:
      return { type: "timestamp", format: "date-time" };
    case 6:
      return { type: "timestamp", format: "http-date" };
    case 7:
      return { type: "timestamp", format: "epoch-seconds" };
    case 15:
      return { type: "document" };
    case 21:
      return { type: "blob" };
    case 42:
      return { type: "blob", streaming: true };
    default:
      throw new Error(`unknown simple type ${String(type)} ${JSON.stringify(traits)}`);
  }
}

function simpleName(shape: Shape): string {
  if (shape.type === "timestamp") return `timestamp:${shape.format}`;
  return shape.type === "blob" && shape.streaming ? "blob:streaming" : shape.type;
}

/** Tells a constrained shape's name from the plain one's: `string(1..64)`, `string(1..64,#3)` with the third pattern. */
function createSuffixes(): (constraint: Constraint | undefined) => string {
  const patternNumbers = new Map<string, number>();
  return (constraint) => {
    if (constraint === undefined) return "";
    const { min, max, pattern } = constraint;
    const parts = min === undefined && max === undefined ? [] : [`${min ?? ""}..${max ?? ""}`];
    if (pattern !== undefined) {
      if (!patternNumbers.has(pattern)) patternNumbers.set(pattern, patternNumbers.size + 1);
      parts.push(`#${String(patternNumbers.get(pattern))}`);
    }
    return parts.length === 0 ? "" : `(${parts.join(",")})`;
  };
}

interface Places {
  readonly numbers: ReadonlyMap<string, NumberKind>;
  readonly sparse: ReadonlySet<string>;
  constraint(place: string): Constraint | undefined;
  /** @throws when the overlay names a place that the schemas do not have. */
  assertAllUsed(service: string): void;
}

function readPlaces(overlay: ServiceConstraints): Places {
  const numbers = new Map<string, NumberKind>();
  for (const [kind, list] of Object.entries(overlay.numbers)) {
    for (const place of list) numbers.set(place, kind as NumberKind);
  }
  const constraints = new Map<string, Constraint>();
  for (const { is, of } of overlay.constraints) for (const place of of) constraints.set(place, is);
  const unused = new Set(constraints.keys());
  return {
    numbers,
    sparse: new Set(overlay.sparse),
    constraint(place) {
      unused.delete(place);
      return constraints.get(place);
    },
    assertAllUsed(service) {
      if (unused.size > 0) throw new Error(`${service}: constraints for places that do not exist: ${[...unused].join(", ")}`);
    },
  };
}
