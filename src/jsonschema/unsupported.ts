// What API Gateway's page of known issues says of keywords in models, for those who write them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
import { formats } from "./formats/formats.ts";
import type { SchemaObject } from "./schema.ts";
import { draft4, isSchemaObject, keyword, pointerToken, subschemas } from "./schema.ts";

export interface UnsupportedKeyword {
  readonly keyword: string;
  /** A JSON pointer. */
  readonly pointer: string;
  readonly note: string;
}

const notes: ReadonlyMap<string, string> = new Map([
  ["discriminator", "API Gateway does not support discriminator in any schema"],
  ["example", "API Gateway does not support example"],
  ["readOnly", "API Gateway does not support readOnly"],
  ["exclusiveMinimum", "API Gateway does not support exclusiveMinimum"],
  ["maxItems", "maxItems of an imported definition is not part of request validation: set it in the model afterwards"],
  ["minItems", "minItems of an imported definition is not part of request validation: set it in the model afterwards"],
  ["oneOf", "oneOf is not supported for OpenAPI 2.0 and for the generation of SDKs"],
]);

/** Lists the keywords that API Gateway does not support, or draft 4 does not have, in the order in which they stand. */
export function unsupportedKeywords(schema: unknown): UnsupportedKeyword[] {
  const found: UnsupportedKeyword[] = [];
  const open: [pointer: string, schema: unknown][] = [["", schema]];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [pointer, one] = next;
    if (!isSchemaObject(one)) continue;
    found.push(...unsupportedIn(one, pointer));
    for (const [within, inner] of subschemas(one)) open.push([pointer + within, inner]);
  }
  return found;
}

function unsupportedIn(schema: SchemaObject, pointer: string): UnsupportedKeyword[] {
  return Object.keys(schema).flatMap((name) => {
    const note = noteOf(schema, name);
    return note === undefined ? [] : [{ keyword: name, pointer: `${pointer}/${pointerToken(name)}`, note }];
  });
}

function noteOf(schema: SchemaObject, name: string): string | undefined {
  if (name === "format") {
    const format = String(keyword(schema, name));
    return formats.has(format) ? undefined : `no value is valid with it: format attribute "${format}" not supported`;
  }
  return notes.get(name) ?? (draft4.has(name) ? undefined : `${name} is no keyword of JSON Schema draft 4`);
}
