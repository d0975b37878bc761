// HTTP APIs and clients who mean no good: what they send stays data, and what they held is given back.
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { FunctionInvocation } from "../../src/ports/functions.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { resultOf, type TestGateway } from "../harness/gateway.ts";
import { HTTP_HOST, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";

const BUDGET = 1_000;

let backend: Backend;
let gate: TestGateway;
let invoked: FunctionInvocation[];

beforeAll(async () => {
  backend = await startBackend((response, { url }) => (url === "/cut" ? void response.destroy() : response.end(url === "/large" ? "x".repeat(BUDGET) : "")));
  gate = await startHttpApi([], { limits: { inFlightBytes: BUDGET, payloadBytes: 800 }, invoke: async (invocation) => (invoked.push(invocation), resultOf({ statusCode: 200 })) });
});
afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});
beforeEach(() => {
  invoked = [];
  backend.reached.splice(0);
});

const fn = { integrationType: "AWS_PROXY", integrationUri: "arn:aws:lambda:us-east-1:123456789012:function:f" } as const;
const eventOf = (): Record<string, unknown> => JSON.parse(Buffer.from(invoked[0]?.payload ?? []).toString()) as Record<string, unknown>;

it("gives back what a request has held, however it ends", async () => {
  const failing = { authorizerId: "a1", name: "a", authorizerType: "REQUEST", identitySource: [], authorizerPayloadFormatVersion: "2.0", authorizerUri: "nowhere" } as const;
  const routes = {
    "POST /ok": backend.url,
    "POST /cut": `${backend.url}/cut`,
    "POST /large": `${backend.url}/large`,
    "POST /gone": "http://127.0.0.1:1",
    "POST /broken": {},
    "POST /function": { integration: { ...fn, payloadFormatVersion: "2.0" } },
    "POST /signed": { authorizationType: "AWS_IAM", integration: { integrationUri: backend.url } },
    "POST /authorized": { authorizationType: "CUSTOM", authorizerId: "a1", integration: { integrationUri: backend.url } },
  } as const;
  serveHttpApi(gate, [httpStage({ routes, authorizers: [failing] })]);
  const post = async (path: string, body: string, chunked = false) => (await gate.ask({ method: "POST", path, body, chunked })).status;
  const body = "x".repeat(600);
  const expected = { "/ok": 200, "/cut": 503, "/large": 500, "/gone": 503, "/broken": 500, "/function": 200, "/signed": 403, "/authorized": 500, "/none": 404 };
  for (const chunked of [false, true]) {
    for (const [path, status] of Object.entries(expected)) expect([path, await post(path, body, chunked)]).toEqual([path, status]);
    expect(await post("/ok", "x".repeat(801), chunked)).toBe(413);
  }
  // Two that announce 600 bytes each are one too many, until the first goes away.
  const first = connect(gate.port, "127.0.0.1");
  first.write(`POST /ok HTTP/1.1\r\nHost: ${HTTP_HOST}\r\nContent-Length: 600\r\n\r\nx`);
  await expect.poll(() => post("/ok", body)).toBe(503);
  first.destroy();
  await expect.poll(() => post("/ok", body)).toBe(200);
  expect(await post("/ok", "x".repeat(800))).toBe(200);
});

it.each(["1.0", "2.0"] as const)("names that objects have by themselves are names like others in events of format %s", async (payloadFormatVersion) => {
  serveHttpApi(gate, [httpStage({ routes: { "GET /{__proto__}/{constructor+}": { integration: { ...fn, payloadFormatVersion } } } })]);
  const names = ["__proto__", "constructor", "toString"];
  await gate.ask({ path: `/a/b?${names.map((name) => `${name}=1`).join("&")}`, headers: names.flatMap((name) => [name, "2"]) });
  const { headers, pathParameters, queryStringParameters } = eventOf() as Record<string, object>;
  const own = (map: object | undefined) => Object.entries(map ?? {});
  expect(own(queryStringParameters)).toEqual(names.map((name) => [name, "1"]));
  expect(own(headers).filter(([, value]) => value === "2")).toEqual([["__proto__", "2"], ["constructor", "2"], ["tostring", "2"]]);
  expect(own(pathParameters)).toEqual([["__proto__", "a"], ["constructor", "b"]]);
});

it("values that are mapped make no lines and no requests of their own", async () => {
  const requestParameters = {
    "overwrite:header.x-mapped": "$request.querystring.v",
    "overwrite:header.host": "$request.querystring.v",
    "overwrite:querystring.q": "$request.querystring.v",
    "overwrite:path": "/p/$request.querystring.v",
  };
  serveHttpApi(gate, [httpStage({ routes: { "GET /": { integration: { integrationUri: backend.url, requestParameters } } } })]);
  const hostile = "a b\r\nX-Own: 1\r\n\r\nGET /admin HTTP/1.1\r\n?#/../";
  await gate.ask({ path: `/?v=${encodeURIComponent(hostile)}` });
  expect(backend.reached).toHaveLength(1);
  const [{ rawHeaders, url } = expect.fail()] = backend.reached;
  expect(rawHeaders.slice(0, 2)).toEqual(["Host", backend.host]);
  expect(rawHeaders[rawHeaders.indexOf("x-mapped") + 1]).toBe("a b  X-Own: 1    GET /admin HTTP/1.1  ?#/../");
  expect(rawHeaders).not.toContain("X-Own");
  const path = "/p/a%20b%0D%0AX-Own:%201%0D%0A%0D%0AGET%20/admin%20HTTP/1.1%0D%0A%3F%23/../";
  expect(url).toBe(`${path}?v=${encodeURIComponent(hostile)}&q=${encodeURIComponent(hostile)}`);
});

it("percent-encoded slashes and dots of path variables reach backends as they travelled, and no other segment", async () => {
  serveHttpApi(gate, [httpStage({ routes: { "GET /one/{id}": `${backend.url}/one/{id}/end`, "GET /all/{rest+}": `${backend.url}/all/{rest}` } })]);
  for (const path of ["/one/..%2f..%2fadmin", "/one/%2e%2e", "/one/a%3Fb%23c%00", "/all/..%2fadmin"]) await gate.ask({ path });
  expect(backend.reached.map(({ url }) => url)).toEqual(["/one/..%2f..%2fadmin/end", "/one/%2e%2e/end", "/one/a%3Fb%23c%00/end", "/all/..%2fadmin"]);
});

it("an authority in the request's line stands for its Host (RFC 9112, 3.2.2), and two of them for none", async () => {
  serveHttpApi(gate, [httpStage({ routes: { $default: backend.url } })]);
  const statusOf = (lines: string) =>
    new Promise<string | undefined>((resolve) => {
      const socket = connect(gate.port, "127.0.0.1", () => socket.write(`${lines}\r\nConnection: close\r\n\r\n`));
      const chunks: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      socket.on("close", () => resolve(/^HTTP\/1\.1 (\d+)/.exec(Buffer.concat(chunks).toString("latin1"))?.[1]));
    });
  expect(await statusOf(`GET http://other.example/ HTTP/1.1\r\nHost: ${HTTP_HOST}`)).toBe("404");
  expect(await statusOf(`GET http://${HTTP_HOST}/a HTTP/1.1\r\nHost: other.example`)).toBe("200");
  expect(await statusOf(`GET / HTTP/1.1\r\nHost: ${HTTP_HOST}\r\nHost: ${HTTP_HOST}`)).toBe("400");
  expect(backend.reached.map(({ url }) => url)).toEqual(["/a"]);
});
