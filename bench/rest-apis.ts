// The REST APIs of rows, made through the AWS SDK as any user would.
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  type PutIntegrationRequest,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { createKeys } from "./api-keys.ts";
import { callersOf, type Authorization } from "./rest-callers.ts";
import { client } from "./gatehouse.ts";
import type { Called, Row, Setting } from "./rows.ts";

export interface RestMethod {
  /** Completed with the ids of its API and resource. */
  readonly integration: (setting: Setting) => Omit<PutIntegrationRequest, "restApiId" | "resourceId" | "httpMethod">;
  /** The template of the integration response, where it has one. */
  readonly responseTemplate?: string;
  /** Who may call; anybody unless given. */
  readonly authorization?: Authorization;
  /** How many API keys callers have, in turn; none is asked for unless given. */
  readonly keys?: number;
}

/** An API with one method, GET /row, deployed. */
export const restApi =
  ({ integration: integrationOf, responseTemplate, authorization = "NONE", keys = 0 }: RestMethod): Row["serve"] =>
  async (setting): Promise<Called> => {
    const gateway = new APIGatewayClient(client(setting.url));
    const api = await gateway.send(new CreateRestApiCommand({ name: "bench" }));
    const resource = await gateway.send(new CreateResourceCommand({ restApiId: api.id, parentId: api.rootResourceId, pathPart: "row" }));
    const method = { restApiId: api.id, resourceId: resource.id, httpMethod: "GET" };
    const integration = integrationOf(setting);
    const callers = await callersOf(authorization, setting, gateway, api.id);
    await gateway.send(new PutMethodCommand({ ...method, ...callers.method, apiKeyRequired: keys > 0 }));
    await gateway.send(new PutIntegrationCommand({ ...method, ...integration }));
    if (!integration.type?.endsWith("_PROXY")) {
      await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
      const responseTemplates = responseTemplate === undefined ? undefined : { "application/json": responseTemplate };
      await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates }));
    }
    await gateway.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: "bench" }));
    gateway.destroy();
    const path = `/restapis/${api.id}/bench/_user_request_/row`;
    return { path, headers: await callers.headers(path), ...(keys > 0 && (await createKeys(setting.url, api.id ?? "", "bench", keys))) };
  };

/** The URI of integrations with a function. */
export const functionUri = (functionArn: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
