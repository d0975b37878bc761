import { describe, expect, it } from "vitest";
import type { RequestFacts } from "./facts.ts";
import type { ParameterMapping } from "./parameter-mapping.ts";
import { compileUpstreamTarget, functionArnOf, hasVariableAuthority, withStageVariables } from "./uri.ts";

const facts = {} as RequestFacts;

const mapped = (values: Readonly<Record<string, string>>): ReadonlyMap<string, ParameterMapping<RequestFacts>> =>
  new Map(Object.entries(values).map(([name, value]) => [name, { name, lowerCaseName: name, value: () => value }]));

function target(uri: string, values: Readonly<Record<string, string>> = {}) {
  const compiled = compileUpstreamTarget(uri, mapped(values));
  return typeof compiled === "string" ? compiled : [compiled.origin, compiled.host, compiled.path(facts), compiled.query(facts)];
}

describe("the URI of an HTTP integration", () => {
  it.each([
    ["http://example.com", ["http://example.com", "example.com", "/", ""]],
    ["HTTP://Example.COM:8080/A/b", ["http://example.com:8080", "example.com:8080", "/A/b", ""]],
    ["https://example.com/a?b=c d&e={f}", ["https://example.com", "example.com", "/a", "b=c%20d&e=%7Bf%7D"]],
    ["https://[::1]:8443/x#y", ["https://[::1]:8443", "[::1]:8443", "/x", ""]],
    ["http://example.com/ä b", ["http://example.com", "example.com", "/%C3%A4%20b", ""]],
    ["ftp://example.com/", "Invalid endpoint address: ftp://example.com/"],
    ["http:///path", "Invalid endpoint address: http:///path"],
    ["http://user@example.com/", "Invalid endpoint address: http://user@example.com/"],
    ["http://example.com/{id}", "No mapping for the path variable id of http://example.com/{id}"],
  ])("%s leads to %j", (uri, expected) => {
    expect(target(uri)).toEqual(expected);
  });

  it("takes path variables as they travelled, and percent-encodes what a path may not hold", () => {
    expect(target("http://b/x/{id}/{proxy}", { id: "a%2Fb", proxy: "c/d e?f#g" })).toEqual(["http://b", "b", "/x/a%2Fb/c/d%20e%3Ff%23g", ""]);
    expect(target("http://b/{proxy+}", { proxy: "a/b" })).toEqual(["http://b", "b", "/a/b", ""]);
  });

  it.each([
    ["http://${stageVariables.host}/a", "http://example.com/a"],
    ["http://x/${stageVariables.missing}/a", "http://x//a"],
    ["http://x/?v=${stageVariables.constructor}", "http://x/?v="],
  ])("aws-api-gateway-stage-variables-reference: %s with a stage's variables is %s", (uri, expected) => {
    expect(withStageVariables(uri, { host: "example.com" })).toBe(expected);
  });

  it.each([
    ["http://{tenant}.example.com/", true],
    ["http://${stageVariables.host}/{id}", false],
  ])("%s has a path variable in its host: %s", (uri, expected) => {
    expect(hasVariableAuthority(uri)).toBe(expected);
  });
});

describe("the function of a URI", () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:hello";

  it.each([
    [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`, arn],
    [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}:live/invocations`, `${arn}:live`],
    [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}:$LATEST/invocations`, `${arn}:$LATEST`],
    [`arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}:/invocations`, undefined],
    [`arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${arn}/response-streaming-invocations`, arn],
    ["arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue", undefined],
  ])("%s is %s", (uri, expected) => {
    expect(functionArnOf(uri)).toBe(expected);
  });
});
