// DocumentationVersion: an API's documentation parts as they were at one moment, under a name that stages can point at
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-quick-start-publishing.html).
import type { Call } from "../../domain/call.ts";
import type { DocumentationVersion } from "../../domain/documentation.ts";
import { documentationParts, documentationVersions } from "../../domain/documentation.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import type { RestApi, Stage } from "../../domain/rest-api.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi, findStage } from "./context.ts";

interface Found {
  readonly api: Stored<RestApi>;
  readonly version: Stored<DocumentationVersion>;
}

export function documentationVersionOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: ApiInput & { readonly documentationVersion: string }, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const version = await store.get(documentationVersions, [...api.key, input.documentationVersion]);
    // The words are those that github.com/deliveryhero/serverless-aws-documentation waits for.
    if (version === undefined) throw notFound("Invalid Documentation version specified");
    return { api, version };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateDocumentationVersionRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ version }) => show(version.value)),
    list: async (input: Model.GetDocumentationVersionsRequest, call: Call): Promise<Model.DocumentationVersions> => {
      const api = await findApi(context, input, call);
      const page = await verbs.page(store, documentationVersions, api.key, input);
      return { ...page, items: page.items.map(({ value }) => show(value)) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateDocumentationVersionRequest, call) => find(input, call),
      of: ({ version }) => version.value,
      rules: { "/description": { replace: verbs.set("description", verbs.optionalText) } } satisfies verbs.PatchRules<DocumentationVersion>,
      keep: ({ version }, next) => ({ changes: [put(documentationVersions, version.key, next, version.version)], answer: show(next) }),
    }),
    remove: verbs.removing(store, find, async ({ api, version }) => {
      await assertUnused(context, api, version.value);
      return { changes: [remove(documentationVersions, version.key, version.version)] };
    }),
  };
}

/** Writes the API's record as it is: parts do so too where they come to be, so that none is missing that was there before. */
async function creation(
  context: ApiGatewayContext,
  input: Model.CreateDocumentationVersionRequest,
  call: Call,
): Promise<verbs.Decision<Model.DocumentationVersion>> {
  const { store, clock } = context;
  const api = await findApi(context, input, call);
  if (input.documentationVersion === "") throw badRequest("Documentation version must be non-empty");
  const key = [...api.key, input.documentationVersion];
  if ((await store.get(documentationVersions, key)) !== undefined) throw conflict("Documentation version already exists");
  const { items } = await store.list(documentationParts, { prefix: api.key });
  const version: DocumentationVersion = {
    version: input.documentationVersion,
    createdDate: clock.now(),
    ...(input.description ? { description: input.description } : {}),
    parts: items.map(({ value }) => value),
  };
  const changes = [
    put(restApis, api.key, api.value, api.version),
    put(documentationVersions, key, version, "absent"),
    ...(input.stageName ? [await publishedBy(context, input.restApiId, input.stageName, version, call)] : []),
  ];
  return { changes, answer: show(version) };
}

async function publishedBy(context: ApiGatewayContext, restApiId: string, stageName: string, { version }: DocumentationVersion, call: Call): Promise<Change> {
  const { stage } = await findStage(context, { restApiId, stageName }, call);
  const next: Stage = { ...stage.value, documentationVersion: version, lastUpdatedDate: context.clock.now() };
  return put(stages, stage.key, next, stage.version);
}

/**
 * Changes that keep the documentation version where it is until the stage points at it: its record is written as it is, so
 * that it is not deleted at the same moment.
 * @throws {ServiceError} BadRequestException when there is no such version
 */
export async function holdDocumentationVersion(
  { store }: ApiGatewayContext,
  api: Stored<RestApi>,
  { documentationVersion }: Stage,
  before: Stage | undefined,
): Promise<readonly Change[]> {
  if (documentationVersion === undefined || documentationVersion === before?.documentationVersion) return [];
  const found = await store.get(documentationVersions, [...api.key, documentationVersion]);
  if (found === undefined) throw badRequest("Invalid Documentation version specified");
  return [put(documentationVersions, found.key, found.value, found.version)];
}

/** @throws {ServiceError} ConflictException while a stage has the version */
async function assertUnused({ store }: ApiGatewayContext, api: Stored<RestApi>, { version }: DocumentationVersion): Promise<void> {
  const { items } = await store.list(stages, { prefix: api.key });
  const user = items.find(({ value }) => value.documentationVersion === version)?.value;
  if (user !== undefined) throw conflict(`Cannot delete Documentation version '${version}', is referenced in stage: ${user.stageName}`);
}

const show = ({ parts: _parts, ...version }: DocumentationVersion): Model.DocumentationVersion => version;
