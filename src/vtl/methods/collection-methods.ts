// java.util.ArrayList, LinkedHashMap, the views of a map, its entries, iterators, and arrays as Velocity shows them.
import type { Meter, Value } from "../values/index.ts";
import {
  EntryValue,
  equalValues,
  hashOf,
  IteratorValue,
  keyOf,
  ListValue,
  MapValue,
  textOf,
  ViewValue,
} from "../values/index.ts";
import type { MethodRow, MethodTable } from "./overload.ts";
import { javaException, methodTable } from "./overload.ts";

function at(list: ListValue, index: number): Value {
  if (index < 0 || index >= list.items.length) {
    throw javaException("java.lang.IndexOutOfBoundsException", `Index ${index} out of bounds for length ${list.items.length}`);
  }
  return list.items[index] ?? null;
}

function find(items: readonly Value[], searched: Value, meter: Meter): number {
  meter.step(items.length);
  return items.findIndex((item) => equalValues(item, searched, meter));
}

function findLast(items: readonly Value[], searched: Value, meter: Meter): number {
  meter.step(items.length);
  return items.findLastIndex((item) => equalValues(item, searched, meter));
}

/** The items of a collection that is an argument. */
function itemsOf(value: Value | undefined, meter: Meter): readonly Value[] {
  if (value instanceof ListValue || value instanceof ViewValue) {
    const items = value instanceof ListValue ? value.items : value.items();
    meter.step(items.length);
    return items;
  }
  throw javaException("java.lang.NullPointerException", "the collection is null");
}

function insert(list: ListValue, index: number, added: readonly Value[], meter: Meter): boolean {
  if (index < 0 || index > list.items.length) {
    throw javaException("java.lang.IndexOutOfBoundsException", `Index: ${index}, Size: ${list.items.length}`);
  }
  meter.step(added.length + ((list.items.length - index) >> 3));
  // A copy first: a list can be added to itself. One by one: spread arguments would overflow the stack.
  const moved = list.items.splice(index);
  for (const item of added) list.items.push(item);
  for (const item of moved) list.items.push(item);
  return added.length > 0;
}

function keepWhere(list: ListValue, keep: (item: Value) => boolean): boolean {
  const kept = list.items.filter(keep);
  const changed = kept.length !== list.items.length;
  list.items.length = 0;
  for (const item of kept) list.items.push(item);
  return changed;
}

function subList(list: ListValue, from: number, to: number, meter: Meter): ListValue {
  if (from < 0) throw javaException("java.lang.IndexOutOfBoundsException", `fromIndex = ${from}`);
  if (to > list.items.length) throw javaException("java.lang.IndexOutOfBoundsException", `toIndex = ${to}`);
  if (from > to) throw javaException("java.lang.IllegalArgumentException", `fromIndex(${from}) > toIndex(${to})`);
  meter.step(to - from);
  return new ListValue(list.items.slice(from, to));
}

const reading: readonly MethodRow<ListValue>[] = [
  ["size", "", (list) => list.items.length],
  ["isEmpty", "", (list) => list.items.length === 0],
  ["get", "int", (list, [index]) => at(list, index as number)],
  ["contains", "Object", (list, [item], { meter }) => find(list.items, item ?? null, meter) !== -1],
  ["indexOf", "Object", (list, [item], { meter }) => find(list.items, item ?? null, meter)],
  ["lastIndexOf", "Object", (list, [item], { meter }) => findLast(list.items, item ?? null, meter)],
  [
    "containsAll",
    "Collection",
    (list, [items], { meter }) => itemsOf(items, meter).every((item) => find(list.items, item, meter) !== -1),
  ],
  ["subList", "int, int", (list, [from, to], { meter }) => subList(list, from as number, to as number, meter)],
  ["iterator", "", (list) => new IteratorValue(list.items)],
  ["equals", "Object", (list, [other], { meter }) => equalValues(list, other ?? null, meter)],
  ["hashCode", "", (list, _, { meter }) => hashOf(list, meter)],
  ["toString", "", (list, _, { meter }) => textOf(list, meter)],
  ["toArray", "", (list, _, { meter }) => new ListValue([...itemsOf(list, meter)], true)],
  [
    "set",
    "int, Object",
    (list, [index, item]) => {
      const before = at(list, index as number);
      list.items[index as number] = item ?? null;
      return before;
    },
  ],
];

const changing: readonly MethodRow<ListValue>[] = [
  [
    "add",
    "Object",
    (list, [item], { meter }) => {
      meter.step(1);
      list.items.push(item ?? null);
      return true;
    },
  ],
  [
    "add",
    "int, Object",
    (list, [index, item], { meter }) => {
      insert(list, index as number, [item ?? null], meter);
      return "";
    },
  ],
  ["addAll", "Collection", (list, [items], { meter }) => insert(list, list.items.length, [...itemsOf(items, meter)], meter)],
  ["addAll", "int, Collection", (list, [index, items], { meter }) => insert(list, index as number, [...itemsOf(items, meter)], meter)],
  [
    "remove",
    "int",
    (list, [index], { meter }) => {
      const removed = at(list, index as number);
      meter.step(1 + (list.items.length >> 4));
      list.items.splice(index as number, 1);
      return removed;
    },
  ],
  [
    "remove",
    "Object",
    (list, [item], { meter }) => {
      const index = find(list.items, item ?? null, meter);
      if (index !== -1) list.items.splice(index, 1);
      return index !== -1;
    },
  ],
  [
    "removeAll",
    "Collection",
    (list, [items], { meter }) => {
      const removed = [...itemsOf(items, meter)];
      return keepWhere(list, (item) => find(removed, item, meter) === -1);
    },
  ],
  [
    "retainAll",
    "Collection",
    (list, [items], { meter }) => {
      const kept = [...itemsOf(items, meter)];
      return keepWhere(list, (item) => find(kept, item, meter) !== -1);
    },
  ],
  [
    "clear",
    "",
    (list) => {
      list.items.length = 0;
      return "";
    },
  ],
  // Not Java's: the guide gives `$input.path('$.pets').count()` (api-gateway-mapping-template-reference.md).
  ["count", "", (list) => list.items.length],
];

const unsupported = (): never => {
  throw javaException("java.lang.UnsupportedOperationException", "nothing can be added here or taken away");
};

export const listMethods: MethodTable<ListValue> = methodTable([...reading, ...changing]);

/** An array has the methods of a list, but those that would change its length fail. */
export const arrayMethods: MethodTable<ListValue> = methodTable([
  ...reading.filter(([name]) => name !== "toArray"),
  ...changing
    .filter(([name]) => name !== "count")
    .map(([name, parameters]): MethodRow<ListValue> => [name, parameters, unsupported]),
]);

function put(map: MapValue, key: Value, value: Value, meter: Meter): Value {
  meter.step(1);
  const found = keyOf(key, meter);
  const entry = map.entries.get(found);
  if (entry === undefined) {
    map.entries.set(found, new EntryValue(key, value));
    return null;
  }
  const before = entry.value;
  entry.value = value;
  return before;
}

/** The value of a key. */
export function mapGet(map: MapValue, key: Value, meter: Meter): Value {
  return map.entries.get(keyOf(key, meter))?.value ?? null;
}

function containsValue(map: MapValue, value: Value, meter: Meter): boolean {
  meter.step(map.entries.size);
  for (const entry of map.entries.values()) if (equalValues(entry.value, value, meter)) return true;
  return false;
}

function removeKey(map: MapValue, key: Value, meter: Meter): EntryValue | undefined {
  const found = keyOf(key, meter);
  const entry = map.entries.get(found);
  map.entries.delete(found);
  return entry;
}

export const mapMethods: MethodTable<MapValue> = methodTable<MapValue>([
  ["size", "", (map) => map.entries.size],
  ["isEmpty", "", (map) => map.entries.size === 0],
  ["get", "Object", (map, [key], { meter }) => mapGet(map, key ?? null, meter)],
  [
    "getOrDefault",
    "Object, Object",
    (map, [key, otherwise], { meter }) => {
      const entry = map.entries.get(keyOf(key ?? null, meter));
      return entry === undefined ? (otherwise ?? null) : entry.value;
    },
  ],
  ["containsKey", "Object", (map, [key], { meter }) => map.entries.has(keyOf(key ?? null, meter))],
  ["containsValue", "Object", (map, [value], { meter }) => containsValue(map, value ?? null, meter)],
  ["put", "Object, Object", (map, [key, value], { meter }) => put(map, key ?? null, value ?? null, meter)],
  [
    "putIfAbsent",
    "Object, Object",
    (map, [key, value], { meter }) => {
      const before = mapGet(map, key ?? null, meter);
      if (before === null) put(map, key ?? null, value ?? null, meter);
      return before;
    },
  ],
  [
    "putAll",
    "Map",
    (map, [other], { meter }) => {
      if (!(other instanceof MapValue)) throw javaException("java.lang.NullPointerException", "the map is null");
      meter.step(other.entries.size);
      for (const entry of other.entries.values()) put(map, entry.key, entry.value, meter);
      return "";
    },
  ],
  ["remove", "Object", (map, [key], { meter }) => removeKey(map, key ?? null, meter)?.value ?? null],
  [
    "replace",
    "Object, Object",
    (map, [key, value], { meter }) =>
      map.entries.has(keyOf(key ?? null, meter)) ? put(map, key ?? null, value ?? null, meter) : null,
  ],
  [
    "clear",
    "",
    (map) => {
      map.entries.clear();
      return "";
    },
  ],
  ["keySet", "", (map) => new ViewValue(map, "keys")],
  ["values", "", (map) => new ViewValue(map, "values")],
  ["entrySet", "", (map) => new ViewValue(map, "entries")],
  ["equals", "Object", (map, [other], { meter }) => equalValues(map, other ?? null, meter)],
  ["hashCode", "", (map, _, { meter }) => hashOf(map, meter)],
  ["toString", "", (map, _, { meter }) => textOf(map, meter)],
]);

function removeFromView(view: ViewValue, item: Value, meter: Meter): boolean {
  meter.step(view.map.entries.size);
  for (const [at, entry] of view.items().entries()) {
    if (!equalValues(entry, item, meter)) continue;
    const key = [...view.map.entries.keys()][at];
    if (key !== undefined) view.map.entries.delete(key);
    return true;
  }
  return false;
}

export const viewMethods: MethodTable<ViewValue> = methodTable<ViewValue>([
  ["size", "", (view) => view.map.entries.size],
  ["isEmpty", "", (view) => view.map.entries.size === 0],
  ["contains", "Object", (view, [item], { meter }) => find(itemsOf(view, meter), item ?? null, meter) !== -1],
  [
    "containsAll",
    "Collection",
    (view, [items], { meter }) => {
      const own = itemsOf(view, meter);
      return itemsOf(items, meter).every((item) => find(own, item, meter) !== -1);
    },
  ],
  ["add", "Object", unsupported],
  ["addAll", "Collection", unsupported],
  ["remove", "Object", (view, [item], { meter }) => removeFromView(view, item ?? null, meter)],
  [
    "clear",
    "",
    (view) => {
      view.map.entries.clear();
      return "";
    },
  ],
  ["toArray", "", (view, _, { meter }) => new ListValue([...itemsOf(view, meter)], true)],
  ["iterator", "", (view, _, { meter }) => new IteratorValue(itemsOf(view, meter))],
  ["equals", "Object", (view, [other], { meter }) => equalValues(view, other ?? null, meter)],
  ["hashCode", "", (view, _, { meter }) => hashOf(view, meter)],
  ["toString", "", (view, _, { meter }) => textOf(view, meter)],
]);

export const entryMethods: MethodTable<EntryValue> = methodTable<EntryValue>([
  ["getKey", "", (entry) => entry.key],
  ["getValue", "", (entry) => entry.value],
  [
    "setValue",
    "Object",
    (entry, [value]) => {
      const before = entry.value;
      entry.value = value ?? null;
      return before;
    },
  ],
  ["equals", "Object", (entry, [other], { meter }) => equalValues(entry, other ?? null, meter)],
  ["hashCode", "", (entry, _, { meter }) => hashOf(entry, meter)],
  ["toString", "", (entry, _, { meter }) => textOf(entry, meter)],
]);

export const iteratorMethods: MethodTable<IteratorValue> = methodTable<IteratorValue>([
  ["hasNext", "", (iterator) => iterator.next < iterator.items.length],
  [
    "next",
    "",
    (iterator) => {
      if (iterator.next >= iterator.items.length) throw javaException("java.util.NoSuchElementException", "no more elements");
      iterator.next += 1;
      return iterator.items[iterator.next - 1] ?? null;
    },
  ],
]);
