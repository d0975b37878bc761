// Reads a document of an HTTP API: what it defines, and what is wrong with it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html).
import type { Cors } from "../../domain/http-api.ts";
import { EXTENSIONS } from "../extensions.ts";
import { type BasePathMode, pathPrefix } from "../read/base-path.ts";
import { type Importer, parseDocument } from "../read/document.ts";
import type { Sourced } from "../read/imported.ts";
import { DocumentError, invalidInput, type Problem } from "../read/problem.ts";
import { booleanOf, createReading, integerOf, isObject, type Reading, type Spot, textList, textOf, withoutUndefined } from "../read/spot.ts";
import { HTTP_EXTENSIONS } from "./extensions.ts";
import type { ImportedHttpApi, ImportedHttpSettings } from "./imported.ts";
import { readRoutes } from "./routes.ts";
import { readHttpSecuritySchemes } from "./security.ts";

export interface HttpReadOptions extends Importer {
  readonly basePath?: BasePathMode;
  /** An API has no more routes than this: of those past it, one is read. All are when absent. */
  readonly maxRoutes?: number;
}

export interface HttpReadResult {
  /** Absent when no API can be made of the document, whatever its details. */
  readonly api?: ImportedHttpApi;
  /** What is wrong so far: the list is the caller's to go on with. Notes say what HTTP APIs leave out. */
  readonly problems: Problem[];
}

/** Reads an OpenAPI 3.0 document, JSON or YAML. Never throws for what the document has in it. */
export function readHttpApi(bytes: Uint8Array, options: HttpReadOptions): HttpReadResult {
  let reading: Reading | undefined;
  try {
    reading = createReading(parseDocument(bytes, options));
    return { api: readApi(reading, options), problems: reading.problems };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { problems: [...(reading?.problems ?? []), error.problem] };
  }
}

function readApi(reading: Reading, { basePath = "ignore", maxRoutes }: HttpReadOptions): ImportedHttpApi {
  assertVersion(reading);
  const { member, root } = reading;
  const components = member(root, "components");
  const schemes = readHttpSecuritySchemes(reading, member(components, "securitySchemes"));
  const schemas = member(components, "schemas");
  if (reading.members(schemas).length > 0) reading.report("note", "Models are not supported for HTTP APIs. Ignoring components.schemas.", schemas as Spot);
  return {
    settings: readSettings(reading),
    authorizers: [...schemes.values()].flatMap((scheme) => (scheme.kind === "authorizer" ? [scheme.authorizer] : [])),
    ...readRoutes(reading, schemes, { prefix: pathPrefix(reading, basePath), maxRoutes }),
  };
}

/** HTTP APIs are defined by OpenAPI 3.0 alone (guide: http-api-open-api). @throws {DocumentError} */
function assertVersion({ member, root }: Reading): void {
  if (!isObject(root.value)) throw new DocumentError(invalidInput("the document is no object"));
  const version = textOf(member(root, "openapi"));
  if (version !== undefined && /^3\.0(?:\.|$)/.test(version)) return;
  throw new DocumentError(invalidInput("HTTP APIs are imported from OpenAPI 3.0", version === undefined ? "" : "/openapi"));
}

function readSettings(reading: Reading): ImportedHttpSettings & Sourced {
  const { member, elements, root } = reading;
  const info = member(root, "info");
  const [server, second] = elements(member(root, "servers"));
  if (second !== undefined) reading.report("warning", "More than one server provided. Ignoring all but the first for defining endpoint configuration", second);
  const endpoint = member(server, EXTENSIONS.endpointConfiguration);
  const ipAddressType = textOf(member(endpoint, "ipAddressType"));
  const cors = member(root, HTTP_EXTENSIONS.cors);
  const tags = elements(member(root, "tags")).flatMap((tag) => {
    const name = textOf(member(tag, "name"));
    return name === undefined ? [] : [[name, textOf(member(tag, HTTP_EXTENSIONS.tagValue)) ?? ""] as const];
  });
  const given = {
    description: textOf(member(info, "description")) || undefined,
    version: textOf(member(info, "version")) || undefined,
    corsConfiguration: cors && readCors(reading, cors),
    disableExecuteApiEndpoint: booleanOf(member(endpoint, "disableExecuteApiEndpoint")),
    ipAddressType: ipAddressType === "ipv4" || ipAddressType === "dualstack" ? ipAddressType : undefined,
    tags: tags.length === 0 ? undefined : Object.fromEntries(tags),
  } as const;
  return { name: textOf(member(info, "title")) ?? "", ...withoutUndefined(given), pointer: info?.pointer ?? "" };
}

/** x-amazon-apigateway-cors. */
function readCors(reading: Reading, spot: Spot): Cors {
  const list = (name: string): readonly string[] | undefined => {
    const found = reading.member(spot, name);
    return found && textList(reading, found);
  };
  return withoutUndefined({
    allowCredentials: booleanOf(reading.member(spot, "allowCredentials")),
    allowHeaders: list("allowHeaders"),
    allowMethods: list("allowMethods"),
    allowOrigins: list("allowOrigins"),
    exposeHeaders: list("exposeHeaders"),
    maxAge: integerOf(reading.member(spot, "maxAge")),
  });
}
