// What documentation parts say in an export: which part an entity has or inherits, and what of it OpenAPI knows
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-content-representation.html).
import type { DocumentationPart, DocumentationPartLocation, DocumentationPartType } from "../../domain/documentation.ts";
import { type DocumentationVersion, LOCATION_DEFAULTS, LOCATION_FIELDS, parseProperties } from "../../domain/documentation.ts";
import { type JsonObject, timestamp } from "./source.ts";

export interface Documentation {
  /** Whether any entity may have some. */
  readonly exists: boolean;
  /** What is said of the entity that OpenAPI has a place for. */
  of(entity: DocumentationPartLocation): JsonObject;
  /** The members of `info` that are said of the API. */
  info(): JsonObject;
  /** The value of `x-amazon-apigateway-documentation`. */
  extension(): JsonObject | undefined;
}

/** The members that each kind of object may get, besides `x-...`. */
const MEMBERS: Readonly<Record<DocumentationPartType, readonly string[]>> = {
  API: ["tags", "externalDocs"],
  AUTHORIZER: ["description"],
  MODEL: ["title", "description", "externalDocs", "example"],
  // The sample of api-gateway-documenting-api-quick-start-publishing keeps a resource's description to itself.
  RESOURCE: [],
  METHOD: ["tags", "summary", "description", "externalDocs", "deprecated"],
  PATH_PARAMETER: ["description"],
  QUERY_PARAMETER: ["description"],
  REQUEST_HEADER: ["description"],
  REQUEST_BODY: ["description"],
  RESPONSE: ["description"],
  RESPONSE_HEADER: ["description"],
  RESPONSE_BODY: [],
};
const INFO_MEMBERS = ["description", "termsOfService", "contact", "license"];

const NOTHING: Documentation = { exists: false, of: () => ({}), info: () => ({}), extension: () => undefined };

export function documentationOf(version: DocumentationVersion | undefined): Documentation {
  if (version === undefined) return NOTHING;
  const byType = Map.groupBy(version.parts, ({ location }) => location.type);
  const find = (entity: DocumentationPartLocation): JsonObject => {
    const part = bestOf((byType.get(entity.type) ?? []).filter(({ location }) => appliesTo(location, entity)));
    return (part && parseProperties(part.properties)) ?? {};
  };
  return {
    exists: version.parts.length > 0,
    of: (entity) => pick(find(entity), MEMBERS[entity.type]),
    info() {
      const { info } = find({ type: "API" });
      return typeof info === "object" && info !== null ? pick(info as JsonObject, INFO_MEMBERS) : {};
    },
    extension: () => ({
      version: version.version,
      createdDate: timestamp(version.createdDate),
      documentationParts: version.parts.map(({ location, properties }) => {
        return { location: withoutDefaults(location), properties: parseProperties(properties) ?? {} };
      }),
    }),
  };
}

const pick = (properties: JsonObject, members: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => members.includes(name) || name.startsWith("x-")));

/** Whether a part is about an entity: its own, or one that it inherits. */
function appliesTo(part: DocumentationPartLocation, entity: DocumentationPartLocation): boolean {
  if (part.name !== entity.name) return false;
  if (!LOCATION_FIELDS[part.type].inherited) return part.path === entity.path;
  const { path = "/", method = "*", statusCode = "*" } = part;
  const isAbove = path === "/" || path === entity.path || entity.path?.startsWith(`${path}/`) === true;
  return isAbove && (method === "*" || method === entity.method) && (statusCode === "*" || statusCode === entity.statusCode);
}

/** The most specific path counts first, then the status code, then the method. */
function bestOf(parts: readonly DocumentationPart[]): DocumentationPart | undefined {
  const depth = ({ path = "/" }: DocumentationPartLocation) => (path === "/" ? 0 : path.split("/").length);
  const rank = ({ location }: DocumentationPart) => {
    const { statusCode, method } = LOCATION_DEFAULTS;
    return depth(location) * 4 + (location.statusCode === statusCode ? 0 : 2) + (location.method === method ? 0 : 1);
  };
  return [...parts].sort((a, b) => rank(b) - rank(a))[0];
}

function withoutDefaults(location: DocumentationPartLocation): JsonObject {
  const defaults: Readonly<Record<string, string>> = LOCATION_DEFAULTS;
  return Object.fromEntries(Object.entries(location).filter(([field, value]) => defaults[field] !== value));
}
