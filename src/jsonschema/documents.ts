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
  private readonly places = new Map<SchemaObject, Place>();
  private readonly roots = new Map<string, unknown>();
  private readonly named = new Map<string, SchemaObject>();

  constructor(resolve: ResolveSchema) {
    this.resolve = resolve;
  }

  /** Takes a document in, with all the schemas within it. Throws JsonSchemaError. */
  add(root: unknown, url: string = NO_URL): SchemaObject {
    this.roots.set(url, root);
    if (this.roots.size > MAX_DOCUMENTS) throw new JsonSchemaError(`more than ${MAX_DOCUMENTS} documents`, "#");
    return this.enter(root, { base: url, text: `${url === NO_URL ? "" : url}#` }, 0);
  }

  placeOf(schema: SchemaObject): Place {
    return this.places.get(schema) ?? { base: NO_URL, text: "#" };
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
    const root = this.named.get(url) ?? this.document(url) ?? refuse();
    const found = lookUp(root, fragment) ?? refuse();
    if (!this.places.has(found)) this.enter(found, { base: url, text: `${url === NO_URL ? "" : url}#${fragment}` }, 0);
    return found;
  }

  private document(url: string): unknown {
    const known = this.roots.get(url);
    if (known !== undefined) return known;
    const found = this.resolve(url);
    return found === undefined ? undefined : this.add(found, url);
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
