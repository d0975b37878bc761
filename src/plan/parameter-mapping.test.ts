import { describe, expect, it } from "vitest";
import { planOf } from "../../test/harness/rest-api.ts";
import type { ResponseFacts } from "./facts.ts";
import { compileRequestMappings, compileResponseMappings } from "./parameter-mapping.ts";

const stage = planOf({ "GET /pets/{id}/{proxy+}": {} }, { stage: { variables: { color: "red" } } });
const routed = stage.route("/pets/7/a/b", "GET");
if (routed === undefined) throw new Error("no such method");

const facts: ResponseFacts = {
  stage,
  method: routed.method,
  pathValues: routed.pathValues,
  requestId: "11111111-2222-4333-8444-555555555555",
  extendedRequestId: "ERERESIiQzOERFU=",
  receivedAt: Date.UTC(2020, 2, 4, 19, 15, 17, 135),
  httpMethod: "GET",
  protocol: "HTTP/1.1",
  path: "/prod/pets/7/a/b",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  sourceIp: "192.0.2.1",
  headers: ["X-One", "1", "x-one", "2", "User-Agent", "curl/8"],
  rawQuery: "q=1&q=a+b&empty=",
  query: undefined,
  body: Buffer.from("héllo"),
  requestDocument: undefined,
  overrides: undefined,
  integrationHeaders: ["Set-Cookie", "a=1", "set-cookie", "b=2", "ETag", '"x"'],
  integrationBody: Buffer.from("done"),
  functionError: undefined,
  integrationDocument: undefined,
};

const scope = { variables: routed.method.variables, stageVariables: stage.stageVariables };

const request = (expression: string) =>
  compileRequestMappings({ "integration.request.header.X": expression }, scope).headers[0]?.value(facts);

const response = (expression: string) => compileResponseMappings({ "method.response.header.X": expression }, scope)[0]?.value(facts);

describe("a request mapping", () => {
  it.each([
    ["method.request.path.id", "7"],
    ["method.request.path.proxy", "a/b"],
    ["method.request.path.other", undefined],
    ["method.request.querystring.q", "a b"],
    ["method.request.querystring.empty", ""],
    ["method.request.querystring.other", undefined],
    ["method.request.multivaluequerystring.q", ["1", "a b"]],
    ["method.request.header.X-One", "1"],
    ["method.request.header.x-one", "2"],
    ["method.request.header.X-ONE", "2"],
    ["method.request.header.other", undefined],
    ["method.request.multivalueheader.X-One", ["1", "2"]],
    ["method.request.body", "héllo"],
    ["stageVariables.color", "red"],
    ["stageVariables.other", undefined],
    ["stageVariables.toString", undefined],
    ["'static value'", "static value"],
    ["''", ""],
    ["context.accountId", "123456789012"],
    ["context.apiId", "a1b2c3d4e5"],
    ["context.domainName", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"],
    ["context.domainPrefix", "a1b2c3d4e5"],
    ["context.extendedRequestId", "ERERESIiQzOERFU="],
    ["context.httpMethod", "GET"],
    ["context.identity.sourceIp", "192.0.2.1"],
    ["context.identity.userAgent", "curl/8"],
    ["context.identity.apiKey", undefined],
    ["context.path", "/prod/pets/7/a/b"],
    ["context.protocol", "HTTP/1.1"],
    ["context.requestId", "11111111-2222-4333-8444-555555555555"],
    ["context.requestTime", "04/Mar/2020:19:15:17 +0000"],
    ["context.requestTimeEpoch", "1583349317135"],
    ["context.resourcePath", "/pets/{id}/{proxy+}"],
    ["context.stage", "prod"],
  ])("from %s is %j", (expression, expected) => {
    expect(request(expression)).toEqual(expected);
  });

  it("goes to the place that its target names", () => {
    const mappings = compileRequestMappings(
      {
        "integration.request.header.A": "'1'",
        "integration.request.querystring.B": "'2'",
        "integration.request.path.C": "'3'",
      },
      scope,
    );
    expect([mappings.headers.map(({ name }) => name), mappings.query.map(({ name }) => name), [...mappings.path.keys()]]).toEqual([["A"], ["B"], ["C"]]);
  });
});

describe("a response mapping", () => {
  it.each([
    ["integration.response.header.ETag", '"x"'],
    ["integration.response.header.etag", '"x"'],
    ["integration.response.multivalueheader.Set-Cookie", ["a=1", "b=2"]],
    ["integration.response.body", "done"],
    ["context.stage", "prod"],
    ["stageVariables.color", "red"],
    ["'*'", "*"],
  ])("from %s is %j", (expression, expected) => {
    expect(response(expression)).toEqual(expected);
  });
});
