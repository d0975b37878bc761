// The documents that a schema is made of: the schema itself, and what it refers to. Every schema in them knows its base
// URL, against which its references are resolved.
import { checkSchema } from "./check.ts";
import { JsonSchemaError } from "./errors.ts";
import type { SchemaObject } from "./schema.ts";
import { isSchemaObject, keyword, pointerTokens, subschemas } from "./schema.ts";

/**
 * Gives the schema document of a URL without a fragment, such as
 * https://apigateway.amazonaws.com/restapis/{restapi_id}/models/{model_name}; undefined when there is none.
 */
export type ResolveSchema = (url: string) => unknown;

interface Place {
  readonly base: string;
  /** For messages. */
  readonly text: string;
}

/** The base of a schema that has no URL. */
const NO_URL = "schema:///";

/** Schemas within each other, in one document. */
const MAX_NESTING = 500;
/** Documents that one schema may draw in. */
const MAX_DOCUMENTS = 1_000;

export class SchemaDocuments {
  private readonly resolve: ResolveSchema;
  /** Those that are others' too. */
  private readonly shared: SchemaDocuments | undefined;
  private readonly maxDocuments: number;
  private readonly places = new Map<SchemaObject, Place>();
  private readonly roots = new Map<string, unknown>();
  private readonly named = new Map<string, SchemaObject>();
  /** Why documents could not be taken in. */
  private readonly failures = new Map<string, unknown>();

  private constructor(resolve: ResolveSchema, maxDocuments: number, shared?: SchemaDocuments) {
    this.resolve = resolve;
    this.maxDocuments = maxDocuments;
    this.shared = shared;
  }

  /** Of one schema and what it refers to. */
  static ofOne(resolve: ResolveSchema): SchemaDocuments {
    return new SchemaDocuments(resolve, MAX_DOCUMENTS);
  }

  /** What several schemas refer to. */
  static ofMany(resolve: ResolveSchema): SchemaDocuments {
    return new SchemaDocuments(resolve, Infinity);
  }

  /** Of one schema more, that refers to these. */
  withOne(): SchemaDocuments {
    return new SchemaDocuments(this.resolve, MAX_DOCUMENTS, this);
  }

  /** Whether one of the schemas has a name of its own (`id`), by which others may refer to it. */
  get haveNames(): boolean {
    return this.named.size > 0 || (this.shared?.haveNames ?? false);
  }

  /** Takes a document in, with all the schemas within it. Throws JsonSchemaError. */
  add(root: unknown, url: string = NO_URL): SchemaObject {
    this.roots.set(url, root);
    if (this.roots.size > this.maxDocuments) throw new JsonSchemaError(`more than ${this.maxDocuments} documents`, "#");
    return this.enter(root, { base: url, text: `${url === NO_URL ? "" : url}#` }, 0);
  }

  placeOf(schema: SchemaObject): Place {
    return this.places.get(schema) ?? this.shared?.places.get(schema) ?? { base: NO_URL, text: "#" };
  }

  private enter(schema: unknown, around: Place, nesting: number): SchemaObject {
    if (nesting > MAX_NESTING) throw new JsonSchemaError(`more than ${MAX_NESTING} schemas within each other`, around.text);
    checkSchema(schema, around.text);
    const id = keyword(schema, "id");
    const moved = typeof id === "string" && keyword(schema, "$ref") === undefined;
    const base = moved ? this.join(id, around) : around.base;
    if (moved) this.named.set(base.replace(/#$/, ""), schema);
    this.places.set(schema, { base, text: around.text });
    for (const [pointer, within] of subschemas(schema)) {
      this.enter(within, { base, text: around.text + pointer }, nesting + 1);
    }
    return schema;
  }

  private join(reference: string, { base, text }: Place): string {
    try {
      return new URL(reference, base).href;
    } catch {
      throw new JsonSchemaError(`"${reference}" is no URL`, text);
    }
  }

  /** The schema that a reference in `schema` leads to. Throws JsonSchemaError. */
  target(schema: SchemaObject, reference: string): SchemaObject {
    const place = this.placeOf(schema);
    const href = this.join(reference, place);
    const at = href.indexOf("#");
    const url = at === -1 ? href : href.slice(0, at);
    const fragment = at === -1 ? "" : href.slice(at + 1);
    const refuse = (): never => {
      throw new JsonSchemaError(`$ref: "${reference}" leads to no schema`, `${place.text}/$ref`);
    };
    if (fragment !== "" && !fragment.startsWith("/")) return this.named.get(href) ?? refuse();
    const owner = this.shared !== undefined && !this.roots.has(url) && !this.named.has(url) ? this.shared : this;
    const root = owner.named.get(url) ?? owner.document(url) ?? refuse();
    const found = lookUp(root, fragment) ?? refuse();
    if (!owner.places.has(found)) owner.enter(found, { base: url, text: `${url === NO_URL ? "" : url}#${fragment}` }, 0);
    return found;
  }

  private document(url: string): unknown {
    if (this.failures.has(url)) throw this.failures.get(url);
    const known = this.roots.get(url);
    if (known !== undefined) return known;
    try {
      const found = this.resolve(url);
      return found === undefined ? undefined : this.add(found, url);
    } catch (error) {
      this.failures.set(url, error);
      throw error;
    }
  }
}

function lookUp(root: unknown, fragment: string): SchemaObject | undefined {
  let found = root;
  try {
    for (const token of pointerTokens(fragment)) {
      if (typeof found !== "object" || found === null || !Object.hasOwn(found, token)) return undefined;
      found = (found as Record<string, unknown>)[token];
    }
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  return isSchemaObject(found) ? found : undefined;
}
