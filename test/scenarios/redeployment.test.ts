// What takes effect at once and what waits for a deployment, a test for each row of the page's two tables:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateDocumentationPartCommand,
  CreateDocumentationVersionCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteGatewayResponseCommand,
  DeleteModelCommand,
  GetAccountCommand,
  GetAuthorizerCommand,
  GetDeploymentCommand,
  GetExportCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateAuthorizerCommand,
  UpdateDeploymentCommand,
  UpdateDocumentationPartCommand,
  UpdateGatewayResponseCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
  UpdateMethodResponseCommand,
  UpdateRequestValidatorCommand,
  UpdateModelCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";

let gatehouse: Gatehouse;
let petStore: PetStore;
let client: APIGatewayClient;

beforeAll(async () => {
  petStore = await startPetStore();
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  await petStore[Symbol.asyncDispose]();
});

interface Api {
  readonly restApiId: string;
  /** Of `/pets`, a mock that answers `old`. */
  readonly mock: { readonly restApiId: string; readonly resourceId: string; readonly httpMethod: "GET" };
  /** Of `/store`, which passes on to a pet of the PetStore. */
  readonly store: { readonly restApiId: string; readonly resourceId: string; readonly httpMethod: "GET" };
  readonly deploymentId: string;
}

const replace = (path: string, value: string) => ({ patchOperations: [{ op: "replace" as const, path, value }] });
const deploy = (restApiId: string) => client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));

async function makeApi(): Promise<Api> {
  const { id, rootResourceId } = await client.send(new CreateRestApiCommand({ name: "redeployment" }));
  const restApiId = id as string;
  const method = async (pathPart: string) => {
    const resource = await client.send(new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart }));
    const key = { restApiId, resourceId: resource.id as string, httpMethod: "GET" as const };
    await client.send(new PutMethodCommand({ ...key, authorizationType: "NONE" }));
    return key;
  };
  const [mock, store] = [await method("pets"), await method("store")];
  const requestTemplates = { "application/json": '{"statusCode": 200}' };
  await client.send(new PutIntegrationCommand({ ...mock, type: "MOCK", requestTemplates }));
  await client.send(
    new PutMethodResponseCommand({ ...mock, statusCode: "200", responseParameters: { "method.response.header.x-declared": false } }),
  );
  await client.send(
    new PutIntegrationResponseCommand({ ...mock, statusCode: "200", responseTemplates: { "application/json": "old" } }),
  );
  await client.send(
    new PutIntegrationCommand({ ...store, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${petStore.url}/petstore/pets/1` }),
  );
  const deployment = await deploy(restApiId);
  return { restApiId, mock, store, deploymentId: deployment.id as string };
}

/** What a caller sees of the API. */
async function seen({ restApiId }: Api, path: string): Promise<[number, string]> {
  const { status, body } = await callApi(gatehouse, restApiId, `/test${path}`);
  return [status, body];
}

/** The same for a request with a body. */
async function answered({ restApiId }: Api, path: string, body: string): Promise<[number, string]> {
  const answer = await callApi(gatehouse, restApiId, `/test${path}`, { body, headers: { "Content-Length": String(body.length) } });
  return [answer.status, answer.body];
}

const MISSING = [403, '{"message":"Missing Authentication Token"}'];
const DOG = [200, '{"id":1,"type":"dog","price":249.99}'];
const CAT = [200, '{"id":2,"type":"cat","price":124.99}'];

describe("requires redeployment:", () => {
  it.each<[string, string, (api: Api) => Promise<unknown>, unknown, unknown]>([
    [
      "Integration",
      "/store",
      ({ store }) => client.send(new UpdateIntegrationCommand({ ...store, ...replace("/uri", `${petStore.url}/petstore/pets/2`) })),
      DOG,
      CAT,
    ],
    [
      "IntegrationResponse",
      "/pets",
      ({ mock }) =>
        client.send(
          new UpdateIntegrationResponseCommand({ ...mock, statusCode: "200", ...replace("/responseTemplates/application~1json", "new") }),
        ),
      [200, "old"],
      [200, "new"],
    ],
    [
      "Method (put)",
      "/more",
      async ({ restApiId }) => {
        const { rootResourceId: parentId } = await client.send(new UpdateRestApiCommand({ restApiId, ...replace("/name", "more") }));
        const { id } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: "more" }));
        const key = { restApiId, resourceId: id, httpMethod: "GET" };
        await client.send(new PutMethodCommand({ ...key, authorizationType: "NONE" }));
        await client.send(
          new PutIntegrationCommand({ ...key, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${petStore.url}/petstore/pets/2` }),
        );
      },
      MISSING,
      CAT,
    ],
    [
      "MethodResponse",
      "/pets",
      async ({ mock }) => {
        const path = "/responseParameters/method.response.header.x-new";
        await client.send(
          new UpdateMethodResponseCommand({ ...mock, statusCode: "200", patchOperations: [{ op: "add", path, value: "false" }] }),
        );
        const patchOperations = [
          { op: "add" as const, path, value: "'yes'" },
          { op: "replace" as const, path: "/responseTemplates/application~1json", value: "declared" },
        ];
        await client.send(new UpdateIntegrationResponseCommand({ ...mock, statusCode: "200", patchOperations }));
      },
      [200, "old"],
      [200, "declared"],
    ],
    [
      "Resource",
      "/animals",
      ({ mock: { restApiId, resourceId } }) =>
        client.send(new UpdateResourceCommand({ restApiId, resourceId, ...replace("/pathPart", "animals") })),
      MISSING,
      [200, "old"],
    ],
  ])("%s", async (_resource, path, update, before, after) => {
    const api = await makeApi();
    expect(await seen(api, path)).toEqual(before);
    await update(api);
    expect(await seen(api, path)).toEqual(before);
    await deploy(api.restApiId);
    expect(await seen(api, path)).toEqual(after);
  });

  it("Method (update)", async () => {
    const api = await makeApi();
    await client.send(new UpdateMethodCommand({ ...api.mock, ...replace("/authorizationType", "AWS_IAM") }));
    expect(await seen(api, "/pets")).toEqual([200, "old"]);
    await deploy(api.restApiId);
    expect(await seen(api, "/pets")).toEqual(MISSING);
  });

  it("Authorizer", async () => {
    const api = await makeApi();
    const authorizer = await client.send(
      new CreateAuthorizerCommand({
        restApiId: api.restApiId,
        name: "tokens",
        type: "TOKEN",
        authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
        identitySource: "method.request.header.Authorization",
      }),
    );
    const seenWith = async (token: string) => {
      const { status, headers } = await callApi(gatehouse, api.restApiId, "/test/store", { headers: { Authorization: token } });
      return [status, headers["x-amzn-errortype"]];
    };
    const patchOperations = [
      { op: "replace", path: "/authorizationType", value: "CUSTOM" },
      { op: "replace", path: "/authorizerId", value: authorizer.id },
    ] as const;
    await client.send(new UpdateMethodCommand({ ...api.store, patchOperations: [...patchOperations] }));
    expect(await seenWith("me")).toEqual([200, undefined]);
    await deploy(api.restApiId);
    // Its function is not there.
    expect(await seenWith("me")).toEqual([500, "AuthorizerConfigurationException"]);
    const key = { restApiId: api.restApiId, authorizerId: authorizer.id };
    await client.send(new UpdateAuthorizerCommand({ ...key, ...replace("/identityValidationExpression", "you") }));
    expect((await client.send(new GetAuthorizerCommand(key))).identityValidationExpression).toBe("you");
    expect(await seenWith("me")).toEqual([500, "AuthorizerConfigurationException"]);
    await deploy(api.restApiId);
    expect(await seenWith("me")).toEqual([401, "UnauthorizedException"]);
  });

  it("GatewayResponse", async () => {
    const api = await makeApi();
    const response = { restApiId: api.restApiId, responseType: "MISSING_AUTHENTICATION_TOKEN" } as const;
    const responseTemplates = { "application/json": '{"error":$context.error.messageString}' };
    await client.send(new PutGatewayResponseCommand({ ...response, statusCode: "404", responseTemplates }));
    expect(await seen(api, "/nothing")).toEqual(MISSING);
    await deploy(api.restApiId);
    const custom = [404, '{"error":"Missing Authentication Token"}'];
    expect(await seen(api, "/nothing")).toEqual(custom);
    await client.send(new UpdateGatewayResponseCommand({ ...response, ...replace("/statusCode", "410") }));
    await client.send(new DeleteGatewayResponseCommand(response));
    expect(await seen(api, "/nothing")).toEqual(custom);
    await deploy(api.restApiId);
    expect(await seen(api, "/nothing")).toEqual(MISSING);
  });

  it("Model", async () => {
    const api = await makeApi();
    const model = { restApiId: api.restApiId, modelName: "Pet" };
    await client.send(new CreateModelCommand({ restApiId: api.restApiId, name: "Pet", contentType: "application/json", schema: "{}" }));
    const patchOperations = [{ op: "add" as const, path: "/requestModels/application~1json", value: "Pet" }];
    await client.send(new UpdateMethodCommand({ ...api.mock, patchOperations }));
    const { id } = await client.send(new CreateRequestValidatorCommand({ restApiId: api.restApiId, validateRequestBody: true }));
    await client.send(new UpdateMethodCommand({ ...api.mock, ...replace("/requestValidatorId", id as string) }));
    await client.send(new UpdateModelCommand({ ...model, ...replace("/schema", '{"type":["object","null"]}') }));
    await deploy(api.restApiId);
    expect(await answered(api, "/pets", "{}")).toEqual([200, "old"]);
    await client.send(new UpdateModelCommand({ ...model, ...replace("/schema", '{"type":"null"}') }));
    expect(await answered(api, "/pets", "{}")).toEqual([200, "old"]);
    await expect(client.send(new DeleteModelCommand(model))).rejects.toMatchObject({
      name: "ConflictException",
      message: "Cannot delete model 'Pet', is referenced in method request: /pets/GET",
    });
    await deploy(api.restApiId);
    expect(await answered(api, "/pets", "{}")).toEqual([400, '{"message": "Invalid request body"}']);
    expect(await answered(api, "/pets", "null")).toEqual([200, "old"]);
  });

  it("RequestValidator", async () => {
    const api = await makeApi();
    const { restApiId } = api;
    const { id: requestValidatorId } = await client.send(new CreateRequestValidatorCommand({ restApiId, validateRequestParameters: true }));
    const patchOperations = [
      { op: "replace" as const, path: "/requestValidatorId", value: requestValidatorId },
      { op: "add" as const, path: "/requestParameters/method.request.querystring.q1", value: "true" },
    ];
    await client.send(new UpdateMethodCommand({ ...api.mock, patchOperations }));
    expect(await seen(api, "/pets")).toEqual([200, "old"]);
    await deploy(restApiId);
    const missing = [400, '{"message": "Missing required request parameters: [q1]"}'];
    expect([await seen(api, "/pets"), await seen(api, "/pets?q1=a")]).toEqual([missing, [200, "old"]]);
    await client.send(new UpdateRequestValidatorCommand({ restApiId, requestValidatorId, ...replace("/validateRequestParameters", "false") }));
    expect(await seen(api, "/pets")).toEqual(missing);
    await deploy(restApiId);
    expect(await seen(api, "/pets")).toEqual([200, "old"]);
  });

  it("RestApi", async () => {
    const api = await makeApi();
    const path = "/binaryMediaTypes/image~1png";
    await client.send(new UpdateRestApiCommand({ restApiId: api.restApiId, patchOperations: [{ op: "add", path }] }));
    const first = await client.send(new GetDeploymentCommand({ restApiId: api.restApiId, deploymentId: api.deploymentId }));
    expect(first.id).toBe(api.deploymentId);
    expect(await seen(api, "/pets")).toEqual([200, "old"]);
  });

  it("DocumentationPart and DocumentationVersion: by a version that the stage points at (api-gateway-documenting-api-quick-start-publishing)", async () => {
    const { restApiId } = await makeApi();
    const summary = async () => {
      const { body } = await client.send(new GetExportCommand({ restApiId, stageName: "test", exportType: "oas30" }));
      return /"summary" : "(.*)"/.exec(Buffer.from(body as Uint8Array).toString())?.[1];
    };
    const location = { type: "METHOD", path: "/pets", method: "GET" } as const;
    const { id: documentationPartId } = await client.send(new CreateDocumentationPartCommand({ restApiId, location, properties: '{"summary":"old"}' }));
    await deploy(restApiId);
    expect(await summary()).toBeUndefined();
    await client.send(new CreateDocumentationVersionCommand({ restApiId, documentationVersion: "1", stageName: "test" }));
    expect(await summary()).toBe("old");
    await client.send(new UpdateDocumentationPartCommand({ restApiId, documentationPartId, ...replace("/properties", '{"summary":"new"}') }));
    await deploy(restApiId);
    expect(await summary()).toBe("old");
    await client.send(new CreateDocumentationVersionCommand({ restApiId, documentationVersion: "2", stageName: "test" }));
    expect(await summary()).toBe("new");
  });

  it("RestApi: its compression (api-gateway-enable-compression)", async () => {
    const api = await makeApi();
    const coding = async () =>
      (await callApi(gatehouse, api.restApiId, "/test/pets", { headers: { "Accept-Encoding": "gzip" } })).headers["content-encoding"];
    await client.send(new UpdateRestApiCommand({ restApiId: api.restApiId, ...replace("/minimumCompressionSize", "0") }));
    expect(await coding()).toBeUndefined();
    await deploy(api.restApiId);
    expect(await coding()).toBe("gzip");
    await client.send(new UpdateRestApiCommand({ restApiId: api.restApiId, ...replace("/minimumCompressionSize", "") }));
    await deploy(api.restApiId);
    expect(await coding()).toBeUndefined();
  });
});

describe("does not require redeployment:", () => {
  it("Account", async () => {
    const cloudwatchRoleArn = "arn:aws:iam::000000000000:role/logs";
    await client.send(new UpdateAccountCommand(replace("/cloudwatchRoleArn", cloudwatchRoleArn)));
    expect(await client.send(new GetAccountCommand({}))).toMatchObject({ cloudwatchRoleArn });
  });

  it("Deployment", async () => {
    const { restApiId, deploymentId } = await makeApi();
    await client.send(new UpdateDeploymentCommand({ restApiId, deploymentId, ...replace("/description", "first") }));
    expect(await client.send(new GetDeploymentCommand({ restApiId, deploymentId }))).toMatchObject({ description: "first" });
  });

  it("Stage: its deployment", async () => {
    const api = await makeApi();
    await client.send(new UpdateIntegrationCommand({ ...api.store, ...replace("/uri", `${petStore.url}/petstore/pets/2`) }));
    await deploy(api.restApiId);
    expect(await seen(api, "/store")).toEqual(CAT);
    await client.send(new UpdateStageCommand({ restApiId: api.restApiId, stageName: "test", ...replace("/deploymentId", api.deploymentId) }));
    expect(await seen(api, "/store")).toEqual(DOG);
  });

  it("Stage: its variables", async () => {
    const api = await makeApi();
    const uri = `${petStore.url.replace(/\d+$/, "")}\${stageVariables.port}/petstore/pets/\${stageVariables.pet}`;
    await client.send(new UpdateIntegrationCommand({ ...api.store, ...replace("/uri", uri) }));
    await deploy(api.restApiId);
    const set = (name: string, value: string) =>
      client.send(new UpdateStageCommand({ restApiId: api.restApiId, stageName: "test", ...replace(`/variables/${name}`, value) }));
    await set("port", new URL(petStore.url).port);
    await set("pet", "1");
    expect(await seen(api, "/store")).toEqual(DOG);
    await set("pet", "2");
    expect(await seen(api, "/store")).toEqual(CAT);
  });

  it("RestApi: the default endpoint is disabled at the next deployment", async () => {
    const api = await makeApi();
    await client.send(new UpdateRestApiCommand({ restApiId: api.restApiId, ...replace("/disableExecuteApiEndpoint", "true") }));
    await deploy(api.restApiId);
    expect(await seen(api, "/pets")).toEqual([403, '{"message":"Forbidden"}']);
  });
});
