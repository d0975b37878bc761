// What is answered before any integration is asked: addresses, stages, methods, limits, and the shape of refusals.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXTENDED_REQUEST_ID, OWN_HEADERS, REQUEST_ID, startGateway } from "../harness/gateway.ts";
import type { TestGateway } from "../harness/gateway.ts";
import { API_ID, planOf } from "../harness/rest-api.ts";

const OK = {
  requestTemplates: { "application/json": '{"statusCode": 200}' },
  integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": '{"ok":true}' } } },
};

let gate: TestGateway;
beforeAll(async () => {
  gate = await startGateway([
    planOf({ "GET /": { integration: OK }, "GET /pets/{id}": { integration: OK }, "ANY /any": { integration: OK } }),
    planOf({ "GET /": { integration: OK } }, { api: { id: "disabled00" }, snapshot: { disableExecuteApiEndpoint: true } }),
  ]);
});
afterAll(() => gate[Symbol.asyncDispose]());

const forbidden = {
  status: 403,
  headers: { "content-type": "application/json", "x-amzn-errortype": "ForbiddenException", ...OWN_HEADERS },
  body: '{"message":"Forbidden"}',
};
const missingToken = {
  status: 403,
  headers: { "content-type": "application/json", "x-amzn-errortype": "MissingAuthenticationTokenException", ...OWN_HEADERS },
  body: '{"message":"Missing Authentication Token"}',
};
const ok = { status: 200, headers: { "content-type": "application/json", ...OWN_HEADERS }, body: '{"ok":true}' };

describe("an API", () => {
  it.each([
    ["by host name", { path: "/" }],
    ["without a trailing slash", { target: "/prod" }],
    ["by path", { target: `/_aws/execute-api/${API_ID}/prod/pets/7`, headers: ["Host", "localhost"] }],
    ["by the control plane's path", { target: `/restapis/${API_ID}/prod/_user_request_/any`, headers: ["Host", "localhost"] }],
    ["by ANY", { method: "DELETE", path: "/any" }],
    ["with a trailing slash", { path: "/pets/7/" }],
  ])("answers %s", async (_, asked) => {
    expect(await gate.ask(asked)).toMatchObject(ok);
  });

  it.each([
    ["an API that is not there", { headers: ["Host", "zzzzzzzzzz.execute-api.us-east-1.amazonaws.com"] }],
    ["one that is not there, by path", { target: "/_aws/execute-api/zzzzzzzzzz/prod/", headers: ["Host", "localhost"] }],
    ["the API in another region", { headers: ["Host", `${API_ID}.execute-api.eu-west-1.amazonaws.com`] }],
    ["a stage that is not there", { target: "/test/pets/7" }],
    ["no stage", { target: "/" }],
    ["a stage in another case", { target: "/Prod/pets/7" }],
    ["a custom domain name's target", { headers: ["Host", "d-abcdef1234.execute-api.us-east-1.amazonaws.com"] }],
    ["an endpoint's own name without x-apigw-api-id", { headers: ["Host", "vpce-1-2.execute-api.us-east-1.vpce.amazonaws.com"] }],
    ["rest-api-disable-default-endpoint", { headers: ["Host", "disabled00.execute-api.us-east-1.amazonaws.com"] }],
  ])("403 Forbidden for %s", async (_, asked) => {
    expect(await gate.ask(asked)).toMatchObject(forbidden);
  });

  it.each([
    ["a resource that is not there", { path: "/dogs" }],
    ["a method that is not there", { method: "POST", path: "/pets/7" }],
    ["a method that ANY does not stand for", { method: "PROPFIND", path: "/any" }],
    ["OPTIONS and HEAD too", { method: "OPTIONS", path: "/pets/7" }],
    ["a resource without methods", { path: "/pets" }],
  ])("403 Missing Authentication Token for %s", async (_, asked) => {
    expect(await gate.ask(asked)).toMatchObject(missingToken);
  });

  it("has no body in an answer to HEAD", async () => {
    expect(await gate.ask({ method: "HEAD", path: "/any" })).toMatchObject({ ...ok, body: "" });
    expect(await gate.ask({ method: "HEAD", path: "/dogs" })).toMatchObject({ ...missingToken, body: "" });
  });

  it("spells its headers as AWS does", async () => {
    const { rawHeaders } = await gate.ask({ path: "/dogs" });
    expect(rawHeaders.slice(0, 8)).toEqual([
      "Content-Type", "application/json",
      "x-amzn-RequestId", REQUEST_ID,
      "x-amzn-ErrorType", "MissingAuthenticationTokenException",
      "x-amz-apigw-id", EXTENDED_REQUEST_ID,
    ]);
  });

  it("is not asked for anything else", async () => {
    expect(await gate.ask({ target: "/", headers: ["Host", "localhost"] })).toMatchObject({ status: 404, body: "not the data plane" });
  });
});

describe("limits: 10,240 bytes of header values", () => {
  const host = `${API_ID}.execute-api.us-east-1.amazonaws.com`;
  const padded = (bytes: number) => ({ path: "/any", headers: ["Host", host, "X-Pad", "x".repeat(bytes - host.length - "close".length)] });

  it("are taken", async () => {
    expect(await gate.ask(padded(10_240))).toMatchObject({ status: 200 });
  });

  it("and one more are not", async () => {
    expect(await gate.ask(padded(10_241))).toMatchObject({
      status: 431,
      headers: { "content-type": "text; charset=utf-8" },
      body: "HTTP header is larger than 10240 bytes.",
    });
  });
});

describe("limits: a payload of 10 MB", () => {
  const tooLarge = { status: 413, headers: { "content-type": "text; charset=utf-8" }, body: "HTTP content length exceeded 10485760 bytes." };

  it("is refused past it, in the plain text that AWS's listener sends", async () => {
    const body = Buffer.alloc(10_485_761);
    expect(await gate.ask({ method: "POST", path: "/any", headers: ["Content-Type", "text/plain"], body })).toMatchObject(tooLarge);
    expect(await gate.ask({ method: "POST", path: "/any", headers: ["Content-Type", "text/plain"], body, chunked: true })).toMatchObject(tooLarge);
  });
});

describe("a stage", () => {
  it("is swapped whole, and dropped", async () => {
    await using own = await startGateway([planOf({ "GET /": { integration: OK } })]);
    expect(await own.ask({})).toMatchObject({ status: 200 });
    own.gateway.put(planOf({ "GET /new": { integration: OK } }));
    expect(await own.ask({})).toMatchObject(missingToken);
    expect(await own.ask({ path: "/new" })).toMatchObject(ok);
    own.gateway.drop(API_ID, "prod");
    expect(await own.ask({ path: "/new" })).toMatchObject(forbidden);
  });

  it("may be compiled when the first request comes, once", async () => {
    await using own = await startGateway([]);
    let compiled = 0;
    const load = () => (compiled++, planOf({ "GET /": { integration: OK } }));
    own.gateway.put({ apiId: API_ID, stageName: "prod", cacheBytes: 0, load });
    expect(compiled).toBe(0);
    expect([await own.ask({}), await own.ask({})]).toMatchObject([ok, ok]);
    expect(compiled).toBe(1);
  });
});
