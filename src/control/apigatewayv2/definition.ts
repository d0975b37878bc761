// An API's definition as the store has it, and the one way to change it: what differs is written, and stages that deploy
// automatically get it in the same commit.
import type { Call } from "../../domain/call.ts";
import {
  type HttpApi,
  type HttpApiDefinition,
  httpApis,
  type HttpApiSnapshot,
  type HttpAuthorizer,
  httpAuthorizers,
  httpDeployments,
  type HttpIntegration,
  httpIntegrations,
  type HttpRoute,
  httpRoutes,
  httpSnapshots,
  httpStages,
} from "../../domain/http-api.ts";
import type { Key, RecordKind } from "../../domain/record.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import type { Decision } from "../verbs/index.ts";
import { autoDeployment, type WrittenStage } from "./auto-deployment.ts";
import { type ApiGatewayV2Context, type ApiInput, findApi } from "./context.ts";
import { type Frozen, nameOf, type Protocol } from "./protocol.ts";

export interface FoundDefinition {
  readonly api: Stored<HttpApi>;
  readonly routes: readonly Stored<HttpRoute>[];
  readonly integrations: readonly Stored<HttpIntegration>[];
  readonly authorizers: readonly Stored<HttpAuthorizer>[];
}

/** Reads the API's record first, so that a commit that expects it unchanged expects the same of all the rest. @throws {ServiceError} NotFoundException */
export async function findDefinition(context: ApiGatewayV2Context, input: ApiInput, call: Call): Promise<FoundDefinition> {
  const { store } = context;
  const api = await findApi(context, input, call);
  const [routes, integrations, authorizers] = await Promise.all([
    store.list(httpRoutes, { prefix: api.key }),
    store.list(httpIntegrations, { prefix: api.key }),
    store.list(httpAuthorizers, { prefix: api.key }),
  ]);
  return { api, routes: routes.items, integrations: integrations.items, authorizers: authorizers.items };
}

export const definitionOf = ({ api, routes, integrations, authorizers }: FoundDefinition): HttpApiDefinition => ({
  api: api.value,
  routes: routes.map(({ value }) => value),
  integrations: integrations.map(({ value }) => value),
  authorizers: authorizers.map(({ value }) => value),
});

/** What is redefined: the API's record may be absent. */
interface Redefinable extends Omit<FoundDefinition, "api"> {
  readonly api: { readonly key: Key; readonly version: number | "absent" };
}

/** The definition of an API that there is not yet. */
export const undefinedApi = (key: Key): Redefinable => ({ api: { key, version: "absent" }, routes: [], integrations: [], authorizers: [] });

/**
 * The changes that make the definition what it is to be, and what is to be done once they are durable.
 * @param stage one that is written in any case
 */
export async function redefined(
  context: ApiGatewayV2Context,
  { api, routes, integrations, authorizers }: Redefinable,
  next: HttpApiDefinition,
  stage?: WrittenStage,
): Promise<Pick<Decision<unknown>, "changes" | "afterwards">> {
  const { changes: deployed } = await autoDeployment(context, httpProtocol, api.key, freeze(next), stage);
  return {
    changes: [
      put(httpApis, api.key, next.api, api.version),
      ...differences(api.key, httpRoutes, routes, next.routes, ({ routeId }) => routeId),
      ...differences(api.key, httpIntegrations, integrations, next.integrations, ({ integrationId }) => integrationId),
      ...differences(api.key, httpAuthorizers, authorizers, next.authorizers, ({ authorizerId }) => authorizerId),
      ...deployed,
    ],
    ...(deployed.length === 0 ? {} : { afterwards: () => httpProtocol.publish(context, nameOf(api)) }),
  };
}

/** Freezes a definition; its parts in the order of their ids, so that equal ones are one. */
export function snapshotOf({ api, routes, integrations, authorizers }: HttpApiDefinition): HttpApiSnapshot {
  const { apiId, corsConfiguration, disableExecuteApiEndpoint } = api;
  return {
    apiId,
    ...(corsConfiguration === undefined ? {} : { corsConfiguration }),
    disableExecuteApiEndpoint,
    routes: inOrder(routes, ({ routeId }) => routeId),
    integrations: inOrder(integrations, ({ integrationId }) => integrationId),
    authorizers: inOrder(authorizers, ({ authorizerId }) => authorizerId),
  };
}

export const inOrder = <T>(parts: readonly T[], idOf: (part: T) => string): readonly T[] => parts.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

/** The words are quoted in github.com/mach-composer/mach-composer-cli/issues/42. */
const freeze = (definition: HttpApiDefinition): Frozen => ({
  snapshot: snapshotOf(definition),
  failure: async () => (definition.routes.length === 0 ? "Unable to deploy API because no routes exist in this API" : undefined),
});

export const httpProtocol: Protocol = {
  apis: httpApis,
  stages: httpStages,
  deployments: httpDeployments,
  snapshots: httpSnapshots,
  findApi,
  async findFrozen(context, input, call) {
    const found = await findDefinition(context, input, call);
    return { ...found, frozen: freeze(definitionOf(found)) };
  },
  publish: ({ publication }, name) => publication.httpApiChanged(name),
};

/** Changes that make the parts what they are to be. */
export function differences<T>(api: Key, kind: RecordKind<T>, before: readonly Stored<T>[], next: readonly T[], idOf: (part: T) => string): readonly Change[] {
  const known = new Map(before.map((stored) => [idOf(stored.value), stored]));
  const kept = next.flatMap((part): Change[] => {
    const id = idOf(part);
    const stored = known.get(id);
    known.delete(id);
    return stored?.value === part ? [] : [put(kind, [...api, id], part, stored?.version ?? "absent")];
  });
  return [...[...known.values()].map(({ key, version }) => remove(kind, key, version)), ...kept];
}

/** The list with the part in the place of the one with its id, or at the end. */
export function withPart<T>(parts: readonly T[], part: T, idOf: (part: T) => string): readonly T[] {
  const place = parts.findIndex((each) => idOf(each) === idOf(part));
  return place < 0 ? [...parts, part] : parts.with(place, part);
}
