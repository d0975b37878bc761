// A method call, a property and an element of any value, as Velocity resolves them.
import { TemplateRuntimeError } from "../errors.ts";
import { Char, EntryValue, isNumber, IteratorValue, ListValue, MapValue, textOf, ViewValue } from "../values/index.ts";
import type { LoopValue, Value } from "../values/index.ts";
import { arrayMethods, entryMethods, iteratorMethods, listMethods, mapGet, mapMethods, viewMethods } from "./collection-methods.ts";
import { booleanMethods, numberMethods } from "./number-methods.ts";
import type { MethodScope, MethodTable } from "./overload.ts";
import { findOverload } from "./overload.ts";
import { charMethods, stringMethods } from "./string-methods.ts";

const noMethods: MethodTable<Value> = new Map();

function loopProperty(loop: LoopValue, name: string): Value | undefined {
  switch (name) {
    case "index":
      return loop.index;
    case "count":
      return loop.index + 1;
    case "hasNext":
      return loop.hasNext;
    case "first":
      return loop.index < 1;
    case "last":
      return !loop.hasNext;
    case "parent":
      return loop.parent;
    case "topmost": {
      let top = loop;
      while (top.parent !== null) top = top.parent;
      return top;
    }
    default:
      return undefined;
  }
}

const loopGetters = new Map(
  ["index", "count", "hasNext", "first", "last", "parent", "topmost"].map((name) => [
    `get${name[0]?.toUpperCase()}${name.slice(1)}`,
    name,
  ]),
).set("hasNext", "hasNext").set("isFirst", "first").set("isLast", "last");

/** What the template put there, in this loop or in one around it. */
function loopGet(loop: LoopValue, name: string): Value {
  for (let at: LoopValue | null = loop; at !== null; at = at.parent) {
    const value = at.own.get(name);
    if (value !== null) return value;
  }
  return null;
}

function callLoop(loop: LoopValue, name: string, args: readonly Value[], scope: MethodScope): Value {
  const getter = loopGetters.get(name);
  if (getter !== undefined && args.length === 0) return loopProperty(loop, getter) ?? null;
  const [key] = args;
  if (name === "get" && args.length === 1 && typeof key === "string") return loopGet(loop, key);
  return callIn(mapMethods, loop.own, name, args, scope);
}

function callIn<T>(table: MethodTable<T>, self: T, name: string, args: readonly Value[], scope: MethodScope): Value {
  const overload = findOverload(table, name, args);
  return overload === undefined ? null : overload.run(self, args, scope);
}

/** The methods of a value, but for those that are asked otherwise. */
function methodsOf(value: Value): MethodTable<Value> {
  if (typeof value === "string") return stringMethods as MethodTable<Value>;
  if (typeof value === "boolean") return booleanMethods as MethodTable<Value>;
  if (isNumber(value)) return numberMethods(value) as MethodTable<Value>;
  if (value instanceof MapValue) return mapMethods as MethodTable<Value>;
  if (value instanceof ListValue) return (value.fixed ? arrayMethods : listMethods) as MethodTable<Value>;
  if (value instanceof ViewValue) return viewMethods as MethodTable<Value>;
  if (value instanceof EntryValue) return entryMethods as MethodTable<Value>;
  if (value instanceof IteratorValue) return iteratorMethods as MethodTable<Value>;
  if (value instanceof Char) return charMethods as MethodTable<Value>;
  return noMethods;
}

/**
 * `$value.name(args)`. null where the value has no such method for those arguments.
 * @throws TemplateRuntimeError when the method fails
 */
export function callMethod(value: Value, name: string, args: readonly Value[], scope: MethodScope): Value {
  scope.meter.step(1);
  if (value !== null && typeof value === "object" && "kind" in value) {
    if (value.kind === "loop") return callLoop(value, name, args, scope);
    if (value.kind === "block") return name === "toString" && args.length === 0 ? textOf(value, scope.meter) : null;
    const found = value.methods?.get(name)?.(args, scope.meter);
    if (found !== undefined) return found;
    return name === "toString" && args.length === 0 ? textOf(value, scope.meter) : null;
  }
  return callIn(methodsOf(value), value, name, args, scope);
}

function toggled(name: string): string {
  const first = name[0] ?? "";
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return other + name.slice(1);
}

const noArguments: readonly Value[] = [];

/** `$value.name`: a getter, what a map has under that name, or a question (`isEmpty` for `empty`). */
export function getProperty(value: Value, name: string, scope: MethodScope): Value {
  scope.meter.step(1);
  if (value instanceof MapValue) return value.get(name);
  if (value === null || typeof value === "number") return null;
  if (typeof value === "object" && "kind" in value) {
    if (value.kind === "host") return value.property?.(name) ?? null;
    if (value.kind === "block") return null;
    return loopProperty(value, name) ?? loopGet(value, name);
  }
  scope.meter.step(2);
  const table = methodsOf(value);
  for (const getter of [`get${name}`, `get${toggled(name)}`, `is${name}`, `is${toggled(name)}`]) {
    const overload = findOverload(table, getter, noArguments);
    if (overload !== undefined) return overload.run(value, noArguments, scope);
  }
  return null;
}

/** A negative index counts from the end of what has a size. */
function adjusted(value: Value, index: Value, scope: MethodScope): Value {
  if (typeof index !== "number" || index >= 0) return index;
  const size = callMethod(value, "size", noArguments, scope);
  if (typeof size !== "number") throw new TemplateRuntimeError(`A negative index needs a list, at index ${index}`);
  return size + index;
}

/** `$value[index]`: what its method `get` gives. */
export function getElement(value: Value, index: Value, scope: MethodScope): Value {
  const place = adjusted(value, index, scope);
  if (value instanceof MapValue) return mapGet(value, place, scope.meter);
  if (value !== null && typeof value === "object" && "kind" in value && value.kind === "host") {
    return typeof place === "string" ? (value.property?.(place) ?? null) : null;
  }
  return callMethod(value, "get", [place], scope);
}

/** `#set($target.name = value)`. What has no such property stays as it is. */
export function setProperty(target: Value, name: string, value: Value, scope: MethodScope): void {
  scope.meter.step(1);
  if (target instanceof MapValue) callMethod(target, "put", [name, value], scope);
  else if (target instanceof EntryValue && (name === "value" || name === "Value")) target.value = value;
  else if (target !== null && typeof target === "object" && "kind" in target) {
    if (target.kind === "host") target.assign?.(name, value);
    else if (target.kind === "loop") callMethod(target.own, "put", [name, value], scope);
  }
}

/** `#set($target[index] = value)`: by its method `set`, else `put`. */
export function setElement(target: Value, index: Value, value: Value, scope: MethodScope): void {
  const place = adjusted(target, index, scope);
  if (target instanceof ListValue) {
    if (typeof place === "number") callMethod(target, "set", [place, value], scope);
  } else if (target instanceof MapValue) callMethod(target, "put", [place, value], scope);
  else if (typeof place === "string") setProperty(target, place, value, scope);
}

/** What `#foreach` goes through. */
export interface Iteration {
  readonly items: readonly Value[];
  /** How many there are now; Java refuses to go on in what has changed under it. */
  size(): number;
}

/** undefined where there is nothing to go through. */
export function iterate(value: Value, scope: MethodScope): Iteration | undefined {
  if (value instanceof ListValue) return { items: value.items, size: () => value.items.length };
  if (value instanceof ViewValue) return ofMap(value.map, value.items(), scope);
  if (value instanceof MapValue) return ofMap(value, new ViewValue(value, "values").items(), scope);
  if (value instanceof IteratorValue) {
    const rest = value.items.slice(value.next);
    scope.meter.step(rest.length);
    value.next = value.items.length;
    return { items: rest, size: () => rest.length };
  }
  if (value !== null && typeof value === "object" && "kind" in value && value.kind === "loop") {
    return iterate(value.own, scope);
  }
  return undefined;
}

function ofMap(map: MapValue, items: readonly Value[], { meter }: MethodScope): Iteration {
  meter.step(items.length);
  return { items, size: () => map.entries.size };
}
