// What TestInvokeMethod refuses, and what it asks for.
import { describe, expect, it } from "vitest";
import type { TestInvocation } from "../../ports/test-invocation.ts";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

async function start() {
  const asked: TestInvocation[] = [];
  const { api } = startControlPlane({
    testInvocations: {
      checkTest: ({ stageVariables }) => (stageVariables["refuse"] === undefined ? [] : ["Method GET uses a.", "Method GET uses b."]),
      testInvoke: (invocation) => {
        asked.push(invocation);
        const headers = ["Content-Type", "text/plain", "Set-Cookie", "a=1", "Set-Cookie", "b=2"];
        return Promise.resolve({ status: 201, headers, body: Buffer.from("hé"), log: "Execution log\n", latencyMs: 12 });
      },
    },
  });
  const store = await petStore(api);
  return { api, asked, ...store };
}

describe("TestInvokeMethod", () => {
  it("answers with the body as text, both maps of headers, the log and the latency", async () => {
    const { api, method } = await start();
    expect(await api.TestInvokeMethod(method, call)).toEqual({
      status: 201,
      headers: { "Content-Type": "text/plain", "Set-Cookie": "b=2" },
      multiValueHeaders: { "Content-Type": ["text/plain"], "Set-Cookie": ["a=1", "b=2"] },
      body: "hé",
      log: "Execution log\n",
      latency: 12,
    });
  });

  it("tests the working copy with the resource's own path, no headers, no body, and the caller as tester", async () => {
    const { api, asked, method, restApiId } = await start();
    const other = { restApiId, resourceId: method.resourceId, httpMethod: "POST" };
    await api.PutMethod({ ...other, authorizationType: "NONE" }, call);
    await api.TestInvokeMethod(method, call);
    expect(asked).toMatchObject([
      {
        api: { id: restApiId, name: "PetStore" },
        resourceId: method.resourceId,
        httpMethod: "GET",
        pathWithQuery: "/pets",
        headers: [],
        body: "",
        stageVariables: {},
        tester: { account: "000000000000", accessKeyId: "000000000000", userAgent: "test" },
      },
    ]);
    // A method that cannot be deployed yet does not keep another from being tested.
    expect(asked[0]?.snapshot.methods.map(({ httpMethod }) => httpMethod)).toEqual(["GET", "POST"]);
  });

  it("hands on what the caller gives; a header in both maps has the values of the second", async () => {
    const { api, asked, method } = await start();
    await api.TestInvokeMethod(
      {
        ...method,
        pathWithQueryString: "/pets?type=dog",
        headers: { Accept: "text/html", "x-twice": "0" },
        multiValueHeaders: { "X-Twice": ["1", "2"] },
        body: "{}",
        stageVariables: { v: "1" },
      },
      call,
    );
    expect(asked).toMatchObject([
      { pathWithQuery: "/pets?type=dog", headers: ["Accept", "text/html", "X-Twice", "1", "X-Twice", "2"], body: "{}", stageVariables: { v: "1" } },
    ]);
  });

  it("is for one verb of an ANY method", async () => {
    const { api, asked, rootId, restApiId } = await start();
    const any = { restApiId, resourceId: rootId, httpMethod: "ANY" };
    await api.PutMethod({ ...any, authorizationType: "NONE" }, call);
    await api.PutIntegration({ ...any, type: "MOCK" }, call);
    await api.TestInvokeMethod({ ...any, httpMethod: "PATCH" }, call);
    expect(asked).toMatchObject([{ httpMethod: "PATCH", pathWithQuery: "/" }]);
    expect(await refusal(api.TestInvokeMethod(any, call))).toBe(
      "BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD",
    );
  });

  it.each([
    [{ restApiId: "none" }, "NotFoundException: Invalid API identifier specified 000000000000:none"],
    [{ resourceId: "none" }, "NotFoundException: Invalid Resource identifier specified"],
    [{ httpMethod: "PUT" }, "NotFoundException: Invalid Method identifier specified"],
    [{ httpMethod: "POST" }, "BadRequestException: No integration defined for method"],
    [{ clientCertificateId: "none" }, "BadRequestException: Invalid Client Certificate identifier specified"],
    [{ stageVariables: { "a b": "1" } }, "BadRequestException: Invalid stage variable name: a b.  Please use names with only word characters."],
    [{ headers: { "a b": "1" } }, "BadRequestException: Invalid header name: a b"],
    [{ stageVariables: { refuse: "yes" } }, "BadRequestException: Method GET uses a.\nMethod GET uses b."],
  ])("refuses %j", async (input, expected) => {
    const { api, asked, method } = await start();
    await api.PutMethod({ ...method, httpMethod: "POST", authorizationType: "NONE" }, call);
    expect(await refusal(api.TestInvokeMethod({ ...method, ...input }, call))).toBe(expected);
    expect(asked).toEqual([]);
  });
});
