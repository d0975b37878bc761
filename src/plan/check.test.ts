import { describe, expect, it } from "vitest";
import { settingOf, snapshotOf, stageOf } from "../../test/harness/rest-api.ts";
import type { MethodParts } from "../../test/harness/rest-api.ts";
import { checkSnapshot, checkStage } from "./check.ts";

const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations";

/** What is said of `POST /pets/{id}` with these parts, without the beginning and end that all sentences share. */
function findings(parts: MethodParts): readonly string[] {
  return checkSnapshot(snapshotOf({ "POST /pets/{id}": parts })).map((sentence) => {
    expect(sentence).toMatch(/^Method POST of resource \/pets\/\{id\} .*, which Gatehouse has not built yet\.$/);
    return sentence.slice("Method POST of resource /pets/{id} ".length, -", which Gatehouse has not built yet.".length);
  });
}

describe("a snapshot that can be deployed", () => {
  it.each<[string, MethodParts]>([
    ["a MOCK with a literal template", { integration: { requestTemplates: { "application/json": '{"statusCode": 200}' } } }],
    ["templates and body mappings", {
      integration: {
        type: "HTTP",
        uri: "http://x/",
        requestTemplates: { "application/json": "$input.json('$')" },
        requestParameters: { "integration.request.header.a": "method.request.body.names[0].first", "integration.request.header.b": "method.request.body[0]" },
        integrationResponses: {
          200: {
            statusCode: "200",
            responseParameters: { "method.response.header.a": "integration.response.body.id" },
            responseTemplates: { "text/html": "#set($a = 1)$a", "text/plain": null },
          },
        },
      },
    }],
    ["an HTTP proxy with every kind of mapping", {
      integration: {
        type: "HTTP_PROXY",
        uri: "http://${stageVariables.host}/{id}",
        requestParameters: {
          "integration.request.path.id": "method.request.path.id",
          "integration.request.header.a": "method.request.multivalueheader.b",
          "integration.request.header.b": "context.identity.sourceIp",
          "integration.request.header.c": "context.authorizer.principalId",
          "integration.request.querystring.d": "'static'",
          "integration.request.querystring.e": "stageVariables.e",
        },
      },
    }],
    ["a proxy whose templates nobody reads", {
      integration: {
        type: "AWS_PROXY",
        uri: FUNCTION,
        requestTemplates: { "application/json": "$input.body" },
        integrationResponses: { 200: { statusCode: "200", selectionPattern: "(?=a)", responseParameters: { a: "integration.response.body.b" } } },
      },
    }],
    ["a function called in the name of its caller", { integration: { type: "AWS", uri: FUNCTION, credentials: "arn:aws:iam::*:user/*" } }],
    ["a function with error patterns", {
      integration: { type: "AWS", uri: FUNCTION, integrationResponses: { 400: { statusCode: "400", selectionPattern: ".*Invalid.*" } } },
    }],
  ])("%s", (_, parts) => {
    expect(findings(parts)).toEqual([]);
  });
});

describe("a snapshot is refused for what is not built yet", () => {
  it.each<[string, MethodParts]>([
    ["uses authorization AWS", { authorizationType: "AWS" }],
    [
      "proxies to an AWS service other than Lambda (arn:aws:apigateway:us-east-1:firehose:action/PutRecord)",
      { integration: { type: "AWS_PROXY", uri: "arn:aws:apigateway:us-east-1:firehose:action/PutRecord" } },
    ],
    [
      "has a path variable in the host of its integration's URI (http://{id}.example.com/)",
      { integration: { type: "HTTP", uri: "http://{id}.example.com/" } },
    ],
    [
      "uses the credentials arn:aws:iam::123456789012:user/*, which are neither a role's nor all callers' own",
      { integration: { type: "AWS", uri: FUNCTION, credentials: "arn:aws:iam::123456789012:user/*" } },
    ],
    [
      "maps the context variable context.nothing",
      { integration: { requestParameters: { "integration.request.header.a": "context.nothing" } } },
    ],
    [
      "uses the mapping expression integration.response.header.a",
      { integration: { requestParameters: { "integration.request.header.a": "integration.response.header.a" } } },
    ],
    [
      "uses the selection pattern (?=a), which is invalid or needs look-around or back-references",
      { integration: { integrationResponses: { 200: { statusCode: "200", selectionPattern: "(?=a)" } } } },
    ],
  ])("%s", (expected, parts) => {
    expect(findings(parts)).toEqual([expected]);
  });
});

describe("a snapshot is refused for what is wrong in it", () => {
  it.each<[string, MethodParts]>([
    [
      "has an invalid request mapping template for application/json: Unexpected the end of the template at line 2, column 8",
      { integration: { requestTemplates: { "application/json": "{\n#if($a)" } } },
    ],
    [
      "has an invalid response mapping template for status 200, text/html: Unexpected \"#end\" at line 1, column 4",
      { integration: { integrationResponses: { 200: { statusCode: "200", responseTemplates: { "text/html": "<p>#end" } } } } },
    ],
    [
      "has an invalid mapping expression method.request.body.a[?(: Invalid JSONPath $.a[?(: a name in quotes, an index, a slice, * or a filter is expected at position 3",
      { integration: { type: "HTTP_PROXY", uri: "http://x/", requestParameters: { "integration.request.header.a": "method.request.body.a[?(" } } },
    ],
    [
      "has an invalid mapping expression integration.response.body..: Invalid JSONPath $..: the path ends with a dot at position 2",
      { integration: { integrationResponses: { 200: { statusCode: "200", responseParameters: { "method.response.header.a": "integration.response.body.." } } } } },
    ],
  ])("%s", (expected, parts) => {
    expect(checkSnapshot(snapshotOf({ "POST /pets/{id}": parts }))).toEqual([`Method POST of resource /pets/{id} ${expected}.`]);
  });
});

describe("a stage", () => {
  const setting = settingOf();

  it("may hold every method setting, log to CloudWatch, and be traced", () => {
    const all = { ...setting, metricsEnabled: true, loggingLevel: "ERROR", dataTraceEnabled: true } as const;
    const methodSettings = { "*/*": { ...setting, throttlingRateLimit: 10_000, throttlingBurstLimit: -1 }, "pets/GET": all };
    const accessLogSettings = { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:pets", format: "$context.requestId" };
    expect(checkStage(stageOf({ variables: { a: "b" }, methodSettings, accessLogSettings, tracingEnabled: true }))).toEqual([]);
  });

  it("is refused for what is not built yet", () => {
    const stage = stageOf({
      webAclArn: "arn",
      accessLogSettings: { destinationArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-pets" },
    });
    expect(checkStage(stage)).toEqual([
      "Stage prod is protected by a web ACL, which Gatehouse has not built yet.",
      "Stage prod sends access logs to Firehose (arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-pets), which Gatehouse has not built yet.",
    ]);
  });
});
