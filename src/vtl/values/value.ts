// The values of a template: Java's, as Velocity sees them. A text is a string, an Integer a number, a Boolean a boolean;
// everything else Java tells apart has a class here. No value is a plain object, so no prototype is within reach.
import type { BigDecimal } from "./big-decimal.ts";
import type { Frame, Run } from "../compile/index.ts";
import type { Meter } from "./meter.ts";

/** A whole number of 64 bits. */
export class Long {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** A whole number of any size. */
export class BigInteger {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = Math.fround(value);
  }
}

/** One UTF-16 code unit: what `charAt` gives. It is equal to no text. */
export class Char {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Integers are numbers within 32 bits. */
export type NumberValue = number | Long | BigInteger | Double | Float | BigDecimal;

/** A java.util.ArrayList; with `fixed`, an array: its length does not change, and it prints as arrays do. */
export class ListValue {
  readonly items: Value[];
  readonly fixed: boolean;
  constructor(items: Value[], fixed = false) {
    this.items = items;
    this.fixed = fixed;
  }
}

export class EntryValue {
  readonly key: Value;
  value: Value;
  constructor(key: Value, value: Value) {
    this.key = key;
    this.value = value;
  }
}

/** What a key is found by: texts, Integers and booleans themselves, everything else as a text that no text is. */
export type Key = string | number | boolean | null;

/** A java.util.LinkedHashMap. */
export class MapValue {
  readonly entries = new Map<Key, EntryValue>();

  /** The value of a key that is a text; null where there is none. */
  get(name: string): Value {
    return this.entries.get(textKey(name))?.value ?? null;
  }

  /** Whether there is a key that is this text, be its value null. */
  has(name: string): boolean {
    return this.entries.has(textKey(name));
  }

  /** Sets the value of a key that is a text. */
  set(name: string, value: Value): this {
    const key = textKey(name);
    const entry = this.entries.get(key);
    if (entry === undefined) this.entries.set(key, new EntryValue(name, value));
    else entry.value = value;
    return this;
  }
}

/** Keys that are neither text, Integer nor boolean begin with this character, and texts that do have one more of it. */
export const KEY_MARK = "\0";

export function textKey(text: string): string {
  return text.startsWith(KEY_MARK) ? KEY_MARK + text : text;
}

/** The keys, the values or the entries of a map, as they are whenever they are looked at. */
export class ViewValue {
  readonly map: MapValue;
  readonly part: "keys" | "values" | "entries";
  constructor(map: MapValue, part: "keys" | "values" | "entries") {
    this.map = map;
    this.part = part;
  }

  items(): Value[] {
    const entries = [...this.map.entries.values()];
    if (this.part === "entries") return entries;
    return entries.map((entry) => (this.part === "keys" ? entry.key : entry.value));
  }
}

export class IteratorValue {
  readonly items: readonly Value[];
  next = 0;
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A block of the template as a value (`#define`, the body of a block macro): it is rendered where it is printed. */
export interface BlockValue {
  readonly kind: "block";
  /** Its text; null where it stands in itself too often. */
  text(): string | null;
  /** Prints it where the template stands; false where it stands in itself too often. */
  renderIn(run: Run, frame: Frame): boolean;
}

/** `$foreach` and what it can be asked: properties of the loop, else what the template put there. */
export interface LoopValue {
  readonly kind: "loop";
  readonly parent: LoopValue | null;
  index: number;
  hasNext: boolean;
  readonly own: MapValue;
}

/** A function that a host object gives to templates. */
export type HostMethod = (args: readonly Value[], meter: Meter) => Value | undefined;

/**
 * An object of the caller's (`$input`, `$util`, `$context` ...). Templates see what these members give and nothing else.
 * A method that has no form for its arguments gives undefined: to the template there is no such method then.
 */
export interface HostObject {
  readonly kind: "host";
  /** The value of `$object.name` and `$object["name"]`; null where there is none. */
  property?(name: string): Value;
  /** `#set($object.name = value)`; false where the property cannot be set. */
  assign?(name: string, value: Value): boolean;
  readonly methods?: ReadonlyMap<string, HostMethod>;
  /** What `$object` prints. */
  text?(): string;
}

export type Value =
  | null
  | string
  | boolean
  | NumberValue
  | Char
  | ListValue
  | MapValue
  | EntryValue
  | ViewValue
  | IteratorValue
  | BlockValue
  | LoopValue
  | HostObject;
