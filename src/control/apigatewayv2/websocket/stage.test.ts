import { expect, test } from "vitest";
import { call, NOW, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import { webSocketDeployments, webSocketSnapshots } from "../../../domain/websocket-api.ts";
import type { CreateStageRequest } from "../../../model/apigatewayv2.types.gen.ts";

const LOG_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:chat";
const ROLE = "arn:aws:iam::000000000000:role/logs";

async function start(httpLimits = {}, { routes = ["$default"] } = {}) {
  const plane = startControlPlane({ httpLimits });
  const { api, v2, store } = plane;
  const { ApiId = "" } = await v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
  for (const RouteKey of routes) await v2.CreateRoute({ ApiId, RouteKey }, call);
  const create = (members: Partial<CreateStageRequest> = {}) => v2.CreateStage({ ApiId, StageName: "prod", ...members }, call);
  const allowLogs = () => api.UpdateAccount({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }] }, call);
  /** What the stage shows. */
  const snapshot = async (StageName = "prod") => {
    const { DeploymentId = "" } = await v2.GetStage({ ApiId, StageName }, call);
    const deployment = await store.get(webSocketDeployments, [call.account, call.region, ApiId, DeploymentId]);
    return (await store.get(webSocketSnapshots, [call.account, call.region, ApiId, deployment?.value.snapshot ?? ""]))?.value;
  };
  return { ...plane, ApiId, create, allowLogs, snapshot, key: { ApiId, StageName: "prod" } };
}

const shown = (members: object = {}) => ({
  AutoDeploy: false,
  CreatedDate: NOW,
  DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: "OFF" },
  LastUpdatedDate: NOW,
  RouteSettings: {},
  StageName: "prod",
  StageVariables: {},
  Tags: {},
  ...members,
});

test("CreateStage, GetStage, GetStages by pages, DeleteStage", async () => {
  const { v2, ApiId, create, key, published } = await start();
  expect(await create()).toEqual(shown());
  expect(await v2.GetStage(key, call)).toEqual(shown());
  await create({ StageName: "test" });
  const page = await v2.GetStages({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [shown()], NextToken: expect.any(String) });
  expect(await v2.GetStages({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [shown({ StageName: "test" })] });
  expect(await v2.DeleteStage(key, call)).toEqual({});
  expect(published).toEqual([ApiId, ApiId, ApiId]);
  const operations = [v2.GetStage, v2.UpdateStage, v2.DeleteStage, v2.DeleteAccessLogSettings, v2.ResetAuthorizersCache];
  for (const operation of operations) expect(await refusal(operation(key, call))).toBe("NotFoundException: Invalid stage identifier specified");
});

test("CreateStage keeps all it is given", async () => {
  const { api, v2, ApiId, create, allowLogs } = await start();
  await allowLogs();
  const { clientCertificateId = "" } = await api.GenerateClientCertificate({}, call);
  const { DeploymentId = "" } = await v2.CreateDeployment({ ApiId }, call);
  const members = {
    Description: "live",
    DeploymentId,
    ClientCertificateId: clientCertificateId,
    DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: true, LoggingLevel: "OFF", ThrottlingBurstLimit: 10, ThrottlingRateLimit: 0.5 },
    RouteSettings: { $default: { DataTraceEnabled: false, LoggingLevel: "OFF" } },
    StageVariables: { url: "example.com" },
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" },
    Tags: { a: "b" },
  } as const;
  expect(await create(members)).toEqual(shown(members));
  expect(await refusal(api.DeleteClientCertificate({ clientCertificateId }, call))).toBe(
    `BadRequestException: Cannot delete client certificate. Client certificate '${clientCertificateId}', is referenced in [${ApiId}:prod] in format of [RESTApiId:Stage].`,
  );
});

test.each<[Partial<CreateStageRequest>, string]>([
  [{ StageName: "first" }, "ConflictException: Stage already exists"],
  [{ StageName: "a b" }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
  [{ DeploymentId: "nothere" }, "NotFoundException: Invalid Deployment identifier specified"],
  [{ ClientCertificateId: "nothere" }, "BadRequestException: Invalid Client Certificate identifier specified"],
  [{ RouteSettings: { send: {} } }, "NotFoundException: Unable to find Route by key send within the provided RouteSettings"],
  [{ StageVariables: { "a-b": "c" } }, "BadRequestException: Invalid stage variable name: a-b.  Please use names with only word characters."],
  [{ DefaultRouteSettings: { ThrottlingRateLimit: -1 } }, "BadRequestException: Invalid throttlingRateLimit specified: -1. Must be at least 0"],
  [{ AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "a" } }, "BadRequestException: Access Log format must include at least $context.requestId"],
  // github.com/anomalyco/sst/issues/1556
  [{ AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" } }, "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging"],
  [{ DefaultRouteSettings: { LoggingLevel: "INFO" } }, "NotImplementedException: Gatehouse has not built execution logs of WebSocket APIs yet."],
  [{ RouteSettings: { $default: { LoggingLevel: "ERROR" } } }, "NotImplementedException: Gatehouse has not built execution logs of WebSocket APIs yet."],
  [{ DefaultRouteSettings: { DataTraceEnabled: true } }, "NotImplementedException: Gatehouse has not built execution logs of WebSocket APIs yet."],
])("CreateStage refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  await create({ StageName: "first" });
  expect(await refusal(create(members))).toBe(expected);
  expect((await v2.GetStages({ ApiId }, call)).Items?.length).toBe(1);
});

test("UpdateStage merges; DeleteRouteSettings and DeleteAccessLogSettings take away", async () => {
  const { v2, create, key, allowLogs, advance } = await start({}, { routes: ["$default", "send"] });
  await allowLogs();
  await create({ Description: "old", StageVariables: { a: "1", b: "2" }, RouteSettings: { send: { ThrottlingBurstLimit: 1 } }, DefaultRouteSettings: { ThrottlingRateLimit: 9 } });
  advance(1000);
  const AccessLogSettings = { DestinationArn: LOG_GROUP, Format: "$context.requestId" };
  const update = { ...key, Description: "", StageVariables: { a: "", c: "3" }, RouteSettings: { $default: { DetailedMetricsEnabled: true } }, DefaultRouteSettings: { ThrottlingBurstLimit: 7 }, AccessLogSettings } as const;
  const merged = shown({
    LastUpdatedDate: NOW + 1000,
    StageVariables: { b: "2", c: "3" },
    RouteSettings: { send: { ThrottlingBurstLimit: 1 }, $default: { DetailedMetricsEnabled: true } },
    DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: false, LoggingLevel: "OFF", ThrottlingBurstLimit: 7 },
  });
  expect(await v2.UpdateStage(update, call)).toEqual({ ...merged, AccessLogSettings });
  expect(await v2.DeleteRouteSettings({ ...key, RouteKey: "send" }, call)).toEqual({});
  expect(await v2.DeleteAccessLogSettings(key, call)).toEqual({});
  expect(await v2.GetStage(key, call)).toEqual({ ...merged, RouteSettings: { $default: { DetailedMetricsEnabled: true } } });
  expect(await refusal(v2.DeleteRouteSettings({ ...key, RouteKey: "send" }, call))).toBe("NotFoundException: Unable to find Route by key send within the provided RouteSettings");
});

test("a client certificate is taken from a stage by an empty id, and can be deleted then", async () => {
  const { api, v2, create, key } = await start();
  const { clientCertificateId = "" } = await api.GenerateClientCertificate({}, call);
  await create();
  expect(await v2.UpdateStage({ ...key, ClientCertificateId: clientCertificateId }, call)).toMatchObject({ ClientCertificateId: clientCertificateId });
  expect((await v2.UpdateStage({ ...key, ClientCertificateId: "" }, call)).ClientCertificateId).toBeUndefined();
  expect(await api.DeleteClientCertificate({ clientCertificateId }, call)).toEqual({});
});

test("usage plans and API keys name stages of WebSocket APIs, which go out of them when they are deleted", async () => {
  const { api, v2, ApiId, create, key, keysPublished } = await start();
  const stage = { apiId: ApiId, stage: "prod" };
  expect(await refusal(api.CreateUsagePlan({ name: "gold", apiStages: [stage] }, call))).toBe(`NotFoundException: API Stage not found: ${ApiId}:prod`);
  await create();
  await create({ StageName: "test" });
  const plan = await api.CreateUsagePlan({ name: "gold", apiStages: [stage, { apiId: ApiId, stage: "test" }] }, call);
  const usagePlanId = plan.id as string;
  expect(plan.apiStages).toEqual([stage, { apiId: ApiId, stage: "test" }]);
  keysPublished.length = 0;
  await v2.DeleteStage({ ...key, StageName: "test" }, call);
  expect((await api.GetUsagePlan({ usagePlanId }, call)).apiStages).toEqual([stage]);
  await v2.DeleteApi({ ApiId }, call);
  expect((await api.GetUsagePlan({ usagePlanId }, call)).apiStages ?? []).toEqual([]);
  expect(keysPublished).toEqual([`plan ${usagePlanId}`, `plan ${usagePlanId}`]);
});

test("ResetAuthorizersCache has gateways forget what authorizers said", async () => {
  const { v2, ApiId, create, key, flushed } = await start();
  await create();
  expect(await v2.ResetAuthorizersCache(key, call)).toEqual({});
  expect(flushed).toEqual([`authorizers of ${ApiId}/prod`]);
});

test("CreateDeployment, GetDeployment, GetDeployments by pages, UpdateDeployment, DeleteDeployment", async () => {
  const { v2, ApiId, create, key, published } = await start();
  await create();
  published.length = 0;
  const made = await v2.CreateDeployment({ ApiId, Description: "first", StageName: "prod" }, call);
  const DeploymentId = made.DeploymentId as string;
  expect(made).toEqual({ AutoDeployed: false, CreatedDate: NOW, DeploymentId, DeploymentStatus: "DEPLOYED", Description: "first" });
  expect(published).toEqual([ApiId]);
  expect((await v2.GetStage(key, call)).DeploymentId).toBe(DeploymentId);
  const deployment = { ApiId, DeploymentId };
  expect(await v2.GetDeployment(deployment, call)).toEqual(made);
  const second = await v2.CreateDeployment({ ApiId }, call);
  const page = await v2.GetDeployments({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [made], NextToken: expect.any(String) });
  expect(await v2.GetDeployments({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.UpdateDeployment({ ...deployment, Description: "" }, call)).toEqual({ AutoDeployed: false, CreatedDate: NOW, DeploymentId, DeploymentStatus: "DEPLOYED" });
  expect(await refusal(v2.DeleteDeployment(deployment, call))).toBe("BadRequestException: Active stages pointing to this deployment must be moved or deleted");
  await v2.UpdateStage({ ...key, DeploymentId: second.DeploymentId as string }, call);
  expect(await v2.DeleteDeployment(deployment, call)).toEqual({});
  for (const gone of [v2.GetDeployment(deployment, call), v2.UpdateDeployment(deployment, call), v2.DeleteDeployment(deployment, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Deployment identifier specified");
  }
});

test("an API without routes is not deployed", async () => {
  const { v2, ApiId, create } = await start({}, { routes: [] });
  const none = "At least one route is required before deploying the Api";
  // github.com/aws/serverless-application-model/issues/2512
  expect(await refusal(v2.CreateDeployment({ ApiId }, call))).toBe(`BadRequestException: ${none}`);
  expect(await create({ AutoDeploy: true })).toEqual(shown({ AutoDeploy: true, LastDeploymentStatusMessage: `Deployment attempt failed: ${none}` }));
  await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  expect((await v2.GetStage({ ApiId, StageName: "prod" }, call)).LastDeploymentStatusMessage).toMatch(/^Successfully deployed stage with deployment ID '/);
});

test("a deployment freezes all that makes the API, and shows no later change", async () => {
  const { v2, ApiId, create, key, snapshot } = await start({}, { routes: [] });
  const { ModelId = "" } = await v2.CreateModel({ ApiId, Name: "Message", Schema: "{}" }, call);
  const { IntegrationId = "" } = await v2.CreateIntegration({ ApiId, IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' } }, call);
  await v2.CreateIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey: "$default" }, call);
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "send", Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: "$default" }, call);
  await v2.CreateRouteResponse({ ApiId, RouteId, RouteResponseKey: "$default" }, call);
  const { DeploymentId = "" } = await v2.CreateDeployment({ ApiId }, call);
  await create({ DeploymentId });
  const frozen = {
    apiId: ApiId,
    routeSelectionExpression: "$request.body.action",
    apiKeySelectionExpression: "$request.header.x-api-key",
    disableExecuteApiEndpoint: false,
    routes: [
      {
        routeId: RouteId,
        routeKey: "send",
        apiKeyRequired: false,
        authorizationType: "NONE",
        routeResponseSelectionExpression: "$default",
        target: `integrations/${IntegrationId}`,
        routeResponses: [{ routeResponseId: "i00006", routeResponseKey: "$default" }],
      },
    ],
    integrations: [
      {
        integrationId: IntegrationId,
        integrationType: "MOCK",
        connectionType: "INTERNET",
        passthroughBehavior: "WHEN_NO_MATCH",
        payloadFormatVersion: "1.0",
        requestTemplates: { $default: '{"statusCode":200}' },
        timeoutInMillis: 29_000,
        integrationResponses: [{ integrationResponseId: "i00004", integrationResponseKey: "$default" }],
      },
    ],
    authorizers: [],
    models: [{ id: ModelId, name: "Message", contentType: "application/json", schema: "{}" }],
  };
  expect(await snapshot()).toEqual(frozen);
  await v2.UpdateApi({ ApiId, DisableExecuteApiEndpoint: true, RouteSelectionExpression: "$request.body.kind" }, call);
  expect(await snapshot()).toEqual(frozen);
  await v2.CreateDeployment({ ApiId, StageName: key.StageName }, call);
  expect(await snapshot()).toEqual({ ...frozen, disableExecuteApiEndpoint: true, routeSelectionExpression: "$request.body.kind" });
});

test("a stage that deploys automatically shows every change when the call returns", async () => {
  const { v2, ApiId, create, published, snapshot } = await start();
  await create({ AutoDeploy: true });
  published.length = 0;
  const { IntegrationId = "" } = await v2.CreateIntegration({ ApiId, IntegrationType: "MOCK" }, call);
  const { IntegrationResponseId = "" } = await v2.CreateIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey: "$default" }, call);
  expect((await snapshot())?.integrations[0]?.integrationResponses.length).toBe(1);
  await v2.DeleteIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseId }, call);
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "send", RequestParameters: { "route.request.header.a": {} } }, call);
  await v2.DeleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey: "route.request.header.a" }, call);
  const shownNow = await snapshot();
  expect(shownNow?.integrations[0]?.integrationResponses).toEqual([]);
  expect(shownNow?.routes.map(({ routeKey, requestParameters }) => [routeKey, requestParameters])).toEqual([["$default", undefined], ["send", undefined]]);
  expect(published).toEqual(Array.from({ length: 5 }, () => ApiId));
  await v2.UpdateApi({ ApiId, Name: "talk" }, call);
  expect(published.length).toBe(5);
});

test("quotas: stages of an API", async () => {
  const { create } = await start({ stagesPerApi: 1 });
  await create();
  expect(await refusal(create({ StageName: "test" }))).toBe("TooManyRequestsException: Maximum number of Stages for this API has been reached. Please contact AWS if you need additional Stages.");
});
