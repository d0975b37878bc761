// PutRestApi: an OpenAPI document merged into an API, or in the place of what it was. Endpoint types, stages, deployments,
// tags and usage plans stay as they are
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html).
import type { Call } from "../../domain/call.ts";
import { documentationParts } from "../../domain/documentation.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, removeAll, type Stored } from "../../ports/store.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findTree, publish, stageNames } from "./context.ts";
import { definitionOf, findParts, replacementChanges } from "./definition-changes.ts";
import type { ImportedRest } from "./document-reading.ts";
import { assertPartsQuota, importChanges } from "./documentation-import.ts";
import { warningsOf } from "./import-problems.ts";
import { readOptions, refused, warningProblems, withWarnings } from "./import-rest-api.ts";
import { holdVpcLinks } from "./import-vpc-links.ts";
import type { ImportMode } from "./importing.ts";
import { withImportedKeySets } from "./jwt-issuers.ts";
import { show } from "./rest-api.ts";

export function putRestApiOperations(context: ApiGatewayContext) {
  return { put: verbs.writing(context.store, (input: Model.PutRestApiRequest, call) => replacement(context, input, call)) };
}

/** One commit makes the whole change, so that an API is never half of what a document defines. */
async function replacement(context: ApiGatewayContext, input: Model.PutRestApiRequest, call: Call): Promise<verbs.Decision<Model.RestApi>> {
  const { restApiId, mode = "merge", parameters = {}, failOnWarnings = false } = input;
  const { documents, limits, store } = context;
  const { api, tree } = await findTree(context, { restApiId }, call);
  const found = await findParts(store, api, tree);
  const base = definitionOf(found);
  const options = readOptions(parameters, call);
  const knownModels = new Set(mode === "merge" ? base.models.map(({ name }) => name) : []);
  const task = { body: input.body, options: { ...options, apiId: api.value.id, knownModels }, mode, base, limits };
  const { definition: defined, imported, problems } = await documents.definition(task);
  if (defined === undefined || imported === undefined) return refused(problems);
  const next = { ...defined, authorizers: await withImportedKeySets(context, imported, defined.authorizers, problems) };
  const links = await holdVpcLinks(context, imported, problems, call);
  const documentation = await documentationChanges(context, api, imported, mode, options.ignoreDocumentation);
  const warnings = warningsOf([...problems, ...warningProblems(documentation.warnings)], failOnWarnings);
  return {
    changes: [...replacementChanges(found, next), ...links, ...documentation.changes],
    answer: withWarnings(show({ value: next.api }), warnings),
    // Some settings of an API take effect without a deployment.
    afterwards: async () => publish(context, api.key, await stageNames(context, api.key)),
  };
}

interface DocumentationChanges {
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** @throws {ServiceError} LimitExceededException */
async function documentationChanges(
  context: ApiGatewayContext,
  { key }: Stored<RestApi>,
  imported: ImportedRest,
  mode: ImportMode,
  isIgnored: boolean,
): Promise<DocumentationChanges> {
  if (isIgnored) return { changes: [], warnings: [] };
  const { items } = mode === "merge" ? await context.store.list(documentationParts, { prefix: key }) : { items: [] };
  const { parts, warnings, changes } = importChanges(context.ids, key, { parts: imported.documentation, warnings: [] }, items);
  const known = new Set(items.map(({ value }) => value.id));
  assertPartsQuota(context, items.length + parts.filter(({ id }) => !known.has(id)).length);
  return { changes: [...(mode === "overwrite" ? [removeAll(documentationParts, key)] : []), ...changes], warnings };
}
