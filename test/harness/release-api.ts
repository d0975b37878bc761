// An API of one method, in front of a backend that counts, and changed and deployed through the SDK.
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  CreateRestApiCommand,
  GetStageCommand,
  type PatchOperation,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { type Answer, callApi, type CallOptions, type Gatehouse } from "./gatehouse.ts";

/** `GET /` by HTTP_PROXY, with `q` as its cache key. */
export async function makeReleaseApi(gatehouse: Gatehouse, client: APIGatewayClient, backend: string) {
  const { id, rootResourceId } = await client.send(new CreateRestApiCommand({ name: "releases" }));
  const restApiId = id as string;
  const method = { restApiId, resourceId: rootResourceId as string, httpMethod: "GET" };
  const parameter = "method.request.querystring.q";
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE", requestParameters: { [parameter]: false } }));
  return {
    restApiId,
    /** Points the method at a path of the backend, which may name stage variables. */
    integrate: (path: string) =>
      client.send(
        new PutIntegrationCommand({
          ...method,
          type: "HTTP_PROXY",
          integrationHttpMethod: "GET",
          uri: `${backend}${path}`,
          cacheKeyParameters: [parameter],
        }),
      ),
    deploy: async (stageName: string, input: Partial<CreateDeploymentCommandInput> = {}): Promise<string> =>
      (await client.send(new CreateDeploymentCommand({ restApiId, stageName, ...input }))).id as string,
    stage: (stageName: string) => client.send(new GetStageCommand({ restApiId, stageName })),
    update: (stageName: string, patchOperations: PatchOperation[]) =>
      client.send(new UpdateStageCommand({ restApiId, stageName, patchOperations })),
    get: (path: string, options?: CallOptions): Promise<Answer> => callApi(gatehouse, restApiId, path, options),
  };
}

export const replace = (path: string, value: string): PatchOperation => ({ op: "replace", path, value });
