// What an export is made of, and what it is to tell.
import type { Authorizer } from "../../domain/authorizer.ts";
import type { DocumentationVersion } from "../../domain/documentation.ts";
import type { Method, RestApi, RestApiSnapshot } from "../../domain/rest-api.ts";

export type ExportFormat = "oas30" | "swagger";

/** What the query parameter `extensions` of an export may name (api-gateway-export-api, and the model's GetExportRequest). */
export const EXPORT_EXTENSIONS = ["apigateway", "authorizers", "documentation", "integrations", "postman"] as const;
export type ExportExtension = (typeof EXPORT_EXTENSIONS)[number];

export interface ExportSource {
  readonly api: RestApi;
  /** What the stage's deployment froze. */
  readonly snapshot: RestApiSnapshot;
  readonly stageName: string;
  /** When the deployment was made, in milliseconds since the epoch. */
  readonly deployedAt: number;
  /** The suffix of the domain of APIs: `amazonaws.com`. */
  readonly domainSuffix: string;
  /** The documentation version that the stage points at. */
  readonly documentation?: DocumentationVersion;
  /** Absent where the request names none. */
  readonly extensions?: ReadonlySet<ExportExtension>;
}

/** The API cannot be told as OpenAPI. The message says why. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** What all parts of an export look at. */
export interface Exporting extends ExportSource {
  readonly format: ExportFormat;
  readonly authorizers: readonly Authorizer[];
  /** Where references to models point, up to their names. */
  readonly models: "#/definitions/" | "#/components/schemas/";
  /** Whether the export is to have what an extension adds. */
  wants(...extensions: readonly ExportExtension[]): boolean;
}

/** One method, and where it is. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
}

/** The object without the members that are undefined, in its order. */
export function defined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The list or map, or nothing in place of an empty one. */
export const unlessEmpty = <T extends object>(value: T | undefined): T | undefined =>
  value === undefined || Object.keys(value).length === 0 ? undefined : value;

/** AWS's form of a moment: `2016-10-13T23:04:43Z`. */
export const timestamp = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`;
