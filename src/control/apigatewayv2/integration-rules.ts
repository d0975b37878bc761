// What an integration of an HTTP API may be
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html).
import { badRequest } from "../../domain/errors.ts";
import type { HttpIntegration } from "../../domain/http-api.ts";
import { MAX_HTTP_INTEGRATION_TIMEOUT_MILLIS, MIN_INTEGRATION_TIMEOUT_MILLIS } from "../../domain/limits.ts";
import { ROUTE_METHODS } from "../../domain/route-key.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { checkEndpoint, checkRoleOrCaller } from "../apigateway/index.ts";
import { checkLength, given, notOfHttpApis } from "./context.ts";
import { checkRequestMappings, checkResponseMappings } from "./parameter-rules.ts";
import { checkServiceAction } from "./service-action-rules.ts";

/** With AWS's defaults, as the examples of `aws apigatewayv2 create-integration` show them. */
export function newIntegration(ids: Ids, input: Omit<Model.CreateIntegrationRequest, "ApiId">): HttpIntegration {
  const isFunction = input.IntegrationType === "AWS_PROXY" && input.IntegrationSubtype === undefined;
  const { ConnectionType = "INTERNET", TimeoutInMillis = MAX_HTTP_INTEGRATION_TIMEOUT_MILLIS, TlsConfig } = input;
  return {
    integrationId: ids.alphanumeric(7),
    integrationType: proxyType(input.IntegrationType),
    ...given({ integrationSubtype: input.IntegrationSubtype, integrationUri: input.IntegrationUri }),
    ...given({ integrationMethod: input.IntegrationMethod ?? (isFunction ? "POST" : undefined) }),
    connectionType: ConnectionType,
    ...given({ connectionId: input.ConnectionId, credentialsArn: input.CredentialsArn, description: input.Description }),
    payloadFormatVersion: (input.PayloadFormatVersion ?? "") as HttpIntegration["payloadFormatVersion"],
    ...given({ requestParameters: unlessEmpty(input.RequestParameters), responseParameters: unlessEmpty(input.ResponseParameters) }),
    timeoutInMillis: TimeoutInMillis,
    ...given({ tlsConfig: tlsConfigOf(TlsConfig) }),
  };
}

const unlessEmpty = <M extends object>(map: M | undefined): M | undefined => (map === undefined || Object.keys(map).length === 0 ? undefined : map);

/** An empty configuration is none: Terraform takes one away so. */
export const tlsConfigOf = (config: Model.TlsConfigInput | undefined): HttpIntegration["tlsConfig"] =>
  config?.ServerNameToVerify ? { serverNameToVerify: config.ServerNameToVerify } : undefined;

/** Quoted in github.com/aws/aws-cli/issues/6363. @throws {ServiceError} BadRequestException */
export function proxyType(type: Model.IntegrationType): HttpIntegration["integrationType"] {
  if (type === "HTTP_PROXY" || type === "AWS_PROXY") return type;
  throw badRequest("Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)");
}

type Members = Partial<Omit<Model.CreateIntegrationRequest, "ApiId">>;

/** What only integrations of WebSocket APIs have. @throws {ServiceError} BadRequestException */
export function refuseOthers(members: Members): void {
  if (members.ContentHandlingStrategy !== undefined) throw notOfHttpApis("Content handling strategies");
  if (members.PassthroughBehavior !== undefined) throw notOfHttpApis("Passthrough behaviors");
  if (Object.keys(members.RequestTemplates ?? {}).length > 0) throw notOfHttpApis("Request templates");
  if (members.TemplateSelectionExpression !== undefined) throw notOfHttpApis("Template selection expressions");
}

/** The integration, when its members agree with each other. @throws {ServiceError} BadRequestException */
export function checkedIntegration(integration: HttpIntegration): HttpIntegration {
  const { credentialsArn, description = "", integrationSubtype, integrationUri = "", responseParameters, timeoutInMillis } = integration;
  checkPayloadFormat(integration);
  checkRoleOrCaller(credentialsArn);
  checkLength("Description", description, 1024);
  checkLength("IntegrationUri", integrationUri, 2048);
  if (!(timeoutInMillis >= MIN_INTEGRATION_TIMEOUT_MILLIS && timeoutInMillis <= MAX_HTTP_INTEGRATION_TIMEOUT_MILLIS)) {
    throw badRequest(`Timeout should be between ${MIN_INTEGRATION_TIMEOUT_MILLIS} ms and ${MAX_HTTP_INTEGRATION_TIMEOUT_MILLIS} ms`);
  }
  if (integrationSubtype === undefined) checkProxy(integration);
  else checkServiceAction(integration, integrationSubtype);
  checkResponseMappings(responseParameters);
  return integration;
}

/** Model: CreateIntegrationRequest.payloadFormatVersion. */
function checkPayloadFormat({ integrationType, integrationSubtype, payloadFormatVersion: version }: HttpIntegration): void {
  const isFunction = integrationType === "AWS_PROXY" && integrationSubtype === undefined;
  if (!version) throw badRequest("PayloadFormatVersion is a required parameter for integration");
  const supported = isFunction ? ["1.0", "2.0"] : ["1.0"];
  if (!supported.includes(version)) throw badRequest(`Invalid payloadFormatVersion specified: ${version}. Must be one of: [${supported.join(", ")}]`);
}

function checkProxy(integration: HttpIntegration): void {
  const { integrationType, integrationUri = "", connectionType, connectionId, requestParameters, tlsConfig } = integration;
  if (connectionType === "VPC_LINK") checkPrivate(integration);
  else {
    if (connectionId !== undefined) throw badRequest("A connection id can only be specified with the connection type VPC_LINK");
    if (tlsConfig !== undefined) throw badRequest("A TLS configuration can only be specified with the connection type VPC_LINK");
    if (integrationType === "HTTP_PROXY") checkEndpoint(integrationUri);
    else checkFunction(integrationUri);
  }
  checkMethod(integration);
  checkRequestMappings(requestParameters);
}

const LISTENER = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/(?:app|net)\/[^/\s]+\/[^/\s]+\/[^/\s]+$/;
const CLOUD_MAP_SERVICE = /^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service\/srv-[a-z0-9-]+(?:\?\S*)?$/;

/** The words: github.com/klothoplatform/klotho/pull/347. Stage variables may stand in an ARN. */
function checkPrivate({ connectionId, integrationType, integrationUri = "" }: HttpIntegration): void {
  if (integrationType !== "HTTP_PROXY") throw badRequest("The connection type VPC_LINK can only be specified with the integration type HTTP_PROXY");
  if (connectionId === undefined) throw badRequest("A connection id is required with the connection type VPC_LINK");
  if (integrationUri.includes("${stageVariables.")) return;
  if (!LISTENER.test(integrationUri) && !CLOUD_MAP_SERVICE.test(integrationUri)) {
    throw badRequest("For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.");
  }
}

const FUNCTION = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:(?:[\w-]+|\$\{stageVariables\.\w+\})(?::(?:[\w$-]+|\$\{stageVariables\.\w+\}))?$/;
const INVOCATION = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

/** A function's ARN, or that of its invocation. The words are those of the V1 API. */
function checkFunction(uri: string): void {
  if (!uri.startsWith("arn:")) throw badRequest("Invalid ARN specified in the request");
  if (!FUNCTION.test(INVOCATION.exec(uri)?.[1] ?? uri)) {
    throw badRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.");
  }
}

const METHODS: readonly string[] = ROUTE_METHODS;

/** The words of the first refusal are quoted from the V1 API in github.com/aws/aws-cdk/issues/6404. */
export function checkMethod({ integrationMethod }: Pick<HttpIntegration, "integrationMethod">): void {
  if (integrationMethod === undefined) throw badRequest("Enumeration value for HttpMethod must be non-empty");
  if (!METHODS.includes(integrationMethod)) throw badRequest(`Invalid HTTP method specified: ${integrationMethod}. Must be one of: [${METHODS.join(", ")}]`);
}
