// What an integration of a WebSocket API may be
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html).
import type { Call } from "../../../domain/call.ts";
import { badRequest, conflict } from "../../../domain/errors.ts";
import { targetIntegration } from "../../../domain/http-api.ts";
import { MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS, MIN_INTEGRATION_TIMEOUT_MILLIS } from "../../../domain/limits.ts";
import { vpcLinks } from "../../../domain/vpc-link.ts";
import { fixedVpcLinks, type WebSocketApiDefinition, type WebSocketIntegration } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { type Change, put } from "../../../ports/store.ts";
import { checkCredentials, checkUri } from "../../apigateway/index.ts";
import { type ApiGatewayV2Context, checkLength, notSetForWebSocketApis } from "../context.ts";
import { checkMethod } from "../integration-rules.ts";
import { checkMappings, checkSelection, checkTemplateMap } from "./expression-rules.ts";

const NAME = "[a-zA-Z0-9._$-]+";
const PARAMETER = new RegExp(`^integration\\.request\\.(?:querystring|path|header)\\.${NAME}$`);
/** Guide: websocket-api-data-mapping, the table of mapping expressions. */
const SOURCE = new RegExp(
  `^(?:route\\.request\\.(?:multivalue)?(?:querystring|header)\\.${NAME}|route\\.request\\.body(?:[.[].+)?|context\\..+|stageVariables\\.\\w+|'[^]*')$`,
);

type Members = Partial<Omit<Model.CreateIntegrationRequest, "ApiId">>;

export function refuseOthers({ IntegrationSubtype, ResponseParameters = {}, TlsConfig }: Members): void {
  if (IntegrationSubtype) throw notSetForWebSocketApis("IntegrationSubtype");
  if (Object.keys(ResponseParameters).length > 0) throw notSetForWebSocketApis("ResponseParameters");
  if (TlsConfig?.ServerNameToVerify) throw notSetForWebSocketApis("TlsConfig");
}

/** @throws {ServiceError} BadRequestException when its members do not agree with each other */
export function checkIntegration(integration: WebSocketIntegration): void {
  const { credentialsArn, description = "", integrationType: type, integrationUri = "", timeoutInMillis } = integration;
  const version: string = integration.payloadFormatVersion;
  checkLength("Description", description, 1024);
  checkLength("IntegrationUri", integrationUri, 2048);
  if (version !== "1.0") throw badRequest(`Invalid payloadFormatVersion specified: ${version}. Must be one of: [1.0]`);
  if (!(timeoutInMillis >= MIN_INTEGRATION_TIMEOUT_MILLIS && timeoutInMillis <= MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS)) {
    throw badRequest(`Timeout should be between ${MIN_INTEGRATION_TIMEOUT_MILLIS} ms and ${MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS} ms`);
  }
  if (type !== "MOCK") {
    checkUri({ type, uri: integrationUri });
    checkMethod(integration);
  }
  checkCredentials({ type, uri: integrationUri, ...(credentialsArn === undefined || type === "MOCK" ? {} : { credentials: credentialsArn }) });
  checkConnection(integration);
  checkMappings(integration.requestParameters, PARAMETER, SOURCE);
  checkSelection("TemplateSelectionExpression", integration.templateSelectionExpression, "request");
  checkTemplateMap("RequestTemplates", integration.requestTemplates);
}

/** The words are those that are used for HTTP APIs. */
function checkConnection({ connectionId, connectionType, integrationType }: WebSocketIntegration): void {
  if (connectionType === "INTERNET") {
    if (connectionId !== undefined) throw badRequest("A connection id can only be specified with the connection type VPC_LINK");
    return;
  }
  if (integrationType !== "HTTP" && integrationType !== "HTTP_PROXY") {
    throw badRequest("The connection type VPC_LINK can only be specified with the integration types HTTP and HTTP_PROXY");
  }
  if (connectionId === undefined) throw badRequest("A connection id is required with the connection type VPC_LINK");
}

/**
 * Changes that keep the VPC link that an integration names, one of the V1 API, from being deleted meanwhile.
 * @throws {ServiceError} BadRequestException when there is no such link
 */
export async function holdVpcLink({ store }: ApiGatewayV2Context, integration: WebSocketIntegration, { account, region }: Call): Promise<readonly Change[]> {
  const [id] = fixedVpcLinks([integration]);
  if (id === undefined) return [];
  const link = await store.get(vpcLinks, [account, region, id]);
  if (link === undefined) throw badRequest("Invalid Vpc Link identifier specified");
  return [put(vpcLinks, link.key, link.value, link.version)];
}

/** The words: github.com/hashicorp/terraform-provider-aws/issues/12195. @throws {ServiceError} ConflictException */
export function checkIntegrationUnused({ integrationId }: WebSocketIntegration, { routes }: WebSocketApiDefinition): void {
  const users = routes.filter(({ target }) => targetIntegration(target) === integrationId).map(({ routeId }) => routeId);
  if (users.length > 0) throw conflict(`Cannot delete Integration because it is referenced by the following Routes with Ids: [${users.join(", ")}]`);
}
