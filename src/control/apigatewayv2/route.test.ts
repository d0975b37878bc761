import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateRouteRequest } from "../../model/apigatewayv2.types.gen.ts";

type Members = Partial<Omit<CreateRouteRequest, "ApiId">>;

async function start(members: Members = {}, httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { v2 } = plane;
  const { ApiId = "" } = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  const integration = await v2.CreateIntegration(
    { ApiId, IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.com", IntegrationMethod: "ANY", PayloadFormatVersion: "1.0" },
    call,
  );
  const jwt = await v2.CreateAuthorizer({ ApiId, Name: "jwt", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"], JwtConfiguration: { Issuer: "https://a.example" } }, call);
  const custom = await v2.CreateAuthorizer(
    {
      ApiId,
      Name: "custom",
      AuthorizerType: "REQUEST",
      IdentitySource: ["$request.header.Authorization"],
      AuthorizerPayloadFormatVersion: "2.0",
      AuthorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
    },
    call,
  );
  const route = await v2.CreateRoute({ ApiId, RouteKey: "GET /pets", ...members }, call);
  return { ...plane, ApiId, target: `integrations/${integration.IntegrationId}`, jwt: jwt.AuthorizerId as string, custom: custom.AuthorizerId as string, route, key: { ApiId, RouteId: route.RouteId as string } };
}

test("CreateRoute, GetRoute, GetRoutes by pages, DeleteRoute", async () => {
  const { v2, ApiId, route, key } = await start();
  expect(route).toEqual({ ApiKeyRequired: false, AuthorizationType: "NONE", RouteId: "i000005", RouteKey: "GET /pets" });
  expect(await v2.GetRoute(key, call)).toEqual(route);
  const second = await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  const page = await v2.GetRoutes({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [route], NextToken: expect.any(String) });
  expect(await v2.GetRoutes({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.DeleteRoute(key, call)).toEqual({});
  for (const gone of [v2.GetRoute(key, call), v2.UpdateRoute(key, call), v2.DeleteRoute(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Route identifier specified");
  }
});

test("CreateRoute and UpdateRoute keep all they are given; an authorization type without an authorizer takes it away", async () => {
  const { v2, ApiId, target, jwt, custom } = await start();
  const members = { RouteKey: "POST /pets/{id}", AuthorizationType: "JWT", AuthorizerId: jwt, AuthorizationScopes: ["pets", "cats"], OperationName: "adopt", Target: target } as const;
  const route = await v2.CreateRoute({ ApiId, ...members }, call);
  const shown = { ApiKeyRequired: false, RouteId: "i000006", ...members };
  expect(route).toEqual(shown);
  const key = { ApiId, RouteId: "i000006" };
  expect(await v2.UpdateRoute({ ...key, RouteKey: "PUT /pets/{id}", AuthorizationScopes: ["dogs"] }, call)).toEqual({ ...shown, RouteKey: "PUT /pets/{id}", AuthorizationScopes: ["dogs"] });
  const unscoped = { ApiKeyRequired: false, RouteId: "i000006", RouteKey: "PUT /pets/{id}", OperationName: "adopt", Target: target };
  expect(await v2.UpdateRoute({ ...key, AuthorizationType: "CUSTOM", AuthorizerId: custom }, call)).toEqual({ ...unscoped, AuthorizationType: "CUSTOM", AuthorizerId: custom });
  expect(await v2.UpdateRoute({ ...key, AuthorizationType: "NONE" }, call)).toEqual({ ...unscoped, AuthorizationType: "NONE" });
  expect(await v2.UpdateRoute({ ...key, Target: "", OperationName: "" }, call)).toEqual({ ApiKeyRequired: false, RouteId: "i000006", RouteKey: "PUT /pets/{id}", AuthorizationType: "NONE" });
});

const NEEDS_JWT = "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.";
const NEEDS_CUSTOM = "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";
const invalidKey = (key: string) => `BadRequestException: Invalid route key specified: ${key}. Must be $default, or a method or ANY, a space and a path`;
const not = (what: string) => `BadRequestException: ${what} are not supported on protocolType HTTP`;

const refusals: [Members, string][] = [
  [{ RouteKey: "" }, "BadRequestException: Route key is required"],
  [{ RouteKey: "pets" }, invalidKey("pets")],
  [{ RouteKey: "get /pets" }, invalidKey("get /pets")],
  [{ RouteKey: "GET pets" }, invalidKey("GET pets")],
  [{ RouteKey: "GET /{proxy+}/pets" }, invalidKey("GET /{proxy+}/pets")],
  [{ RouteKey: "GET /{id}/{id}" }, invalidKey("GET /{id}/{id}")],
  // github.com/anomalyco/sst/issues/5031
  [{ RouteKey: "GET /pets" }, "ConflictException: Route with key GET /pets already exists for this API"],
  [{ Target: "pets" }, "BadRequestException: Invalid target specified: pets. Must be of the form integrations/{integration-id}"],
  [{ Target: "integrations/nothere" }, "NotFoundException: Invalid Integration identifier specified"],
  [{ AuthorizationType: "JWT" }, NEEDS_JWT],
  [{ AuthorizationType: "JWT", AuthorizerId: "nothere" }, NEEDS_JWT],
  [{ AuthorizationType: "JWT", AuthorizerId: "i00004" }, NEEDS_JWT],
  [{ AuthorizationType: "CUSTOM" }, NEEDS_CUSTOM],
  [{ AuthorizationType: "CUSTOM", AuthorizerId: "i00003" }, NEEDS_CUSTOM],
  [{ AuthorizationScopes: ["a"] }, "BadRequestException: Authorization scopes can only be specified with the authorization type JWT"],
  [
    { AuthorizationType: "JWT", AuthorizerId: "i00003", AuthorizationScopes: Array.from({ length: 11 }, (_, i) => `s${i}`) },
    "BadRequestException: A route has at most 10 authorization scopes; this would have 11",
  ],
  [{ OperationName: "a".repeat(65) }, "BadRequestException: OperationName must have at most 64 characters; this one has 65"],
  [{ ApiKeyRequired: true }, not("API keys")],
  [{ RequestModels: { "application/json": "Pet" } }, not("Models")],
  [{ ModelSelectionExpression: "$request.body.x" }, not("Models")],
  [{ RequestParameters: { "route.request.header.a": { Required: true } } }, not("Request parameters of routes")],
  [{ RouteResponseSelectionExpression: "$default" }, not("Route responses")],
];

test.each(refusals)("CreateRoute refuses %j", async (members, expected) => {
  const { v2, ApiId, route } = await start();
  expect(await refusal(v2.CreateRoute({ ApiId, RouteKey: "GET /cats", ...members }, call))).toBe(expected);
  expect(await v2.GetRoutes({ ApiId }, call)).toEqual({ Items: [route] });
});

test.each(refusals)("UpdateRoute refuses %j", async (members, expected) => {
  const { v2, ApiId } = await start();
  const other = await v2.CreateRoute({ ApiId, RouteKey: "GET /cats" }, call);
  expect(await refusal(v2.UpdateRoute({ ApiId, RouteId: other.RouteId as string, ...members }, call))).toBe(expected);
  expect(await v2.GetRoute({ ApiId, RouteId: other.RouteId as string }, call)).toEqual(other);
});

test("a route that no request could reach is a conflict (github.com/plutomi/plutomi/issues/271)", async () => {
  const { v2, ApiId } = await start({ RouteKey: "GET /pets/{id}/toys" });
  expect(await refusal(v2.CreateRoute({ ApiId, RouteKey: "GET /pets/{petId}/toys" }, call))).toBe(
    'ConflictException: The provided route key "GET /pets/{petId}/toys" has a conflicting variable on the same hierarchical level as "GET /pets/{id}/toys"',
  );
  for (const RouteKey of ["POST /pets/{petId}/toys", "ANY /pets/{petId}/toys", "GET /pets/{id+}", "GET /pets/cat/toys"]) {
    expect((await v2.CreateRoute({ ApiId, RouteKey }, call)).RouteKey).toBe(RouteKey);
  }
});

test("DeleteRouteRequestParameter: routes of HTTP APIs have none", async () => {
  const { v2, key } = await start();
  expect(await refusal(v2.DeleteRouteRequestParameter({ ...key, RequestParameterKey: "route.request.header.a" }, call))).toBe("NotFoundException: Invalid parameter name specified");
});

test("quotas: routes of an API", async () => {
  const { v2, ApiId } = await start({}, { routesPerApi: 1 });
  expect(await refusal(v2.CreateRoute({ ApiId, RouteKey: "GET /cats" }, call))).toBe(
    "TooManyRequestsException: Maximum number of Routes for this API has been reached. Please contact AWS if you need additional Routes.",
  );
});

test("many routes made at once are all there, and each conflict is told", async () => {
  const { v2, ApiId } = await start();
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => refusal(v2.CreateRoute({ ApiId, RouteKey: `GET /toys/${i % 10}` }, call))));
  expect(made.filter((each) => each.startsWith("accepted")).length).toBe(10);
  expect(made.filter((each) => each.startsWith("ConflictException: Route with key")).length).toBe(10);
  expect((await v2.GetRoutes({ ApiId }, call)).Items?.length).toBe(11);
});
