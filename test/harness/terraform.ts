// What Terraform's AWS provider has to go by: the program, the calls that several of its resources begin with, and what it makes of
// errors. Whatever it creates it reads at once, and plans a change where the two differ: so what an operation answers at the creation
// has to be what is read afterwards.
import type { APIGatewayServiceException } from "@aws-sdk/client-api-gateway";
import { expect } from "vitest";
import { throughSdk } from "./control-plane-through-sdk.ts";
import { call, type ControlPlane } from "./control-plane.ts";
import { removeDirectory, startGatehouse } from "./gatehouse.ts";
import type { Patch } from "./updatable.ts";

export const POLICY = '{"Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2012-10-17"}';
export const TAGS = { team: "pets" };
export const remove = (path: string): Patch => ({ op: "remove", path });
export const arnOf = (what: string) => `arn:aws:apigateway:us-east-1::/${what}`;

/** How the provider sees that something is gone. */
export const gone = async (read: Promise<unknown>): Promise<void> => expect(await codeOf(read)).toBe("NotFoundException");
export const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "nothing",
    (error: APIGatewayServiceException) => error.name,
  );
export const wordsOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "nothing",
    (error: APIGatewayServiceException) => `${error.name}: ${error.message}`,
  );

/** A program for the provider. */
export async function startForTerraform() {
  const gatehouse = await startGatehouse({ args: ["--in-memory"] });
  const api = throughSdk(gatehouse.apiGateway());
  return {
    api,
    changeTags: (resourceArn: string) => changeTags(api, resourceArn),
    start: () => createApi(api),
    async stop() {
      await gatehouse.stop();
      await removeDirectory(gatehouse.dataDir);
    },
  };
}

/** Changes the tags of what has an ARN, as the provider does for every resource that has tags, and puts them back. */
async function changeTags(api: ControlPlane, resourceArn: string): Promise<void> {
  await api.UntagResource({ resourceArn, tagKeys: ["team"] }, call);
  await api.TagResource({ resourceArn, tags: { stage: "test" } }, call);
  expect((await api.GetTags({ resourceArn }, call)).tags).toEqual({ stage: "test" });
  await api.UntagResource({ resourceArn, tagKeys: ["stage"] }, call);
  await api.TagResource({ resourceArn, tags: TAGS }, call);
}

/** An API with `GET /pets`, a mock behind it, and its first deployment. */
async function createApi(api: ControlPlane) {
  const { id: restApiId = "", rootResourceId: rootId = "" } = await api.CreateRestApi({ name: "terraform" }, call);
  const { id: resourceId = "" } = await api.CreateResource({ restApiId, parentId: rootId, pathPart: "pets" }, call);
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await api.PutMethod({ ...method, authorizationType: "NONE", apiKeyRequired: false }, call);
  await api.PutIntegration({ ...method, type: "MOCK", connectionType: "INTERNET", timeoutInMillis: 29_000 }, call);
  // Without a description or variables, the provider sends empty ones.
  const { id: deploymentId = "" } = await api.CreateDeployment({ restApiId, description: "", variables: {} }, call);
  return { restApiId, rootId, resourceId, method, deploymentId };
}
