// Where OpenAPI 2.0 and 3.0 differ, as far as exports are concerned.
import type { StringMap } from "../../domain/rest-api.ts";
import type { Exporting, JsonObject, Operation } from "./source.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
}

/** The parts of a document that stand in different places. */
export interface DocumentParts {
  readonly paths: JsonObject;
  readonly schemas: JsonObject | undefined;
  readonly securitySchemes: JsonObject | undefined;
  readonly endpointConfiguration: JsonObject | undefined;
}

export interface Info extends JsonObject {
  readonly title: string;
  readonly version: string;
}

/** Members that are undefined are left out of what is written. */
export interface Dialect {
  readonly models: Exporting["models"];
  /** The verbs of a path item, in the order of their operations. */
  readonly methods: readonly string[];
  /** A parameter, with what is said of it. */
  parameter(parameter: Parameter & JsonObject): JsonObject;
  /** The members of an operation that are about its request. */
  requestMembers(exporting: Exporting, operation: Operation, parameters: readonly JsonObject[], bodyDocumentation: JsonObject): JsonObject;
  /** A response. @param whose for the words of a refusal */
  response(description: unknown, headers: JsonObject, models: StringMap | undefined, whose: string, exporting: Exporting): JsonObject;
  /** A response's header. */
  header(documentation: JsonObject): JsonObject;
  /** The member `responses`. */
  responses(responses: JsonObject): JsonObject | undefined;
  document(exporting: Exporting, info: Info, parts: DocumentParts): JsonObject;
}
