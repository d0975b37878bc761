// The steps that patch rules are made of: set a member, an entry of a map, an item of a list, or something nested.
import type { Operand, Step } from "./patch.ts";

/** The record with the member, or without it when the value is undefined. */
export function withMember<T extends object, K extends keyof T>(record: T, key: K, value: T[K] | undefined): T {
  if (value !== undefined) return { ...record, [key]: value };
  const { [key]: _gone, ...rest } = record;
  return rest as T;
}

/** Sets a member to what `parse` makes of the value; undefined takes it away. */
export const set =
  <T extends object, K extends keyof T>(key: K, parse: (operand: Operand) => T[K] | undefined): Step<T> =>
  (record, operand) =>
    withMember(record, key, parse(operand));

/** Takes a member away. */
export const unset =
  <T extends object>(key: keyof T): Step<T> =>
  (record) =>
    withMember(record, key, undefined);

/** Does a step one level down, on the member or on `initial` when there is none. */
export const within =
  <T extends object, K extends keyof T>(key: K, initial: (record: T) => NonNullable<T[K]>, step: Step<NonNullable<T[K]>>): Step<T> =>
  (record, operand) =>
    withMember(record, key, step(record[key] ?? initial(record), operand));

type MapMember<T> = { [K in keyof T]-?: NonNullable<T[K]> extends Readonly<Record<string, unknown>> ? K : never }[keyof T];
type Entry<T, K extends keyof T> = NonNullable<T[K]> extends Readonly<Record<string, infer V>> ? V : never;

/** Sets the entry that the path's last name names. */
export const setEntry =
  <T extends object, K extends MapMember<T>>(key: K, parse: (operand: Operand) => Entry<T, K>): Step<T> =>
  (record, operand) =>
    ({ ...record, [key]: { ...record[key], [operand.names.at(-1) as string]: parse(operand) } });

/** Takes the entry that the path's last name names away; there may be none. */
export const dropEntry =
  <T extends object>(key: MapMember<T>): Step<T> =>
  (record, { names }) => {
    const kept = Object.entries(record[key] ?? {}).filter(([name]) => name !== names.at(-1));
    return { ...record, [key]: Object.fromEntries(kept) };
  };

type ListMember<T> = { [K in keyof T]-?: NonNullable<T[K]> extends readonly string[] ? K : never }[keyof T];

/** Changes a list of strings. The item stands in the path (`/binaryMediaTypes/image~1png`) or is the value. */
const onList =
  <T extends object>(key: ListMember<T>, change: (items: readonly string[], item: string, value: string | undefined) => readonly string[]): Step<T> =>
  (record, { names, value }) => {
    const items = (record[key] ?? []) as readonly string[];
    return { ...record, [key]: change(items, names[0] ?? value ?? "", value) };
  };

/** Adds an item, once. */
export const addItem = <T extends object>(key: ListMember<T>): Step<T> =>
  onList(key, (items, item) => (items.includes(item) ? items : [...items, item]));

/** Takes an item away; it may not be there. */
export const removeItem = <T extends object>(key: ListMember<T>): Step<T> => onList(key, (items, item) => items.filter((each) => each !== item));

/** Puts the value in an item's place, or at the end when the item is not there. */
export const replaceItem = <T extends object>(key: ListMember<T>): Step<T> =>
  onList(key, (items, item, value = item) => [...new Set(items.includes(item) ? items.map((each) => (each === item ? value : each)) : [...items, value])]);

/** The rules of a map's entries: all three operations. */
export const entries = <T extends object, K extends MapMember<T>>(key: K, parse: (operand: Operand) => Entry<T, K>) => ({
  add: setEntry<T, K>(key, parse),
  replace: setEntry<T, K>(key, parse),
  remove: dropEntry<T>(key),
});

/** The rules of a list's items: all three operations. */
export const items = <T extends object>(key: ListMember<T>) => ({
  add: addItem<T>(key),
  replace: replaceItem<T>(key),
  remove: removeItem<T>(key),
});
