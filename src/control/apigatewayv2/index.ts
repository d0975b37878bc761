// The door of API Gateway's V2 control plane: its operations, each with what it means. Those that are not here are not built.
import type { Call } from "../../domain/call.ts";
import { AWS_HTTP_LIMITS, type HttpApiLimits } from "../../domain/limits.ts";
import type { ApiGatewayV2Operations } from "../../model/apigatewayv2.types.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Publication } from "../../ports/publication.ts";
import type { Store } from "../../ports/store.ts";
import { apiOperations } from "./api.ts";
import { apiMappingOperations } from "./api-mapping.ts";
import { authorizerOperations } from "./authorizer.ts";
import { httpProtocol } from "./definition.ts";
import { deploymentOperations } from "./deployment.ts";
import { type DomainNameKeeper, domainNameOperations } from "./domain-name.ts";
import { exportOperations } from "./export.ts";
import { importOperations } from "./import.ts";
import { integrationOperations } from "./integration.ts";
import { routeOperations } from "./route.ts";
import { stageOperations } from "./stage.ts";
import { httpStageRules } from "./stage-rules.ts";
import { tagOperations } from "./tags.ts";
import { vpcLinkOperations } from "./vpc-link.ts";
import { websocketOnlyOperations } from "./websocket-only.ts";

export interface ApiGatewayV2Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly publication: Publication;
  /** Custom domain names are the V1 API's. */
  readonly domainNames: DomainNameKeeper;
  /** Quotas that differ from AWS's defaults. */
  readonly limits?: Partial<HttpApiLimits>;
}

export function createApiGatewayV2({ limits, domainNames, ...parts }: ApiGatewayV2Parts) {
  const context = { ...parts, limits: { ...AWS_HTTP_LIMITS, ...limits } };
  const api = apiOperations(context);
  const imports = importOperations(context);
  const exports = exportOperations(context);
  const route = routeOperations(context);
  const integration = integrationOperations(context);
  const authorizer = authorizerOperations(context);
  const stage = stageOperations(context, httpProtocol, httpStageRules);
  const deployment = deploymentOperations(context, httpProtocol);
  const domainName = domainNameOperations(context, domainNames);
  const apiMapping = apiMappingOperations(context);
  const vpcLink = vpcLinkOperations(context);
  const tags = tagOperations(context);
  const model = websocketOnlyOperations(context, "Models", "Model");
  const routeResponse = websocketOnlyOperations(context, "Route responses", "RouteResponse");
  const integrationResponse = websocketOnlyOperations(context, "Integration responses", "IntegrationResponse");

  return {
    CreateApi: api.create,
    GetApi: api.read,
    GetApis: api.list,
    UpdateApi: api.merge,
    DeleteApi: api.remove,
    DeleteCorsConfiguration: api.removeCors,
    ImportApi: imports.import,
    ReimportApi: imports.reimport,
    ExportApi: exports.read,

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
    GetModelTemplate: model.read,
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
