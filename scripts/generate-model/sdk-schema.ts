// The SDK's schemas: arrays whose first element says what they are: -3 an error, 0 a simple type, 1 a list, 2 a map,
// 3 a structure, 4 a union, 9 an operation. The numbers are those of @smithy/core's schema module.
import type { MemberLocation } from "../../src/model/table.ts";

export type Schema = unknown;
export type Traits = Readonly<Record<string, unknown>>;

/** What the numbers of simple types are added to for a list and a map of one. */
export const LIST = 64;
export const MAP = 128;

/** The meaning of the bits of traits that are written as a number (translateTraits). */
const TRAIT_BITS = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
];

/** Traits by name, from a number of bits or an object. */
export function readTraits(traits: unknown): Traits {
  if (typeof traits === "number") {
    return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (traits >> bit) & 1).map((name) => [name, 1]));
  }
  return (traits ?? {}) as Traits;
}

/** A schema that may be written as a function, to be called once all are defined. */
export const deref = (schema: Schema): Schema => (typeof schema === "function" ? (schema as () => Schema)() : schema);

/** A member's target and its own traits: `[target, traits]`, or the target itself. */
export function splitMember(member: Schema): [Schema, Traits] {
  const isPair = Array.isArray(member) && member.length === 2;
  return isPair ? [deref(member[0]), readTraits(member[1])] : [deref(member), {}];
}

/** How a structure is used decides whether its members' HTTP traits mean anything. */
export type Role = "input" | "output" | "nested";

/** Where a member travels, and under which name. */
export function locate(name: string, traits: Traits, role: Role): { in: MemberLocation; wireName: string } {
  const named = (trait: string): string | undefined => traits[trait] as string | undefined;
  if (traits["eventPayload"]) return { in: "payload", wireName: name };
  if (role === "input") {
    if (traits["httpLabel"]) return { in: "uri", wireName: name };
    const query = named("httpQuery");
    if (query !== undefined) return { in: "query", wireName: query };
    if (traits["httpQueryParams"]) return { in: "queryMap", wireName: name };
  }
  if (role !== "nested") {
    const header = named("httpHeader");
    if (header !== undefined) return { in: "header", wireName: header };
    const prefix = named("httpPrefixHeaders");
    if (prefix !== undefined) return { in: "prefixHeaders", wireName: prefix };
    if (traits["httpPayload"]) return { in: "payload", wireName: name };
  }
  if (role === "output" && traits["httpResponseCode"]) return { in: "status", wireName: name };
  return { in: "body", wireName: named("jsonName") ?? name };
}
