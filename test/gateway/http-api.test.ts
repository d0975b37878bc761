// HTTP APIs over real sockets: which stage and route answers, how requests pass to HTTP backends and back
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html and
// .../http-api-develop-integrations-http.html).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, type TestGateway, TRACE_ID } from "../harness/gateway.ts";
import { HTTP_API_ID, HTTP_HOST, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";

let backend: Backend;
let gate: TestGateway;

beforeAll(async () => {
  backend = await startBackend((response, { url }) => {
    const body = `at ${url}`;
    response.writeHead(url === "/teapot" ? 418 : 200, ["Content-Type", "text/plain", "X-Own", "1", "X-Own", "2", "Apigw-Requestid", "backend's", "Content-Length", String(body.length)]);
    response.end(body);
  });
  gate = await startHttpApi([]);
});

afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

beforeEach(() => void backend.reached.splice(0));

const notFound = {
  status: 404,
  headers: { "content-type": "application/json", "apigw-requestid": EXTENDED_REQUEST_ID },
  body: '{"message":"Not Found"}',
};

/** An API whose routes say which they are. */
function serveRoutes(...keys: readonly string[]): void {
  serveHttpApi(gate, [httpStage({ routes: Object.fromEntries(keys.map((key, i) => [key, `${backend.url}/${i + 1}`])) })]);
}

const routed = async (method: string, path: string): Promise<string> => (await gate.ask({ method, path })).body;

describe("routing API requests (.../http-api-develop-routes.html#http-api-develop-routes.evaluation)", () => {
  it("selects routes as the page's table does", async () => {
    serveRoutes("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default");
    expect(await routed("GET", "/pets/dog/1")).toBe("at /1");
    expect(await routed("GET", "/pets/dog/2")).toBe("at /2");
    expect(await routed("GET", "/pets/cat/1")).toBe("at /3");
    expect(await routed("POST", "/test/5")).toBe("at /4");
    expect(await routed("GET", "/")).toBe("at /5/");
  });

  it("prefers a full match to a greedy one, wherever the variables are", async () => {
    serveRoutes("GET /pets/{proxy+}", "GET /{kind}/dog");
    expect(await routed("GET", "/pets/dog")).toBe("at /2");
    expect(await routed("GET", "/pets/dog/1")).toBe("at /1");
  });

  it("prefers a method to ANY, and falls to another route that has the method", async () => {
    serveRoutes("ANY /pets", "GET /pets", "POST /dogs", "ANY /{proxy+}");
    expect(await routed("GET", "/pets")).toBe("at /2");
    expect(await routed("PUT", "/pets")).toBe("at /1");
    expect(await routed("GET", "/dogs")).toBe("at /4");
  });

  it("knows the methods of http-api-logging-variables alone, and no X-HTTP-Method-Override, which is of REST APIs (api-gateway-known-issues)", async () => {
    serveRoutes("ANY /pets", "$default");
    for (const method of ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]) expect((await gate.ask({ method, path: "/pets" })).status).toBe(200);
    backend.reached.splice(0);
    for (const method of ["TRACE", "PROPFIND", "LOCK"]) expect(await gate.ask({ method, path: "/pets" })).toMatchObject(notFound);
    expect(backend.reached).toEqual([]);
    await gate.ask({ path: "/pets", headers: ["X-HTTP-Method-Override", "DELETE"] });
    expect(backend.reached).toMatchObject([{ method: "GET", url: "/1" }]);
    expect(backend.reached[0]?.rawHeaders).toContain("X-HTTP-Method-Override");
  });

  it("takes a slash at the end for another path", async () => {
    serveRoutes("GET /pets");
    expect(await gate.ask({ path: "/pets/" })).toMatchObject(notFound);
  });

  it("answers 404 when no route matches", async () => {
    serveRoutes("GET /pets");
    expect(await gate.ask({ path: "/dogs" })).toMatchObject(notFound);
    expect(await gate.ask({ method: "POST", path: "/pets" })).toMatchObject(notFound);
    expect((await gate.ask({ path: "/dogs" })).headers).toEqual(notFound.headers);
  });
});

describe("stages", () => {
  const stages = (...names: readonly string[]) => names.map((stageName) => httpStage({ routes: { "ANY /{proxy+}": `${backend.url}/${stageName.replace("$", "")}/{proxy}` }, stage: { stageName } }));

  it("that the path begins with go before $default", async () => {
    serveHttpApi(gate, stages("prod", "$default"));
    expect(await routed("GET", "/prod/pets")).toBe("at /prod/pets");
    expect(await routed("GET", "/beta/pets")).toBe("at /default/beta/pets");
  });

  it("are 404 when there is no $default to take the path", async () => {
    serveHttpApi(gate, stages("prod"));
    expect(await gate.ask({ path: "/beta/pets" })).toMatchObject(notFound);
  });

  it("are served no longer once they are gone, and neither is the API", async () => {
    serveHttpApi(gate, stages("prod", "beta"));
    serveHttpApi(gate, stages("beta"));
    expect(await gate.ask({ path: "/prod/pets" })).toMatchObject(notFound);
    gate.gateway.dropHttpApi(HTTP_API_ID);
    expect(await gate.ask({ path: "/beta/pets" })).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  });

  it("are named in paths of the path style, $default too", async () => {
    serveHttpApi(gate, stages("prod", "$default"));
    const ask = async (target: string) => (await gate.ask({ target, headers: ["Host", "localhost"] })).body;
    expect(await ask(`/_aws/execute-api/${HTTP_API_ID}/prod/pets`)).toBe("at /prod/pets");
    expect(await ask(`/_aws/execute-api/${HTTP_API_ID}/$default/prod/pets`)).toBe("at /default/prod/pets");
    expect(await ask(`/_aws/execute-api/${HTTP_API_ID}/beta/pets`)).toBe(notFound.body);
  });

  it("of an API without its default endpoint are 404, and so are other regions'", async () => {
    serveHttpApi(gate, [httpStage({ routes: { $default: backend.url }, disableExecuteApiEndpoint: true })]);
    expect(await gate.ask({ path: "/pets" })).toMatchObject(notFound);
    serveHttpApi(gate, [httpStage({ routes: { $default: backend.url } })]);
    expect(await gate.ask({ path: "/pets", headers: ["Host", `${HTTP_API_ID}.execute-api.eu-west-1.amazonaws.com`] })).toMatchObject(notFound);
  });
});

describe("HTTP_PROXY", () => {
  it("passes a request on as it came, and the response back", async () => {
    serveHttpApi(gate, [httpStage({ routes: { "POST /pets/{id}": `${backend.url}/dogs/{id}?own=1` } })]);
    const answer = await gate.ask({
      method: "POST",
      path: "/pets/a%20b?x=1&x=%32&y",
      headers: ["X-Mine", "a", "X-Mine", "b", "Content-Type", "text/plain", "Connection", "X-Mine, close"],
      body: "hello",
    });
    expect(answer.status).toBe(200);
    expect(answer.rawHeaders.slice(0, 8)).toEqual(["Content-Type", "text/plain", "X-Own", "1", "X-Own", "2", "apigw-requestid", EXTENDED_REQUEST_ID]);
    expect(answer.body).toBe("at /dogs/a%20b?own=1&x=1&x=%32&y");
    expect(backend.reached).toMatchObject([{ method: "POST", url: "/dogs/a%20b?own=1&x=1&x=%32&y", body: Buffer.from("hello") }]);
    expect(backend.reached[0]?.rawHeaders.slice(0, -4)).toEqual([
      "Host", backend.host,
      "X-Mine", "a",
      "X-Mine", "b",
      "Content-Type", "text/plain",
      "Forwarded", `by=127.0.0.1;for=127.0.0.1;host=${HTTP_HOST};proto=http`,
      "Via", "HTTP/1.1 AmazonAPIGateway",
      "X-Amzn-Trace-Id", TRACE_ID,
    ]);
  });

  it("says in answers to HEAD what the backend says of the length (RFC 9110, 9.3.2)", async () => {
    serveHttpApi(gate, [httpStage({ routes: { "HEAD /as-head": backend.url, "HEAD /as-get": { integration: { integrationUri: backend.url, integrationMethod: "GET" } } } })]);
    for (const path of ["/as-head", "/as-get"]) {
      const { rawHeaders } = await gate.ask({ method: "HEAD", path });
      expect(rawHeaders.filter((_, i, all) => /^content-length$/i.test(all[i - (i % 2)] as string))).toEqual(["Content-Length", "4"]);
    }
  });

  it("sends the whole path of a request to $default, behind the URL's own", async () => {
    serveHttpApi(gate, [httpStage({ routes: { $default: `${backend.url}/base/` } })]);
    expect(await routed("DELETE", "/store/checkout")).toBe("at /base/store/checkout");
    expect(backend.reached[0]?.method).toBe("DELETE");
  });

  it("asks by the integration's method where that is not ANY", async () => {
    serveHttpApi(gate, [httpStage({ routes: { "GET /pets": { integration: { integrationUri: `${backend.url}/teapot`, integrationMethod: "PUT" } } } })]);
    expect(await gate.ask({ path: "/pets" })).toMatchObject({ status: 418 });
    expect(backend.reached[0]?.method).toBe("PUT");
  });

  it("puts stage variables in", async () => {
    const routes = { "GET /pets": "http://${stageVariables.host}/${stageVariables.where}" };
    serveHttpApi(gate, [httpStage({ routes, stage: { stageVariables: { host: backend.host, where: "there" } } })]);
    expect(await routed("GET", "/pets")).toBe("at /there");
  });

  it("joins what proxies before have said of themselves", async () => {
    serveHttpApi(gate, [httpStage({ routes: { $default: backend.url } })]);
    await gate.ask({ path: "/", headers: ["Forwarded", "for=1.2.3.4", "Via", "1.1 fred", "X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000"] });
    expect(backend.reached[0]?.rawHeaders.slice(2, 8)).toEqual([
      "Forwarded", `for=1.2.3.4, by=127.0.0.1;for=127.0.0.1;host=${HTTP_HOST};proto=http`,
      "Via", "1.1 fred, HTTP/1.1 AmazonAPIGateway",
      "X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000",
    ]);
  });

  const unavailable = { status: 503, body: '{"message":"Service Unavailable"}' };

  it("is 503 for a backend that is not there, or is too slow", async () => {
    await using silent = await startBackend(() => undefined);
    const routes = {
      "GET /gone": "http://127.0.0.1:1/",
      "GET /slow": { integration: { integrationUri: silent.url, timeoutInMillis: 50 } },
    };
    serveHttpApi(gate, [httpStage({ routes })]);
    expect(await gate.ask({ path: "/gone" })).toMatchObject(unavailable);
    expect(await gate.ask({ path: "/slow" })).toMatchObject(unavailable);
  });

  it("is 500 where the URL leads nowhere, or there is no integration", async () => {
    serveHttpApi(gate, [httpStage({ routes: { "GET /a": "http://${stageVariables.no}/", "GET /b": {} } })]);
    const failed = { status: 500, body: '{"message":"Internal Server Error"}' };
    expect(await gate.ask({ path: "/a" })).toMatchObject(failed);
    expect(await gate.ask({ path: "/b" })).toMatchObject(failed);
  });
});

describe("private integrations (.../http-api-develop-integrations-private.html)", () => {
  const listener = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/app/my-load-balancer/50dc6c495c0c9188/0467ef3c8400ae65";
  const privately = (integrationUri: string) => ({ integration: { integrationUri, connectionType: "VPC_LINK", connectionId: "link1" } as const });

  it("get the path with the stage, at the address that the operator gave", async () => {
    const backends = { privateAddress: ({ integrationTarget }: { integrationTarget?: string }) => (integrationTarget === listener ? backend.host : undefined) };
    serveHttpApi(gate, [httpStage({ routes: { "GET /pets/{id}": privately(listener), "GET /lost": privately("arn:other") }, stage: { stageName: "test" }, backends })]);
    expect(await routed("GET", "/test/pets/1")).toBe("at /test/pets/1");
    expect(backend.reached[0]?.rawHeaders.slice(0, 2)).toEqual(["Host", HTTP_HOST]);
    expect(await gate.ask({ path: "/test/lost" })).toMatchObject({ status: 500 });
  });
});

describe("limits", () => {
  it("431 past 10,240 bytes of the line and header values", async () => {
    serveHttpApi(gate, [httpStage({ routes: { $default: backend.url } })]);
    const line = "GET / HTTP/1.1\r\n".length;
    const padded = (bytes: number) => ["X-Pad", "x".repeat(bytes - line - HTTP_HOST.length - "close".length)];
    expect(await gate.ask({ path: "/", headers: padded(10_240) })).toMatchObject({ status: 200 });
    expect(await gate.ask({ path: "/", headers: padded(10_241) })).toMatchObject({ status: 431 });
  });

  it("413 past 10 MB, announced or not", async () => {
    serveHttpApi(gate, [httpStage({ routes: { $default: backend.url } })]);
    const tooLarge = { status: 413, body: '{"message":"Request Entity Too Large"}' };
    const body = Buffer.alloc(10_485_761);
    expect(await gate.ask({ method: "POST", path: "/", body })).toMatchObject(tooLarge);
    expect(await gate.ask({ method: "POST", path: "/", body, chunked: true })).toMatchObject(tooLarge);
  });

  it("429 past a route's throttle", async () => {
    const stage = { routeSettings: { "GET /pets": { throttlingRateLimit: 1, throttlingBurstLimit: 2 } } };
    serveHttpApi(gate, [httpStage({ routes: { "GET /pets": backend.url, "GET /dogs": backend.url }, stage })]);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await gate.ask({ path: "/pets" })).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(await gate.ask({ path: "/pets" })).toMatchObject({ headers: { "content-type": "application/json" }, body: '{"message":"Too Many Requests"}' });
    expect(await gate.ask({ path: "/dogs" })).toMatchObject({ status: 200 });
  });
});

it("keeps routes closed whose authorization cannot be had", async () => {
  serveHttpApi(gate, [httpStage({ routes: { "GET /pets": { authorizationType: "JWT", authorizerId: "gone", integration: { integrationUri: backend.url } } } })]);
  expect(await gate.ask({ path: "/pets" })).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  expect(backend.reached).toEqual([]);
});
