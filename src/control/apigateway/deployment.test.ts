import { describe, expect, test } from "vitest";
import { call, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { deployments, snapshots } from "../../domain/rest-api.ts";

const stageAsMade = {
  stageName: "prod",
  cacheClusterEnabled: false,
  cacheClusterStatus: "NOT_AVAILABLE",
  methodSettings: {},
  tracingEnabled: false,
  createdDate: NOW,
  lastUpdatedDate: NOW,
};

const AUTHORIZER = {
  name: "tokens",
  type: "TOKEN",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
  identitySource: "method.request.header.Authorization",
} as const;

describe("CreateDeployment", () => {
  test("answers as in the guide (create-api-using-awscli), and makes the stage it names", async () => {
    const { api, published } = startControlPlane();
    const { restApiId } = await petStore(api);
    const input = { restApiId, stageName: "prod", stageDescription: "Test stage", description: "First deployment", variables: { sv0: "val0" } };
    const deployment = await api.CreateDeployment(input, call);
    expect(deployment).toEqual({ id: expect.stringMatching(/^[a-z][a-z0-9]{5}$/), description: "First deployment", createdDate: NOW });
    expect(await api.GetStage({ restApiId, stageName: "prod" }, call)).toEqual({
      ...stageAsMade,
      deploymentId: deployment.id,
      description: "Test stage",
      variables: { sv0: "val0" },
    });
    expect(published).toEqual([`${restApiId}/prod`]);
  });

  test("without a stage name makes no stage, and neither does an empty one", async () => {
    const { api, published } = startControlPlane();
    const { restApiId } = await petStore(api);
    expect(await api.CreateDeployment({ restApiId }, call)).toEqual({ id: expect.any(String), createdDate: NOW });
    await api.CreateDeployment({ restApiId, stageName: "" }, call);
    expect(await api.GetStages({ restApiId }, call)).toEqual({ item: [] });
    expect(published).toEqual([]);
  });

  test("points an existing stage at the new deployment, and changes of its settings only what it is given", async () => {
    const { api, advance } = startControlPlane();
    const { restApiId } = await petStore(api);
    await api.CreateDeployment({ restApiId, stageName: "prod", stageDescription: "d", variables: { a: "1" }, tracingEnabled: true }, call);
    advance(1000);
    const second = await api.CreateDeployment({ restApiId, stageName: "prod", cacheClusterEnabled: true, cacheClusterSize: "1.6" }, call);
    expect(await api.GetStage({ restApiId, stageName: "prod" }, call)).toEqual({
      ...stageAsMade,
      deploymentId: second.id,
      description: "d",
      variables: { a: "1" },
      tracingEnabled: true,
      cacheClusterEnabled: true,
      cacheClusterSize: "1.6",
      cacheClusterStatus: "AVAILABLE",
      lastUpdatedDate: NOW + 1000,
    });
  });

  test("tells the gateways only once everything is stored, and before it answers", async () => {
    const seen: unknown[] = [];
    const plane: ReturnType<typeof startControlPlane> = startControlPlane({
      publication: { stageChanged: async ({ apiId, stageName }) => void seen.push(await plane.api.GetStage({ restApiId: apiId, stageName }, call)) },
    });
    const { restApiId } = await petStore(plane.api);
    const { id } = await plane.api.CreateDeployment({ restApiId, stageName: "prod" }, call);
    expect(seen).toEqual([{ ...stageAsMade, deploymentId: id }]);
  });

  test("refuses an API without methods", async () => {
    const { api } = startControlPlane();
    const { id } = await api.CreateRestApi({ name: "x" }, call);
    expect(await refusal(api.CreateDeployment({ restApiId: id as string, stageName: "prod" }, call))).toBe(
      "BadRequestException: The REST API doesn't contain any methods",
    );
    expect(await api.GetDeployments({ restApiId: id as string }, call)).toEqual({ items: [] });
    expect(await api.GetStages({ restApiId: id as string }, call)).toEqual({ item: [] });
  });

  test("refuses methods without integrations", async () => {
    const { api } = startControlPlane();
    const { restApiId, method } = await petStore(api);
    await api.PutMethod({ ...method, httpMethod: "POST", authorizationType: "NONE" }, call);
    expect(await refusal(api.CreateDeployment({ restApiId }, call))).toBe("BadRequestException: No integration defined for method");
  });

  test("refuses a private API without a resource policy", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const patchOperations = [{ op: "replace", path: "/endpointConfiguration/types/EDGE", value: "PRIVATE" }] as const;
    await api.UpdateRestApi({ restApiId, patchOperations }, call);
    expect(await refusal(api.CreateDeployment({ restApiId }, call))).toBe(
      "BadRequestException: Private REST API doesn't have a resource policy attached to it",
    );
  });

  test("refuses what the gateway cannot serve, in its words, and stores nothing", async () => {
    const { api, store } = startControlPlane({ publication: { checkSnapshot: () => ["First reason.", "Second reason."] } });
    const { restApiId } = await petStore(api);
    expect(await refusal(api.CreateDeployment({ restApiId, stageName: "prod" }, call))).toBe("BadRequestException: First reason.\nSecond reason.");
    expect((await store.list(snapshots, {})).items).toEqual([]);
    expect(await api.GetStages({ restApiId }, call)).toEqual({ item: [] });
  });

  test.each([
    [{ stageName: "a b" }, "Stage name only allows a-zA-Z0-9_"],
    [{ stageDescription: "d" }, "Invalid deployment content specified.A stage name is required with stageDescription"],
    [{ stageName: "", variables: { a: "1" } }, "Invalid deployment content specified.A stage name is required with variables"],
    [{ stageName: "prod", variables: { "a:b": "c" } }, "Invalid stage variable name: a:b.  Please use names with only word characters."],
    [{ stageName: "prod", canarySettings: { percentTraffic: 5 } }, "Invalid deployment content specified.Stage prod must already be created before making a canary release deployment"],
  ])("refuses %j", async (members, message) => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    expect(await refusal(api.CreateDeployment({ restApiId, ...members }, call))).toBe(`BadRequestException: ${message}`);
    expect(await api.GetDeployments({ restApiId }, call)).toEqual({ items: [] });
  });

  test("takes settings of no stage that are empty, as Terraform's provider sends them", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const made = await api.CreateDeployment({ restApiId, description: "", stageName: "", stageDescription: "", variables: {} }, call);
    expect(await api.GetDeployments({ restApiId }, call)).toEqual({ items: [made] });
    expect(await api.GetStages({ restApiId }, call)).toEqual({ item: [] });
  });

  test("makes a canary of an existing stage (guide: create-canary-deployment)", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const base = await api.CreateDeployment({ restApiId, stageName: "prod", variables: { sv0: "val0", sv1: "val1" } }, call);
    const canarySettings = { percentTraffic: 10.5, useStageCache: false, stageVariableOverrides: { sv1: "val2", sv2: "val3" } };
    const canary = await api.CreateDeployment({ restApiId, stageName: "prod", canarySettings }, call);
    expect(await api.GetStage({ restApiId, stageName: "prod" }, call)).toEqual({
      ...stageAsMade,
      deploymentId: base.id,
      variables: { sv0: "val0", sv1: "val1" },
      canarySettings: { ...canarySettings, deploymentId: canary.id },
    });
    expect(await refusal(api.CreateDeployment({ restApiId, stageName: "prod" }, call))).toBe(
      "BadRequestException: Invalid deployment content specified.Non canary deployment not supported on stage prod because Canary is enabled. Provide CanarySettings in deploymentInput.",
    );
  });

  test("freezes the API as it is: later changes show in no deployment that was there before", async () => {
    const { api, store } = startControlPlane();
    const { restApiId, method, rootId } = await petStore(api);
    const validator = await api.CreateRequestValidator({ restApiId, name: "all", validateRequestBody: true }, call);
    const authorizer = await api.CreateAuthorizer({ restApiId, ...AUTHORIZER }, call);
    await api.PutGatewayResponse({ restApiId, responseType: "THROTTLED", statusCode: "420" }, call);
    await api.CreateDeployment({ restApiId }, call);
    const [frozen] = (await store.list(snapshots, {})).items;
    expect(frozen?.value).toEqual({
      apiId: restApiId,
      binaryMediaTypes: [],
      apiKeySource: "HEADER",
      disableExecuteApiEndpoint: false,
      resources: [{ id: rootId }, { id: method.resourceId, parentId: rootId, pathPart: "pets" }],
      methods: [
        {
          resourceId: method.resourceId,
          httpMethod: "GET",
          authorizationType: "NONE",
          apiKeyRequired: false,
          methodResponses: {},
          methodIntegration: {
            type: "MOCK",
            connectionType: "INTERNET",
            passthroughBehavior: "WHEN_NO_MATCH",
            responseTransferMode: "BUFFERED",
            timeoutInMillis: 29_000,
            cacheNamespace: method.resourceId,
            cacheKeyParameters: [],
            integrationResponses: {},
          },
        },
      ],
      models: (await api.GetModels({ restApiId }, call)).items,
      requestValidators: [{ id: validator.id, name: "all", validateRequestBody: true, validateRequestParameters: false }],
      gatewayResponses: [{ responseType: "THROTTLED", statusCode: "420", responseParameters: {}, responseTemplates: {} }],
      authorizers: [authorizer],
    });
    await api.DeleteAuthorizer({ restApiId, authorizerId: authorizer.id as string }, call);
    await api.DeleteMethod(method, call);
    await api.UpdateModel({ restApiId, modelName: "Empty", patchOperations: [{ op: "replace", path: "/description", value: "new" }] }, call);
    await api.DeleteRequestValidator({ restApiId, requestValidatorId: validator.id as string }, call);
    await api.DeleteGatewayResponse({ restApiId, responseType: "THROTTLED" }, call);
    await api.UpdateRestApi({ restApiId, patchOperations: [{ op: "add", path: "/binaryMediaTypes/a~1b" }] }, call);
    expect((await store.list(snapshots, {})).items).toEqual([frozen]);
  });
});

describe("snapshots", () => {
  test("equal deployments share one, and the last of them takes it away", async () => {
    const { api, store } = startControlPlane();
    const { restApiId, method } = await petStore(api);
    const first = await api.CreateDeployment({ restApiId }, call);
    const second = await api.CreateDeployment({ restApiId, description: "the same" }, call);
    await api.UpdateMethod({ ...method, patchOperations: [{ op: "replace", path: "/operationName", value: "list" }] }, call);
    await api.CreateDeployment({ restApiId }, call);
    const hashes = async () => (await store.list(snapshots, {})).items.map(({ key }) => key[0]);
    expect(await hashes()).toHaveLength(2);
    await api.DeleteDeployment({ restApiId, deploymentId: first.id as string }, call);
    expect(await hashes()).toHaveLength(2);
    await api.DeleteDeployment({ restApiId, deploymentId: second.id as string }, call);
    expect(await hashes()).toHaveLength(1);
  });

  test("are named by their content, whatever the order in which its maps came", async () => {
    const { api, store } = startControlPlane();
    const { restApiId, method } = await petStore(api);
    const withParameters = async (names: readonly string[]) => {
      await api.DeleteMethod(method, call);
      const requestParameters = Object.fromEntries(names.map((name) => [`method.request.header.${name}`, true]));
      await api.PutMethod({ ...method, authorizationType: "NONE", requestParameters }, call);
      await api.PutIntegration({ ...method, type: "MOCK" }, call);
      await api.CreateDeployment({ restApiId }, call);
    };
    await withParameters(["a", "b"]);
    await withParameters(["b", "a"]);
    const [first, second] = (await store.list(deployments, {})).items;
    expect(first?.value.snapshot).toMatch(/^[0-9a-f]{64}$/);
    expect(second?.value.snapshot).toBe(first?.value.snapshot);
  });
});

test("GetDeployment embeds a summary of the API", async () => {
  const { api } = startControlPlane();
  const { restApiId, rootId } = await petStore(api);
  const root = { restApiId, resourceId: rootId, httpMethod: "ANY" };
  await api.PutMethod({ ...root, authorizationType: "AWS_IAM", apiKeyRequired: true }, call);
  await api.PutIntegration({ ...root, type: "MOCK" }, call);
  const deployment = await api.CreateDeployment({ restApiId }, call);
  const input = { restApiId, deploymentId: deployment.id as string };
  expect(await api.GetDeployment(input, call)).toEqual(deployment);
  expect(await api.GetDeployment({ ...input, embed: ["apisummary"] }, call)).toEqual({
    ...deployment,
    apiSummary: {
      "/": { ANY: { authorizationType: "AWS_IAM", apiKeyRequired: true } },
      "/pets": { GET: { authorizationType: "NONE", apiKeyRequired: false } },
    },
  });
  expect(await refusal(api.GetDeployment({ ...input, embed: ["methods"] }, call))).toBe(
    "BadRequestException: Invalid embed value 'methods' specified. Must be one of: [apisummary]",
  );
});

test("GetDeployments has pages", async () => {
  const { api } = startControlPlane();
  const { restApiId } = await petStore(api);
  const made = [];
  for (let i = 0; i < 3; i++) made.push(await api.CreateDeployment({ restApiId, description: `${i}` }, call));
  const first = await api.GetDeployments({ restApiId, limit: 2 }, call);
  const second = await api.GetDeployments({ restApiId, limit: 2, position: first.position as string }, call);
  expect([first.items, second]).toEqual([made.slice(0, 2), { items: made.slice(2) }]);
});

test("UpdateDeployment changes the description, and nothing else", async () => {
  const { api } = startControlPlane();
  const { restApiId } = await petStore(api);
  const deployment = await api.CreateDeployment({ restApiId }, call);
  const input = { restApiId, deploymentId: deployment.id as string };
  const answer = await api.UpdateDeployment({ ...input, patchOperations: [{ op: "replace", path: "/description", value: "d" }] }, call);
  expect(answer).toEqual({ ...deployment, description: "d" });
  expect(await api.GetDeployment(input, call)).toEqual(answer);
  expect(await refusal(api.UpdateDeployment({ ...input, patchOperations: [{ op: "replace", path: "/id", value: "x" }] }, call))).toBe(
    "BadRequestException: Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]",
  );
});

describe("DeleteDeployment", () => {
  test("refuses while a stage or its canary points at the deployment", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const base = await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
    const canary = await api.CreateDeployment({ restApiId, stageName: "prod", canarySettings: {} }, call);
    const active = "BadRequestException: Active stages pointing to this deployment must be moved or deleted";
    expect(await refusal(api.DeleteDeployment({ restApiId, deploymentId: base.id as string }, call))).toBe(active);
    expect(await refusal(api.DeleteDeployment({ restApiId, deploymentId: canary.id as string }, call))).toBe(active);
    await api.UpdateStage({ restApiId, stageName: "prod", patchOperations: [{ op: "remove", path: "/canarySettings" }] }, call);
    expect(await api.DeleteDeployment({ restApiId, deploymentId: canary.id as string }, call)).toEqual({});
    await api.DeleteStage({ restApiId, stageName: "prod" }, call);
    await api.DeleteDeployment({ restApiId, deploymentId: base.id as string }, call);
  });

  test("of an unknown one is not found", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const expected = "NotFoundException: Invalid Deployment identifier specified";
    const input = { restApiId, deploymentId: "nothing" };
    expect(await refusal(api.DeleteDeployment(input, call))).toBe(expected);
    expect(await refusal(api.GetDeployment(input, call))).toBe(expected);
    expect(await refusal(api.UpdateDeployment(input, call))).toBe(expected);
  });
});
