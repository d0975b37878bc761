// Values of a document together with where they stand: what the rest of the reading half is written with.
import type { ParsedText } from "./document.ts";
import { joined, pointerTokens } from "./pointer.ts";
import { DocumentError, invalidInput, type Problem, type Severity } from "./problem.ts";

export interface Spot {
  readonly value: unknown;
  readonly pointer: string;
  /** How the value is written, where it is a number that prints otherwise. */
  readonly source?: string | undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** How many references may lead to each other. */
const MAX_HOPS = 50;

/**
 * How many values are looked at, each as often as it is: references can make a small document say the same things without
 * end. One of 6 MB that has none looks at about two million.
 */
const MAX_LOOKS = 3_000_000;
const TOO_MUCH = "the document has too much in it with its references written out";

/** A document that is being read: its values, and what is wrong with them. */
export interface Reading {
  readonly root: Spot;
  readonly problems: Problem[];
  report(severity: Severity, message: string, spot: Spot, detail?: string): void;
  /** The member of that name; undefined when there is none, or when it is null. */
  member(spot: Spot | undefined, name: string): Spot | undefined;
  /** The members of an object, none of anything else. */
  members(spot: Spot | undefined): readonly (readonly [name: string, spot: Spot])[];
  elements(spot: Spot | undefined): readonly Spot[];
  /** What a local reference leads to, the value itself when it is none; undefined, and an error, when it leads nowhere. */
  resolve(spot: Spot): Spot | undefined;
}

/** Its methods throw a {@link DocumentError} when the document makes them look at too much. */
export function createReading({ root, sources }: ParsedText): Reading {
  const problems: Problem[] = [];
  let looks = 0;
  const at = (parent: Spot, name: string, value: unknown): Spot => {
    const pointer = joined(parent.pointer, name);
    if (++looks > MAX_LOOKS) throw new DocumentError(invalidInput(TOO_MUCH, pointer));
    return { value, pointer, source: typeof value === "number" ? sources.get(parent.value as object)?.get(name) : undefined };
  };
  const reading: Reading = {
    root: { value: root, pointer: "" },
    problems,
    report: (severity, message, { pointer }, detail) =>
      problems.push({ severity, message, pointer, ...(detail === undefined ? {} : { detail }) }),
    member(spot, name) {
      if (spot === undefined || !isObject(spot.value) || !Object.hasOwn(spot.value, name)) return undefined;
      const value = spot.value[name];
      return value === null || value === undefined ? undefined : at(spot, name, value);
    },
    members: (spot) =>
      spot === undefined || !isObject(spot.value) ? [] : Object.entries(spot.value).map(([name, value]) => [name, at(spot, name, value)]),
    elements: (spot) => (Array.isArray(spot?.value) ? spot.value.map((value: unknown, index) => at(spot, String(index), value)) : []),
    resolve: (spot) => resolve(reading, spot),
  };
  return reading;
}

function resolve(reading: Reading, from: Spot): Spot | undefined {
  let spot = from;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const reference = referenceOf(spot);
    if (reference === undefined) return spot;
    const target = reference.startsWith("#") ? follow(reading, reference) : undefined;
    if (target === undefined) {
      const why = reference.startsWith("#") ? "nothing stands there" : "only references within the document are supported";
      reading.report("error", `Invalid reference specified: ${reference}`, spot, why);
      return undefined;
    }
    spot = target;
  }
  reading.report("error", `Invalid reference specified: ${referenceOf(from)}`, from, "it leads to itself");
  return undefined;
}

export const referenceOf = ({ value }: Spot): string | undefined =>
  isObject(value) && Object.hasOwn(value, "$ref") && typeof value["$ref"] === "string" ? value["$ref"] : undefined;

/** The value at a fragment (`#/parameters/limit`). */
function follow({ root, member, elements }: Reading, reference: string): Spot | undefined {
  let spot: Spot | undefined = root;
  for (const token of pointerTokens(unescapedFragment(reference.slice(1)))) {
    spot = Array.isArray(spot?.value) ? elements(spot)[Number(token)] : member(spot, token);
  }
  return spot;
}

function unescapedFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    if (error instanceof URIError) return fragment;
    throw error;
  }
}

/** A text; numbers and booleans count as they are written. Undefined for anything else. */
export function textOf(spot: Spot | undefined): string | undefined {
  if (typeof spot?.value === "string") return spot.value;
  if (typeof spot?.value === "number") return spot.source ?? String(spot.value);
  return typeof spot?.value === "boolean" ? String(spot.value) : undefined;
}

/** True or false, also as a text. */
export function booleanOf(spot: Spot | undefined): boolean | undefined {
  const text = textOf(spot)?.toLowerCase();
  return text === "true" ? true : text === "false" ? false : undefined;
}

/** A whole number, also as a text. */
export function integerOf(spot: Spot | undefined): number | undefined {
  const text = textOf(spot)?.trim();
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The members that are texts. */
export function textMap(reading: Reading, spot: Spot | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    reading.members(spot).flatMap(([name, inner]) => {
      const text = textOf(inner);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** The elements that are texts. */
export const textList = (reading: Reading, spot: Spot | undefined): readonly string[] =>
  reading.elements(spot).flatMap((element) => textOf(element) ?? []);

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The object without the members that are undefined. */
export function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
