// What a keyword needs to know of the schema that it stands in.
import type { SchemaNode } from "../node.ts";
import type { Check } from "../run.ts";
import type { SchemaObject } from "../schema.ts";
import type { InstanceValues } from "../values.ts";

/**
 * Compiles a regular expression of ECMA 262's; what it gives says whether a match is anywhere in a text. Throws when it
 * cannot.
 */
export type CompilePattern = (pattern: string) => Search;

export interface Search {
  (text: string): boolean;
  /** How much work a character of the text may take, in instructions; 1 where it is not said. */
  readonly size?: number;
}

export interface KeywordContext {
  readonly schema: SchemaObject;
  /** The schema's place, for messages. */
  readonly place: string;
  readonly values: InstanceValues;
  /** The schema that stands at a pointer from this one and is tried on the value's elements or members. */
  below(pointer: string, schema: unknown): SchemaNode;
  /** The same for one that is tried on the value itself. */
  onSame(pointer: string, schema: unknown): SchemaNode;
  /** Throws JsonSchemaError. */
  pattern(source: string, pointer: string): Search;
}

export type KeywordCompiler = (context: KeywordContext) => Check | undefined;
