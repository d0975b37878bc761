// YAML texts. Anchors cost no more than what they stand for, and what they stand for is bounded.
import type { Alias, Document, Node, Pair, YAMLMap, YAMLParseError, YAMLSeq } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { ParsedText } from "./document.ts";
import { lineStarts, positionOf } from "./lines.ts";
import { joined, pointerTokens } from "./pointer.ts";
import type { Position } from "./problem.ts";
import { DocumentError, invalidInput } from "./problem.ts";
import { assertYamlBounds } from "./yaml-bounds.ts";

/** Values of the document with all its aliases written out. */
const MAX_VALUES = 2_000_000;
const TOO_MANY = `the document has more than ${MAX_VALUES} values with its aliases written out`;

/** @throws {DocumentError} */
export function parseYamlText(text: string): ParsedText {
  const starts = lineStarts(text);
  const document = parse(text, starts);
  const sources = new WeakMap<object, Map<string, string>>();
  const notes: { message: string; pointer: string }[] = [];
  const reader: Reader = { sources, notes, anchors: new Map<Node, Value>(), open: new Set<Node>(), named: new Map<string, Node>(), targets: new Map<Alias, Node>() };
  return {
    root: read(reader, document.contents, "").value,
    positions: (pointers) => locate(document, reader.targets, pointers, starts),
    sources,
    notes,
  };
}

function parse(text: string, starts: readonly number[]): Document {
  let document: Document;
  assertYamlBounds(text);
  try {
    // Duplicate keys are looked for here rather than by the library, which compares each with all others.
    document = parseDocument(text, { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: "error" });
  } catch (error) {
    // The library goes into what is nested by recursion.
    if (error instanceof RangeError) throw new DocumentError(invalidInput("the document is nested too deeply"));
    throw error;
  }
  const [error] = document.errors;
  if (error !== undefined) throw new DocumentError(invalidInput(plainWords(error)), positionOf(starts, error.pos[0]));
  return document;
}

/** The library's words, but where they speak of the library. */
function plainWords({ code, message }: YAMLParseError): string {
  if (code === "MULTIPLE_DOCS") return "the text has more than one document";
  return message.includes("call stack") ? "the document is nested too deeply" : message;
}

interface Value {
  readonly value: unknown;
  /** How many values it is made of, aliases written out. */
  readonly size: number;
}

interface Reader {
  readonly sources: WeakMap<object, Map<string, string>>;
  readonly notes: { message: string; pointer: string }[];
  /** What has been read of nodes with anchors. */
  readonly anchors: Map<Node, Value>;
  readonly open: Set<Node>;
  /** The latest node of each anchor so far; the library goes through the whole document to find one. */
  readonly named: Map<string, Node>;
  /** What aliases stand for. */
  readonly targets: Map<Alias, Node>;
}

function read(reader: Reader, node: unknown, pointer: string): Value {
  if (isAlias(node)) return readAlias(reader, targetOf(reader, node), pointer);
  noteAnchor(reader, node);
  if (isScalar(node)) return { value: node.value ?? null, size: sizeOf(node.value) };
  if (!isMap(node) && !isSeq(node)) return { value: null, size: 1 };
  reader.open.add(node);
  const value = isMap(node) ? readMap(reader, node, pointer) : readList(reader, node, pointer);
  reader.open.delete(node);
  if (value.size > MAX_VALUES) throw new DocumentError(invalidInput(TOO_MANY, pointer));
  if (node.anchor !== undefined) reader.anchors.set(node, value);
  return value;
}

/** Texts count for one more with each so many characters: aliases can stand for long ones too. */
const TEXT_UNIT = 100;
const sizeOf = (value: unknown): number => (typeof value === "string" ? 1 + Math.floor(value.length / TEXT_UNIT) : 1);

function noteAnchor({ named }: Reader, node: unknown): void {
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) named.set(node.anchor, node);
}

/** The node that has the alias's anchor, the last one before it. */
function targetOf({ named, targets }: Reader, alias: Alias): Node | undefined {
  const target = targets.get(alias) ?? named.get(alias.source);
  if (target !== undefined) targets.set(alias, target);
  return target;
}

function readAlias(reader: Reader, target: Node | undefined, pointer: string): Value {
  if (target === undefined) throw new DocumentError(invalidInput("the alias stands for nothing", pointer));
  if (reader.open.has(target)) throw new DocumentError(invalidInput("the alias stands for what it is part of", pointer));
  return reader.anchors.get(target) ?? read(reader, target, pointer);
}

function readList(reader: Reader, { items }: YAMLSeq, pointer: string): Value {
  let size = 1;
  const list: unknown[] = [];
  items.forEach((item, index) => {
    const { value, size: added } = read(reader, item, `${pointer}/${index}`);
    size += added;
    list.push(value);
    keepSource(reader, list, String(index), item);
  });
  return { value: list, size };
}

function readMap(reader: Reader, { items }: YAMLMap, pointer: string): Value {
  let size = 1;
  const members = new Map<string, unknown>();
  const own = new Map<string, unknown>();
  for (const item of items) {
    if (isMergeKey(item)) {
      const merged = read(reader, item.value, joined(pointer, "<<"));
      size += merged.size;
      for (const source of Array.isArray(merged.value) ? merged.value : [merged.value]) {
        // A member of the map itself wins over merged ones, wherever it stands.
        for (const [key, value] of Object.entries(source ?? {})) if (!members.has(key)) members.set(key, value);
      }
      continue;
    }
    const key = keyOf(reader, item, pointer);
    if (own.has(key)) {
      reader.notes.push({ message: `The key ${key} stands here more than once: the last one counts`, pointer: joined(pointer, key) });
    }
    const { value, size: added } = read(reader, item.value, joined(pointer, key));
    size += added;
    members.set(key, value);
    own.set(key, item.value);
  }
  const value = Object.fromEntries(members);
  for (const [key, node] of own) keepSource(reader, value, key, node);
  return { value, size };
}

const isMergeKey = ({ key }: Pair): boolean =>
  isScalar(key) && (key.value === "<<" || typeof key.value === "symbol") && key.type === "PLAIN";

/** Keys count as they are written: `200` and `200.0` are no numbers here. */
function keyOf(reader: Reader, { key }: Pair, pointer: string): string {
  const node = isAlias(key) ? targetOf(reader, key) : key;
  noteAnchor(reader, key);
  if (isScalar(node)) return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  throw new DocumentError(invalidInput("keys have to be scalars", pointer));
}

function keepSource({ sources }: Reader, parent: object, key: string, node: unknown): void {
  if (!isScalar(node) || typeof node.value !== "number" || node.source === undefined || node.source === String(node.value)) return;
  if (!sources.has(parent)) sources.set(parent, new Map());
  sources.get(parent)?.set(key, node.source);
}

function locate(document: Document, targets: ReadonlyMap<Alias, Node>, pointers: readonly string[], starts: readonly number[]): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>();
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  for (const pointer of pointers) {
    let node: unknown = document.contents;
    let start = startOf(node);
    for (const token of pointerTokens(pointer)) {
      if (isAlias(node)) node = targets.get(node);
      if (isMap(node)) {
        const byKey = pairs.get(node) ?? new Map(node.items.map((pair) => [keyText(pair), pair]));
        pairs.set(node, byKey);
        const pair = byKey.get(token);
        start = startOf(pair?.key) ?? start;
        node = pair?.value;
      } else if (isSeq(node)) {
        node = node.items[Number(token)];
        start = startOf(node) ?? start;
      } else break;
    }
    if (start !== undefined) found.set(pointer, positionOf(starts, start));
  }
  return found;
}

const keyText = ({ key }: Pair): string => (isScalar(key) ? String(key.source ?? key.value) : "");

const startOf = (node: unknown): number | undefined =>
  (node as { readonly range?: readonly number[] | null } | null | undefined)?.range?.[0];
