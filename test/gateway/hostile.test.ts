// Requests that no sensible client sends: none of them may look like a bug.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { HttpRequest } from "../../src/ports/http-server.ts";
import { HOST, resultOf, startGateway } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";

const URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";
const everySource = Object.fromEntries(
  [
    "integration.response.header.x",
    "integration.response.multivalueheader.x",
    "integration.response.body",
    "context.path",
    "context.identity.userAgent",
    "context.domainName",
    "'static'",
  ].map((source, index) => [`method.response.header.X-${index}`, source]),
);

it("answers any rejected request with JSON that only its developers have written", async () => {
  const gatewayResponses = [
    {
      responseType: "DEFAULT_4XX" as const,
      responseParameters: { "gatewayresponse.header.X-Q": "method.request.querystring.q", "gatewayresponse.header.X-H": "method.request.header.x" },
      responseTemplates: {
        "application/json": '{"q":"$method.request.querystring.q","h":"$method.request.header.x","p":"$context.path","e":"$context.error.validationErrorString"}',
      },
    },
  ];
  const requestValidators = [{ id: "v", validateRequestBody: true, validateRequestParameters: false }];
  const models = [{ id: "m", name: "M", contentType: "application/json", schema: '{"type":"object","properties":{"a":{"enum":["b"]}},"additionalProperties":false}' }];
  const method = { requestValidatorId: "v", requestModels: { $default: "M" } };
  await using gate = await startGateway([planOf({ "POST /": method }, { snapshot: { gatewayResponses, requestValidators, models } })]);
  const json = fc.json({ maxDepth: 3 });
  const body = fc.oneof(fc.string(), json, json.map((value) => `{"a":${value}}`), fc.string().map((name) => `{${JSON.stringify(name)}:1}`));
  const coding = fc.constantFrom("identity", "gzip", "deflate", "br", "");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("/", "/none"), fc.string({ unit: "binary" }), fc.string(), body, coding, async (path, q, x, text, contentEncoding) => {
      const request: HttpRequest = {
        method: "POST",
        target: `/prod${path}?q=${encodeURIComponent(q.toWellFormed())}`,
        headers: ["Host", HOST, "X", x, "Content-Encoding", contentEncoding, "Accept-Encoding", x],
        protocol: "HTTP/1.1",
        encrypted: false,
        remoteAddress: "127.0.0.1",
        remotePort: 1,
        hasBody: true,
        signal: new AbortController().signal,
        readBody: () => Promise.resolve(Buffer.from(text)),
      };
      const answer = await gate.gateway.handle(request);
      if (answer?.status === 500) return;
      expect(answer?.status).toBeOneOf([400, 403, 415]);
      expect(JSON.parse(answer?.body as string)).toEqual({ q: q.toWellFormed(), h: x, p: `/prod${path}`, e: expect.any(String) as string });
      for (const [index, value] of answer?.headers.entries() ?? []) expect(value).toMatch(index % 2 === 0 ? /^[\w-]+$/ : /^[\t\x20-\x7e\x80-\xff]*$/);
    }),
    { numRuns: 300 },
  );
  expect(gate.logged.filter(({ level }) => level === "error")).toEqual([]);
});

it("answers any target, headers and body without a bug", async () => {
  const custom = { type: "AWS", uri: URI, integrationResponses: { 200: { statusCode: "200", responseParameters: everySource } } } as const;
  await using gate = await startGateway(
    [planOf({ "ANY /{proxy+}": { integration: { type: "AWS_PROXY", uri: URI } }, "POST /custom/{id}": { integration: custom } })],
    { invoke: ({ payload }) => Promise.resolve(resultOf({ statusCode: 200, body: String(payload.length) })) },
  );
  const piece = fc.oneof(fc.constantFrom("/", "//", "%", "%2F", "%zz", "?", "&", "=", ";", "custom", "..", "prod", "+", "%00", "%ff"), fc.string());
  const target = fc.array(piece, { maxLength: 8 }).map((pieces) => `/prod/${pieces.join("")}`);
  const latin1 = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
  const name = fc.constantFrom("content-type", "accept", "x-amzn-trace-id", "x-forwarded-for", "__proto__", "x", "user-agent", "authorization", "x-http-method-override");
  const headers = fc.array(fc.tuple(name, latin1), { maxLength: 6 }).map((pairs) => pairs.flat());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("GET", "POST", "PROPFIND"), target, headers, fc.uint8Array(), async (method, at, list, bytes) => {
      const request: HttpRequest = {
        method,
        target: at,
        headers: ["Host", HOST, ...list],
        protocol: "HTTP/1.1",
        encrypted: false,
        remoteAddress: "127.0.0.1",
        remotePort: 1,
        hasBody: bytes.length > 0,
        signal: new AbortController().signal,
        readBody: () => Promise.resolve(Buffer.from(bytes)),
      };
      const answer = await gate.gateway.handle(request);
      expect(answer?.status).toBeOneOf([200, 403]);
      for (const [index, value] of answer?.headers.entries() ?? []) {
        expect(value).toMatch(index % 2 === 0 ? /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/ : /^[\t\x20-\x7e\x80-\xff]*$/);
      }
    }),
    { numRuns: 400 },
  );
  expect(gate.logged).toEqual([]);
});
