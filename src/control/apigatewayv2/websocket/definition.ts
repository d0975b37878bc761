// A WebSocket API's definition as the store has it, and the one way to change it, as for HTTP APIs: what differs is written,
// and stages that deploy automatically get it in the same commit.
import type { Call } from "../../../domain/call.ts";
import type { DataModel } from "../../../domain/data-model.ts";
import { notFound } from "../../../domain/errors.ts";
import type { Key } from "../../../domain/record.ts";
import {
  type WebSocketApi,
  type WebSocketApiDefinition,
  webSocketApiKey,
  webSocketApis,
  type WebSocketApiSnapshot,
  type WebSocketAuthorizer,
  webSocketAuthorizers,
  webSocketDeployments,
  type WebSocketIntegration,
  webSocketIntegrations,
  webSocketModels,
  type WebSocketRoute,
  webSocketRoutes,
  webSocketSnapshots,
  webSocketStages,
} from "../../../domain/websocket-api.ts";
import { put, type Stored } from "../../../ports/store.ts";
import type { Decision } from "../../verbs/index.ts";
import { autoDeployment } from "../auto-deployment.ts";
import type { ApiGatewayV2Context, ApiInput } from "../context.ts";
import { differences, inOrder } from "../definition.ts";
import { type Frozen, nameOf, type Protocol } from "../protocol.ts";
import { modelFailure } from "./model-rules.ts";

export interface FoundDefinition {
  readonly api: Stored<WebSocketApi>;
  readonly routes: readonly Stored<WebSocketRoute>[];
  readonly integrations: readonly Stored<WebSocketIntegration>[];
  readonly authorizers: readonly Stored<WebSocketAuthorizer>[];
  readonly models: readonly Stored<DataModel>[];
}

/** @throws {ServiceError} NotFoundException (the words: github.com/aws/aws-sdk-js/issues/2458) */
export async function findApi({ store }: ApiGatewayV2Context, { ApiId }: ApiInput, call: Call): Promise<Stored<WebSocketApi>> {
  const api = await store.get(webSocketApis, webSocketApiKey(call, ApiId));
  if (api === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${ApiId}`);
  return api;
}

/** Reads the API's record first, so that a commit that expects it unchanged expects the same of all the rest. @throws {ServiceError} NotFoundException */
export async function findDefinition(context: ApiGatewayV2Context, input: ApiInput, call: Call): Promise<FoundDefinition> {
  const { store } = context;
  const api = await findApi(context, input, call);
  const [routes, integrations, authorizers, models] = await Promise.all([
    store.list(webSocketRoutes, { prefix: api.key }),
    store.list(webSocketIntegrations, { prefix: api.key }),
    store.list(webSocketAuthorizers, { prefix: api.key }),
    store.list(webSocketModels, { prefix: api.key }),
  ]);
  return { api, routes: routes.items, integrations: integrations.items, authorizers: authorizers.items, models: models.items };
}

export const definitionOf = ({ api, routes, integrations, authorizers, models }: FoundDefinition): WebSocketApiDefinition => ({
  api: api.value,
  routes: routes.map(({ value }) => value),
  integrations: integrations.map(({ value }) => value),
  authorizers: authorizers.map(({ value }) => value),
  models: models.map(({ value }) => value),
});

/** What is redefined: the API's record may be absent. */
interface Redefinable extends Omit<FoundDefinition, "api"> {
  readonly api: { readonly key: Key; readonly version: number | "absent" };
}

/** The definition of an API that there is not yet. */
export const undefinedApi = (key: Key): Redefinable => ({ api: { key, version: "absent" }, routes: [], integrations: [], authorizers: [], models: [] });

/** The changes that make the definition what it is to be, and what is to be done once they are durable. */
export async function redefined(
  context: ApiGatewayV2Context,
  { api, routes, integrations, authorizers, models }: Redefinable,
  next: WebSocketApiDefinition,
): Promise<Pick<Decision<unknown>, "changes" | "afterwards">> {
  const { changes: deployed } = await autoDeployment(context, webSocketProtocol, api.key, freeze(next));
  return {
    changes: [
      put(webSocketApis, api.key, next.api, api.version),
      ...differences(api.key, webSocketRoutes, routes, next.routes, ({ routeId }) => routeId),
      ...differences(api.key, webSocketIntegrations, integrations, next.integrations, ({ integrationId }) => integrationId),
      ...differences(api.key, webSocketAuthorizers, authorizers, next.authorizers, ({ authorizerId }) => authorizerId),
      ...differences(api.key, webSocketModels, models, next.models, ({ id }) => id),
      ...deployed,
    ],
    ...(deployed.length === 0 ? {} : { afterwards: () => webSocketProtocol.publish(context, nameOf(api)) }),
  };
}

/** Freezes a definition; its parts in the order of their ids, so that equal ones are one. */
function snapshotOf({ api, routes, integrations, authorizers, models }: WebSocketApiDefinition): WebSocketApiSnapshot {
  const { apiId, apiKeySelectionExpression, disableExecuteApiEndpoint, routeSelectionExpression } = api;
  return {
    apiId,
    routeSelectionExpression,
    apiKeySelectionExpression,
    disableExecuteApiEndpoint,
    routes: inOrder(routes, ({ routeId }) => routeId),
    integrations: inOrder(integrations, ({ integrationId }) => integrationId),
    authorizers: inOrder(authorizers, ({ authorizerId }) => authorizerId),
    models: inOrder(models, ({ id }) => id),
  };
}

/** The words: github.com/aws/serverless-application-model/issues/2512. */
const freeze = (definition: WebSocketApiDefinition): Frozen => ({
  snapshot: snapshotOf(definition),
  failure: async () => (definition.routes.length === 0 ? "At least one route is required before deploying the Api" : modelFailure(definition)),
});

export const webSocketProtocol: Protocol = {
  apis: webSocketApis,
  stages: webSocketStages,
  deployments: webSocketDeployments,
  snapshots: webSocketSnapshots,
  findApi,
  async findFrozen(context, input, call) {
    const found = await findDefinition(context, input, call);
    return { ...found, frozen: freeze(definitionOf(found)) };
  },
  publish: ({ publication }, name) => publication.webSocketApiChanged(name),
};
