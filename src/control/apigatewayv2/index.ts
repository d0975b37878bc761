// The door of API Gateway's V2 control plane: its operations, each with what it means. Those that are not here are not built.
import type { Call } from "../../domain/call.ts";
import { AWS_HTTP_LIMITS, type HttpApiLimits } from "../../domain/limits.ts";
import type { ApiGatewayV2Operations, CreateApiRequest } from "../../model/apigatewayv2.types.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { readHttpApi } from "../../openapi/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import type { Publication } from "../../ports/publication.ts";
import type { Store } from "../../ports/store.ts";
import { apiOperations } from "./api.ts";
import { apiList } from "./api-list.ts";
import { apiMappingOperations } from "./api-mapping.ts";
import { authorizerOperations } from "./authorizer.ts";
import { httpProtocol } from "./definition.ts";
import { deploymentOperations } from "./deployment.ts";
import { type DomainNameKeeper, domainNameOperations } from "./domain-name.ts";
import { exportOperations } from "./export.ts";
import { type HttpReading, importOperations } from "./import.ts";
import { integrationOperations } from "./integration.ts";
import { byProtocol } from "./protocol.ts";
import { routeOperations } from "./route.ts";
import { routingRuleOperations } from "./routing-rule.ts";
import { stageOperations } from "./stage.ts";
import { httpStageRules } from "./stage-rules.ts";
import { tagOperations } from "./tags.ts";
import { vpcLinkOperations } from "./vpc-link.ts";
import {
  httpOnlyOperations,
  integrationResponseOperations,
  routeResponseOperations,
  webSocketApiOperations,
  webSocketAuthorizerOperations,
  webSocketIntegrationOperations,
  webSocketModelOperations,
  webSocketProtocol,
  webSocketRouteOperations,
  webSocketStageRules,
} from "./websocket/index.ts";
import { websocketOnlyOperations } from "./websocket-only.ts";

export interface ApiGatewayV2Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly publication: Publication;
  /** Issuers of JWT authorizers are asked as an authorizer is made. */
  readonly issuers: IssuerDiscovery;
  /** Custom domain names are the V1 API's. */
  readonly domainNames: DomainNameKeeper;
  /** Quotas that differ from AWS's defaults. */
  readonly limits?: Partial<HttpApiLimits>;
  /** Where OpenAPI documents are read; at once, where they come, when absent. */
  readonly readHttpApi?: HttpReading;
}

export { apiGatewayV2Permissions, connectionPermissions } from "./access.ts";
export { connectionHandlers } from "./connections.ts";
export type { HttpReading };

const readAtOnce: HttpReading = async (body, options) => readHttpApi(body, options);

export function createApiGatewayV2({ limits, domainNames, ...parts }: ApiGatewayV2Parts) {
  const context = { ...parts, limits: { ...AWS_HTTP_LIMITS, ...limits } };
  const httpApi = apiOperations(context);
  const webSocketApi = webSocketApiOperations(context);
  const api = byProtocol(context, httpApi, webSocketApi);
  const imports = importOperations({ readHttpApi: readAtOnce, ...context });
  const httpOnly = { removeCors: httpApi.removeCors, reimport: imports.reimport, export: exportOperations(context).read };
  const only = byProtocol(context, httpOnly, httpOnlyOperations(context));
  const route = byProtocol(context, routeOperations(context), webSocketRouteOperations(context));
  const integration = byProtocol(context, integrationOperations(context), webSocketIntegrationOperations(context));
  const authorizer = byProtocol(context, authorizerOperations(context), webSocketAuthorizerOperations(context));
  const model = byProtocol(context, websocketOnlyOperations(context, "Models", "Model"), webSocketModelOperations(context));
  const routeResponse = byProtocol(context, websocketOnlyOperations(context, "Route responses", "RouteResponse"), routeResponseOperations(context));
  const integrationResponse = byProtocol(context, websocketOnlyOperations(context, "Integration responses", "IntegrationResponse"), integrationResponseOperations(context));
  const stage = byProtocol(context, stageOperations(context, httpProtocol, httpStageRules), stageOperations(context, webSocketProtocol, webSocketStageRules));
  const deployment = byProtocol(context, deploymentOperations(context, httpProtocol), deploymentOperations(context, webSocketProtocol));
  const domainName = domainNameOperations(context, domainNames);
  const apiMapping = apiMappingOperations(context);
  const routingRule = routingRuleOperations(context);
  const vpcLink = vpcLinkOperations(context);
  const tags = tagOperations(context);

  return {
    CreateApi: (input: CreateApiRequest, call: Call) => (input.ProtocolType === "WEBSOCKET" ? webSocketApi : httpApi).create(input, call),
    GetApi: api.read,
    GetApis: apiList(context),
    UpdateApi: api.merge,
    DeleteApi: api.remove,
    DeleteCorsConfiguration: only.removeCors,
    ImportApi: imports.import,
    ReimportApi: only.reimport,
    ExportApi: only.export,

    CreateRoute: route.create,
    GetRoute: route.read,
    GetRoutes: route.list,
    UpdateRoute: route.merge,
    DeleteRoute: route.remove,
    DeleteRouteRequestParameter: route.removeRequestParameter,

    CreateRouteResponse: routeResponse.create,
    GetRouteResponse: routeResponse.read,
    GetRouteResponses: routeResponse.list,
    UpdateRouteResponse: routeResponse.merge,
    DeleteRouteResponse: routeResponse.remove,

    CreateIntegration: integration.create,
    GetIntegration: integration.read,
    GetIntegrations: integration.list,
    UpdateIntegration: integration.merge,
    DeleteIntegration: integration.remove,

    CreateIntegrationResponse: integrationResponse.create,
    GetIntegrationResponse: integrationResponse.read,
    GetIntegrationResponses: integrationResponse.list,
    UpdateIntegrationResponse: integrationResponse.merge,
    DeleteIntegrationResponse: integrationResponse.remove,

    CreateModel: model.create,
    GetModel: model.read,
    GetModels: model.list,
    GetModelTemplate: model.template,
    UpdateModel: model.merge,
    DeleteModel: model.remove,

    CreateAuthorizer: authorizer.create,
    GetAuthorizer: authorizer.read,
    GetAuthorizers: authorizer.list,
    UpdateAuthorizer: authorizer.merge,
    DeleteAuthorizer: authorizer.remove,
    ResetAuthorizersCache: stage.resetAuthorizersCache,

    CreateStage: stage.create,
    GetStage: stage.read,
    GetStages: stage.list,
    UpdateStage: stage.merge,
    DeleteStage: stage.remove,
    DeleteAccessLogSettings: stage.removeAccessLogSettings,
    DeleteRouteSettings: stage.removeRouteSettings,

    CreateDeployment: deployment.create,
    GetDeployment: deployment.read,
    GetDeployments: deployment.list,
    UpdateDeployment: deployment.merge,
    DeleteDeployment: deployment.remove,

    CreateDomainName: domainName.create,
    GetDomainName: domainName.read,
    GetDomainNames: domainName.list,
    UpdateDomainName: domainName.merge,
    DeleteDomainName: domainName.remove,

    CreateApiMapping: apiMapping.create,
    GetApiMapping: apiMapping.read,
    GetApiMappings: apiMapping.list,
    UpdateApiMapping: apiMapping.merge,
    DeleteApiMapping: apiMapping.remove,

    CreateRoutingRule: routingRule.create,
    GetRoutingRule: routingRule.read,
    ListRoutingRules: routingRule.list,
    PutRoutingRule: routingRule.put,
    DeleteRoutingRule: routingRule.remove,

    CreateVpcLink: vpcLink.create,
    GetVpcLink: vpcLink.read,
    GetVpcLinks: vpcLink.list,
    UpdateVpcLink: vpcLink.merge,
    DeleteVpcLink: vpcLink.remove,

    TagResource: tags.tag,
    UntagResource: tags.untag,
    GetTags: tags.read,
  } satisfies Partial<Handlers<ApiGatewayV2Operations, Call>>;
}
