import { expect, test } from "vitest";
import { call, callOf, NOW, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import type { CreateApiRequest, UpdateApiRequest } from "../../../model/apigatewayv2.types.gen.ts";

const CHAT = { Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" } as const;

async function start(members: Partial<CreateApiRequest> = {}, httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { ApiId = "" } = await plane.v2.CreateApi({ ...CHAT, ...members }, call);
  return { ...plane, ApiId };
}

const shown = (ApiId: string, members: object = {}) => ({
  ApiEndpoint: `wss://${ApiId}.execute-api.us-east-1.amazonaws.com`,
  ApiId,
  ApiKeySelectionExpression: "$request.header.x-api-key",
  CreatedDate: NOW,
  DisableExecuteApiEndpoint: false,
  IpAddressType: "ipv4",
  Name: "chat",
  ProtocolType: "WEBSOCKET",
  RouteSelectionExpression: "$request.body.action",
  Tags: {},
  ...members,
});

const cannot = (member: string) => `BadRequestException: ${member} cannot be set for WEBSOCKET protocol Apis`;

test("CreateApi, GetApi, DeleteApi with all that belongs to it", async () => {
  const { v2, ApiId, store, published } = await start();
  expect(await v2.GetApi({ ApiId }, call)).toEqual(shown(ApiId));
  const { IntegrationId } = await v2.CreateIntegration({ ApiId, IntegrationType: "MOCK" }, call);
  await v2.CreateRoute({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}` }, call);
  await v2.CreateModel({ ApiId, Name: "Message", Schema: "{}" }, call);
  await v2.CreateStage({ ApiId, StageName: "prod", AutoDeploy: true }, call);
  expect(published).toEqual([ApiId]);
  expect(await v2.DeleteApi({ ApiId }, call)).toEqual({});
  expect(published).toEqual([ApiId, ApiId]);
  const left = ["api", "route", "integration", "authorizer", "model", "stage", "deployment", "snapshot"];
  for (const name of left) expect(await store.count({ name: `websocket-${name}`, indexes: {} }, {})).toBe(0);
  const gone = `NotFoundException: Invalid API identifier specified 000000000000:${ApiId}`;
  for (const operation of [v2.GetApi, v2.UpdateApi, v2.DeleteApi, v2.GetRoutes, v2.GetModels, v2.GetStages, v2.GetDeployments]) expect(await refusal(operation({ ApiId }, call))).toBe(gone);
});

test("CreateApi keeps all it is given", async () => {
  const members = {
    Description: "talk",
    Version: "1",
    RouteSelectionExpression: "${request.body.service}/${request.body.action}",
    ApiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
    DisableSchemaValidation: true,
    DisableExecuteApiEndpoint: true,
    IpAddressType: "dualstack",
    Tags: { team: "pets" },
  } as const;
  const { v2, ApiId } = await start(members);
  expect(await v2.GetApi({ ApiId }, call)).toEqual(shown(ApiId, members));
});

test("an endpoint in China has China's suffix", async () => {
  const api = await startControlPlane().v2.CreateApi(CHAT, callOf("000000000000", "cn-north-1"));
  expect(api.ApiEndpoint).toBe(`wss://${api.ApiId}.execute-api.cn-north-1.amazonaws.com.cn`);
});

const invalid = (expression: string) =>
  `BadRequestException: Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid selection expression specified: ${expression}]`;

test.each<[Partial<CreateApiRequest>, string]>([
  [{ RouteSelectionExpression: "" }, "BadRequestException: RouteSelectionExpression is a required parameter for WEBSOCKET protocol Apis"],
  [{ RouteSelectionExpression: "$request.header.action" }, invalid("$request.header.action")],
  [{ RouteSelectionExpression: "${request.body[}" }, invalid("${request.body[}")],
  [{ RouteSelectionExpression: "a".repeat(1025) }, "BadRequestException: RouteSelectionExpression must have at most 1024 characters; this one has 1025"],
  [
    { ApiKeySelectionExpression: "$request.body.key" },
    "BadRequestException: Invalid apiKeySelectionExpression specified: $request.body.key. Must be one of: [$request.header.x-api-key, $context.authorizer.usageIdentifierKey]",
  ],
  [{ Name: "" }, "BadRequestException: Name must be non-empty"],
  [{ Description: "a".repeat(1025) }, "BadRequestException: Description must have at most 1024 characters; this one has 1025"],
  [{ CorsConfiguration: { AllowOrigins: ["*"] } }, cannot("CorsConfiguration")],
  [{ Target: "https://example.com" }, cannot("Target")],
  [{ RouteKey: "$default" }, cannot("RouteKey")],
  [{ CredentialsArn: "arn:aws:iam::000000000000:role/a" }, cannot("CredentialsArn")],
  [{ Tags: { "aws:x": "y" } }, "BadRequestException: Invalid tag key: aws:x. Tag keys must not start with aws:"],
])("CreateApi refuses %j", async (members, expected) => {
  const { v2 } = startControlPlane();
  expect(await refusal(v2.CreateApi({ ...CHAT, ...members }, call))).toBe(expected);
  expect(await v2.GetApis({}, call)).toEqual({ Items: [] });
});

test("UpdateApi merges: what is not given stays, empty texts go", async () => {
  const { v2, ApiId } = await start({ Description: "old", Version: "1" });
  const update: UpdateApiRequest = { ApiId, Name: "talk", Description: "", RouteSelectionExpression: "$request.body.kind", DisableExecuteApiEndpoint: true };
  const merged = shown(ApiId, { Name: "talk", Version: "1", RouteSelectionExpression: "$request.body.kind", DisableExecuteApiEndpoint: true });
  expect(await v2.UpdateApi(update, call)).toEqual(merged);
  expect(await v2.GetApi({ ApiId }, call)).toEqual(merged);
  expect(await refusal(v2.UpdateApi({ ApiId, CorsConfiguration: {} }, call))).toBe(cannot("CorsConfiguration"));
  expect(await refusal(v2.UpdateApi({ ApiId, RouteSelectionExpression: "$x" }, call))).toBe(invalid("$x"));
});

test("GetApis shows the APIs of both protocols, page by page", async () => {
  const { v2 } = startControlPlane();
  const made: (string | undefined)[] = [];
  for (const protocol of ["HTTP", "WEBSOCKET", "WEBSOCKET", "HTTP", "WEBSOCKET"] as const) {
    const api = protocol === "HTTP" ? { Name: "pets", ProtocolType: protocol } : CHAT;
    made.push((await v2.CreateApi(api, call)).ApiId);
  }
  const seen: (string | undefined)[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await v2.GetApis({ MaxResults: "2", ...(NextToken === undefined ? {} : { NextToken }) }, call);
    seen.push((page.Items ?? []).map(({ ApiId }) => ApiId));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
  expect((await v2.GetApis({}, call)).Items?.map(({ ProtocolType }) => ProtocolType)).toEqual(["HTTP", "WEBSOCKET", "WEBSOCKET", "HTTP", "WEBSOCKET"]);
});

test("quotas: APIs of an account, both protocols together", async () => {
  const { v2 } = await start({}, { apis: 2 });
  await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  const full = "TooManyRequestsException: Maximum number of APIs for this account has been reached. Please contact AWS if you need additional APIs.";
  expect(await refusal(v2.CreateApi(CHAT, call))).toBe(full);
  expect(await refusal(v2.CreateApi({ Name: "cats", ProtocolType: "HTTP" }, call))).toBe(full);
});

test("imports, exports and CORS are of HTTP APIs alone", async () => {
  const { v2, ApiId } = await start();
  expect(await refusal(v2.ReimportApi({ ApiId, Body: "{}" }, call))).toBe("BadRequestException: Imports are not supported on protocolType WEBSOCKET");
  expect(await refusal(v2.ExportApi({ ApiId, OutputType: "JSON", Specification: "OAS30" }, call))).toBe("BadRequestException: Exports are not supported on protocolType WEBSOCKET");
  expect(await refusal(v2.DeleteCorsConfiguration({ ApiId }, call))).toBe(cannot("CorsConfiguration"));
});

test("tags of APIs and of stages, by ARN", async () => {
  const { v2, ApiId } = await start({ Tags: { a: "1" } });
  await v2.CreateStage({ ApiId, StageName: "prod" }, call);
  const api = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
  for (const [ResourceArn, before] of [[api, { a: "1" }], [`${api}/stages/prod`, {}]] as const) {
    await v2.TagResource({ ResourceArn, Tags: { b: "2", c: "3" } }, call);
    await v2.UntagResource({ ResourceArn, TagKeys: ["c"] }, call);
    expect(await v2.GetTags({ ResourceArn }, call)).toEqual({ Tags: { ...before, b: "2" } });
  }
  expect((await v2.GetStage({ ApiId, StageName: "prod" }, call)).Tags).toEqual({ b: "2" });
});
