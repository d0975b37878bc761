// HTTP_PROXY integrations against a real backend.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startBackend } from "../harness/backend.ts";
import type { Backend } from "../harness/backend.ts";
import { HOST, OWN_HEADERS, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { Answer, Asked } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { PlanParts } from "../harness/rest-api.ts";
import type { Integration } from "../../src/domain/rest-api.ts";

interface Exchange {
  readonly path?: string;
  readonly uri?: string;
  readonly integration?: Partial<Integration>;
  readonly plan?: PlanParts;
}

/** One request through a proxy on `ANY {path}` with the URI after the backend's origin. */
async function proxied(backend: Backend, asked: Asked, { path = "/{proxy+}", uri = "/base/{proxy}", integration, plan }: Exchange = {}) {
  const requestParameters = { "integration.request.path.proxy": "method.request.path.proxy" };
  const method = { integration: { type: "HTTP_PROXY", uri: backend.url + uri, requestParameters, ...integration } as const };
  await using gate = await startGateway([planOf({ [`ANY ${path}`]: method }, plan)]);
  const answer = await gate.ask(asked);
  return { answer, reached: backend.reached.at(-1), logged: gate.logged };
}

const FORWARDED = ["X-Amzn-Trace-Id", TRACE_ID, "X-Forwarded-For", "127.0.0.1", "X-Forwarded-Port", "80", "X-Forwarded-Proto", "http"];
const API_ID_HEADER = ["x-amzn-apigateway-api-id", "a1b2c3d4e5"];

/** What a list holds besides the framing headers and Host, whose place and spelling are the client's. */
const unframed = (rawHeaders: readonly string[] = []) =>
  rawHeaders.filter((_, index) => !/^(?:host|connection|content-length|transfer-encoding)$/i.test(rawHeaders[index - (index % 2)] as string));

const hostsIn = (rawHeaders: readonly string[] = []) =>
  rawHeaders.filter((_, index) => index % 2 === 1 && /^host$/i.test(rawHeaders[index - 1] as string));

const answerOf = ({ status, headers, body }: Answer) => ({ status, headers, body });

describe("a request to an HTTP proxy's backend", () => {
  it("keeps method, path, query, headers and body", async () => {
    await using backend = await startBackend();
    const { answer, reached } = await proxied(backend, {
      method: "PUT",
      path: "/a%2Fb/c/?x=1&x=2&y=",
      headers: ["Host", HOST, "Accept", "text/html", "User-Agent", "test", "X-Twice", "1", "X-Twice", "2", "Content-Type", "text/plain"],
      body: "grüße",
    });
    expect(reached).toMatchObject({ method: "PUT", url: "/base/a%2Fb/c?x=1&x=2&y=", body: Buffer.from("grüße") });
    expect(unframed(reached?.rawHeaders)).toEqual([
      "Accept", "text/html", "User-Agent", "test", "X-Twice", "1", "X-Twice", "2", "Content-Type", "text/plain", ...FORWARDED, ...API_ID_HEADER,
    ]);
    expect(hostsIn(reached?.rawHeaders)).toEqual([backend.host]);
    expect(answerOf(answer)).toEqual({
      status: 200,
      headers: {
        "content-type": "application/json",
        "x-amzn-remapped-connection": "keep-alive",
        "x-amzn-remapped-content-length": "5",
        ...OWN_HEADERS,
      },
      body: "hello",
    });
  });

  it("has AWS's own headers where the client sends none", async () => {
    await using backend = await startBackend();
    const { reached } = await proxied(backend, { path: "/a" });
    expect(unframed(reached?.rawHeaders)).toEqual([
      ...FORWARDED, "User-Agent", "AmazonAPIGateway_a1b2c3d4e5", ...API_ID_HEADER,
    ]);
  });

  it("has the method of the integration where that names one", async () => {
    await using backend = await startBackend();
    expect((await proxied(backend, { path: "/a" }, { integration: { httpMethod: "POST" } })).reached?.method).toBe("POST");
    expect((await proxied(backend, { path: "/a", method: "PATCH" }, { integration: { httpMethod: "ANY" } })).reached?.method).toBe("PATCH");
  });

  it("api-gateway-known-issues: lacks the headers that AWS drops, and a Signature Version 4", async () => {
    await using backend = await startBackend();
    const dropped = ["Content-MD5", "Max-Forwards", "Proxy-Authenticate", "Server", "TE", "Via", "WWW-Authenticate", "Content-Encoding"];
    const kept = ["Age", "Accept-Charset", "Pragma", "Range", "Referer", "Warn", "Date"];
    const headers = ["Host", HOST, ...[...dropped, ...kept].flatMap((name) => [name, "x"]), "Authorization", "AWS4-HMAC-SHA256 Credential=x"];
    const names = (await proxied(backend, { path: "/a", headers })).reached?.rawHeaders.filter((_, index) => index % 2 === 0) ?? [];
    expect(dropped.filter((name) => names.includes(name))).toEqual([]);
    expect(kept.filter((name) => names.includes(name))).toEqual(kept);
    expect(names).not.toContain("Authorization");
    const bearer = await proxied(backend, { path: "/a", headers: ["Host", HOST, "authorization", "Bearer x"] });
    expect(unframed(bearer.reached?.rawHeaders).slice(0, 2)).toEqual(["authorization", "Bearer x"]);
  });

  it("api-gateway-known-issues: has the method of X-HTTP-Method-Override, and that header when it is mapped", async () => {
    await using backend = await startBackend();
    const asked = { method: "POST", path: "/a", headers: ["Host", HOST, "x-http-method-override", "patch"] };
    const overridden = (await proxied(backend, asked)).reached;
    expect(overridden?.method).toBe("PATCH");
    expect(overridden?.rawHeaders.join().toLowerCase()).not.toContain("override");
    const requestParameters = { "integration.request.header.X-HTTP-Method-Override": "method.request.header.X-HTTP-Method-Override" };
    const mapped = (await proxied(backend, asked, { path: "/a", uri: "/", integration: { requestParameters } })).reached;
    expect(mapped?.rawHeaders).toContain("X-HTTP-Method-Override");
  });

  it("continues a trace and a chain of proxies", async () => {
    await using backend = await startBackend();
    const trace = "Root=1-67891233-abcdef012345678912345678;Sampled=1";
    const headers = ["Host", `${HOST}:4566`, "X-Amzn-Trace-Id", trace, "X-Forwarded-For", "203.0.113.1", "X-Forwarded-Proto", "gopher"];
    expect(unframed((await proxied(backend, { path: "/a", headers })).reached?.rawHeaders).slice(0, 8)).toEqual([
      "X-Amzn-Trace-Id", trace, "X-Forwarded-For", "203.0.113.1, 127.0.0.1", "X-Forwarded-Port", "4566", "X-Forwarded-Proto", "http",
    ]);
  });

  it.each([
    ["a=b c", "?a=b%20c"],
    ["a=b+c&d=%2B", "?a=b%20c&d=%2B"],
    ["a", "?a="],
    ["a=%zz", "?a=%25zz"],
    ["b=2;a=1", "?b=2&a=1"],
    ["", ""],
  ])("has the query %j decoded and encoded again as %j", async (query, expected) => {
    await using backend = await startBackend();
    const { reached } = await proxied(backend, { path: `/a?${query.replace(" ", "%20")}` });
    expect(reached?.url).toBe(`/base/a${expected}`);
  });

  it("request-response-data-mappings: has what is mapped, in place of what came", async () => {
    await using backend = await startBackend();
    const requestParameters = {
      "integration.request.path.who": "method.request.querystring.name",
      "integration.request.querystring.id": "method.request.path.id",
      "integration.request.querystring.all": "method.request.multivaluequerystring.tag",
      "integration.request.header.X-Static": "'a b'",
      "integration.request.header.X-Agent": "method.request.header.User-Agent",
      "integration.request.header.X-Missing": "method.request.header.Missing",
      "integration.request.header.Accept": "'text/plain'",
      "integration.request.header.Host": "'elsewhere'",
      "integration.request.header.X-Color": "stageVariables.color",
    };
    const { reached } = await proxied(
      backend,
      { path: "/pets/7?name=J%2FD&id=old&tag=1&tag=2", headers: ["Host", HOST, "accept", "text/html", "User-Agent", "test"] },
      { path: "/pets/{id}", uri: "/${stageVariables.color}/{who}?fixed=1", integration: { requestParameters }, plan: { stage: { variables: { color: "red" } } } },
    );
    expect(reached?.url).toBe("/red/J/D?fixed=1&name=J%2FD&tag=1&tag=2&id=7&all=1&all=2");
    expect(unframed(reached?.rawHeaders)).toEqual([
      "User-Agent", "test",
      ...FORWARDED, "X-Static", "a b", "X-Agent", "test", "Accept", "text/plain", "X-Color", "red", ...API_ID_HEADER,
    ]);
    expect(hostsIn(reached?.rawHeaders)).toEqual([backend.host]);
  });

  it("cannot be given further headers through a mapped value", async () => {
    await using backend = await startBackend();
    const requestParameters = { "integration.request.header.X-Q": "method.request.querystring.q" };
    const { reached } = await proxied(backend, { path: "/a?q=1%0D%0AX-Evil:%202" }, { path: "/a", uri: "/", integration: { requestParameters } });
    expect(reached?.rawHeaders).toContain("1  X-Evil: 2");
  });
});

describe("a response of an HTTP proxy's backend", () => {
  it("comes back as it was, with the headers that AWS renames or drops", async () => {
    const responseHeaders = [
      "Content-Type", "text/plain", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-Own", "1", "Server", "nginx", "WWW-Authenticate", "Basic",
      "Authorization", "x", "Content-MD5", "x", "Max-Forwards", "1", "User-Agent", "x", "Via", "x", "Expect", "x", "Upgrade", "x", "TE", "x",
      "Age", "7", "x-amzn-RequestId", "backend", "X-Forwarded-For", "1", "Content-Length", "3", "X-Amzn-Trace-Id", "Root=1", "Date", "Sun, 06 Nov 1994 08:49:37 GMT",
    ];
    await using backend = await startBackend((response) => response.writeHead(418, responseHeaders).end("tea"));
    const { answer } = await proxied(backend, { path: "/a" });
    expect(answerOf(answer)).toEqual({
      status: 418,
      headers: {
        "content-type": "text/plain",
        "set-cookie": "a=1, b=2",
        "x-own": "1",
        "x-amzn-remapped-server": "nginx",
        "x-amzn-remapped-www-authenticate": "Basic",
        "x-amzn-remapped-authorization": "x",
        "x-amzn-remapped-content-md5": "x",
        "x-amzn-remapped-max-forwards": "1",
        "x-amzn-remapped-user-agent": "x",
        "x-amzn-remapped-connection": "keep-alive",
        "x-amzn-remapped-date": "Sun, 06 Nov 1994 08:49:37 GMT",
        "x-amzn-remapped-x-amzn-requestid": "backend",
        "x-amzn-remapped-x-forwarded-for": "1",
        "x-amzn-remapped-content-length": "3",
        "x-amzn-trace-id": "Root=1",
        age: "7",
        ...OWN_HEADERS,
      },
      body: "tea",
    });
  });

  it("to HEAD keeps the length that GET would have", async () => {
    await using backend = await startBackend((response) => response.writeHead(200, { "Content-Length": "1234" }).end());
    const { answer } = await proxied(backend, { method: "HEAD", path: "/a" });
    expect(answer.body).toBe("");
    expect(answer.rawHeaders.filter((_, i) => (answer.rawHeaders[i - (i % 2)] as string).toLowerCase() === "content-length")).toEqual(["Content-Length", "1234"]);
  });

  it("may redirect, be empty, and be as large as 10 MB", async () => {
    await using redirecting = await startBackend((response) => response.writeHead(302, { Location: "http://elsewhere/" }).end());
    expect((await proxied(redirecting, { path: "/a" })).answer).toMatchObject({ status: 302, headers: { location: "http://elsewhere/" }, body: "" });
    await using empty = await startBackend((response) => response.writeHead(204).end());
    expect((await proxied(empty, { path: "/a" })).answer).toMatchObject({ status: 204, body: "" });
    await using large = await startBackend((response) => response.end("x".repeat(10_485_760)));
    expect((await proxied(large, { path: "/a" })).answer.bytes.length).toBe(10_485_760);
  });
});

describe("api-gateway-payload-encodings-workflow: binary payloads", () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);
  const image = (accept: string): Asked => ({ method: "POST", path: "/a", headers: ["Host", HOST, "Content-Type", "image/png", "Accept", accept], body: png });
  const binary = (...binaryMediaTypes: string[]): Exchange => ({ plan: { snapshot: { binaryMediaTypes } } });
  const echo = () => startBackend((response) => response.writeHead(200, { "Content-Type": "image/png" }).end(png));

  it("pass unharmed both ways when they are declared and accepted", async () => {
    await using backend = await echo();
    const { answer, reached } = await proxied(backend, image("image/png"), binary("image/png"));
    expect([reached?.body, answer.bytes]).toEqual([png, png]);
  });

  it("pass unharmed when everything is binary", async () => {
    await using backend = await echo();
    const { answer, reached } = await proxied(backend, image("*/*"), binary("*/*"));
    expect([reached?.body, answer.bytes]).toEqual([png, png]);
  });

  it("come back as base64 when the first media type of Accept is another", async () => {
    await using backend = await echo();
    const { answer } = await proxied(backend, image("text/html,image/png"), binary("image/png"));
    expect(answer.body).toBe(png.toString("base64"));
  });

  it("are taken for UTF-8 where no binary media types are declared", async () => {
    await using backend = await echo();
    const { answer, reached } = await proxied(backend, image("image/png"));
    expect([reached?.body, answer.bytes]).toEqual([Buffer.from(png.toString()), Buffer.from(png.toString())]);
  });

  it("are left alone when they are compressed", async () => {
    const zipped = gzipSync("hello");
    await using backend = await startBackend((response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(zipped));
    const { answer } = await proxied(backend, { path: "/a" });
    expect([answer.headers["content-encoding"], answer.bytes]).toEqual(["gzip", zipped]);
  });

  it("500 when base64 is expected and is not there", async () => {
    await using backend = await startBackend((response) => response.writeHead(200, { "Content-Type": "application/json" }).end('{"a":1}'));
    expect((await proxied(backend, image("image/png"), binary("image/png"))).answer).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
  });
});

describe("a backend that fails", () => {
  const failure = (status: number, message: string) => ({
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": "InternalServerErrorException", ...OWN_HEADERS },
    body: `{"message": ${JSON.stringify(message)}}`,
  });

  it("504 Endpoint request timed out when it takes longer than timeoutInMillis", async () => {
    await using backend = await startBackend(() => undefined);
    const { answer, logged } = await proxied(backend, { path: "/a" }, { integration: { timeoutInMillis: 50 } });
    expect(answerOf(answer)).toEqual(failure(504, "Endpoint request timed out"));
    expect(logged).toMatchObject([{ level: "warn", fields: { type: "INTEGRATION_TIMEOUT", resource: "/{proxy+}" } }]);
  });

  it("504 Network error communicating with endpoint when it refuses the connection", async () => {
    const port = await freePort();
    const gone = { url: `http://127.0.0.1:${port}`, reached: [] } as unknown as Backend;
    expect(answerOf((await proxied(gone, { path: "/a" })).answer)).toEqual(failure(504, "Network error communicating with endpoint"));
  });

  it("504 Network error communicating with endpoint when it breaks off", async () => {
    await using backend = await startBackend((response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("x", () => response.destroy());
    });
    expect(answerOf((await proxied(backend, { path: "/a" })).answer)).toEqual(failure(504, "Network error communicating with endpoint"));
  });

  it("500 when its name does not resolve", async () => {
    const nowhere = { url: "http://nowhere.invalid", reached: [] } as unknown as Backend;
    expect(answerOf((await proxied(nowhere, { path: "/a" })).answer)).toEqual(failure(500, "Internal server error"));
  });

  it("500 when its answer is larger than 10 MB", async () => {
    await using backend = await startBackend((response) => response.end("x".repeat(10_485_761)));
    expect(answerOf((await proxied(backend, { path: "/a" })).answer)).toEqual(failure(500, "Internal server error"));
  });

  it("500 when its URI has a path variable that nothing is mapped to", async () => {
    await using backend = await startBackend();
    const { answer, logged } = await proxied(backend, { path: "/a" }, { uri: "/{other}" });
    expect(answerOf(answer)).toEqual(failure(500, "Internal server error"));
    expect(logged[0]?.fields?.["reason"]).toBe(`No mapping for the path variable other of ${backend.url}/{other}`);
  });
});

it("sheds load with 503 when more bytes are held than the budget allows, and gives them back", async () => {
  await using backend = await startBackend();
  const method = { integration: { type: "HTTP_PROXY", uri: backend.url } as const };
  await using gate = await startGateway([planOf({ "ANY /": method })], { limits: { inFlightBytes: 1000 } });
  const post = (bytes: number) => gate.ask({ method: "POST", path: "/", body: "x".repeat(bytes) });
  const shed = { status: 503, headers: { "x-amzn-errortype": "ServiceUnavailableException" }, body: '{"message":"Service Unavailable"}' };
  for (let round = 0; round < 3; round++) expect(await post(990)).toMatchObject({ status: 200 });
  expect(await post(1001)).toMatchObject(shed);
  // The request alone fits, but not together with the five bytes of the response.
  for (let round = 0; round < 3; round++) expect(await post(996)).toMatchObject(shed);
  expect(await gate.ask({ method: "POST", path: "/", body: "x".repeat(1001), chunked: true })).toMatchObject(shed);
  expect(await post(990)).toMatchObject({ status: 200 });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
