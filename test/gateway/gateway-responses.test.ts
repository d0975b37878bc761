// Gateway responses that an API customizes, whole
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html).
import { describe, expect, it } from "vitest";
import type { GatewayResponse, GatewayResponseType } from "../../src/domain/gateway-response.ts";
import { startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, HOST, OWN_HEADERS, REQUEST_ID, resultOf, startGateway } from "../harness/gateway.ts";
import type { Asked, TestGatewayOptions } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";

const custom = (responseType: GatewayResponseType, parts: Partial<GatewayResponse>): GatewayResponse => ({
  responseType,
  responseParameters: {},
  responseTemplates: {},
  ...parts,
});

async function answer(
  gatewayResponses: readonly GatewayResponse[],
  asked: Asked,
  methods: Readonly<Record<string, MethodParts>> = { "GET /pets/{petId}": {} },
  options: TestGatewayOptions = {},
) {
  await using gate = await startGateway([planOf(methods, { snapshot: { gatewayResponses }, stage: { variables: { a: "red" } } })], options);
  const { status, headers, rawHeaders, body } = await gate.ask(asked);
  return { status, headers, rawHeaders, body };
}

const token = { "x-amzn-errortype": "MissingAuthenticationTokenException", ...OWN_HEADERS };

/** The sample of set-up-gateway-responses-in-swagger. */
const SAMPLE = custom("MISSING_AUTHENTICATION_TOKEN", {
  statusCode: "404",
  responseParameters: {
    "gatewayresponse.header.x-request-path": "method.input.params.petId",
    "gatewayresponse.header.x-request-query": "method.input.params.q",
    "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
    "gatewayresponse.header.x-request-header": "method.input.params.Accept",
  },
  responseTemplates: {
    "application/json":
      '{\n     "message": $context.error.messageString,\n     "type":  "$context.error.responseType",\n     "stage":  "$context.stage",\n     ' +
      '"resourcePath":  "$context.resourcePath",\n     "stageVariables.a":  "$stageVariables.a",\n     "statusCode": "\'404\'"\n}',
  },
});

describe("a customized gateway response", () => {
  it("set-up-gateway-responses-in-swagger: has its status, headers and body", async () => {
    const { rawHeaders, ...response } = await answer([SAMPLE], { path: "/pets/5/type?q=1", headers: ["Host", HOST, "Accept", "application/json"] });
    expect(response).toEqual({
      status: 404,
      headers: {
        "content-type": "application/json",
        "x-request-query": "1",
        "access-control-allow-origin": "a.b.c",
        "x-request-header": "application/json",
        ...token,
      },
      body:
        '{\n     "message": "Missing Authentication Token",\n     "type":  "MISSING_AUTHENTICATION_TOKEN",\n     "stage":  "prod",\n     ' +
        '"resourcePath":  "",\n     "stageVariables.a":  "red",\n     "statusCode": "\'404\'"\n}',
    });
    expect(rawHeaders.slice(0, 14)).toEqual([
      "Content-Type", "application/json",
      "x-amzn-RequestId", REQUEST_ID,
      "x-amzn-ErrorType", "MissingAuthenticationTokenException",
      "x-amz-apigw-id", EXTENDED_REQUEST_ID,
      "x-request-query", "1",
      "Access-Control-Allow-Origin", "a.b.c",
      "x-request-header", "application/json",
    ]);
  });

  it("leaves AWS's own body and status where it only has headers: CORS on DEFAULT_4XX", async () => {
    const cors = custom("DEFAULT_4XX", {
      responseParameters: {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
      },
    });
    expect(await answer([cors], { path: "/nowhere" })).toMatchObject({
      status: 403,
      headers: {
        "content-type": "application/json",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token",
        ...token,
      },
      body: '{"message":"Missing Authentication Token"}',
    });
  });

  it("sets headers in place of AWS's own, as they are called", async () => {
    const fhir = custom("MISSING_AUTHENTICATION_TOKEN", {
      responseParameters: {
        "gatewayresponse.header.content-type": "'application/fhir+json'",
        "gatewayresponse.header.WWW-Authenticate": "'Basic'",
        "gatewayresponse.header.X-Tags": "method.request.multivaluequerystring.tag",
        "gatewayresponse.header.X-Path": "context.path",
        "gatewayresponse.header.X-None": "method.request.header.none",
        "gatewayresponse.header.Content-Length": "'1'",
      },
      responseTemplates: { "application/json": '{"resourceType":"OperationOutcome"}' },
    });
    expect(await answer([fhir], { path: "/nowhere?tag=a&tag=b" })).toMatchObject({
      headers: { ...token, "content-type": "application/fhir+json", "www-authenticate": "Basic", "x-tags": "a, b", "x-path": "/prod/nowhere" },
      body: '{"resourceType":"OperationOutcome"}',
    });
  });

  it("cannot be broken out of by what clients send", async () => {
    const echo = custom("DEFAULT_4XX", {
      responseParameters: { "gatewayresponse.header.X-Echo": "method.request.querystring.q" },
      responseTemplates: { "application/json": '{"q":"$method.request.querystring.q"}' },
    });
    const { headers, body } = await answer([echo], { path: `/nowhere?q=${encodeURIComponent('a"b\r\nSet-Cookie: c')}` });
    expect(headers["x-echo"]).toBe('a"b  Set-Cookie: c');
    expect(headers["set-cookie"]).toBeUndefined();
    expect(JSON.parse(body)).toEqual({ q: 'a"b\r\nSet-Cookie: c' });
  });

  it("has the template for the first media type of Accept", async () => {
    const both = custom("DEFAULT_4XX", { responseTemplates: { "application/json": "{}", "text/html": "<p>$context.error.message</p>" } });
    const html = await answer([both], { path: "/nowhere", headers: ["Host", HOST, "Accept", "text/html,*/*;q=0.8"] });
    expect(html).toMatchObject({ headers: { "content-type": "text/html" }, body: "<p>Missing Authentication Token</p>" });
    expect(await answer([both], { path: "/nowhere" })).toMatchObject({ headers: { "content-type": "application/json" }, body: "{}" });
  });

  it("speaks for backends that fail", async () => {
    await using backend = await startBackend(() => undefined);
    const methods = { "GET /slow/{id}": { integration: { type: "HTTP_PROXY", uri: backend.url, timeoutInMillis: 50 } as const } };
    const gone = custom("INTEGRATION_TIMEOUT", {
      statusCode: "503",
      responseParameters: { "gatewayresponse.header.Retry-After": "'10'", "gatewayresponse.header.X-Id": "method.request.path.id" },
      responseTemplates: { "application/json": '{"error":$context.error.messageString,"at":"$context.resourcePath"}' },
    });
    expect(await answer([gone], { path: "/slow/7" }, methods)).toMatchObject({
      status: 503,
      headers: { "content-type": "application/json", "x-amzn-errortype": "InternalServerErrorException", "retry-after": "10", "x-id": "7", ...OWN_HEADERS },
      body: '{"error":"Endpoint request timed out","at":"/slow/{id}"}',
    });
  });

  it("keeps the 502 of a malformed Lambda proxy response, unless it has a status", async () => {
    const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";
    const methods = { "GET /": { integration: { type: "AWS_PROXY", uri } as const } };
    const malformed = { invoke: () => Promise.resolve(resultOf("no response")) };
    const responseTemplates = { "application/json": "$context.error.responseType" };
    expect(await answer([custom("DEFAULT_5XX", { responseTemplates })], {}, methods, malformed)).toMatchObject({ status: 502, body: "API_CONFIGURATION_ERROR" });
    expect(await answer([custom("DEFAULT_5XX", { statusCode: "500" })], {}, methods, malformed)).toMatchObject({ status: 500 });
  });

  it("has no body in an answer to HEAD", async () => {
    expect(await answer([SAMPLE], { method: "HEAD", path: "/nowhere" })).toMatchObject({ status: 404, headers: { "access-control-allow-origin": "a.b.c" }, body: "" });
  });
});
