// CORS of HTTP APIs, whole answers (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Cors } from "../../src/domain/http-api.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, type TestGateway } from "../harness/gateway.ts";
import { type HttpApiParts, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";

const ORIGIN = "https://www.example.com";

let backend: Backend;
let gate: TestGateway;

/** A backend with CORS headers of its own. */
beforeAll(async () => {
  backend = await startBackend((response, { method }) => {
    response.writeHead(method === "OPTIONS" ? 299 : 200, { "Access-Control-Allow-Origin": "https://theirs.example.com", "ACCESS-CONTROL-EXPOSE-HEADERS": "theirs", "X-Own": "1", Vary: "Accept" });
    response.end("hello");
  });
  gate = await startHttpApi([]);
});
afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});
beforeEach(() => void backend.reached.splice(0));

const closed = { authorizationType: "AWS_IAM" } as const;

function serve(cors: Cors | undefined, routes: HttpApiParts["routes"] = { "GET /pets": backend.url, "$default": backend.url }): void {
  serveHttpApi(gate, [httpStage({ routes, ...(cors && { cors }) })]);
}

async function ask(method: string, path: string, ...headers: readonly string[]) {
  const answer = await gate.ask({ method, path, headers });
  return { status: answer.status, headers: answer.headers, body: answer.body };
}

const preflight = (path: string, origin = ORIGIN, method = "POST") => ask("OPTIONS", path, "Origin", origin, "Access-Control-Request-Method", method);

const id = { "apigw-requestid": EXTENDED_REQUEST_ID };
/** An answer to a preflight request. */
const allowing = (headers: Record<string, string>) => ({ status: 204, headers: { ...headers, ...id }, body: "" });
const named = (origin: string) => ({ "access-control-allow-origin": origin, vary: "origin" });
const refused = (status: number, message: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers, ...id },
  body: JSON.stringify({ message }),
});
/** The backend's own answer, as it passes through an API without a configuration. */
const theirs = { "access-control-allow-origin": "https://theirs.example.com", "access-control-expose-headers": "theirs", "x-own": "1", vary: "Accept", ...id };

describe("preflight requests", () => {
  it("are answered by the API, with all that is configured", async () => {
    const cors = { allowOrigins: [ORIGIN], allowMethods: ["GET", "POST", "DELETE"], allowHeaders: ["authorization", "x-own"], exposeHeaders: ["date", "x-api-id"], maxAge: 300, allowCredentials: true };
    serve(cors);
    expect(await preflight("/pets")).toEqual(
      allowing({
        ...named(ORIGIN),
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "date,x-api-id",
        "access-control-allow-methods": "GET,POST,DELETE",
        "access-control-allow-headers": "authorization,x-own",
        "access-control-max-age": "300",
      }),
    );
    expect(backend.reached).toEqual([]);
  });

  it("are answered even if there isn't an OPTIONS route, or any route at all", async () => {
    serve({ allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"], exposeHeaders: ["*"] }, { "GET /pets": backend.url });
    const expected = allowing({ "access-control-allow-origin": "*", "access-control-expose-headers": "*", "access-control-allow-methods": "*", "access-control-allow-headers": "*" });
    expect(await preflight("/pets")).toEqual(expected);
    expect(await preflight("/nowhere")).toEqual(expected);
  });

  it("are answered in place of an OPTIONS route's backend", async () => {
    serve({ allowOrigins: ["*"] }, { "OPTIONS /pets": backend.url, "ANY /{proxy+}": backend.url });
    expect(await preflight("/pets")).toEqual(allowing({ "access-control-allow-origin": "*" }));
    expect(await preflight("/dogs")).toEqual(allowing({ "access-control-allow-origin": "*" }));
    expect(backend.reached).toEqual([]);
  });

  it("of other origins get no CORS headers", async () => {
    serve({ allowOrigins: [ORIGIN], allowMethods: ["GET"], maxAge: 300 });
    for (const origin of ["https://evil.example.com", "http://www.example.com", `${ORIGIN}:8443`, `${ORIGIN}.evil.example`, "null", ""]) expect(await preflight("/pets", origin)).toEqual(allowing({}));
  });

  it("of a method that is not configured are answered alike: browsers compare", async () => {
    serve({ allowOrigins: [ORIGIN], allowMethods: ["GET"] });
    expect(await preflight("/pets", ORIGIN, "DELETE")).toEqual(allowing({ ...named(ORIGIN), "access-control-allow-methods": "GET" }));
  });

  it("with neither Origin nor Access-Control-Request-Method are none: they go the way of any OPTIONS request", async () => {
    serve({ allowOrigins: [ORIGIN] });
    expect(await ask("OPTIONS", "/pets", "Origin", ORIGIN)).toEqual({ status: 299, headers: { "x-own": "1", ...id, ...named(ORIGIN), vary: "Accept, origin" }, body: "hello" });
    expect(await ask("OPTIONS", "/pets", "Access-Control-Request-Method", "GET")).toEqual({ status: 299, headers: { "x-own": "1", vary: "Accept", ...id }, body: "hello" });
    serve({ allowOrigins: [ORIGIN] }, { "GET /pets": backend.url });
    expect(await ask("OPTIONS", "/pets")).toEqual(refused(404, "Not Found"));
  });

  it("with a max age of -1 and of 0 say so", async () => {
    serve({ allowOrigins: ["*"], maxAge: -1 });
    expect(await preflight("/pets")).toEqual(allowing({ "access-control-allow-origin": "*", "access-control-max-age": "-1" }));
    serve({ allowOrigins: ["*"], maxAge: 0 });
    expect(await preflight("/pets")).toEqual(allowing({ "access-control-allow-origin": "*", "access-control-max-age": "0" }));
  });
});

describe("http-api-cors-default-route: a $default route with an authorizer", () => {
  const withAuthorizer = (): HttpApiParts["routes"] => ({ $default: { ...closed, integration: { integrationUri: backend.url } } });

  it("catches preflight requests too, and lets none of them in", async () => {
    serve({ allowOrigins: [ORIGIN], allowMethods: ["GET"] }, withAuthorizer());
    expect(await preflight("/pets")).toEqual(refused(403, "Forbidden", named(ORIGIN)));
  });

  it("leaves them to OPTIONS /{proxy+} without an authorizer", async () => {
    serve({ allowOrigins: [ORIGIN], allowMethods: ["GET"] }, { ...withAuthorizer(), "OPTIONS /{proxy+}": backend.url });
    expect(await preflight("/pets")).toEqual(allowing({ ...named(ORIGIN), "access-control-allow-methods": "GET" }));
    expect(await ask("GET", "/pets", "Origin", ORIGIN)).toEqual(refused(403, "Forbidden", named(ORIGIN)));
  });
});

describe("which origins are allowed", () => {
  it.each<[allowOrigins: string[], origin: string, expected: string | undefined]>([
    [["*"], ORIGIN, "*"],
    [["*"], "null", "*"],
    [["https://*"], ORIGIN, ORIGIN],
    [["https://*"], "http://www.example.com", undefined],
    [["http://*"], "http://localhost:3000", "http://localhost:3000"],
    [["http://*", "https://*"], ORIGIN, ORIGIN],
    [["http://localhost:3000", ORIGIN], "http://localhost:3000", "http://localhost:3000"],
    [["http://localhost:3000", ORIGIN], ORIGIN, ORIGIN],
    [[ORIGIN], "https://WWW.example.com", undefined],
    [[], ORIGIN, undefined],
  ])("%j: %s", async (allowOrigins, origin, expected) => {
    serve({ allowOrigins, allowMethods: ["GET"] });
    const answer = await preflight("/pets", origin);
    expect(answer.headers["access-control-allow-origin"]).toBe(expected);
    expect(answer.headers["vary"]).toBe(expected === undefined || expected === "*" ? undefined : "origin");
    expect(answer.headers["access-control-allow-methods"]).toBe(expected && "GET");
  });

  it("credentials go with a named origin", async () => {
    serve({ allowOrigins: ["https://*"], allowCredentials: true });
    const credentials = { ...named(ORIGIN), "access-control-allow-credentials": "true" };
    expect(await preflight("/pets")).toEqual(allowing(credentials));
    expect(await ask("GET", "/pets", "Origin", ORIGIN)).toEqual({ status: 200, headers: { "x-own": "1", ...id, ...credentials, vary: "Accept, origin" }, body: "hello" });
    serve({ allowOrigins: ["https://*"], allowCredentials: false });
    expect(await preflight("/pets")).toEqual(allowing(named(ORIGIN)));
  });
});

describe("other answers", () => {
  it("have the API's CORS headers, and none of the backend's", async () => {
    serve({ allowOrigins: ["*"], exposeHeaders: ["x-own", "x-other"], allowMethods: ["GET"], allowHeaders: ["a"], maxAge: 1 });
    expect(await ask("GET", "/pets", "Origin", ORIGIN)).toEqual({
      status: 200,
      headers: { "access-control-allow-origin": "*", "access-control-expose-headers": "x-own,x-other", "x-own": "1", vary: "Accept", ...id },
      body: "hello",
    });
  });

  it("have none for requests without an Origin, or of another one", async () => {
    serve({ allowOrigins: [ORIGIN] });
    const bare = { status: 200, headers: { "x-own": "1", vary: "Accept", ...id }, body: "hello" };
    expect(await ask("GET", "/pets")).toEqual(bare);
    expect(await ask("GET", "/pets", "Origin", "https://evil.example.com")).toEqual(bare);
  });

  it("have them when the API turns a request away by itself", async () => {
    serve({ allowOrigins: [ORIGIN] }, { "GET /gone": "http://127.0.0.1:1/" });
    expect(await ask("GET", "/nowhere", "Origin", ORIGIN)).toEqual(refused(404, "Not Found", named(ORIGIN)));
    expect(await ask("GET", "/gone", "Origin", ORIGIN)).toEqual(refused(503, "Service Unavailable", named(ORIGIN)));
  });

  it("cannot have them mapped by hand", async () => {
    const responseParameters = { 200: { "overwrite:header.access-control-allow-origin": "*", "append:header.Vary": "b" } };
    serve({ allowOrigins: [ORIGIN] }, { "GET /pets": { integration: { integrationUri: backend.url, responseParameters } } });
    expect((await ask("GET", "/pets", "Origin", ORIGIN)).headers).toEqual({ "access-control-allow-origin": ORIGIN, "x-own": "1", vary: "Accept, b, origin", ...id });
  });
});

describe("an API without a configuration", () => {
  it("leaves CORS to its backend, preflight requests too", async () => {
    serve(undefined);
    expect(await ask("GET", "/pets", "Origin", ORIGIN)).toEqual({ status: 200, headers: theirs, body: "hello" });
    expect(await preflight("/pets")).toEqual({ status: 299, headers: theirs, body: "hello" });
    expect(backend.reached.map(({ method }) => method)).toEqual(["GET", "OPTIONS"]);
  });

  it("answers 404 where no route takes them", async () => {
    serve(undefined, { "GET /pets": backend.url });
    expect(await preflight("/pets")).toEqual(refused(404, "Not Found"));
  });
});
