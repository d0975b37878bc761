// The sample mapping template that API Gateway makes of a model
// (https://docs.aws.amazon.com/apigateway/latest/api/API_GetModelTemplate.html).
import { badRequest } from "../../domain/errors.ts";
import { isObject, type JsonSchema } from "./model-schema.ts";

/** Characters; the size of a mapping template (guide: limits). References can make a small model's sample grow without end. */
const MAX_SIZE = 307_200;

/** Strings, numbers and the head are the page's own; arrays are as the console shows them. */
const SAMPLES: ReadonlyMap<unknown, string> = new Map([
  ["string", '"foo"'],
  ["number", "3.1415"],
  ["integer", "42"],
  ["boolean", "true"],
  ["null", "null"],
]);

const FOREACH = "##TODO: Update this foreach loop to reference array from input json\n#foreach($elem in $inputRoot.TODO)\n";

/**
 * A template that writes a payload of the model's shape, with samples for the values.
 * @param schema with no references but local ones
 * @throws {ServiceError} BadRequestException when the template would be too large
 */
export function sampleTemplate(schema: JsonSchema): string {
  const parts: string[] = [];
  let size = 0;
  const write = (part: string) => {
    size += part.length;
    if (size > MAX_SIZE) throw badRequest(`The template of this model would have more than ${MAX_SIZE} characters`);
    parts.push(part);
  };
  write("#set($inputRoot = $input.path('$'))\n");
  writeSample(schema, "", { root: schema, write, within: [] });
  return parts.join("");
}

interface Writing {
  readonly root: JsonSchema;
  readonly write: (part: string) => void;
  /** The references that led here. */
  readonly within: readonly string[];
}

function writeSample(schema: unknown, indent: string, writing: Writing): void {
  if (!isObject(schema)) return writing.write("{ }");
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    // What contains itself ends where it begins anew.
    if (writing.within.includes(reference)) return writing.write("{ }");
    return writeSample(resolve(writing.root, reference), indent, { ...writing, within: [...writing.within, reference] });
  }
  const type = typeOf(schema);
  if (type === "array") return writeArray(schema["items"], indent, writing);
  writing.write(SAMPLES.get(type) ?? "");
  if (!SAMPLES.has(type)) writeObject(schema["properties"], indent, writing);
}

/** Of several types the first that is not null; where there is none, what its members speak of. */
function typeOf({ type, items, properties }: JsonSchema): unknown {
  if (Array.isArray(type)) return type.find((each) => each !== "null") ?? "null";
  if (type !== undefined) return type;
  return items !== undefined && properties === undefined ? "array" : "object";
}

function writeObject(properties: unknown, indent: string, writing: Writing): void {
  const all = isObject(properties) ? Object.entries(properties) : [];
  if (all.length === 0) return writing.write("{ }");
  for (const [i, [name, schema]] of all.entries()) {
    writing.write(`${i === 0 ? "{" : ","}\n${indent}  ${JSON.stringify(name)} : `);
    writeSample(schema, `${indent}  `, writing);
  }
  writing.write(`\n${indent}}`);
}

function writeArray(items: unknown, indent: string, writing: Writing): void {
  writing.write(`[\n${FOREACH}${indent} `);
  writeSample(Array.isArray(items) ? items[0] : items, indent, writing);
  writing.write(` \n#if($foreach.hasNext),#end\n#end\n${indent}]`);
}

/** What a JSON pointer leads to (RFC 6901). */
function resolve(root: JsonSchema, reference: string): unknown {
  const names = reference.replace(/^#\/?/, "").split("/").filter((name) => name !== "");
  return names.reduce<unknown>((each, name) => {
    const key = decoded(name).replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof each === "object" && each !== null && Object.hasOwn(each, key) ? (each as JsonSchema)[key] : undefined;
  }, root);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    // A percent sign that encodes nothing stands for itself.
    if (error instanceof URIError) return name;
    throw error;
  }
}
