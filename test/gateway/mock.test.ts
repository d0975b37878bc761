// MOCK integrations, and with them templates, the selection of integration responses, and response parameters.
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/ports/http-server.ts";
import { HOST, NOW, OWN_HEADERS, startGateway } from "../harness/gateway.ts";
import type { Asked } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

async function answer(method: MethodParts, asked: Asked = {}, parts: PlanParts = {}) {
  await using gate = await startGateway([planOf({ "ANY /": method }, parts)]);
  const { status, headers, body } = await gate.ask(asked);
  return { status, headers, body, logged: gate.logged };
}

const template = (text: string) => ({ "application/json": text });
const internalError = {
  status: 500,
  headers: { "content-type": "application/json", "x-amzn-errortype": "InternalServerErrorException", ...OWN_HEADERS },
  body: '{"message": "Internal server error"}',
};
const empty = { status: 200, headers: { "content-type": "application/json", ...OWN_HEADERS }, body: "" };

describe("a MOCK integration", () => {
  it.each([
    ['{"statusCode": 200}'],
    ["{ statusCode: 200 }"],
    ["{'statusCode':'200'}"],
    ['{ "a": "b", "statusCode" : "200" }'],
    ['{ "a": { "b": [{}] }, "statusCode": 200 }'],
  ])("how-to-mock-integration: %s picks the response for 200", async (text) => {
    expect(await answer({ integration: { requestTemplates: template(text), integrationResponses: { 200: { statusCode: "200" } } } })).toEqual({
      ...empty,
      logged: [],
    });
  });

  it("takes the status from the body where the body passes through", async () => {
    const method = { integration: { integrationResponses: { 200: { statusCode: "200" } } } };
    expect(await answer(method, { method: "POST", body: '{"statusCode": 200}' })).toMatchObject(empty);
  });

  it("answers 500 without a status, and tells the developer why", async () => {
    const method = { integration: { integrationResponses: { 200: { statusCode: "200" } } } };
    const { logged, ...response } = await answer(method);
    expect(response).toEqual(internalError);
    expect(logged).toMatchObject([{ level: "warn", fields: { type: "API_CONFIGURATION_ERROR", reason: expect.stringContaining("statusCode") as string } }]);
  });

  it("integration-passthrough-behaviors: 415 when nothing may pass", async () => {
    const method = { integration: { passthroughBehavior: "NEVER", integrationResponses: { 200: { statusCode: "200" } } } } as const;
    expect(await answer(method, { headers: ["Content-Type", "text/plain"] })).toMatchObject({
      logged: [],
      status: 415,
      headers: { "content-type": "application/json", "x-amzn-errortype": "BadRequestException", ...OWN_HEADERS },
      body: '{"message": "Unsupported Media Type"}',
    });
  });
});

describe("integration responses", () => {
  const responses = {
    200: { statusCode: "200" },
    404: { statusCode: "404", selectionPattern: "4\\d{2}", responseTemplates: template("none") },
    500: { statusCode: "500", selectionPattern: "5.*", responseTemplates: template("broken") },
  };
  const methodResponses = { 200: { statusCode: "200" }, 404: { statusCode: "404" }, 500: { statusCode: "500" } };
  const withStatus = (status: number) => ({ methodResponses, integration: { requestTemplates: template(`{"statusCode": ${status}}`), integrationResponses: responses } });

  it.each([
    [200, 200, ""],
    [299, 200, ""],
    [410, 404, "none"],
    [503, 500, "broken"],
    [145, 200, ""],
  ])("are chosen by a pattern that matches all of %d", async (status, expected, body) => {
    expect(await answer(withStatus(status))).toMatchObject({ status: expected, body });
  });

  it("the first, by status, where several have no pattern", async () => {
    const several = { 404: { statusCode: "404" }, 200: { statusCode: "200" }, 500: { statusCode: "500" } };
    const integration = { requestTemplates: template('{"statusCode": 500}'), integrationResponses: several };
    expect(await answer({ methodResponses, integration })).toMatchObject({ status: 200 });
  });

  it("500 when none matches and there is no default", async () => {
    const method = { integration: { requestTemplates: template('{"statusCode": 200}'), integrationResponses: { 404: { statusCode: "404", selectionPattern: "404" } } } };
    expect(await answer(method)).toMatchObject(internalError);
  });

  it("500 when the method has no such response", async () => {
    const method = { methodResponses: {}, integration: { requestTemplates: template('{"statusCode": 200}'), integrationResponses: { 200: { statusCode: "200" } } } };
    expect(await answer(method)).toMatchObject(internalError);
  });
});

describe("response parameters", () => {
  const respond = (responseParameters: Readonly<Record<string, string>>, responseTemplates?: Readonly<Record<string, string>>) => ({
    integration: {
      requestTemplates: template('{"statusCode": 200}'),
      integrationResponses: { 200: { statusCode: "200", responseParameters, ...(responseTemplates ? { responseTemplates } : {}) } },
    },
  });

  it("enable CORS as how-to-cors says", async () => {
    const { headers } = await answer(
      respond({
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
        "method.response.header.X-Stage": "context.stage",
        "method.response.header.X-Time": "context.requestTimeEpoch",
        "method.response.header.X-Color": "stageVariables.color",
        "method.response.header.X-Nothing": "stageVariables.nothing",
      }),
      { method: "OPTIONS" },
      { stage: { variables: { color: "blue" } } },
    );
    expect(headers).toEqual({
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET,OPTIONS",
      "x-stage": "prod",
      "x-time": String(NOW),
      "x-color": "blue",
      ...OWN_HEADERS,
    });
  });

  it("give the Content-Type, which is otherwise the template's", async () => {
    const html = { "text/html": "<p>" };
    expect((await answer(respond({}, html))).headers["content-type"]).toBe("text/html");
    expect((await answer(respond({ "method.response.header.Content-Type": "'text/plain'" }, html))).headers["content-type"]).toBe("text/plain");
  });

  it("api-gateway-known-issues: are renamed or dropped where AWS needs the header itself", async () => {
    const { headers } = await answer(
      respond({
        "method.response.header.WWW-Authenticate": "'Basic'",
        "method.response.header.Server": "'mine'",
        "method.response.header.Host": "'mine'",
        "method.response.header.Date": "'today'",
      }),
    );
    expect(headers).toEqual({
      "content-type": "application/json",
      "x-amzn-remapped-www-authenticate": "Basic",
      "x-amzn-remapped-server": "mine",
      "x-amzn-remapped-date": "today",
      ...OWN_HEADERS,
    });
  });

  it("cannot break out of their line", async () => {
    const { headers } = await answer(respond({ "method.response.header.X": "stageVariables.x" }), {}, { stage: { variables: { x: "a\r\nb: ü→" } } });
    expect(Buffer.from(headers["x"] ?? "", "latin1").toString()).toBe("a  b: ü→");
  });
});

describe("a request without a socket", () => {
  const request: HttpRequest = {
    method: "GET",
    target: "/prod/",
    headers: ["Host", HOST],
    protocol: "HTTP/2.0",
    encrypted: true,
    remoteAddress: "::ffff:192.0.2.1",
    remotePort: 1,
    hasBody: true,
    signal: new AbortController().signal,
    readBody: () => Promise.reject(new Error("nobody asked for the body")),
  };
  const responseParameters = { "method.response.header.X-Ip": "context.identity.sourceIp", "method.response.header.X-Protocol": "context.protocol" };
  const integration = { requestTemplates: template('{"statusCode": 200}'), passthroughBehavior: "NEVER", integrationResponses: { 200: { statusCode: "200", responseParameters } } } as const;

  it("is answered by a MOCK without waiting for anything, not even for the body", async () => {
    await using gate = await startGateway([planOf({ "GET /": { integration } })]);
    expect(gate.gateway.handle(request)).toMatchObject({
      status: 200,
      // An IPv4 address as such, and HTTP/1.1 "even if a client sends a request that uses HTTP/2" (api-gateway-mapping-template-reference).
      headers: ["Content-Type", "application/json", "X-Ip", "192.0.2.1", "X-Protocol", "HTTP/1.1", ...Array<unknown>(4).fill(expect.any(String))],
    });
  });
});
