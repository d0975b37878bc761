// Checks an input against its model and words what is wrong as AWS's services do, all of it at once:
// `2 validation errors detected: Value 'x' at 'a' failed to satisfy constraint: ...; Value null at 'b' ...`.
// Quoted in aws/aws-cli#3229 (enumerations), burema's acm-certs-cloudformation#4 (patterns) and
// SamWSoftware/7PracticalServerlessProjects#1 (the elements of a list).
import { ServiceError } from "../domain/errors.ts";
import type { OperationTable, Shape } from "../model/table.ts";
import type { Wording } from "./wording.ts";

/** Errors past this many are counted no further: an input may hold as many as it has members. */
const MAX_ERRORS = 50;

/** Checks required members, enumerations, lengths, ranges and patterns. @throws {ServiceError} with all that is wrong */
export function validate(input: Readonly<Record<string, unknown>>, operation: string, table: OperationTable, wording: Wording): void {
  const shape = (table.operations[operation] as { input: string }).input;
  const errors: string[] = [];
  checkMembers(input, shape, wording.root(operation), { table, wording, errors });
  if (errors.length === 0) return;
  const count = `${String(errors.length)} validation error${errors.length === 1 ? "" : "s"} detected: `;
  throw new ServiceError(wording.validationCode, count + errors.join("; "));
}

interface Check {
  readonly table: OperationTable;
  readonly wording: Wording;
  readonly errors: string[];
}

function checkMembers(value: Readonly<Record<string, unknown>>, id: string, path: string, check: Check): void {
  const shape = check.table.shapes[id] as Shape;
  if (shape.type !== "structure" && shape.type !== "union") return;
  for (const [name, member] of Object.entries(shape.members)) {
    const place = check.wording.join(path, name);
    const item = value[name];
    if (item !== undefined) checkValue(item, member.shape, place, check);
    else if (member.required) fail(check, " null", place, "Member must not be null");
  }
}

function checkValue(value: unknown, id: string, path: string, check: Check): void {
  if (check.errors.length >= MAX_ERRORS) return;
  const shape = check.table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
    case "union":
      return checkMembers(value as Readonly<Record<string, unknown>>, id, path, check);
    case "list":
      return checkList(value as readonly unknown[], shape, path, check);
    case "map":
      return checkMap(value as Readonly<Record<string, unknown>>, shape, path, check);
    default:
      for (const broken of brokenConstraints(value, shape)) fail(check, quoted(value, shape), path, broken);
  }
}

function checkList(items: readonly unknown[], shape: Extract<Shape, { type: "list" }>, path: string, check: Check): void {
  const element = check.table.shapes[shape.element] as Shape;
  for (const broken of brokenSize(items.length, shape, "length")) fail(check, quoted(items, element), path, broken);
  if (isCompound(element)) {
    items.forEach((item, i) => item !== null && checkValue(item, shape.element, `${path}.${String(i + 1)}.member`, check));
  } else if (items.some((item) => item !== null && brokenConstraints(item, element).length > 0)) {
    fail(check, quoted(items, element), path, `Member must satisfy constraint: [${constraintsOf(element).join(", ")}]`);
  }
}

function checkMap(
  map: Readonly<Record<string, unknown>>,
  shape: Extract<Shape, { type: "map" }>,
  path: string,
  check: Check,
): void {
  const keys = Object.keys(map);
  const key = shape.key === undefined ? undefined : (check.table.shapes[shape.key] as Shape);
  const value = check.table.shapes[shape.value] as Shape;
  for (const broken of brokenSize(keys.length, shape, "length")) fail(check, quoted(map, key, value), path, broken);
  if (key !== undefined && keys.some((name) => brokenConstraints(name, key).length > 0)) {
    fail(check, quoted(map, key, value), path, `Map keys must satisfy constraint: [${constraintsOf(key).join(", ")}]`);
  }
  if (isCompound(value)) {
    for (const name of keys) if (map[name] !== null) checkValue(map[name], shape.value, `${path}.${name}.member`, check);
  } else if (keys.some((name) => map[name] !== null && brokenConstraints(map[name], value).length > 0)) {
    fail(check, quoted(map, key, value), path, `Map value must satisfy constraint: [${constraintsOf(value).join(", ")}]`);
  }
}

const isCompound = (shape: Shape): boolean => ["structure", "union", "list", "map"].includes(shape.type);

/** The constraints of a simple shape that a value breaks, in words. */
function brokenConstraints(value: unknown, shape: Shape): string[] {
  if (shape.type === "string") {
    const text = value as string;
    if (shape.enum !== undefined) return shape.enum.includes(text) ? [] : constraintsOf(shape);
    const broken = brokenSize(text.length, shape, "length");
    // A pattern is only run over text of a permitted length.
    if (broken.length === 0 && shape.pattern !== undefined && !matches(text, shape.pattern)) {
      broken.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
    }
    return broken;
  }
  if (shape.type === "blob") return brokenSize((value as Uint8Array).length, shape, "length");
  return "min" in shape || "max" in shape ? brokenSize(value as number, shape, "value") : [];
}

function brokenSize(size: number, shape: { min?: number; max?: number }, what: "length" | "value"): string[] {
  const broken: string[] = [];
  if (shape.max !== undefined && size > shape.max) broken.push(`Member must have ${what} less than or equal to ${String(shape.max)}`);
  if (shape.min !== undefined && size < shape.min) broken.push(`Member must have ${what} greater than or equal to ${String(shape.min)}`);
  return broken;
}

/** All constraints of a simple shape, as AWS lists them for the elements of a list. */
function constraintsOf(shape: Shape): string[] {
  if (shape.type === "string" && shape.enum !== undefined) {
    return [`Member must satisfy enum value set: [${shape.enum.join(", ")}]`];
  }
  const what = shape.type === "string" ? "length" : "value";
  const { min, max, pattern } = shape as { min?: number; max?: number; pattern?: string };
  const constraints: string[] = [];
  if (max !== undefined) constraints.push(`Member must have ${what} less than or equal to ${String(max)}`);
  if (min !== undefined) constraints.push(`Member must have ${what} greater than or equal to ${String(min)}`);
  if (pattern !== undefined) constraints.push(`Member must satisfy regular expression pattern: ${pattern}`);
  return constraints;
}

const patterns = new Map<string, RegExp>();

/** Nothing that the models give a pattern but no length is longer; V8's matcher runs out of stack after some millions. */
const LONGEST_MATCH = 100_000;

/** Whether a pattern of the model matches the whole text. There are as many patterns as the tables hold. */
function matches(text: string, pattern: string): boolean {
  if (text.length > LONGEST_MATCH) return false;
  let compiled = patterns.get(pattern);
  if (compiled === undefined) patterns.set(pattern, (compiled = compile(pattern)));
  return compiled.test(text);
}

/** Classes such as \p{L} are only known to patterns of Unicode, whose syntax is too strict for the others. */
const compile = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, pattern.includes("\\p{") ? "u" : "");

/** The most of a value that a message quotes, in characters. */
const QUOTED = 1000;

/** A value in a message: nothing when what it is made of is sensitive. */
function quoted(value: unknown, ...shapes: readonly (Shape | undefined)[]): string {
  if (shapes.some((shape) => shape?.type === "string" && shape.sensitive)) return "";
  return ` '${spelled(value).slice(0, QUOTED)}'`;
}

function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.slice(0, QUOTED).map(spelled).join(", ")}]`;
  if (value instanceof Uint8Array) return `${String(value.length)} bytes`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).slice(0, QUOTED).map(([key, item]) => `${key}=${spelled(item)}`).join(", ")}}`;
  }
  return String(value);
}

function fail(check: Check, value: string, path: string, constraint: string): void {
  if (check.errors.length < MAX_ERRORS) {
    check.errors.push(`Value${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}
