// WebSocket APIs to measure, made through the AWS SDK as any user would: what a client says, a two-way route says back.
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  type CreateIntegrationRequest,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { client, createFunction } from "./gatehouse.ts";

const ROUTE_KEY = "echo";
/** Goes to the route. */
export const MESSAGE = JSON.stringify({ action: ROUTE_KEY, text: "x".repeat(100) });

const ECHO = `exports.handler = async ({ body }) => ({ statusCode: 200, body });`;

/** The template of a mock says the message back. */
export const mockApi = (url: string): Promise<string> =>
  echoApi(url, { IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' }, TemplateSelectionExpression: "\\$default" }, "$input.body");

/** A function does. */
export async function lambdaApi(url: string): Promise<string> {
  const arn = await createFunction(url, "websocket-echo", ECHO);
  const IntegrationUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;
  return echoApi(url, { IntegrationType: "AWS_PROXY", IntegrationMethod: "POST", IntegrationUri });
}

/** @param template of the integration's response; none for a proxy. Gives the address that clients connect to. */
async function echoApi(url: string, integration: Omit<CreateIntegrationRequest, "ApiId">, template?: string): Promise<string> {
  const gateway = new ApiGatewayV2Client(client(url));
  const { ApiId } = await gateway.send(new CreateApiCommand({ Name: "bench", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }));
  const { IntegrationId } = await gateway.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  if (template !== undefined) {
    const response = { IntegrationResponseKey: "$default", ResponseTemplates: { $default: template }, TemplateSelectionExpression: "\\$default" };
    await gateway.send(new CreateIntegrationResponseCommand({ ApiId, IntegrationId, ...response }));
  }
  const { RouteId } = await gateway.send(
    new CreateRouteCommand({ ApiId, RouteKey: ROUTE_KEY, Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: "$default" }),
  );
  await gateway.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  await gateway.send(new CreateStageCommand({ ApiId, StageName: "production", AutoDeploy: true }));
  gateway.destroy();
  return `${url.replace("http:", "ws:")}/_aws/execute-api/${ApiId}/production`;
}
