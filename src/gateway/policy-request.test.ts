// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
import { describe, expect, it } from "vitest";
import { planOf } from "../../test/harness/rest-api.ts";
import type { Routed } from "./execution.ts";
import { invocationOf } from "./policy-request.ts";
import { newTest } from "./test-invocation.ts";

function requestWith(headers: readonly string[]): Routed {
  const tester = { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "tester" };
  const invocation = { httpMethod: "GET", pathWithQuery: "/", headers, body: "", tester };
  const execution = newTest({ plan: planOf({ "GET /": {} }), resourcePath: "/", invocation }, "11111111-2222-4333-8444-555555555555", Date.UTC(2020, 2, 4, 19, 15, 17, 135));
  execution.sourceIp = "192.0.2.1";
  return execution as Routed;
}

describe("what a policy is asked of a call", () => {
  it("is whether the method may be invoked", () => {
    expect(invocationOf(requestWith([]), "arn:aws:execute-api:us-east-1:123456789012:a/prod/GET/")).toMatchObject({
      action: "execute-api:Invoke",
      resource: "arn:aws:execute-api:us-east-1:123456789012:a/prod/GET/",
    });
  });

  it.each([
    ["aws:currenttime", "2020-03-04T19:15:17.135Z"],
    ["aws:epochtime", "1583349317"],
    ["aws:referer", "https://example.com/"],
    ["aws:securetransport", "true"],
    ["aws:sourceip", "192.0.2.1"],
    ["aws:useragent", "curl/8"],
  ])("%s is %s", (key, value) => {
    const { context } = invocationOf(requestWith(["Referer", "https://example.com/", "user-agent", "curl/8"]), "arn");
    expect(context(key)).toEqual([value]);
  });

  it.each(["aws:referer", "aws:useragent", "aws:sourcevpc", "aws:principalarn", "aws:username", "constructor", "__proto__", ""])("%s is not there", (key) => {
    expect(invocationOf(requestWith([]), "arn").context(key)).toBeUndefined();
  });
});
