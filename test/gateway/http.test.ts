// HTTP integrations, where everything is mapped, against a real backend.
import { describe, expect, it } from "vitest";
import { startBackend } from "../harness/backend.ts";
import { HOST, OWN_HEADERS, startGateway, TRACE_ID } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";

const CLIENT = ["Host", HOST, "X-Client", "1", "User-Agent", "test", "Accept", "application/json"];
const methodResponses = { 200: { statusCode: "200" }, 400: { statusCode: "400" } };

/** rest-api-develop: answers of HTTP integrations that are not proxies carry the trace. */
const TRACED = { ...OWN_HEADERS, "x-amzn-trace-id": TRACE_ID };

describe("an HTTP integration", () => {
  it("sends only what is mapped", async () => {
    await using backend = await startBackend();
    const requestParameters = {
      "integration.request.querystring.type": "method.request.querystring.type",
      "integration.request.header.X-Mapped": "method.request.header.X-Client",
    };
    const integration = { type: "HTTP", httpMethod: "GET", uri: `${backend.url}/pets`, requestParameters, integrationResponses: { 200: { statusCode: "200" } } } as const;
    await using gate = await startGateway([planOf({ "GET /pets": { integration } })]);
    const { status, headers, body } = await gate.ask({ path: "/pets?type=dog&other=1", headers: CLIENT });
    expect(backend.reached).toMatchObject([{ method: "GET", url: "/pets?type=dog" }]);
    expect(backend.reached[0]?.rawHeaders.filter((_, i, all) => !/^(?:connection|host)$/i.test(all[i - (i % 2)] as string))).toEqual([
      "X-Mapped", "1",
      "Accept", "application/json",
      "User-Agent", "AmazonAPIGateway_a1b2c3d4e5",
      "x-amzn-apigateway-api-id", "a1b2c3d4e5",
      "X-Amzn-Trace-Id", TRACE_ID,
    ]);
    expect({ status, headers, body }).toEqual({ status: 200, headers: { "content-type": "application/json", ...TRACED }, body: "hello" });
  });

  it("sends a template's text or the body, with the request's Content-Type", async () => {
    await using backend = await startBackend();
    const integration = {
      type: "HTTP",
      httpMethod: "POST",
      uri: backend.url,
      requestTemplates: { "application/xml": "<fixed/>" },
      integrationResponses: { 200: { statusCode: "200" } },
    } as const;
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    await gate.ask({ method: "POST", headers: ["Host", HOST, "Content-Type", "application/xml; charset=utf-8"], body: "<a/>" });
    await gate.ask({ method: "POST", headers: ["Host", HOST, "Content-Type", "text/plain"], body: "as it is" });
    await gate.ask({ method: "POST", body: "{}" });
    const seen = backend.reached.map(({ body, rawHeaders }) => [body.toString(), rawHeaders[rawHeaders.indexOf("Content-Type") + 1]]);
    expect(seen).toEqual([["<fixed/>", "application/xml; charset=utf-8"], ["as it is", "text/plain"], ["{}", "application/json"]]);
  });

  it("maps the body also where a template takes its place", async () => {
    await using backend = await startBackend();
    const integration = {
      type: "HTTP",
      httpMethod: "POST",
      uri: backend.url,
      passthroughBehavior: "NEVER",
      requestTemplates: { "application/json": "{}" },
      requestParameters: { "integration.request.header.X-Body": "method.request.body" },
      integrationResponses: { 200: { statusCode: "200" } },
    } as const;
    await using gate = await startGateway([planOf({ "POST /": { integration } })]);
    await gate.ask({ method: "POST", body: '{"a":1}' });
    expect(backend.reached[0]?.rawHeaders).toContain('{"a":1}');
    expect(backend.reached[0]?.body.toString()).toBe("{}");
  });

  it("answers with the integration response that the backend's status selects", async () => {
    await using backend = await startBackend((response, request) =>
      response.writeHead(request.url === "/404" ? 404 : 201, { "Content-Type": "text/plain", ETag: '"1"', "Set-Cookie": ["a=1", "b=2"] }).end("from the backend"),
    );
    const integration = {
      type: "HTTP",
      httpMethod: "GET",
      uri: `${backend.url}/{code}`,
      requestParameters: { "integration.request.path.code": "method.request.path.code" },
      integrationResponses: {
        200: {
          statusCode: "200",
          responseParameters: {
            "method.response.header.X-Tag": "integration.response.header.ETag",
            "method.response.header.Set-Cookie": "integration.response.multivalueheader.Set-Cookie",
            "method.response.header.X-Body": "integration.response.body",
            "method.response.header.Content-Type": "integration.response.header.Content-Type",
          },
        },
        400: { statusCode: "400", selectionPattern: "4\\d\\d", responseTemplates: { "application/json": '{"error":true}' } },
      },
    } as const;
    await using gate = await startGateway([planOf({ "GET /{code}": { methodResponses, integration } })]);
    expect(await gate.ask({ path: "/404" })).toMatchObject({ status: 400, headers: { "content-type": "application/json", ...TRACED }, body: '{"error":true}' });
    const { status, headers, body } = await gate.ask({ path: "/201" });
    expect({ status, headers, body }).toEqual({
      status: 200,
      headers: { "content-type": "text/plain", "x-tag": '"1"', "set-cookie": "a=1, b=2", "x-body": "from the backend", ...TRACED },
      body: "from the backend",
    });
  });
});
