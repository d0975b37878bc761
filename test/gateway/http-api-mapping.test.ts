// Parameter mappings of HTTP APIs over real sockets: whole requests as backends get them, whole answers as clients do
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpIntegration } from "../../src/domain/http-api.ts";
import { type Backend, type Reached, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, resultOf, type TestGateway, TRACE_ID } from "../harness/gateway.ts";
import { HTTP_HOST, type HttpApiParts, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";

let backend: Backend;
let gate: TestGateway;

/** Answers with the status that the path ends in. */
beforeAll(async () => {
  backend = await startBackend((response, { url = "" }) => {
    response.writeHead(Number(/\/(\d{3})$/.exec(url)?.[1] ?? 200), ["Content-Type", "application/json", "Header1", "theirs", "X-Own", "1", "X-Own", "2"]);
    response.end('{"message":"Rex & co","code":418}');
  });
  gate = await startHttpApi([]);
});
afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});
beforeEach(() => void backend.reached.splice(0));

function serve(integration: Partial<HttpIntegration>, { routeKey = "$default", ...parts }: Partial<HttpApiParts> & { readonly routeKey?: string } = {}): void {
  serveHttpApi(gate, [httpStage({ routes: { [routeKey]: { integration: { integrationUri: backend.url, ...integration } } }, ...parts })]);
}

const reached = (): Reached => backend.reached[0] as Reached;

/** What the gateway adds by itself, and the connection's own. */
const OWN = ["Forwarded", `by=127.0.0.1;for=127.0.0.1;host=${HTTP_HOST};proto=http`, "Via", "HTTP/1.1 AmazonAPIGateway", "X-Amzn-Trace-Id", TRACE_ID];

/** The headers that reached the backend, but for those of the connection. */
const headers = (): readonly string[] => reached().rawHeaders.filter((_, i, all) => !/^(?:connection|keep-alive|content-length)$/i.test(all[i - (i % 2)] as string));

const ANSWER = ["Content-Type", "application/json", "Header1", "theirs", "X-Own", "1", "X-Own", "2"];

describe("the page's examples", () => {
  it("Add a header to an API request", async () => {
    serve({ requestParameters: { "append:header.header1": "$context.requestId" } });
    await gate.ask({ path: "/", headers: ["X-Mine", "a"] });
    expect(headers()).toEqual(["Host", backend.host, "X-Mine", "a", ...OWN, "header1", EXTENDED_REQUEST_ID]);
  });

  it("Rename a request header", async () => {
    serve({ requestParameters: { "append:header.header2": "$request.header.header1", "remove:header.header1": "''" } });
    await gate.ask({ path: "/", headers: ["Header1", "a", "header1", "b"] });
    expect(headers()).toEqual(["Host", backend.host, ...OWN, "header2", "a,b"]);
  });

  it("Rename a request header, which a request may lack", async () => {
    serve({ requestParameters: { "append:header.header2": "$request.header.header1", "remove:header.header1": "''" } });
    await gate.ask({ path: "/" });
    expect(headers()).toEqual(["Host", backend.host, ...OWN]);
  });

  describe("Change the response from an integration", () => {
    const responseParameters = {
      "500": { "append:header.header1": "$context.requestId", "overwrite:statuscode": "403" },
      "404": { "append:header.error": "$stageVariables.environmentId" },
    };
    it.each([
      ["/500", 403, [...ANSWER, "header1", EXTENDED_REQUEST_ID]],
      ["/404", 404, [...ANSWER, "error", "blue"]],
      ["/200", 200, ANSWER],
      ["/501", 501, ANSWER],
    ])("%s", async (path, status, expected) => {
      serve({ responseParameters }, { stage: { stageVariables: { environmentId: "blue" } } });
      const answer = await gate.ask({ path });
      expect([answer.status, answer.body]).toEqual([status, '{"message":"Rex & co","code":418}']);
      expect(answer.rawHeaders.slice(0, expected.length + 2)).toEqual([...expected, "apigw-requestid", EXTENDED_REQUEST_ID]);
    });
  });
});

describe("requests", () => {
  it("have their headers, query and path changed at once", async () => {
    serve(
      {
        integrationUri: `${backend.url}/base/{id}?own=1`,
        requestParameters: {
          "overwrite:path": "/v2/${request.path.id}/${stageVariables.color}",
          "append:querystring.from": "$request.header.from",
          "overwrite:querystring.x": "$request.body.pet.name",
          "remove:querystring.secret": "''",
          "remove:querystring.own": "''",
          "overwrite:header.X-Pet": "${request.body.pet.name} (${request.querystring.x})",
          "remove:header.cookie": "''",
          "overwrite:header.Host": "pets.example.com",
        },
      },
      { routeKey: "POST /pets/{id}", stage: { stageVariables: { color: "red" } } },
    );
    const body = '{"pet":{"name":"Rex & co"}}';
    await gate.ask({ method: "POST", path: "/pets/a%2Fb?x=1&x=2&secret=3&keep=%20", headers: ["Cookie", "a=b", "X-Pet", "theirs", "From", "me"], body });
    expect({ ...reached(), rawHeaders: headers(), body: reached().body.toString() }).toEqual({
      method: "POST",
      url: "/v2/a%2Fb/red?keep=%20&x=Rex%20%26%20co&from=me",
      rawHeaders: ["Host", "pets.example.com", "From", "me", ...OWN, "X-Pet", "Rex & co (1,2)"],
      body,
    });
  });

  it("to private integrations lose the stage by overwrite:path", async () => {
    const backends = { privateAddress: () => backend.host };
    const integration = { integrationUri: "arn:any", connectionType: "VPC_LINK", connectionId: "link1", requestParameters: { "overwrite:path": "$request.path" } } as const;
    serve(integration, { routeKey: "ANY /{proxy+}", stage: { stageName: "test" }, backends });
    await gate.ask({ path: "/test/pets/1?a=b" });
    expect(reached().url).toBe("/pets/1?a=b");
  });

  it("are not smuggled through mapped values", async () => {
    serve({
      requestParameters: {
        "append:header.x": "$request.body.x",
        "append:querystring.x": "$request.body.x",
        "overwrite:path": "/${request.body.x}",
      },
    });
    const evil = "a HTTP/1.1\r\nHost: evil\r\n\r\n?b#c";
    await gate.ask({ method: "POST", path: "/", body: JSON.stringify({ x: evil }) });
    expect(backend.reached).toHaveLength(1);
    const encoded = encodeURIComponent(evil);
    expect(reached().url).toBe(`/a%20HTTP/1.1%0D%0AHost:%20evil%0D%0A%0D%0A%3Fb%23c?x=${encoded}`);
    expect(headers().slice(-2)).toEqual(["x", "a HTTP/1.1  Host: evil    ?b#c"]);
  });

  it("cannot bring along what a mapping overwrites", async () => {
    serve({ requestParameters: { "overwrite:header.x-user": "$context.authorizer.claims.sub", "overwrite:querystring.user": "$context.authorizer.claims.sub" } });
    await gate.ask({ path: "/?user=root&%75ser=root&a=1", headers: ["X-User", "root"] });
    expect([reached().url, headers()]).toEqual(["/?a=1", ["Host", backend.host, ...OWN]]);
  });
});

describe("responses", () => {
  it("have headers appended, overwritten and removed, from what the backend has answered", async () => {
    const mappings = {
      "append:header.X-Own": "3",
      "overwrite:header.header1": "$response.body.message",
      "append:header.Was": "$response.header.header1",
      "remove:header.x-own": "''",
      "overwrite:statuscode": "$response.body.code",
    };
    serve({ responseParameters: { 200: mappings } });
    const answer = await gate.ask({ path: "/" });
    expect(answer.status).toBe(418);
    expect(answer.rawHeaders.slice(0, 10)).toEqual(["Content-Type", "application/json", "header1", "Rex & co", "X-Own", "3", "Was", "theirs", "apigw-requestid", EXTENDED_REQUEST_ID]);
    expect(answer.body).toBe('{"message":"Rex & co","code":418}');
  });

  it.each([204, 304])("with status %i have no body, whatever the backend's was", async (status) => {
    serve({ responseParameters: { 200: { "overwrite:statuscode": String(status) } } });
    expect(await gate.ask({ path: "/" })).toMatchObject({ status, body: "" });
    expect(await gate.ask({ path: "/404" })).toMatchObject({ status: 404, body: '{"message":"Rex & co","code":418}' });
  });

  it("of functions are mapped by the status code that their code returns", async () => {
    const lines: string[] = [];
    const logs = { write: (_group: object, _at: number, line: string) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
    const invoke = () => Promise.resolve(resultOf({ statusCode: 500, headers: { "X-Own": "1" }, body: '{"code":418}' }));
    const accessLogSettings = { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/pets", format: "$context.status $context.integrationStatus $context.integration.status" };
    const integration = {
      integrationType: "AWS_PROXY",
      integrationUri: "arn:aws:lambda:us-east-1:123456789012:function:pets",
      payloadFormatVersion: "2.0",
      responseParameters: { 200: { "overwrite:statuscode": "201" }, 500: { "overwrite:statuscode": "$response.body.code", "append:header.was": "$response.header.x-own" } },
    } as const;
    await using functions = await startHttpApi([httpStage({ routes: { $default: { integration } }, stage: { accessLogSettings } })], { invoke, logs });
    const answer = await functions.ask({ path: "/" });
    expect([answer.status, answer.headers["was"], answer.body]).toEqual([418, "1", '{"code":418}']);
    expect(lines).toEqual(["418 200 500"]);
  });

  it("of the gateway itself are not mapped", async () => {
    serve({ integrationUri: "http://127.0.0.1:1", responseParameters: { 503: { "overwrite:statuscode": "200", "append:header.a": "b" } } });
    expect(await gate.ask({ path: "/" })).toMatchObject({ status: 503, headers: { "content-type": "application/json", "apigw-requestid": EXTENDED_REQUEST_ID }, body: '{"message":"Service Unavailable"}' });
  });
});
