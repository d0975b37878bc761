// The HTTP APIs of rows, made through the AWS SDK as any user would.
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  type CreateIntegrationRequest,
  CreateRouteCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { startIssuer } from "../test/harness/issuer.ts";
import { client } from "./gatehouse.ts";
import type { Called, Row, Setting } from "./rows.ts";

export interface HttpRoute {
  /** Completed with the id of its API. */
  readonly integration: (setting: Setting) => Omit<CreateIntegrationRequest, "ApiId">;
  /** Whether its callers need a token. */
  readonly byToken?: boolean;
}

const AUDIENCE = "bench";

/** An API with one route, GET /row, in its stage $default. */
export const httpApi =
  ({ integration, byToken = false }: HttpRoute): Row["serve"] =>
  async (setting): Promise<Called> => {
    const gateway = new ApiGatewayV2Client(client(setting.url));
    const { ApiId } = await gateway.send(new CreateApiCommand({ Name: "bench", ProtocolType: "HTTP" }));
    const { IntegrationId } = await gateway.send(new CreateIntegrationCommand({ ApiId, ...integration(setting) }));
    const token = byToken ? await createAuthorizer(gateway, ApiId) : undefined;
    const authorization = token && { AuthorizationType: "JWT" as const, AuthorizerId: token.authorizerId };
    await gateway.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /row", Target: `integrations/${IntegrationId}`, ...authorization }));
    await gateway.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
    gateway.destroy();
    const called = { path: `/_aws/execute-api/${ApiId}/$default/row` };
    return token === undefined ? called : { ...called, headers: ["Authorization", `Bearer ${token.token}`], close: token.close };
  };

/** An authorizer whose issuer this process is, and a token of it. */
async function createAuthorizer(gateway: ApiGatewayV2Client, ApiId: string | undefined) {
  const issuer = await startIssuer();
  const { AuthorizerId: authorizerId } = await gateway.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: "tokens",
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: issuer.issuer, Audience: [AUDIENCE] },
    }),
  );
  return { authorizerId, token: issuer.sign({ aud: AUDIENCE }), close: issuer.stop };
}
