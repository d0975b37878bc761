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

/** A location as one text: equal locations give equal texts. */
export const locationText = ({ type, path = "", method = "", statusCode = "", name = "" }: DocumentationPartLocation): string =>
  scoped(type, path, method, statusCode, name);

/** Key: account, region, API id, part id. */
export const documentationParts = recordKind<DocumentationPart>("documentation-part", {
  location: { unique: true, values: ({ location }, key) => [scoped(key[2] as string, locationText(location))] },
});

/** Key: account, region, API id, version. */
export const documentationVersions = recordKind<DocumentationVersion>("documentation-version");
