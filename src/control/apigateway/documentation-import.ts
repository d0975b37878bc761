// ImportDocumentationParts: the documentation parts of an OpenAPI document, merged into an API's or in their place
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-quick-start-import-export.html).
import type { Call } from "../../domain/call.ts";
import type { DocumentationPart } from "../../domain/documentation.ts";
import { completeLocation, documentationParts, locationText, parseProperties } from "../../domain/documentation.ts";
import { badRequest, limitExceeded } from "../../domain/errors.ts";
import type { Key } from "../../domain/record.ts";
import { restApis } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { ReadDocumentation } from "../../openapi/index.ts";
import type { Ids } from "../../ports/ids.ts";
import { type Change, put, removeAll, type Stored } from "../../ports/store.ts";
import type * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApi } from "./context.ts";
import { warningsOf } from "./import-problems.ts";

/**
 * Writes the API's record as it is, as all that makes parts does.
 * @throws {ServiceError} BadRequestException for no document, and for one with warnings when they are to fail
 */
export async function documentationImport(
  context: ApiGatewayContext,
  input: Model.ImportDocumentationPartsRequest,
  call: Call,
): Promise<verbs.Decision<Model.DocumentationPartIds>> {
  const api = await findApi(context, input, call);
  const read = await context.documents.documentation({ body: input.body, importer: { account: call.account, region: call.region } });
  if ("refusal" in read) throw badRequest(read.refusal);
  const { items: existing } = await context.store.list(documentationParts, { prefix: api.key });
  const replaced = input.mode === "overwrite" ? [] : existing;
  const { parts, warnings: all, changes } = importChanges(context.ids, api.key, read, replaced);
  const warnings = warningsOf(all.map((message) => ({ severity: "warning", message, pointer: "" })), input.failOnWarnings ?? false);
  const known = new Set(replaced.map(({ value }) => value.id));
  assertPartsQuota(context, replaced.length + parts.filter(({ id }) => !known.has(id)).length);
  return {
    changes: [
      put(restApis, api.key, api.value, api.version),
      ...(input.mode === "overwrite" ? [removeAll(documentationParts, api.key)] : []),
      ...changes,
    ],
    answer: { ids: parts.map(({ id }) => id), ...(warnings.length === 0 ? {} : { warnings }) },
  };
}

/** @throws {ServiceError} LimitExceededException when an API may not have so many parts */
export function assertPartsQuota({ limits }: ApiGatewayContext, count: number): void {
  if (count <= limits.documentationPartsPerApi) return;
  throw limitExceeded("Maximum number of Documentation Parts for this API has been reached.  Please contact AWS if you need additional Documentation Parts.");
}

export interface ImportedDocumentation {
  /** The parts that the document has, as they are then, each location once. */
  readonly parts: readonly DocumentationPart[];
  readonly warnings: readonly string[];
  readonly changes: readonly Change[];
}

/**
 * What puts the parts that were read beside those that are to stay: a part of a location that there is takes its id, and
 * keeps the properties that the document does not name (guide: the MERGE mode).
 */
export function importChanges(ids: Ids, api: Key, read: ReadDocumentation, staying: readonly Stored<DocumentationPart>[]): ImportedDocumentation {
  const there = new Map(staying.map((each) => [locationText(each.value.location), each]));
  const parts = new Map<string, DocumentationPart>();
  const warnings = [...read.warnings];
  for (const { location, properties } of read.parts) {
    const complete = completeLocation(location);
    if (typeof complete === "string") {
      warnings.push(`Invalid documentation part location: ${complete}. Ignoring.`);
      continue;
    }
    const text = locationText(complete);
    const before = parts.get(text) ?? there.get(text)?.value;
    const said = { ...(before && parseProperties(before.properties)), ...properties };
    parts.set(text, { id: before?.id ?? ids.alphanumeric(6), location: complete, properties: JSON.stringify(said) });
  }
  const changes = [...parts].map(([text, part]) => put(documentationParts, [...api, part.id], part, there.get(text)?.version ?? "absent"));
  return { parts: [...parts.values()], warnings, changes };
}
