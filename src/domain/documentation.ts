// Documentation parts, and the versions that froze them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api.html).
import { recordKind, scoped } from "./record.ts";

export type DocumentationPartType =
  | "API"
  | "AUTHORIZER"
  | "MODEL"
  | "RESOURCE"
  | "METHOD"
  | "PATH_PARAMETER"
  | "QUERY_PARAMETER"
  | "REQUEST_HEADER"
  | "REQUEST_BODY"
  | "RESPONSE"
  | "RESPONSE_HEADER"
  | "RESPONSE_BODY";

/** What a part describes. Which of the members a type has, and which it inherits by, is in the model's DocumentationPartLocation. */
export interface DocumentationPartLocation {
  readonly type: DocumentationPartType;
  readonly path?: string;
  readonly method?: string;
  readonly statusCode?: string;
  readonly name?: string;
}

export interface DocumentationPart {
  readonly id: string;
  readonly location: DocumentationPartLocation;
  /** A JSON object, as given. */
  readonly properties: string;
}

export interface DocumentationVersion {
  readonly version: string;
  readonly createdDate: number;
  readonly description?: string;
  /** The parts as they were when the version was made. */
  readonly parts: readonly DocumentationPart[];
}

type LocationField = "path" | "method" | "statusCode" | "name";

interface LocationFields {
  /** What a location of the type may say besides its type; a path, a method and a status code have defaults. */
  readonly valid: readonly LocationField[];
  /** Whether it has to say a name. */
  readonly named: boolean;
  /** Whether entities below the path, of the method and with the status code that a part names inherit it. */
  readonly inherited: boolean;
}

const alone: LocationFields = { valid: [], named: false, inherited: false };
const named: LocationFields = { valid: ["name"], named: true, inherited: false };
const ofMethod: LocationFields = { valid: ["path", "method"], named: false, inherited: true };
const ofParameter: LocationFields = { valid: ["path", "method", "name"], named: true, inherited: true };
const ofResponse: LocationFields = { valid: ["path", "method", "statusCode"], named: false, inherited: true };

/**
 * The table "Valid location fields of DocumentationPart" of api-gateway-documenting-api-content-representation; that a query
 * parameter needs a name, and that a request body may have one, is the model's (DocumentationPartLocation.name).
 */
export const LOCATION_FIELDS: Readonly<Record<DocumentationPartType, LocationFields>> = Object.freeze({
  API: alone,
  AUTHORIZER: named,
  MODEL: named,
  RESOURCE: { valid: ["path"], named: false, inherited: false },
  METHOD: ofMethod,
  PATH_PARAMETER: ofParameter,
  QUERY_PARAMETER: ofParameter,
  REQUEST_HEADER: ofParameter,
  REQUEST_BODY: { ...ofParameter, named: false },
  RESPONSE: ofResponse,
  RESPONSE_HEADER: { valid: ["path", "method", "statusCode", "name"], named: true, inherited: true },
  RESPONSE_BODY: ofResponse,
});

/** All types, in the order of the model's enumeration. */
export const DOCUMENTATION_PART_TYPES = Object.keys(LOCATION_FIELDS) as readonly DocumentationPartType[];

/** What stands for a field that a location could say and does not: the root, any method, any status code. */
export const LOCATION_DEFAULTS = Object.freeze({ path: "/", method: "*", statusCode: "*" });

const METHODS = ["*", "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/**
 * A location with its defaults; empty fields are as good as none.
 * @returns what is wrong with it instead, as the end of a sentence
 */
export function completeLocation(given: DocumentationPartLocation): DocumentationPartLocation | string {
  const { valid, named: needsName } = LOCATION_FIELDS[given.type];
  const location: { type: DocumentationPartType } & { -readonly [F in LocationField]?: string } = { type: given.type };
  for (const field of ["path", "method", "statusCode", "name"] as const) {
    const value = given[field]?.trim() ? given[field] : undefined;
    if (value !== undefined && !valid.includes(field)) return `${field} is not a valid field of the type ${given.type}`;
    const chosen = value ?? (field === "name" || !valid.includes(field) ? undefined : LOCATION_DEFAULTS[field]);
    if (chosen !== undefined) location[field] = chosen;
  }
  const { path, method, statusCode, name } = location;
  if (needsName && name === undefined) return `name is required for the type ${given.type}`;
  if (path !== undefined && !path.startsWith("/")) return `the path '${path}' does not begin with '/'`;
  if (method !== undefined && !METHODS.includes(method)) return `the method '${method}' is not one of: [${METHODS.join(", ")}]`;
  const isStatus = statusCode === undefined || /^(?:[1-5]\d\d|\*)$/.test(statusCode);
  return isStatus ? location : `the status code '${statusCode}' is neither one of HTTP nor '*'`;
}

/** What a part says: its JSON object; undefined when its text is none. */
export function parseProperties(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    // The text comes from a client, and the caller says what should have been there.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A location as one text: equal locations give equal texts. */
export const locationText = ({ type, path = "", method = "", statusCode = "", name = "" }: DocumentationPartLocation): string =>
  scoped(type, path, method, statusCode, name);

/** Key: account, region, API id, part id. */
export const documentationParts = recordKind<DocumentationPart>("documentation-part", {
  location: { unique: true, values: ({ location }, key) => [scoped(key[2] as string, locationText(location))] },
});

/** Key: account, region, API id, version. */
export const documentationVersions = recordKind<DocumentationVersion>("documentation-version");
