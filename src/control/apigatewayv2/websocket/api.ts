// Api: a WebSocket API itself, and everything that goes with it when it is deleted.
import type { Call } from "../../../domain/call.ts";
import { badRequest } from "../../../domain/errors.ts";
import { apiEndpoint } from "../../../domain/http-api.ts";
import {
  API_KEY_SELECTION_EXPRESSIONS,
  type ApiKeySelectionExpression,
  type WebSocketApi,
  webSocketApiKey,
  webSocketApis,
  webSocketAuthorizers,
  webSocketDeployments,
  webSocketIntegrations,
  webSocketModels,
  webSocketRoutes,
  webSocketSnapshots,
  webSocketStages,
} from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { remove, removeAll, type Stored } from "../../../ports/store.ts";
import { checkedTags, publishKeys, releaseStages } from "../../apigateway/index.ts";
import * as verbs from "../../verbs/index.ts";
import { assertQuota, checkTexts } from "../api.ts";
import { assertApiUnmapped } from "../api-mapping.ts";
import { type ApiGatewayV2Context, type ApiInput, given, notSetForWebSocketApis } from "../context.ts";
import { nameOf } from "../protocol.ts";
import { definitionOf, findApi, findDefinition, redefined, undefinedApi, webSocketProtocol } from "./definition.ts";
import { checkSelection } from "./expression-rules.ts";

export function webSocketApiOperations(context: ApiGatewayV2Context) {
  const { store } = context;
  const find = (input: ApiInput, call: Call) => findApi(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateApiRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ value }) => show(value)),
    merge: verbs.merging(store, {
      find: async (input: Model.UpdateApiRequest, call) => {
        const found = await findDefinition(context, input, call);
        refuseOthers(input);
        return found;
      },
      of: ({ api }): WebSocketApi => api.value,
      rules,
      keep: async (found, next): Promise<verbs.Decision<Model.UpdateApiResponse>> => {
        checkApi(next);
        return { ...(await redefined(context, found, { ...definitionOf(found), api: next })), answer: show(next) };
      },
    }),
    remove: verbs.removing(store, find, async (api) => {
      await assertApiUnmapped(context, api.value.apiId);
      const changes = [...removal(api), ...(await releaseStages(context, api.value.apiId))];
      const afterwards = async () => {
        await webSocketProtocol.publish(context, nameOf(api));
        await publishKeys(context, changes);
      };
      return { changes, afterwards };
    }),
  };
}

async function creation(context: ApiGatewayV2Context, input: Model.CreateApiRequest, call: Call): Promise<verbs.Decision<Model.CreateApiResponse>> {
  refuseOthers(input);
  if (!input.RouteSelectionExpression) throw badRequest("RouteSelectionExpression is a required parameter for WEBSOCKET protocol Apis");
  const api = newApi(context, { ...input, RouteSelectionExpression: input.RouteSelectionExpression }, call);
  checkApi(api);
  checkedTags(api.tags, context.limits);
  await assertQuota(context, call);
  const parts = { routes: [], integrations: [], authorizers: [], models: [] };
  return { ...(await redefined(context, undefinedApi(webSocketApiKey(call, api.apiId)), { api, ...parts })), answer: show(api) };
}

/** With AWS's defaults. */
function newApi({ clock, ids }: ApiGatewayV2Context, input: Model.CreateApiRequest & { readonly RouteSelectionExpression: string }, call: Call): WebSocketApi {
  const { ApiKeySelectionExpression = API_KEY_SELECTION_EXPRESSIONS[0], DisableExecuteApiEndpoint = false, DisableSchemaValidation = false } = input;
  return {
    apiId: ids.alphanumeric(10),
    account: call.account,
    region: call.region,
    protocolType: "WEBSOCKET",
    createdDate: clock.now(),
    name: input.Name,
    ...given({ description: input.Description, version: input.Version }),
    routeSelectionExpression: input.RouteSelectionExpression,
    apiKeySelectionExpression: ApiKeySelectionExpression as ApiKeySelectionExpression,
    disableSchemaValidation: DisableSchemaValidation,
    disableExecuteApiEndpoint: DisableExecuteApiEndpoint,
    ipAddressType: input.IpAddressType ?? "ipv4",
    tags: input.Tags ?? {},
  };
}

/** What only HTTP APIs have. @throws {ServiceError} BadRequestException */
function refuseOthers({ CorsConfiguration, CredentialsArn, RouteKey, Target }: Partial<Model.CreateApiRequest>): void {
  const [member] = Object.entries({ CorsConfiguration, CredentialsArn, RouteKey, Target }).find(([, value]) => value !== undefined && value !== "") ?? [];
  if (member !== undefined) throw notSetForWebSocketApis(member);
}

/** @throws {ServiceError} BadRequestException when a member is not what it may be */
function checkApi(api: WebSocketApi): void {
  checkTexts(api);
  checkSelection("RouteSelectionExpression", api.routeSelectionExpression, "request");
  const { apiKeySelectionExpression: expression } = api;
  if (API_KEY_SELECTION_EXPRESSIONS.includes(expression)) return;
  throw badRequest(`Invalid apiKeySelectionExpression specified: ${expression}. Must be one of: [${API_KEY_SELECTION_EXPRESSIONS.join(", ")}]`);
}

const rules: verbs.MergeRules<WebSocketApi, Model.UpdateApiRequest> = {
  Name: verbs.taken("name"),
  Description: verbs.takenOrGone("description"),
  Version: verbs.takenOrGone("version"),
  RouteSelectionExpression: verbs.taken("routeSelectionExpression"),
  ApiKeySelectionExpression: (api, expression) => ({ ...api, apiKeySelectionExpression: expression as ApiKeySelectionExpression }),
  DisableSchemaValidation: verbs.taken("disableSchemaValidation"),
  DisableExecuteApiEndpoint: verbs.taken("disableExecuteApiEndpoint"),
  IpAddressType: verbs.taken("ipAddressType"),
};

const removal = ({ key, version }: Stored<WebSocketApi>) => [
  remove(webSocketApis, key, version),
  removeAll(webSocketRoutes, key),
  removeAll(webSocketIntegrations, key),
  removeAll(webSocketAuthorizers, key),
  removeAll(webSocketModels, key),
  removeAll(webSocketStages, key),
  removeAll(webSocketDeployments, key),
  removeAll(webSocketSnapshots, key),
];

/** An API as answers carry it. */
export const show = (api: WebSocketApi): Model.Api => ({
  ApiEndpoint: apiEndpoint(api).replace(/^https:/, "wss:"),
  ApiId: api.apiId,
  ApiKeySelectionExpression: api.apiKeySelectionExpression,
  CreatedDate: api.createdDate,
  ...given({ Description: api.description }),
  DisableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
  ...given({ DisableSchemaValidation: api.disableSchemaValidation || undefined }),
  IpAddressType: api.ipAddressType,
  Name: api.name,
  ProtocolType: api.protocolType,
  RouteSelectionExpression: api.routeSelectionExpression,
  Tags: api.tags,
  ...given({ Version: api.version }),
});
