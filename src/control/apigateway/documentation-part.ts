// DocumentationPart: what is said of one entity of an API, by the entity's location
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-content-representation.html).
import type { Call } from "../../domain/call.ts";
import type { DocumentationPart, DocumentationPartLocation } from "../../domain/documentation.ts";
import { completeLocation, documentationParts, locationText, parseProperties } from "../../domain/documentation.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import { restApis } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi } from "./context.ts";
import { assertPartsQuota, documentationImport } from "./documentation-import.ts";
import { listDocumentationParts } from "./documentation-part-list.ts";

interface Found {
  readonly api: Stored<RestApi>;
  readonly part: Stored<DocumentationPart>;
}

export function documentationPartOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: ApiInput & { readonly documentationPartId: string }, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const part = await store.get(documentationParts, [...api.key, input.documentationPartId]);
    if (part === undefined) throw notFound("Invalid Documentation part identifier specified");
    return { api, part };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateDocumentationPartRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ part }): Model.DocumentationPart => part.value),
    list: (input: Model.GetDocumentationPartsRequest, call: Call) => listDocumentationParts(context, input, call),
    import: verbs.writing(store, (input: Model.ImportDocumentationPartsRequest, call) => documentationImport(context, input, call)),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateDocumentationPartRequest, call) => find(input, call),
      of: ({ part }) => part.value,
      rules,
      keep: ({ part }, next): verbs.Decision<Model.DocumentationPart> => ({
        changes: [put(documentationParts, part.key, { ...next, properties: checkedProperties(next.properties) }, part.version)],
        answer: next,
      }),
    }),
    remove: verbs.removing(store, find, ({ part }) => ({ changes: [remove(documentationParts, part.key, part.version)] })),
  };
}

/** Writes the API's record as it is, so that parts are made one after the other and their quota is kept. */
async function creation(
  context: ApiGatewayContext,
  input: Model.CreateDocumentationPartRequest,
  call: Call,
): Promise<verbs.Decision<Model.DocumentationPart>> {
  const { store, ids } = context;
  const api = await findApi(context, input, call);
  const part = { id: ids.alphanumeric(6), location: checkedLocation(input.location), properties: checkedProperties(input.properties) };
  const index = { name: "location", value: scoped(api.value.id, locationText(part.location)) };
  if ((await store.count(documentationParts, { index })) > 0) throw alreadyThere(part.location);
  assertPartsQuota(context, (await store.count(documentationParts, { prefix: api.key })) + 1);
  const changes = [
    put(restApis, api.key, api.value, api.version),
    put(documentationParts, [...api.key, part.id], part, "absent"),
  ];
  return { changes, answer: part };
}

/** The words for an API are those of api-gateway-documenting-api-quick-start-with-restapi. */
function alreadyThere(location: DocumentationPartLocation): Error {
  const said = Object.entries(location).map(([field, value]) => `${field} '${value}'`);
  return conflict(`Documentation part already exists for the specified location: ${said.join(", ")}.`);
}

/** @throws {ServiceError} BadRequestException */
function checkedLocation(location: DocumentationPartLocation): DocumentationPartLocation {
  const complete = completeLocation(location);
  if (typeof complete === "string") throw badRequest(`Invalid Documentation part location specified: ${complete}`);
  return complete;
}

/** @throws {ServiceError} BadRequestException for properties that are no JSON object */
function checkedProperties(properties: string): string {
  if (parseProperties(properties) === undefined) throw badRequest("Invalid Documentation part properties specified: they are not a JSON object");
  return properties;
}

const rules: verbs.PatchRules<DocumentationPart> = {
  "/properties": { replace: verbs.set("properties", verbs.text) },
};
