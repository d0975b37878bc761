// Api: an HTTP API itself, and everything that goes with it when it is deleted.
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import {
  apiEndpoint,
  DEFAULT_STAGE,
  type HttpApi,
  httpApiKey,
  httpApis,
  httpAuthorizers,
  httpDeployments,
  httpIntegrations,
  httpRoutes,
  httpSnapshots,
  httpStages,
} from "../../domain/http-api.ts";
import { webSocketApis } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { remove, removeAll, type Stored } from "../../ports/store.ts";
import { checkedTags } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { assertApiUnmapped } from "./api-mapping.ts";
import { type ApiGatewayV2Context, type ApiInput, checkLength, findApi, given, limitExceeded, notOfHttpApis } from "./context.ts";
import { checkedCors, corsOf, showCors } from "./cors.ts";
import { definitionOf, findDefinition, httpProtocol, redefined, undefinedApi } from "./definition.ts";
import { nameOf } from "./protocol.ts";
import { quickCreated, quickUpdated } from "./quick-create.ts";
import { httpStageRules, newStage } from "./stage-rules.ts";

/** What HTTP APIs always have. */
const ROUTE_SELECTION = "$request.method $request.path";
const API_KEY_SELECTION = "$request.header.x-api-key";

export function apiOperations(context: ApiGatewayV2Context) {
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
      of: ({ api }): HttpApi => api.value,
      rules,
      keep: async (found, next, input) => {
        const definition = quickUpdated({ ...definitionOf(found), api: checkedApi(next) }, input);
        return { ...(await redefined(context, found, definition)), answer: show(definition.api) };
      },
    }),
    removeCors: verbs.removing(
      store,
      (input: ApiInput, call: Call) => findDefinition(context, input, call),
      (found) => {
        const { corsConfiguration: _gone, ...api } = found.api.value;
        return redefined(context, found, { ...definitionOf(found), api });
      },
    ),
    remove: verbs.removing(store, find, async (api) => {
      await assertApiUnmapped(context, api.value.apiId);
      return { changes: removal(api), afterwards: () => httpProtocol.publish(context, nameOf(api)) };
    }),
  };
}

/** With a target, it is born with an integration, a route and a stage (model: CreateApiRequest.target). */
async function creation(context: ApiGatewayV2Context, input: Model.CreateApiRequest, call: Call): Promise<verbs.Decision<Model.CreateApiResponse>> {
  refuseOthers(input);
  const api = checkedApi(newApi(context, input, call));
  checkedTags(api.tags, context.limits);
  await assertQuota(context, call);
  const key = httpApiKey(call, api.apiId);
  const definition = quickCreated(context.ids, api, input);
  const stage = definition.routes.length === 0 ? undefined : { ...newStage(context, DEFAULT_STAGE, httpStageRules.defaultRouteSettings), autoDeploy: true, apiGatewayManaged: true as const };
  return { ...(await redefined(context, undefinedApi(key), definition, stage && { value: stage, expect: "absent" })), answer: show(api) };
}

/** With AWS's defaults. */
export function newApi({ ids, clock }: Pick<ApiGatewayV2Context, "ids" | "clock">, input: Omit<Model.CreateApiRequest, "ProtocolType">, call: Call): HttpApi {
  const { Name, Description, Version, CorsConfiguration, DisableExecuteApiEndpoint = false, IpAddressType = "ipv4", Tags = {} } = input;
  return {
    apiId: ids.alphanumeric(10),
    account: call.account,
    region: call.region,
    protocolType: "HTTP",
    createdDate: clock.now(),
    name: Name,
    ...given({ description: Description, version: Version, corsConfiguration: CorsConfiguration && corsOf(CorsConfiguration) }),
    disableExecuteApiEndpoint: DisableExecuteApiEndpoint,
    ipAddressType: IpAddressType,
    tags: Tags,
  };
}

/** The API, when its members are what they may be. @throws {ServiceError} BadRequestException */
export function checkedApi(api: HttpApi): HttpApi {
  checkTexts(api);
  if (api.corsConfiguration !== undefined) checkedCors(api.corsConfiguration);
  return api;
}

/** @throws {ServiceError} BadRequestException */
export function checkTexts({ name, description = "", version = "" }: Pick<HttpApi, "name" | "description" | "version">): void {
  if (name === "") throw badRequest("Name must be non-empty");
  checkLength("Name", name, 128);
  checkLength("Description", description, 1024);
  checkLength("Version", version, 64);
}

type Settings = Pick<Model.CreateApiRequest, "RouteSelectionExpression" | "ApiKeySelectionExpression" | "DisableSchemaValidation">;

/** What only WebSocket APIs have; the values that HTTP APIs have in any case may be given. @throws {ServiceError} BadRequestException */
function refuseOthers({ RouteSelectionExpression: route, ApiKeySelectionExpression: apiKey, DisableSchemaValidation }: Settings): void {
  if (route !== undefined && route.replaceAll(/[{}]/g, "") !== ROUTE_SELECTION) {
    throw badRequest(`Invalid routeSelectionExpression specified: ${route}. For HTTP APIs it must be \${request.method} \${request.path}`);
  }
  if (apiKey !== undefined && apiKey !== API_KEY_SELECTION) throw notOfHttpApis("API key selection expressions");
  if (DisableSchemaValidation) throw notOfHttpApis("Models");
}

/** Quoted from the V1 API. The quota counts what is there; requests at the same moment can pass it together. */
export async function assertQuota({ store, limits }: ApiGatewayV2Context, { account, region }: Call): Promise<void> {
  const counts = await Promise.all([httpApis, webSocketApis].map((kind) => store.count(kind, { prefix: [account, region] })));
  if (counts.reduce((sum, count) => sum + count) < limits.apis) return;
  throw limitExceeded("Maximum number of APIs for this account has been reached. Please contact AWS if you need additional APIs.");
}

const rules: verbs.MergeRules<HttpApi, Model.UpdateApiRequest> = {
  Name: verbs.taken("name"),
  Description: verbs.takenOrGone("description"),
  Version: verbs.takenOrGone("version"),
  CorsConfiguration: (api, cors) => ({ ...api, corsConfiguration: corsOf(cors) }),
  DisableExecuteApiEndpoint: verbs.taken("disableExecuteApiEndpoint"),
  IpAddressType: verbs.taken("ipAddressType"),
};

const removal = ({ key, version }: Stored<HttpApi>) => [
  remove(httpApis, key, version),
  removeAll(httpRoutes, key),
  removeAll(httpIntegrations, key),
  removeAll(httpAuthorizers, key),
  removeAll(httpStages, key),
  removeAll(httpDeployments, key),
  removeAll(httpSnapshots, key),
];

/** An API as answers carry it. */
export function show(api: HttpApi): Model.Api {
  const { corsConfiguration, description, version, importInfo, warnings } = api;
  return {
    ApiEndpoint: apiEndpoint(api),
    ApiId: api.apiId,
    ApiKeySelectionExpression: API_KEY_SELECTION,
    ...(corsConfiguration === undefined ? {} : { CorsConfiguration: showCors(corsConfiguration) }),
    CreatedDate: api.createdDate,
    ...given({ Description: description }),
    DisableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    ...given({ ImportInfo: importInfo }),
    IpAddressType: api.ipAddressType,
    Name: api.name,
    ProtocolType: api.protocolType,
    RouteSelectionExpression: ROUTE_SELECTION,
    Tags: api.tags,
    ...given({ Version: version, Warnings: warnings }),
  };
}
