// A WebSocket API of the started program that tells clients the ids of their connections, and the callbacks to them.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import * as v2 from "@aws-sdk/client-apigatewayv2";
import type { Gatehouse } from "./gatehouse.ts";
import { type Client, connect } from "./websocket-api.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

export interface Known extends Client {
  readonly id: string;
  /** The number of the worker that holds the connection. */
  readonly holder: number;
}

export interface WhoApi {
  newcomer(): Promise<Known>;
  /** Sends a text from a new connection of the caller's. Resolves to `sent`, or to the name of the error. */
  post(connectionId: string, text: string): Promise<string>;
}

export async function createWhoApi(gatehouse: Gatehouse): Promise<WhoApi> {
  const control = new v2.ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: CREDENTIALS });
  const { ApiId } = await control.send(new v2.CreateApiCommand({ Name: "who", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }));
  const { IntegrationId } = await control.send(
    new v2.CreateIntegrationCommand({ ApiId, IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' }, TemplateSelectionExpression: "\\$default" }),
  );
  const response = { IntegrationResponseKey: "$default", ResponseTemplates: { $default: "$context.connectionId" }, TemplateSelectionExpression: "\\$default" };
  await control.send(new v2.CreateIntegrationResponseCommand({ ApiId, IntegrationId, ...response }));
  const { RouteId } = await control.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: "$default" }));
  await control.send(new v2.CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  await control.send(new v2.CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  control.destroy();
  const path = `/_aws/execute-api/${ApiId}/prod`;

  return {
    async newcomer() {
      const client = await connect(gatehouse.port, { path, headers: { Host: `127.0.0.1:${gatehouse.port}` } });
      client.send("who am I?");
      const id = String(await client.next());
      return { ...client, id, holder: Buffer.from(id, "base64url").readUInt16BE(9) };
    },
    async post(ConnectionId, Data) {
      const backend = new ApiGatewayManagementApiClient({ endpoint: `${gatehouse.url}${path}`, region: "us-east-1", credentials: CREDENTIALS, maxAttempts: 1 });
      try {
        await backend.send(new PostToConnectionCommand({ ConnectionId, Data }));
        return "sent";
      } catch (error) {
        return (error as Error).name;
      } finally {
        backend.destroy();
      }
    },
  };
}
