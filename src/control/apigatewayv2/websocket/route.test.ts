import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import type { CreateRouteRequest, UpdateRouteRequest } from "../../../model/apigatewayv2.types.gen.ts";

const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";

async function start(httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { v2 } = plane;
  const { ApiId = "" } = await v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
  const { IntegrationId } = await v2.CreateIntegration({ ApiId, IntegrationType: "MOCK" }, call);
  const { AuthorizerId = "" } = await v2.CreateAuthorizer({ ApiId, Name: "auth", AuthorizerType: "REQUEST", IdentitySource: ["route.request.querystring.token"], AuthorizerUri: FUNCTION }, call);
  await v2.CreateModel({ ApiId, Name: "Message", Schema: '{"type":"object"}' }, call);
  const create = (members: Partial<CreateRouteRequest> = {}) => v2.CreateRoute({ ApiId, RouteKey: "send", ...members }, call);
  return { ...plane, ApiId, AuthorizerId, create, target: `integrations/${IntegrationId}` };
}

const bare = { ApiKeyRequired: false, AuthorizationType: "NONE" } as const;

test("CreateRoute, GetRoute, GetRoutes by pages, DeleteRoute", async () => {
  const { v2, ApiId, create } = await start();
  const route = await create({ RouteKey: "$default" });
  expect(route).toEqual({ ...bare, RouteId: "i000005", RouteKey: "$default" });
  const key = { ApiId, RouteId: "i000005" };
  expect(await v2.GetRoute(key, call)).toEqual(route);
  const second = await create({ RouteKey: "$connect" });
  const page = await v2.GetRoutes({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [route], NextToken: expect.any(String) });
  expect(await v2.GetRoutes({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.DeleteRoute(key, call)).toEqual({});
  for (const gone of [v2.GetRoute(key, call), v2.UpdateRoute(key, call), v2.DeleteRoute(key, call), v2.GetRouteResponses(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Route identifier specified");
  }
});

test("CreateRoute keeps all it is given", async () => {
  const { create, AuthorizerId, target } = await start();
  const members = {
    RouteKey: "$connect",
    ApiKeyRequired: true,
    AuthorizationType: "CUSTOM",
    AuthorizerId,
    ModelSelectionExpression: "${request.body.kind}",
    OperationName: "ConnectRoute",
    RequestModels: { $default: "Message" },
    RequestParameters: { "route.request.querystring.token": { Required: true }, "route.request.header.X-A": {} },
    RouteResponseSelectionExpression: "$default",
    Target: target,
  } as const;
  expect(await create(members)).toEqual({
    ...members,
    RequestParameters: { "route.request.querystring.token": { Required: true }, "route.request.header.X-A": { Required: false } },
    RouteId: "i000005",
  });
});

test("UpdateRoute: parameters are merged and models replaced, empty texts go; an authorization type without an authorizer takes it away", async () => {
  const { v2, ApiId, create, AuthorizerId, target } = await start();
  await v2.CreateModel({ ApiId, Name: "Other", Schema: "{}" }, call);
  const { RouteId = "" } = await create({ RouteKey: "$connect", AuthorizationType: "CUSTOM", AuthorizerId, OperationName: "old", Target: target, RequestModels: { a: "Message" }, RequestParameters: { "route.request.header.a": { Required: true } } });
  const update: UpdateRouteRequest = { ApiId, RouteId, OperationName: "", RequestModels: { b: "Other" }, RequestParameters: { "route.request.header.b": {} }, ApiKeyRequired: true };
  const merged = {
    ApiKeyRequired: true,
    AuthorizationType: "CUSTOM",
    AuthorizerId,
    RequestModels: { b: "Other" },
    RequestParameters: { "route.request.header.a": { Required: true }, "route.request.header.b": { Required: false } },
    RouteId,
    RouteKey: "$connect",
    Target: target,
  };
  expect(await v2.UpdateRoute(update, call)).toEqual(merged);
  // github.com/hashicorp/terraform-provider-aws takes parameters away one by one
  expect(await v2.DeleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey: "route.request.header.a" }, call)).toEqual({});
  expect((await v2.GetRoute({ ApiId, RouteId }, call)).RequestParameters).toEqual({ "route.request.header.b": { Required: false } });
  await v2.DeleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey: "route.request.header.b" }, call);
  expect(await refusal(v2.DeleteRouteRequestParameter({ ApiId, RouteId, RequestParameterKey: "route.request.header.b" }, call))).toBe("NotFoundException: Invalid parameter name specified");
  const opened = await v2.UpdateRoute({ ApiId, RouteId, AuthorizationType: "AWS_IAM", RequestModels: {} }, call);
  expect(opened).toEqual({ ApiKeyRequired: true, AuthorizationType: "AWS_IAM", RouteId, RouteKey: "$connect", Target: target });
  expect((await v2.UpdateRoute({ ApiId, RouteId, RouteResponseSelectionExpression: "$default" }, call)).RouteResponseSelectionExpression).toBe("$default");
  expect((await v2.UpdateRoute({ ApiId, RouteId, RouteResponseSelectionExpression: "" }, call)).RouteResponseSelectionExpression).toBeUndefined();
});

const invalidMapping = (text: string) =>
  `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${text}]`;

test.each<[Partial<CreateRouteRequest>, string]>([
  [{ RouteKey: "" }, "BadRequestException: Route key is required"],
  // github.com/serverless/serverless/issues/9530
  [{ RouteKey: "$getauthorized" }, "BadRequestException: The provided route key is not formatted properly"],
  [{ RouteKey: "a".repeat(1025) }, "BadRequestException: RouteKey must have at most 1024 characters; this one has 1025"],
  // github.com/serverless/serverless/issues/7260
  [{ RouteKey: "taken" }, "ConflictException: Route with key taken already exists for this API"],
  [{ OperationName: "a".repeat(65) }, "BadRequestException: OperationName must have at most 64 characters; this one has 65"],
  [{ Target: "lambda" }, "BadRequestException: Invalid target specified: lambda. Must be of the form integrations/{integration-id}"],
  [{ Target: "integrations/nothere" }, "NotFoundException: Invalid Integration identifier specified"],
  [{ AuthorizationType: "JWT" }, "BadRequestException: JWT authorizers are not supported on protocolType WEBSOCKET"],
  [{ AuthorizationScopes: ["a"] }, "BadRequestException: AuthorizationScopes cannot be set for WEBSOCKET protocol Apis"],
  [{ AuthorizationType: "CUSTOM" }, "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."],
  [{ AuthorizationType: "CUSTOM", AuthorizerId: "nothere" }, "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."],
  [
    { ModelSelectionExpression: "$context.stage" },
    "BadRequestException: Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid selection expression specified: $context.stage]",
  ],
  [{ RequestModels: { $default: "Nothing" } }, "BadRequestException: Invalid model identifier specified: Nothing"],
  [{ RequestParameters: { "method.request.header.a": {} } }, invalidMapping("method.request.header.a")],
  [{ RequestParameters: { "route.request.path.a": {} } }, invalidMapping("route.request.path.a")],
  [{ RouteResponseSelectionExpression: "$request.body.a" }, "BadRequestException: Invalid routeResponseSelectionExpression specified: $request.body.a. Must be $default"],
])("CreateRoute refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  const { RouteId = "" } = await create({ RouteKey: "other" });
  await create({ RouteKey: "taken" });
  expect(await refusal(create(members))).toBe(expected);
  expect(await refusal(v2.UpdateRoute({ ApiId, RouteId, ...members }, call))).toBe(expected);
  expect((await v2.GetRoutes({ ApiId }, call)).Items?.length).toBe(2);
});

test("quotas: routes of an API", async () => {
  const { create } = await start({ routesPerApi: 1 });
  await create();
  expect(await refusal(create({ RouteKey: "other" }))).toBe("TooManyRequestsException: Maximum number of Routes for this API has been reached. Please contact AWS if you need additional Routes.");
});

test("many routes made at once are all there, and each conflict is told", async () => {
  const { v2, ApiId, create } = await start();
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => refusal(create({ RouteKey: `r${i % 10}` }))));
  expect(made.filter((each) => each.startsWith("accepted")).length).toBe(10);
  expect(made.filter((each) => each.startsWith("ConflictException: Route with key")).length).toBe(10);
  expect((await v2.GetRoutes({ ApiId }, call)).Items?.length).toBe(10);
});

test("CreateRouteResponse, GetRouteResponse, GetRouteResponses, UpdateRouteResponse, DeleteRouteResponse", async () => {
  const { v2, ApiId, create } = await start();
  const { RouteId = "" } = await create();
  const route = { ApiId, RouteId };
  const made = await v2.CreateRouteResponse({ ...route, RouteResponseKey: "$default" }, call);
  const key = { ...route, RouteResponseId: made.RouteResponseId as string };
  expect(made).toEqual({ RouteResponseId: "i00006", RouteResponseKey: "$default" });
  expect(await v2.GetRouteResponse(key, call)).toEqual(made);
  expect(await v2.GetRouteResponses(route, call)).toEqual({ Items: [made] });
  const update = { ...key, ModelSelectionExpression: "action", ResponseModels: { test: "Message" }, ResponseParameters: { "route.response.header.a": { Required: true } } };
  const changed = { ...made, ModelSelectionExpression: "action", ResponseModels: { test: "Message" }, ResponseParameters: { "route.response.header.a": { Required: true } } };
  expect(await v2.UpdateRouteResponse(update, call)).toEqual(changed);
  expect(await v2.GetRouteResponse(key, call)).toEqual(changed);
  expect(await v2.DeleteRouteResponse(key, call)).toEqual({});
  for (const gone of [v2.GetRouteResponse(key, call), v2.UpdateRouteResponse(key, call), v2.DeleteRouteResponse(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid RouteResponse identifier specified");
  }
});

test("a route has one response, $default; its models exist", async () => {
  const { v2, ApiId, create } = await start();
  const { RouteId = "" } = await create();
  const response = { ApiId, RouteId, RouteResponseKey: "$default" };
  expect(await refusal(v2.CreateRouteResponse({ ...response, RouteResponseKey: "/2../" }, call))).toBe("BadRequestException: Invalid routeResponseKey specified: /2../. Must be $default");
  expect(await refusal(v2.CreateRouteResponse({ ...response, ResponseModels: { a: "Nothing" } }, call))).toBe("BadRequestException: Invalid model identifier specified: Nothing");
  expect(await refusal(v2.CreateRouteResponse({ ...response, ResponseParameters: { "route.request.header.a": {} } }, call))).toBe(invalidMapping("route.request.header.a"));
  await v2.CreateRouteResponse(response, call);
  expect(await refusal(v2.CreateRouteResponse(response, call))).toBe("ConflictException: RouteResponse with key $default already exists for this Route");
  await v2.DeleteRoute({ ApiId, RouteId }, call);
  expect(await refusal(v2.CreateRouteResponse(response, call))).toBe("NotFoundException: Invalid Route identifier specified");
});
