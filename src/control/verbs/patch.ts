// Updates by lists of JSON-Patch operations: which paths a resource knows, and what each operation does there
// (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html).
import type { Call } from "../../domain/call.ts";
import { badRequest, repeatable, type ServiceError } from "../../domain/errors.ts";
import type { Store } from "../../ports/store.ts";
import { type Decision, type Operation, writing } from "./write.ts";

export interface PatchOperation {
  readonly op?: string;
  readonly path?: string;
  readonly value?: string;
  readonly from?: string;
}

export interface Operand {
  /** As it travelled, with its escapes. */
  readonly path: string;
  /** What stands in the places of the pattern's `{names}`, without escapes, in their order. */
  readonly names: readonly string[];
  readonly value: string | undefined;
  /** The source of a `copy`, as it travelled. */
  readonly from: string | undefined;
}

/** What an operation makes of a record. Never changes the record itself. */
export type Step<T> = (record: T, operand: Operand) => T;

export type PatchOp = "add" | "replace" | "remove" | "copy";

/**
 * What a resource's updates may do, by path pattern: `{name}` stands for one segment, `{name+}` for one or more; `<name>`
 * and `<name+>` do too, where AWS's messages write them so.
 * Where several patterns match, the first that knows the operation counts.
 */
export type PatchRules<T> = Readonly<Record<string, Partial<Readonly<Record<PatchOp, Step<T>>>>>>;

/** Each operation copies what it changes; AWS names no limit. */
const MOST_OPERATIONS = 1_000;
/** Characters. AWS names no limit; a resource with a longer path could not be called (request line and headers: 10,240 bytes). */
const LONGEST_PATH = 10_240;

/**
 * The record after all operations, in their order.
 * @throws {ServiceError} BadRequestException for the first operation that cannot be done; nothing is done then.
 */
export function patch<T>(rules: PatchRules<T>, record: T, operations: readonly PatchOperation[] = []): T {
  if (operations.length > MOST_OPERATIONS) {
    throw badRequest(`Invalid patch operations specified: there are ${operations.length}, and at most ${MOST_OPERATIONS} are possible`);
  }
  return operations.reduce((current, operation) => applyOne(rules, current, operation), record);
}

function applyOne<T>(rules: PatchRules<T>, record: T, { op, path, value, from }: PatchOperation): T {
  if (op === undefined) throw badRequest("Invalid patch operation specified: op must be one of: [add, remove, replace, copy]");
  if (path === undefined) throw badRequest(`Invalid patch operation specified: path is required for op '${op}'`);
  if (path.length > LONGEST_PATH) {
    throw badRequest(`Invalid patch path specified: it has ${path.length} characters, and at most ${LONGEST_PATH} are possible`);
  }
  for (const [pattern, steps] of Object.entries(rules)) {
    const step = stepOf(steps, op);
    const names = step && match(pattern, path);
    if (step && names) return step(record, { path, names, value, from });
  }
  throw unsupported(rules, path, op);
}

/** What an operation does on a path. The name comes from a client, and may be one that every object has. */
function stepOf<T>(steps: PatchRules<T>[string], op: string): Step<T> | undefined {
  return Object.hasOwn(steps, op) ? steps[op as PatchOp] : undefined;
}

/** The refusal that lists what the operation could have been used on. `move` and `test` are in the enumeration and do nothing. */
function unsupported<T>(rules: PatchRules<T>, path: string, op: string): ServiceError {
  const supported = Object.entries(rules).flatMap(([pattern, steps]) => (stepOf(steps, op) ? [pattern.replace(/\+(?=[}>])/, "")] : []));
  return badRequest(`Invalid patch path  '${repeatable(path)}' specified for op '${op}'. Must be one of: [${supported.join(", ")}]`);
}

/** What stands in the places of the pattern's names; undefined when the path does not match. */
function match(pattern: string, path: string): readonly string[] | undefined {
  if (!path.startsWith("/")) return undefined;
  const expected = pattern.slice(1).split("/");
  const given = path.slice(1).split("/");
  const greedy = expected.findIndex((part) => /^[{<].*\+[}>]$/.test(part));
  if (greedy >= 0) {
    const spare = given.length - expected.length;
    if (spare < 0) return undefined;
    given.splice(greedy, spare + 1, given.slice(greedy, greedy + spare + 1).join("/"));
  }
  if (expected.length !== given.length) return undefined;
  const names: string[] = [];
  for (const [i, part] of expected.entries()) {
    const segment = given[i] as string;
    if (part.startsWith("{") || part.startsWith("<")) names.push(unescapePointer(segment));
    else if (part !== segment) return undefined;
  }
  return names;
}

/** A segment of a JSON pointer without its escapes (RFC 6901, section 4). */
const unescapePointer = (segment: string): string => segment.replaceAll("~1", "/").replaceAll("~0", "~");

export interface Patching<In, Found, T, Out> {
  readonly find: (input: In, call: Call) => Promise<Found>;
  /** The record that the operations work on. */
  readonly of: (found: Found) => T;
  readonly rules: PatchRules<T>;
  /** Checks the record as it would be, and says what to write. */
  readonly keep: (found: Found, next: T, call: Call) => Decision<Out> | Promise<Decision<Out>>;
}

/** An operation that patches what it finds: all of its operations, or none. */
export function patching<In extends { readonly patchOperations?: readonly PatchOperation[] }, Found, T, Out>(
  store: Store,
  { find, of, rules, keep }: Patching<In, Found, T, Out>,
): Operation<In, Out> {
  return writing(store, async (input, call) => {
    const found = await find(input, call);
    return keep(found, patch(rules, of(found), input.patchOperations), call);
  });
}
