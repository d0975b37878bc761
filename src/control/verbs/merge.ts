// Updates that merge: members that a request carries take the places of the record's, all others stay as they are.
import type { Call } from "../../domain/call.ts";
import type { Store } from "../../ports/store.ts";
import { type Decision, type Operation, writing } from "./write.ts";

/** What a record becomes with a member's value. Never changes the record itself. */
export type MergeStep<T, Value> = (record: T, value: Value) => T;

/** By the request's members, in the order in which they are taken. Those without a rule are none of the record's. */
export type MergeRules<T, Input> = { readonly [Name in keyof Input]?: MergeStep<T, Exclude<Input[Name], undefined>> };

/** The record with all that the request carries. */
export function merge<T, Input extends object>(rules: MergeRules<T, Input>, record: T, input: Input): T {
  let merged = record;
  for (const name of Object.keys(rules) as (keyof Input)[]) {
    const value = input[name];
    if (value !== undefined && value !== null) merged = (rules[name] as MergeStep<T, unknown>)(merged, value);
  }
  return merged;
}

export interface Merging<In extends object, Found, T, Out> {
  find(input: In, call: Call): Promise<Found>;
  of(found: Found): T;
  readonly rules: MergeRules<T, In>;
  keep(found: Found, next: T, input: In, call: Call): Decision<Out> | Promise<Decision<Out>>;
}

/** An operation that finds a record, merges the request into it and keeps the result. */
export function merging<In extends object, Found, T, Out>(store: Store, { find, of, rules, keep }: Merging<In, Found, T, Out>): Operation<In, Out> {
  return writing(store, async (input, call) => {
    const found = await find(input, call);
    return keep(found, merge(rules, of(found), input), input, call);
  });
}

/** Takes the value as it is. */
export const taken =
  <T, Key extends keyof T>(key: Key): MergeStep<T, Exclude<T[Key], undefined>> =>
  (record, value) => ({ ...record, [key]: value });

/** Takes the value; an empty one takes the member away. */
export const takenOrGone =
  <T, Key extends keyof T>(key: Key): MergeStep<T, Exclude<T[Key], undefined>> =>
  (record, value) => {
    const { [key]: _before, ...rest } = record;
    return isEmpty(value) ? (rest as T) : { ...record, [key]: value };
  };

/** Takes each entry of a map; those whose value is empty are taken away, and the map with its last entry. */
export const takenEntries =
  <T, Key extends keyof T>(key: Key): MergeStep<T, Exclude<T[Key], undefined>> =>
  (record, value) => {
    const entries = Object.entries<unknown>({ ...(record[key] as object | undefined), ...(value as object) }).filter(([, each]) => !isEmpty(each));
    const { [key]: _before, ...rest } = record;
    return entries.length === 0 ? (rest as T) : { ...record, [key]: Object.fromEntries(entries) };
  };

const isEmpty = (value: unknown): boolean => value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
