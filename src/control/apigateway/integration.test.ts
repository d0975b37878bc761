import { describe, expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:HelloWorld";
const INVOKE = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const STREAM = `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${FUNCTION}/response-streaming-invocations`;
const ONLY_LAMBDA = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.";
const invalidMapping = (error: string) => `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`;

/** `GET /pets` without an integration, declaring a parameter in each place. */
async function start() {
  const plane = startControlPlane();
  const { restApiId, method } = await petStore(plane.api);
  await plane.api.DeleteIntegration(method, call);
  const patchOperations = ["path.petId", "querystring.q", "header.X-H"].map((name) => ({
    op: "add" as const,
    path: `/requestParameters/method.request.${name}`,
    value: "true",
  }));
  await plane.api.UpdateMethod({ ...method, patchOperations }, call);
  return { ...plane, restApiId, method };
}

test("PutIntegration of HTTP answers as in the guide (create-api-using-awscli)", async () => {
  const { api, method } = await start();
  const members = {
    type: "HTTP",
    uri: "http://petstore-demo-endpoint.execute-api.com/petstore/pets/{id}",
    requestParameters: { "integration.request.path.id": "method.request.path.petId" },
  } as const;
  const expected = {
    ...members,
    httpMethod: "GET",
    connectionType: "INTERNET",
    passthroughBehavior: "WHEN_NO_MATCH",
    responseTransferMode: "BUFFERED",
    timeoutInMillis: 29_000,
    cacheNamespace: method.resourceId,
    cacheKeyParameters: [],
  };
  expect(await api.PutIntegration({ ...method, ...members, integrationHttpMethod: "GET" }, call)).toEqual(expected);
  expect(await api.GetIntegration(method, call)).toEqual(expected);
});

test("PutIntegration of AWS_PROXY tells no connection type (guide: set-up-lambda-proxy-integrations)", async () => {
  const { api, method } = await start();
  const members = { type: "AWS_PROXY", uri: INVOKE, credentials: "arn:aws:iam::123456789012:role/apigAwsProxyRole" } as const;
  expect(await api.PutIntegration({ ...method, ...members, integrationHttpMethod: "POST" }, call)).toEqual({
    ...members,
    httpMethod: "POST",
    passthroughBehavior: "WHEN_NO_MATCH",
    responseTransferMode: "BUFFERED",
    timeoutInMillis: 29_000,
    cacheNamespace: method.resourceId,
    cacheKeyParameters: [],
  });
});

test("PutIntegration keeps every member it is given", async () => {
  const { api, method } = await start();
  const members = {
    type: "HTTP",
    uri: "https://example.com:8443/${stageVariables.path}/bar?q=${stageVariables.q}",
    connectionType: "INTERNET",
    credentials: "arn:aws:iam::*:user/*",
    requestParameters: { "integration.request.header.X": "'static'" },
    requestTemplates: { "application/json": '{"statusCode": 200}', "text/plain": "" },
    passthroughBehavior: "NEVER",
    cacheNamespace: "shared",
    cacheKeyParameters: ["method.request.querystring.q", "integration.request.header.X"],
    contentHandling: "CONVERT_TO_TEXT",
    timeoutInMillis: 50,
    tlsConfig: { insecureSkipVerification: true },
    responseTransferMode: "BUFFERED",
  } as const;
  expect(await api.PutIntegration({ ...method, ...members, integrationHttpMethod: "ANY" }, call)).toEqual({ ...members, httpMethod: "ANY" });
});

test("PutIntegration puts a new one in the place of the old one and its responses", async () => {
  const { api, method } = await start();
  await api.PutMethodResponse({ ...method, statusCode: "200" }, call);
  await api.PutIntegration({ ...method, type: "MOCK" }, call);
  await api.PutIntegrationResponse({ ...method, statusCode: "200" }, call);
  await api.PutIntegration({ ...method, type: "MOCK", timeoutInMillis: 100 }, call);
  expect(await api.GetIntegration(method, call)).toEqual({
    type: "MOCK",
    passthroughBehavior: "WHEN_NO_MATCH",
    responseTransferMode: "BUFFERED",
    timeoutInMillis: 100,
    cacheNamespace: method.resourceId,
    cacheKeyParameters: [],
  });
});

const http = { type: "HTTP", integrationHttpMethod: "GET", uri: "http://example.com" } as const;
const aws = { type: "AWS", integrationHttpMethod: "POST", uri: INVOKE } as const;
const proxy = { ...aws, type: "AWS_PROXY" } as const;
const STREAM_ONLY = "Response transfer mode STREAM is only supported for HTTP_PROXY and AWS_PROXY integrations.";

test.each([
  [{ type: "HTTP", uri: "http://example.com" }, "Enumeration value for HttpMethod must be non-empty"],
  [{ ...http, integrationHttpMethod: "FETCH" }, "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"],
  ...[undefined, "", "example.com", "ftp://example.com", "http://", "http:///x", "http://a b/", "http://example.com:port/", "http://x/{", "http://x/\0", "http://x/\u0007", INVOKE].map((uri) => [
    { ...http, uri },
    "Invalid HTTP endpoint specified for URI",
  ]),
  ...[undefined, "http://example.com", FUNCTION, "${stageVariables.lambda}", "arn:was:apigateway:us-east-1:lambda:path/x"].map((uri) => [
    { ...aws, uri },
    "Invalid ARN specified in the request",
  ]),
  [{ ...aws, uri: "arn:aws:apigateway:us-east-1:sqs:123456789012/queue" }, "AWS ARN for integration must contain path or action"],
  [{ ...proxy, uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue" }, ONLY_LAMBDA],
  [{ ...proxy, uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions" }, ONLY_LAMBDA],
  [{ ...http, credentials: "NONE" }, "Invalid ARN specified in the request"],
  [{ ...http, timeoutInMillis: 49 }, "Timeout should be between 50 ms and 29000 ms"],
  [{ ...http, timeoutInMillis: 29_001 }, "Timeout should be between 50 ms and 29000 ms"],
  [{ ...http, type: "HTTP_PROXY", responseTransferMode: "STREAM", timeoutInMillis: 900_001 }, "Timeout should be between 50 ms and 900000 ms"],
  [{ ...http, passthroughBehavior: "ALWAYS" }, "Invalid passthroughBehavior specified. Valid options are WHEN_NO_MATCH,WHEN_NO_TEMPLATES,NEVER"],
  [{ ...http, responseTransferMode: "STREAM" }, STREAM_ONLY],
  [{ ...aws, responseTransferMode: "STREAM" }, STREAM_ONLY],
  [{ type: "MOCK", responseTransferMode: "STREAM" }, STREAM_ONLY],
  [{ ...proxy, responseTransferMode: "STREAM" }, "Integrations with response transfer mode STREAM must use the Lambda response streaming invocation URI."],
  [{ ...proxy, uri: STREAM }, "Lambda response streaming invocation URIs can only be used with response transfer mode STREAM."],
  [{ ...http, cacheKeyParameters: ["method.request.querystring.other"] }, "Invalid cache key parameter specified"],
  [{ ...http, connectionType: "VPC_LINK" }, "A connectionId is required for connectionType VPC_LINK"],
  [{ ...http, connectionType: "VPC_LINK", connectionId: "abc123" }, "Invalid Vpc Link identifier specified"],
  [{ ...http, connectionId: "abc123" }, "A connectionId can only be specified for connectionType VPC_LINK"],
  [{ type: "MOCK", connectionType: "VPC_LINK", connectionId: "abc123" }, "Connection type VPC_LINK is not supported for integrations of type MOCK"],
  [{ ...http, integrationTarget: "arn:aws:elasticloadbalancing:x" }, "An integrationTarget can only be specified for connectionType VPC_LINK"],
  [{ ...http, requestParameters: { "integration.request.body.x": "'a'" } }, invalidMapping("Invalid mapping expression specified: integration.request.body.x")],
] as [object, string][])("PutIntegration refuses %j", async (members, message) => {
  const { api, method } = await start();
  expect(await refusal(api.PutIntegration({ ...method, ...members } as never, call))).toBe(`BadRequestException: ${message}`);
  expect(await refusal(api.GetIntegration(method, call))).toBe("NotFoundException: Invalid Integration identifier specified");
});

test.each([
  ["HTTP", "http://127.0.0.1:3000"],
  ["HTTP_PROXY", "https://example.com/{proxy}?a=b&c={d}"],
  ["HTTP", "http://${stageVariables.host}"],
  ["HTTP", "http://${stageVariables.host}/resource/operation"],
  ["HTTP", "http://${stageVariables.host}.example.com/resource/operation"],
  ["HTTP", "http://example.com/${stageVariables.path}/bar"],
  ["HTTP", "http://example.com/foo?q=${stageVariables.q}"],
  ["AWS", "arn:aws:apigateway:us-east-1:sqs:${stageVariables.action}"],
  ["AWS", "arn:aws:apigateway:us-east-1:s3:path/{bucket}/{key}"],
  ["AWS", "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/x/invocations"],
  ["AWS", "arn:aws-cn:apigateway:cn-north-1:dynamodb:action/Query"],
  ["AWS_PROXY", "arn:aws:apigateway:us-east-1:firehose:action/PutRecord"],
  ["AWS_PROXY", "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.f}/invocations"],
  ["AWS_PROXY", `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}:\${stageVariables.v}/invocations`],
] as const)("PutIntegration takes %s with %s", async (type, uri) => {
  const { api, method } = await start();
  const credentials = "arn:aws:iam::123456789012:role/r";
  expect(await api.PutIntegration({ ...method, type, uri, credentials, integrationHttpMethod: "POST" }, call)).toMatchObject({ type, uri });
});

test("github.com/hashicorp/terraform-provider-aws/issues/7916: a service is called in the name of a role", async () => {
  const { api, method } = await start();
  const input = { ...method, type: "AWS", uri: "arn:aws:apigateway:eu-west-1:ec2:action/DescribeSpotPriceHistory", integrationHttpMethod: "GET" } as const;
  expect(await refusal(api.PutIntegration(input, call))).toBe("BadRequestException: Role ARN must be specified for AWS integrations");
});

test("PutIntegration streams from Lambda for up to 15 minutes", async () => {
  const { api, method } = await start();
  const members = { type: "AWS_PROXY", uri: STREAM, responseTransferMode: "STREAM", timeoutInMillis: 900_000 } as const;
  expect(await api.PutIntegration({ ...method, ...members, integrationHttpMethod: "POST" }, call)).toMatchObject(members);
});

describe("requestParameters", () => {
  test.each([
    "method.request.path.petId",
    "method.request.querystring.q",
    "method.request.multivaluequerystring.q",
    "method.request.header.X-H",
    "method.request.multivalueheader.X-H",
    "method.request.body",
    "method.request.body.petstore.pets[0].name",
    "context.requestId",
    "stageVariables.v",
    "'static'",
    "''",
  ])("may come from %s", async (source) => {
    const { api, method } = await start();
    const requestParameters = { "integration.request.header.X": source };
    expect(await api.PutIntegration({ ...method, ...http, requestParameters }, call)).toMatchObject({ requestParameters });
  });

  test.each(["method.request.path.page", "method.request.header.x-h", "method.request.multivaluequerystring.other"])(
    "cannot come from %s, which the method does not declare",
    async (source) => {
      const { api, method } = await start();
      const requestParameters = { "integration.request.path.object": source };
      expect(await refusal(api.PutIntegration({ ...method, ...http, requestParameters }, call))).toBe(
        `BadRequestException: ${invalidMapping(`Invalid mapping expression parameter specified: ${source}`)}`,
      );
    },
  );

  test.each(["static", "'open", "method.request.cookie.a", "integration.response.header.X", "$context.requestId", "", "stageVariables."])(
    "cannot come from %j, which is no expression",
    async (source) => {
      const { api, method } = await start();
      const requestParameters = { "integration.request.path.object": source };
      expect(await refusal(api.PutIntegration({ ...method, ...http, requestParameters }, call))).toBe(
        `BadRequestException: ${invalidMapping(`Invalid mapping expression specified: ${source}`)}`,
      );
    },
  );
});

describe("UpdateIntegration", () => {
  test.each([
    [{ op: "add", path: "/cacheKeyParameters/method.request.querystring.q" }, { cacheKeyParameters: ["method.request.querystring.q"] }],
    [{ op: "replace", path: "/cacheKeyParameters/method.request.path.petId", value: "method.request.querystring.q" }, { cacheKeyParameters: ["method.request.querystring.q"] }],
    [{ op: "remove", path: "/cacheKeyParameters/method.request.querystring.q" }, {}],
    [{ op: "replace", path: "/cacheNamespace", value: "n" }, { cacheNamespace: "n" }],
    [{ op: "replace", path: "/connectionType", value: "INTERNET" }, {}],
    [{ op: "replace", path: "/connectionId", value: "" }, {}],
    [{ op: "replace", path: "/integrationTarget", value: "" }, {}],
    [{ op: "replace", path: "/contentHandling", value: "CONVERT_TO_BINARY" }, { contentHandling: "CONVERT_TO_BINARY" }],
    [{ op: "replace", path: "/contentHandling", value: "" }, {}],
    [{ op: "replace", path: "/credentials", value: "arn:aws:iam::123456789012:role/r" }, { credentials: "arn:aws:iam::123456789012:role/r" }],
    [{ op: "replace", path: "/httpMethod", value: "PUT" }, { httpMethod: "PUT" }],
    [{ op: "replace", path: "/passthroughBehavior", value: "NEVER" }, { passthroughBehavior: "NEVER" }],
    [{ op: "add", path: "/requestParameters/integration.request.header.X", value: "'x'" }, { requestParameters: { "integration.request.header.X": "'x'" } }],
    [{ op: "replace", path: "/requestParameters/integration.request.header.X", value: "'y'" }, { requestParameters: { "integration.request.header.X": "'y'" } }],
    [{ op: "remove", path: "/requestParameters/integration.request.header.X" }, {}],
    [{ op: "add", path: "/requestTemplates/application~1json", value: "{}" }, { requestTemplates: { "application/json": "{}" } }],
    [{ op: "replace", path: "/requestTemplates/application~1json", value: "" }, { requestTemplates: { "application/json": "" } }],
    [{ op: "remove", path: "/requestTemplates/application~1json" }, {}],
    [{ op: "replace", path: "/responseTransferMode", value: "BUFFERED" }, {}],
    [{ op: "replace", path: "/timeoutInMillis", value: "5000" }, { timeoutInMillis: 5000 }],
    [{ op: "replace", path: "/tlsConfig/insecureSkipVerification", value: "true" }, { tlsConfig: { insecureSkipVerification: true } }],
    [{ op: "replace", path: "/uri", value: "https://example.com/x" }, { uri: "https://example.com/x" }],
  ] as const)("%j", async (operation, changed) => {
    const { api, method } = await start();
    const before = await api.PutIntegration({ ...method, ...http }, call);
    const answer = await api.UpdateIntegration({ ...method, patchOperations: [operation] }, call);
    expect(answer).toEqual({ ...before, ...changed });
    expect(await api.GetIntegration(method, call)).toEqual(answer);
  });

  test("turns a buffered proxy into a streaming one", async () => {
    const { api, method } = await start();
    await api.PutIntegration({ ...method, ...proxy }, call);
    const patchOperations = [
      { op: "replace", path: "/responseTransferMode", value: "STREAM" },
      { op: "replace", path: "/uri", value: STREAM },
    ] as const;
    expect(await api.UpdateIntegration({ ...method, patchOperations }, call)).toMatchObject({ responseTransferMode: "STREAM", uri: STREAM });
  });

  const REPLACEABLE =
    "/cacheKeyParameters, /cacheKeyParameters/{parameter}, /cacheNamespace, /connectionId, /connectionType, /contentHandling, /credentials, /httpMethod, /integrationTarget, /passthroughBehavior, /requestParameters/{name}, /requestTemplates/{contentType}, /responseTransferMode, /timeoutInMillis, /tlsConfig/insecureSkipVerification, /uri";
  test.each([
    [{ op: "replace", path: "/type", value: "MOCK" }, `Invalid patch path  '/type' specified for op 'replace'. Must be one of: [${REPLACEABLE}]`],
    [{ op: "replace", path: "/timeoutInMillis", value: "29001" }, "Timeout should be between 50 ms and 29000 ms"],
    [{ op: "replace", path: "/uri", value: "nowhere" }, "Invalid HTTP endpoint specified for URI"],
    [{ op: "replace", path: "/httpMethod", value: "get" }, "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"],
    [{ op: "replace", path: "/connectionId", value: "abc" }, "A connectionId can only be specified for connectionType VPC_LINK"],
    [{ op: "replace", path: "/connectionType", value: "VPC_LINK" }, "A connectionId is required for connectionType VPC_LINK"],
    [{ op: "replace", path: "/contentHandling", value: "TEXT" }, "Invalid patch value 'TEXT' specified for path '/contentHandling'. Must be one of: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]"],
    [{ op: "add", path: "/cacheKeyParameters/method.request.path.other" }, "Invalid cache key parameter specified"],
    [{ op: "add", path: "/requestParameters/integration.request.path.x", value: "method.request.path.other" }, invalidMapping("Invalid mapping expression parameter specified: method.request.path.other")],
  ] as const)("refuses %j and changes nothing", async (operation, message) => {
    const { api, method } = await start();
    const before = await api.PutIntegration({ ...method, ...http }, call);
    const patchOperations = [{ op: "replace", path: "/cacheNamespace", value: "new" }, operation] as const;
    expect(await refusal(api.UpdateIntegration({ ...method, patchOperations }, call))).toBe(`BadRequestException: ${message}`);
    expect(await api.GetIntegration(method, call)).toEqual(before);
  });

  test.each(["/uri", "/httpMethod"])("of a mock does not know %s", async (path) => {
    const { api, method } = await start();
    await api.PutIntegration({ ...method, type: "MOCK" }, call);
    expect(await refusal(api.UpdateIntegration({ ...method, patchOperations: [{ op: "replace", path, value: "GET" }] }, call))).toBe(
      `BadRequestException: Invalid patch path  '${path}' specified for op 'replace'. It is not supported for MOCK integrations`,
    );
  });
});

test("what is not there is not found", async () => {
  const { api, method } = await start();
  const expected = "NotFoundException: Invalid Integration identifier specified";
  expect(await refusal(api.GetIntegration(method, call))).toBe(expected);
  expect(await refusal(api.UpdateIntegration(method, call))).toBe(expected);
  expect(await refusal(api.DeleteIntegration(method, call))).toBe(expected);
  expect(await refusal(api.PutIntegrationResponse({ ...method, statusCode: "200" }, call))).toBe(expected);
});

describe("IntegrationResponse", () => {
  async function withResponses() {
    const plane = await start();
    const { api, method } = plane;
    await api.PutIntegration({ ...method, ...http }, call);
    await api.PutMethodResponse({ ...method, statusCode: "200", responseParameters: { "method.response.header.Location": true } }, call);
    await api.PutMethodResponse({ ...method, statusCode: "400" }, call);
    return { ...plane, ok: { ...method, statusCode: "200" }, bad: { ...method, statusCode: "400" } };
  }

  test("is put as in the guide (create-api-using-awscli), shown and deleted", async () => {
    const { api, ok } = await withResponses();
    const expected = { statusCode: "200", selectionPattern: "" };
    expect(await api.PutIntegrationResponse({ ...ok, selectionPattern: "" }, call)).toEqual(expected);
    expect(await api.GetIntegrationResponse(ok, call)).toEqual(expected);
    expect(await api.DeleteIntegrationResponse(ok, call)).toEqual({});
    const gone = "NotFoundException: Invalid Response status code specified";
    expect(await refusal(api.GetIntegrationResponse(ok, call))).toBe(gone);
    expect(await refusal(api.UpdateIntegrationResponse(ok, call))).toBe(gone);
    expect(await refusal(api.DeleteIntegrationResponse(ok, call))).toBe(gone);
  });

  test.each([
    "integration.response.header.X",
    "integration.response.multivalueheader.X",
    "integration.response.body",
    "integration.response.body.errorMessage",
    "context.requestId",
    "stageVariables.v",
    "'*'",
  ])("maps %s to a declared header", async (source) => {
    const { api, ok } = await withResponses();
    const members = { responseParameters: { "method.response.header.Location": source }, responseTemplates: { "application/json": "x" }, contentHandling: "CONVERT_TO_TEXT" } as const;
    expect(await api.PutIntegrationResponse({ ...ok, ...members }, call)).toEqual({ statusCode: "200", ...members });
  });

  test("shows templates without text as null (github.com/aws/aws-cli/issues/1610)", async () => {
    const { api, ok } = await withResponses();
    const shown = { statusCode: "200", responseTemplates: { "application/json": null, "text/plain": "x" } };
    expect(await api.PutIntegrationResponse({ ...ok, responseTemplates: { "application/json": "", "text/plain": "x" } }, call)).toEqual(shown);
    expect(await api.GetIntegrationResponse(ok, call)).toEqual(shown);
    const { methodIntegration } = await api.GetMethod(ok, call);
    expect(methodIntegration?.integrationResponses).toEqual({ 200: shown });
  });

  test.each([
    [{ "method.response.header.Other": "'x'" }, "Invalid mapping expression parameter specified: method.response.header.Other"],
    [{ "method.response.body": "'x'" }, "Invalid mapping expression specified: method.response.body"],
    [{ "method.response.header.Location": "method.request.header.X" }, "Invalid mapping expression specified: method.request.header.X"],
  ])("refuses the mappings %j", async (responseParameters, error) => {
    const { api, ok } = await withResponses();
    expect(await refusal(api.PutIntegrationResponse({ ...ok, responseParameters }, call))).toBe(`BadRequestException: ${invalidMapping(error)}`);
  });

  test("belongs to a method response", async () => {
    const { api, ok } = await withResponses();
    expect(await refusal(api.PutIntegrationResponse({ ...ok, statusCode: "500" }, call))).toBe("NotFoundException: Invalid Response status code specified");
  });

  test("takes the place of the one with its status, and no two have one pattern", async () => {
    const { api, ok, bad } = await withResponses();
    await api.PutIntegrationResponse(ok, call);
    await api.PutIntegrationResponse({ ...ok, responseTemplates: { "a/b": "x" } }, call);
    expect(await refusal(api.PutIntegrationResponse(bad, call))).toBe("ConflictException: Integration response with selection pattern default already exists");
    await api.PutIntegrationResponse({ ...bad, selectionPattern: "4\\d{2}" }, call);
    const patchOperations = [{ op: "replace", path: "/selectionPattern", value: "4\\d{2}" }] as const;
    expect(await refusal(api.UpdateIntegrationResponse({ ...ok, patchOperations }, call))).toBe(
      "ConflictException: Integration response with selection pattern 4\\d{2} already exists",
    );
  });

  test.each([
    [{ op: "replace", path: "/contentHandling", value: "CONVERT_TO_BINARY" }, { contentHandling: "CONVERT_TO_BINARY" }],
    [{ op: "add", path: "/responseParameters/method.response.header.Location", value: "'x'" }, { responseParameters: { "method.response.header.Location": "'x'" } }],
    [{ op: "replace", path: "/responseParameters/method.response.header.Location", value: "'x'" }, { responseParameters: { "method.response.header.Location": "'x'" } }],
    [{ op: "remove", path: "/responseParameters/method.response.header.Location" }, {}],
    [{ op: "add", path: "/responseTemplates/a~1b", value: "x" }, { responseTemplates: { "a/b": "x" } }],
    [{ op: "replace", path: "/responseTemplates/a~1b", value: "" }, { responseTemplates: { "a/b": null } }],
    [{ op: "remove", path: "/responseTemplates/a~1b" }, {}],
    [{ op: "replace", path: "/selectionPattern", value: "2.." }, { selectionPattern: "2.." }],
  ] as const)("update: %j", async (operation, changed) => {
    const { api, ok } = await withResponses();
    const before = await api.PutIntegrationResponse(ok, call);
    const answer = await api.UpdateIntegrationResponse({ ...ok, patchOperations: [operation] }, call);
    expect(answer).toEqual({ ...before, ...changed });
    expect(await api.GetIntegrationResponse(ok, call)).toEqual(answer);
  });

  test("update refuses what it does not know", async () => {
    const { api, ok } = await withResponses();
    await api.PutIntegrationResponse(ok, call);
    expect(await refusal(api.UpdateIntegrationResponse({ ...ok, patchOperations: [{ op: "add", path: "/selectionPattern", value: "x" }] }, call))).toBe(
      "BadRequestException: Invalid patch path  '/selectionPattern' specified for op 'add'. Must be one of: [/responseParameters/{name}, /responseTemplates/{contentType}]",
    );
  });
});
