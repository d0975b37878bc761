import { expect, test } from "vitest";
import { call, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { httpDeployments, httpSnapshots } from "../../domain/http-api.ts";
import type { CreateStageRequest, UpdateStageRequest } from "../../model/apigatewayv2.types.gen.ts";

type Members = Partial<Omit<CreateStageRequest, "ApiId">>;

const LOG_GROUP = "arn:aws:logs:us-west-2:123456789012:log-group:my-log-group";

async function start(httpLimits = {}, { routes = ["GET /pets"] } = {}) {
  const plane = startControlPlane({ httpLimits });
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  for (const RouteKey of routes) await plane.v2.CreateRoute({ ApiId, RouteKey }, call);
  const create = (members: Members = {}) => plane.v2.CreateStage({ ApiId, StageName: "dev", ...members }, call);
  return { ...plane, ApiId, create, key: { ApiId, StageName: "dev" } };
}

const shown = (members: object = {}) => ({
  AutoDeploy: false,
  CreatedDate: NOW,
  DefaultRouteSettings: { DetailedMetricsEnabled: false },
  LastUpdatedDate: NOW,
  RouteSettings: {},
  StageName: "dev",
  StageVariables: {},
  Tags: {},
  ...members,
});

test("CreateStage, GetStage, GetStages by pages, DeleteStage", async () => {
  const { v2, ApiId, create, key, published } = await start();
  expect(await create()).toEqual(shown());
  expect(await v2.GetStage(key, call)).toEqual(shown());
  await create({ StageName: "prod" });
  const page = await v2.GetStages({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [shown()], NextToken: expect.any(String) });
  expect(await v2.GetStages({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [shown({ StageName: "prod" })] });
  expect(await v2.DeleteStage(key, call)).toEqual({});
  expect(published).toEqual([ApiId, ApiId, ApiId]);
  const operations = [v2.GetStage, v2.UpdateStage, v2.DeleteStage, v2.DeleteAccessLogSettings, v2.ResetAuthorizersCache];
  for (const operation of operations) expect(await refusal(operation(key, call))).toBe("NotFoundException: Invalid stage identifier specified");
});

test("CreateStage keeps all it is given", async () => {
  const { create, v2, ApiId } = await start();
  const { DeploymentId = "" } = await v2.CreateDeployment({ ApiId }, call);
  const members = {
    StageName: "$default",
    Description: "live",
    DeploymentId,
    DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingBurstLimit: 10, ThrottlingRateLimit: 0.5 },
    RouteSettings: { "GET /pets": { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 2000 } },
    StageVariables: { url: "example.com" },
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" },
    Tags: { a: "b" },
  };
  expect(await create(members)).toEqual(shown(members));
});

const not = (what: string) => `BadRequestException: ${what} are not supported on protocolType HTTP`;

test.each<[Members, string]>([
  [{ StageName: "first" }, "ConflictException: Stage already exists"],
  [{ StageName: "a b" }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
  [{ StageName: "$other" }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
  [{ Description: "a".repeat(1025) }, "BadRequestException: Description must have at most 1024 characters; this one has 1025"],
  [{ DeploymentId: "nothere" }, "NotFoundException: Invalid Deployment identifier specified"],
  [{ DeploymentId: "nothere", AutoDeploy: true }, "BadRequestException: A deployment id cannot be specified for a stage with autoDeploy enabled"],
  [{ StageVariables: { "a-b": "c" } }, "BadRequestException: Invalid stage variable name: a-b.  Please use names with only word characters."],
  // github.com/terraform-aws-modules/terraform-aws-apigateway-v2/pull/80
  [{ RouteSettings: { "GET /some-route": {} } }, "NotFoundException: Unable to find Route by key GET /some-route within the provided RouteSettings"],
  // github.com/hashicorp/terraform-provider-aws/issues/13801
  [{ DefaultRouteSettings: { LoggingLevel: "OFF" } }, not("Execution logs")],
  [{ RouteSettings: { "GET /pets": { LoggingLevel: "INFO" } } }, not("Execution logs")],
  [{ DefaultRouteSettings: { DataTraceEnabled: true } }, not("Execution logs")],
  [{ DefaultRouteSettings: { ThrottlingBurstLimit: -1 } }, "BadRequestException: Invalid throttlingBurstLimit specified: -1. Must be at least 0"],
  [{ RouteSettings: { "GET /pets": { ThrottlingRateLimit: -1 } } }, "BadRequestException: Invalid throttlingRateLimit specified: -1. Must be at least 0"],
  [{ ClientCertificateId: "abc" }, not("Client certificates")],
  [{ AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "a" } }, "BadRequestException: Access Log format must include at least $context.requestId"],
  [{ AccessLogSettings: { DestinationArn: LOG_GROUP } }, "BadRequestException: Access log settings have a destination ARN and a format"],
  [{ AccessLogSettings: { DestinationArn: "logs", Format: "$context.requestId" } }, "BadRequestException: Invalid ARN specified in the request"],
  [{ AccessLogSettings: { DestinationArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-a", Format: "$context.requestId" } }, "BadRequestException: Invalid ARN specified in the request"],
  [{ Tags: { "": "a" } }, "BadRequestException: Invalid tag key: . Tag keys have 1 to 128 letters, numbers, spaces and the symbols _ . : / = + - @"],
])("CreateStage refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  await create({ StageName: "first" });
  expect(await refusal(create(members))).toBe(expected);
  expect((await v2.GetStages({ ApiId }, call)).Items?.length).toBe(1);
});

test("quotas: the size of a template of access logs", async () => {
  const { create } = await start();
  const Format = `$context.requestId${" ".repeat(3055)}`;
  expect(await refusal(create({ AccessLogSettings: { DestinationArn: LOG_GROUP, Format } }))).toBe("BadRequestException: Access Log format must have at most 3072 bytes; this one has 3073");
  expect((await create({ AccessLogSettings: { DestinationArn: LOG_GROUP, Format: Format.slice(0, -1) } })).AccessLogSettings?.Format?.length).toBe(3072);
});

test("UpdateStage merges: variables by name, route settings by key", async () => {
  const { v2, create, key, advance } = await start({}, { routes: ["GET /pets", "$default"] });
  await create({ Description: "old", StageVariables: { a: "1", b: "2" }, RouteSettings: { "GET /pets": { ThrottlingBurstLimit: 1 } } });
  advance(1000);
  const update: UpdateStageRequest = {
    ...key,
    Description: "",
    StageVariables: { a: "", c: "3" },
    RouteSettings: { $default: { ThrottlingRateLimit: 5 } },
    DefaultRouteSettings: { ThrottlingBurstLimit: 7 },
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" },
  };
  const merged = shown({
    LastUpdatedDate: NOW + 1000,
    StageVariables: { b: "2", c: "3" },
    RouteSettings: { "GET /pets": { ThrottlingBurstLimit: 1 }, $default: { ThrottlingRateLimit: 5 } },
    DefaultRouteSettings: { DetailedMetricsEnabled: false, ThrottlingBurstLimit: 7 },
    AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" },
  });
  expect(await v2.UpdateStage(update, call)).toEqual(merged);
  expect(await v2.GetStage(key, call)).toEqual(merged);
  expect(await v2.DeleteRouteSettings({ ...key, RouteKey: "GET /pets" }, call)).toEqual({});
  expect(await v2.DeleteAccessLogSettings(key, call)).toEqual({});
  const { AccessLogSettings: _gone, ...rest } = merged as typeof merged & { AccessLogSettings: object };
  expect(await v2.GetStage(key, call)).toEqual({ ...rest, RouteSettings: { $default: { ThrottlingRateLimit: 5 } } });
  expect(await refusal(v2.DeleteRouteSettings({ ...key, RouteKey: "GET /pets" }, call))).toBe("NotFoundException: Unable to find Route by key GET /pets within the provided RouteSettings");
});

test("ResetAuthorizersCache has gateways forget what authorizers said", async () => {
  const { v2, ApiId, create, key, flushed } = await start();
  await create();
  expect(await v2.ResetAuthorizersCache(key, call)).toEqual({});
  expect(flushed).toEqual([`authorizers of ${ApiId}/dev`]);
});

test("http-api-stages: a stage that deploys automatically shows every change when the call returns", async () => {
  const { v2, ApiId, create, key, store, published } = await start();
  const first = await create({ AutoDeploy: true });
  expect(first).toEqual(shown({ AutoDeploy: true, DeploymentId: "i00003", LastDeploymentStatusMessage: "Successfully deployed stage with deployment ID 'i00003'" }));
  const deployments = (await v2.GetDeployments({ ApiId }, call)).Items;
  expect(deployments).toEqual([
    { AutoDeployed: true, CreatedDate: NOW, DeploymentId: "i00003", DeploymentStatus: "DEPLOYED", Description: "Automatic deployment triggered by changes to the Api configuration" },
  ]);
  const shownRoutes = async () => {
    const { DeploymentId = "" } = await v2.GetStage(key, call);
    const deployment = await store.get(httpDeployments, ["000000000000", "us-east-1", ApiId, DeploymentId]);
    const snapshot = await store.get(httpSnapshots, ["000000000000", "us-east-1", ApiId, deployment?.value.snapshot ?? ""]);
    return snapshot?.value;
  };
  published.length = 0;
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  expect((await shownRoutes())?.routes.map(({ routeKey }) => routeKey)).toEqual(["GET /pets", "$default"]);
  await v2.UpdateApi({ ApiId, CorsConfiguration: { AllowOrigins: ["*"] }, DisableExecuteApiEndpoint: true }, call);
  expect(await shownRoutes()).toMatchObject({ corsConfiguration: { allowOrigins: ["*"] }, disableExecuteApiEndpoint: true });
  await v2.DeleteRoute({ ApiId, RouteId }, call);
  expect((await shownRoutes())?.routes.map(({ routeKey }) => routeKey)).toEqual(["GET /pets"]);
  expect(published).toEqual([ApiId, ApiId, ApiId]);
  await v2.UpdateApi({ ApiId, Name: "cats" }, call);
  expect(published).toEqual([ApiId, ApiId, ApiId]);
});

test("without routes nothing is deployed automatically, and the stage says so", async () => {
  const { v2, ApiId, create, key } = await start({}, { routes: [] });
  const failed = shown({ AutoDeploy: true, LastDeploymentStatusMessage: "Deployment attempt failed: Unable to deploy API because no routes exist in this API" });
  expect(await create({ AutoDeploy: true })).toEqual(failed);
  expect(await v2.GetDeployments({ ApiId }, call)).toEqual({ Items: [] });
  await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  expect(await v2.GetStage(key, call)).toMatchObject({ LastDeploymentStatusMessage: expect.stringMatching(/^Successfully deployed stage with deployment ID '/) });
});

test("UpdateStage turns automatic deployments on, which deploys at once, and off", async () => {
  const { v2, ApiId, create, key } = await start();
  await create();
  const on = await v2.UpdateStage({ ...key, AutoDeploy: true }, call);
  expect(on).toEqual(shown({ AutoDeploy: true, DeploymentId: "i00003", LastDeploymentStatusMessage: "Successfully deployed stage with deployment ID 'i00003'" }));
  expect(await refusal(v2.UpdateStage({ ...key, DeploymentId: "i00003" }, call))).toBe("BadRequestException: A deployment id cannot be specified for a stage with autoDeploy enabled");
  await v2.UpdateStage({ ...key, AutoDeploy: false }, call);
  await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  expect((await v2.GetStage(key, call)).DeploymentId).toBe("i00003");
});

test("automatic deployments that no stage shows are kept up to a number, with their snapshots", async () => {
  const { v2, ApiId, create, store, advance } = await start({ unusedAutoDeployments: 2 });
  const manual = await v2.CreateDeployment({ ApiId }, call);
  await create({ AutoDeploy: true });
  for (let i = 0; i < 5; i++) {
    advance(1000);
    await v2.CreateRoute({ ApiId, RouteKey: `GET /${i}` }, call);
  }
  const { Items = [] } = await v2.GetDeployments({ ApiId }, call);
  const times = Items.filter(({ AutoDeployed }) => AutoDeployed).map(({ CreatedDate = 0 }) => (CreatedDate - NOW) / 1000);
  expect(new Set(times)).toEqual(new Set([3, 4, 5]));
  expect(Items).toContainEqual(manual);
  expect(await store.count(httpSnapshots, {})).toBe(4);
});

test("quotas: stages of an API", async () => {
  const { create } = await start({ stagesPerApi: 1 });
  await create();
  expect(await refusal(create({ StageName: "prod" }))).toBe("TooManyRequestsException: Maximum number of Stages for this API has been reached. Please contact AWS if you need additional Stages.");
});
