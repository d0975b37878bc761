// The text of a document as plain values, with the means to say where in the text each of them stands.
import { partitionOf } from "../../domain/arn.ts";
import { parseJsonText } from "./json-text.ts";
import type { Position } from "./problem.ts";
import { DocumentError, invalidInput } from "./problem.ts";
import { parseYamlText } from "./yaml-text.ts";

/** Bytes (https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html). */
export const MAX_DOCUMENT_BYTES = 6 * 1024 * 1024;
/** Levels of lists and maps. */
const MAX_DEPTH = 200;

export interface ParsedText {
  readonly root: unknown;
  /** Where values stand, by their pointers; those of members begin with their names. Pointers to nothing are left out. */
  positions(pointers: readonly string[]): ReadonlyMap<string, Position>;
  /** How numbers are written whose text is not what they print as: by the list or map that they stand in, and their place there. */
  readonly sources: WeakMap<object, ReadonlyMap<string, string>>;
  /** What the text has that a reader should know. */
  readonly notes: readonly { readonly message: string; readonly pointer: string }[];
}

/** Whose the import is: what AWS's variables stand for. */
export interface Importer {
  readonly account: string;
  readonly region: string;
}

/**
 * Reads a document. One that begins with `{` is JSON, any other YAML, as OpenAPI's parsers decide.
 * @throws {DocumentError}
 */
export function parseDocument(bytes: Uint8Array, importer: Importer): ParsedText {
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new DocumentError(invalidInput(`a document has at most ${MAX_DOCUMENT_BYTES} bytes; this one has ${bytes.length}`));
  }
  const text = decode(bytes);
  const parsed = text.trimStart().startsWith("{") ? parseJsonText(text) : parseYamlText(text);
  assertDepth(parsed.root);
  return text.includes("${AWS::") ? { ...parsed, root: filled(parsed.root, importer, parsed.sources) } : parsed;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new DocumentError(invalidInput("the document is not UTF-8"));
    throw error;
  }
}

/** What is deeper than this could not be walked safely; nor does any API have it. */
function assertDepth(root: unknown): void {
  let level = [root].filter(isCompound);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MAX_DEPTH) throw new DocumentError(invalidInput(`the document is nested deeper than ${MAX_DEPTH} levels`));
    const next: object[] = [];
    for (const value of level) for (const inner of Array.isArray(value) ? value : Object.values(value)) if (isCompound(inner)) next.push(inner);
    level = next;
  }
}

const isCompound = (value: unknown): value is object => typeof value === "object" && value !== null;

/** AWS's variables (https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html). */
function filled(root: unknown, { account, region }: Importer, sources: WeakMap<object, ReadonlyMap<string, string>>): unknown {
  const values: Readonly<Record<string, string>> = { AccountId: account, Region: region, Partition: partitionOf(region) };
  const fill = (text: string) => text.replace(/\$\{AWS::(AccountId|Region|Partition)\}/g, (_all, name: string) => values[name] as string);
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return fill(value);
    if (typeof value !== "object" || value === null) return value;
    const members = () => Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    const copy = Array.isArray(value) ? value.map(walk) : members();
    const known = sources.get(value);
    if (known !== undefined) sources.set(copy, known);
    return copy;
  };
  return walk(root);
}
