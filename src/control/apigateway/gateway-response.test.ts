import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const notAnExpression = (text: string) =>
  `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${text}]`;
const TEMPLATES = { "application/json": '{"message":$context.error.messageString}' };

async function start() {
  const { api } = startControlPlane();
  const { restApiId } = await petStore(api);
  return { api, restApiId, key: { restApiId, responseType: "THROTTLED" } as const };
}

/** The default statuses of the guide's table (supported-gateway-response-types), as strings. */
const STATUSES: Readonly<Record<string, string | undefined>> = {
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  RESOURCE_NOT_FOUND: "404",
  UNAUTHORIZED: "401",
  INVALID_API_KEY: "403",
  ACCESS_DENIED: "403",
  AUTHORIZER_FAILURE: "500",
  AUTHORIZER_CONFIGURATION_ERROR: "500",
  INVALID_SIGNATURE: "403",
  EXPIRED_TOKEN: "403",
  MISSING_AUTHENTICATION_TOKEN: "403",
  INTEGRATION_FAILURE: "504",
  INTEGRATION_TIMEOUT: "504",
  API_CONFIGURATION_ERROR: "500",
  UNSUPPORTED_MEDIA_TYPE: "415",
  BAD_REQUEST_PARAMETERS: "400",
  BAD_REQUEST_BODY: "400",
  REQUEST_TOO_LARGE: "413",
  THROTTLED: "429",
  QUOTA_EXCEEDED: "429",
  WAF_FILTERED: "403",
};

test("GetGatewayResponses shows every type, customized or not, on one page", async () => {
  const { api, restApiId, key } = await start();
  const defaults = Object.entries(STATUSES).map(([responseType, statusCode]) => ({
    responseType,
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters: {},
    responseTemplates: TEMPLATES,
    defaultResponse: true,
  }));
  expect(await api.GetGatewayResponses({ restApiId, limit: 1 }, call)).toEqual({ items: defaults });
  const custom = await api.PutGatewayResponse({ ...key, statusCode: "420" }, call);
  const { items } = await api.GetGatewayResponses({ restApiId }, call);
  expect(items).toEqual(defaults.map((each) => (each.responseType === "THROTTLED" ? custom : each)));
});

test("PutGatewayResponse takes the place of all that was there, and DeleteGatewayResponse brings the default back", async () => {
  const { api, key } = await start();
  const before = await api.GetGatewayResponse(key, call);
  const members = {
    statusCode: "420",
    responseParameters: {
      "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
      "gatewayresponse.header.from-request-header": "method.request.header.Accept",
      "gatewayresponse.header.from-request-path": "method.request.path.petId",
      "gatewayresponse.header.from-request-query": "method.request.multivaluequerystring.q",
      "gatewayresponse.header.x-request-path": "method.input.params.petId",
      "gatewayresponse.header.id": "context.requestId",
      "gatewayresponse.header.v": "stageVariables.v",
    },
    responseTemplates: { "application/json": '{ "message": test }', "text/plain": "" },
  };
  const expected = { responseType: "THROTTLED", ...members, defaultResponse: false };
  expect(await api.PutGatewayResponse({ ...key, ...members }, call)).toEqual(expected);
  expect(await api.GetGatewayResponse(key, call)).toEqual(expected);
  const bare = { responseType: "THROTTLED", responseParameters: {}, responseTemplates: {}, defaultResponse: false };
  expect(await api.PutGatewayResponse(key, call)).toEqual(bare);
  expect(await api.GetGatewayResponse(key, call)).toEqual(bare);
  expect(await api.DeleteGatewayResponse(key, call)).toEqual({});
  expect(await api.GetGatewayResponse(key, call)).toEqual(before);
  expect(await refusal(api.DeleteGatewayResponse(key, call))).toBe("NotFoundException: Gateway response THROTTLED is not customized for this API");
});

test.each([
  [{ statusCode: "600" }, "BadRequestException: Invalid Response status code specified"],
  [{ responseParameters: { "method.response.header.X": "'x'" } }, notAnExpression("method.response.header.X")],
  [{ responseParameters: { "gatewayresponse.header.X": "*" } }, notAnExpression("*")],
  [{ responseParameters: { "gatewayresponse.header.X": "method.request.body" } }, notAnExpression("method.request.body")],
  [{ responseParameters: { "gatewayresponse.header.X": "integration.response.header.X" } }, notAnExpression("integration.response.header.X")],
])("PutGatewayResponse refuses %j", async (members, expected) => {
  const { api, key } = await start();
  const before = await api.GetGatewayResponse(key, call);
  expect(await refusal(api.PutGatewayResponse({ ...key, ...members }, call))).toBe(expected);
  expect(await api.GetGatewayResponse(key, call)).toEqual(before);
});

const HEADER = "/responseParameters/gatewayresponse.header.A";
test.each([
  [{ op: "replace", path: "/statusCode", value: "420" }, { statusCode: "420" }],
  [{ op: "replace", path: "/statusCode" }, { statusCode: undefined }],
  [{ op: "add", path: HEADER, value: "'a'" }, { responseParameters: { "gatewayresponse.header.A": "'a'" } }],
  [{ op: "replace", path: HEADER, value: "'b'" }, { responseParameters: { "gatewayresponse.header.A": "'b'" } }],
  [{ op: "remove", path: HEADER }, {}],
  [{ op: "add", path: "/responseTemplates/text~1html", value: "<p>" }, { responseTemplates: { ...TEMPLATES, "text/html": "<p>" } }],
  [{ op: "replace", path: "/responseTemplates/application~1json", value: "{}" }, { responseTemplates: { "application/json": "{}" } }],
  [{ op: "remove", path: "/responseTemplates/application~1json" }, { responseTemplates: {} }],
] as const)("UpdateGatewayResponse makes a customized response of a default one: %j", async (operation, changed) => {
  const { api, key } = await start();
  const before = await api.GetGatewayResponse(key, call);
  const answer = await api.UpdateGatewayResponse({ ...key, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...before, ...changed, defaultResponse: false });
  expect(await api.GetGatewayResponse(key, call)).toEqual(answer);
});

test("UpdateGatewayResponse changes a customized response where it stands", async () => {
  const { api, key } = await start();
  await api.PutGatewayResponse({ ...key, statusCode: "420", responseTemplates: { "a/b": "c" } }, call);
  const patchOperations = [{ op: "add", path: HEADER, value: "context.stage" }] as const;
  expect(await api.UpdateGatewayResponse({ ...key, patchOperations }, call)).toEqual({
    responseType: "THROTTLED",
    statusCode: "420",
    responseParameters: { "gatewayresponse.header.A": "context.stage" },
    responseTemplates: { "a/b": "c" },
    defaultResponse: false,
  });
});

test.each([
  [{ op: "replace", path: "/statusCode", value: "x" }, "BadRequestException: Invalid Response status code specified"],
  [{ op: "add", path: "/responseParameters/header.A", value: "'a'" }, notAnExpression("header.A")],
  [{ op: "remove", path: "/statusCode" }, "BadRequestException: Invalid patch path  '/statusCode' specified for op 'remove'. Must be one of: [/responseParameters/{name}, /responseTemplates/{contentType}]"],
  [{ op: "replace", path: "/responseType", value: "x" }, "BadRequestException: Invalid patch path  '/responseType' specified for op 'replace'. Must be one of: [/statusCode, /responseParameters/{name}, /responseTemplates/{contentType}]"],
] as const)("UpdateGatewayResponse refuses %j and changes nothing", async (operation, expected) => {
  const { api, key } = await start();
  const before = await api.GetGatewayResponse(key, call);
  const patchOperations = [{ op: "replace", path: "/statusCode", value: "420" }, operation] as const;
  expect(await refusal(api.UpdateGatewayResponse({ ...key, patchOperations }, call))).toBe(expected);
  expect(await api.GetGatewayResponse(key, call)).toEqual(before);
});
