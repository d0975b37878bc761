// Payloads that are compressed on the way to clients and decompressed on the way in
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html).
import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FunctionInvocation } from "../../src/ports/functions.ts";
import { startBackend } from "../harness/backend.ts";
import { HOST, OWN_HEADERS, resultOf, startGateway } from "../harness/gateway.ts";
import type { Answer, Asked } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";

const mock = (body: string, parameters: Readonly<Record<string, string>> = {}): MethodParts => ({
  integration: {
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": body }, responseParameters: parameters } },
  },
});

const JSON_TYPE = { "content-type": "application/json" };
const ten = "0123456789";

/** A GET with this Accept-Encoding. */
async function got(method: MethodParts, acceptEncoding: string | undefined, minimumCompressionSize?: number): Promise<Answer> {
  const snapshot = minimumCompressionSize === undefined ? {} : { minimumCompressionSize };
  await using gate = await startGateway([planOf({ "ANY /": method }, { snapshot })]);
  return await gate.ask(acceptEncoding === undefined ? {} : { headers: ["Accept-Encoding", acceptEncoding] });
}

const decoded = ({ headers, bytes }: Answer): string => {
  const coding = headers["content-encoding"];
  return (coding === "gzip" ? gunzipSync(bytes) : coding === "deflate" ? inflateSync(bytes) : bytes).toString();
};

describe("a response", () => {
  it.each<[acceptEncoding: string | undefined, minimum: number | undefined, coding: string | undefined]>([
    // The formats of api-gateway-enable-compression, on an API that compresses everything.
    ["deflate,gzip", 0, "deflate"],
    ["", 0, undefined],
    ["*", 0, undefined],
    ["deflate;q=0.5,gzip;q=1.0", 0, "gzip"],
    ["gzip;q=1.0,identity;q=0.5,*;q=0", 0, "gzip"],
    ["identity", 0, undefined],
    ["br, gzip", 0, undefined],
    [undefined, 0, undefined],
    // From the minimum size on.
    ["gzip", 9, "gzip"],
    ["gzip", 10, "gzip"],
    ["gzip", 11, undefined],
    ["gzip", 10_485_760, undefined],
    // Not enabled.
    ["gzip", undefined, undefined],
  ])("of 10 bytes for Accept-Encoding %j and a minimum of %j is in %j", async (acceptEncoding, minimum, coding) => {
    const answer = await got(mock(ten), acceptEncoding, minimum);
    expect(answer).toMatchObject({
      status: 200,
      headers: { ...JSON_TYPE, ...OWN_HEADERS, ...(coding === undefined ? {} : { "content-encoding": coding }) },
    });
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(decoded(answer)).toBe(ten);
    expect(answer.rawHeaders).toContain(String(answer.bytes.length));
  });

  it("is compressed as UTF-8, also when it is large", async () => {
    const large = "grüße ".repeat(50_000);
    const answer = await got(mock(large), "gzip", 0);
    expect(answer.bytes.length).toBeLessThan(10_000);
    expect(decoded(answer)).toBe(large);
  });

  it("that is empty is not compressed", async () => {
    expect(await got({ integration: { ...mock("").integration, integrationResponses: { 200: { statusCode: "200" } } } }, "gzip", 0)).toMatchObject({
      status: 200,
      headers: { ...JSON_TYPE, ...OWN_HEADERS },
      body: "",
    });
  });

  it("to a proxy's client is compressed, and has a length of its own", async () => {
    const pets = JSON.stringify([{ id: 1, type: "dog", price: 249.99 }, { id: 2, type: "cat", price: 124.99 }, { id: 3, type: "fish", price: 0.99 }]);
    await using backend = await startBackend((response) => response.writeHead(200, { "Content-Type": "application/json", "Content-Length": pets.length }).end(pets));
    const answer = await got({ integration: { type: "HTTP_PROXY", uri: backend.url } }, "gzip", 0);
    expect(answer.headers).toEqual({
      ...JSON_TYPE,
      ...OWN_HEADERS,
      "content-encoding": "gzip",
      "x-amzn-remapped-connection": "keep-alive",
      "x-amzn-remapped-content-length": String(pets.length),
    });
    expect(decoded(answer)).toBe(pets);
    expect(answer.rawHeaders).toContain(String(answer.bytes.length));
  });

  it("api-gateway-receive-response-with-compressed-payload: with a Content-Encoding is taken to be compressed already", async () => {
    const zipped = gzipSync("hello");
    await using backend = await startBackend((response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(zipped));
    const answer = await got({ integration: { type: "HTTP_PROXY", uri: backend.url } }, "deflate", 0);
    expect([answer.headers["content-encoding"], answer.bytes]).toEqual(["gzip", zipped]);
    const mapped = await got(mock(ten, { "method.response.header.Content-Encoding": "'mine'" }), "gzip", 0);
    expect([mapped.headers["content-encoding"], mapped.body]).toEqual(["mine", ten]);
  });

  it("of the gateway's own is not compressed", async () => {
    await using gate = await startGateway([planOf({ "GET /": mock(ten) }, { snapshot: { minimumCompressionSize: 0 } })]);
    expect(await gate.ask({ path: "/nowhere", headers: ["Accept-Encoding", "gzip"] })).toMatchObject({
      status: 403,
      headers: { ...JSON_TYPE, ...OWN_HEADERS },
      body: '{"message":"Missing Authentication Token"}',
    });
  });
});

/** What is posted, and what a backend and a function make of it. */
async function posted(coding: string, body: Buffer, snapshot: { minimumCompressionSize?: number } = {}, chunked = false) {
  const events: FunctionInvocation[] = [];
  await using backend = await startBackend();
  const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";
  await using gate = await startGateway(
    [
      planOf(
        { "POST /http": { integration: { type: "HTTP_PROXY", uri: backend.url } }, "POST /lambda": { integration: { type: "AWS_PROXY", uri } }, "POST /mock": mock(ten) },
        { snapshot },
      ),
    ],
    {
      invoke: (invocation) => {
        events.push(invocation);
        return Promise.resolve(resultOf({ statusCode: 200 }));
      },
      limits: { payloadBytes: 100_000, inFlightBytes: 200_000 },
    },
  );
  const ask = (path: string): Promise<Answer> => {
    const asked: Asked = { method: "POST", path, body, chunked, headers: ["Host", HOST, "Content-Type", "application/json", "Content-Encoding", coding] };
    return gate.ask(asked);
  };
  const answers = { http: await ask("/http"), lambda: await ask("/lambda"), mock: await ask("/mock") };
  const event = events[0] === undefined ? undefined : (JSON.parse(Buffer.from(events[0].payload ?? "").toString()) as Record<string, unknown>);
  return { answers, event, reached: backend.reached[0], logged: gate.logged, ask };
}

const pet = '{"type":"dog","price":249.99}';

describe("a request", () => {
  it.each([
    ["gzip", gzipSync(pet), false],
    ["deflate", deflateSync(pet), false],
    ["GZIP", gzipSync(pet), true],
    ["identity", Buffer.from(pet), false],
  ])("api-gateway-make-request-with-compressed-payload: in %s reaches backends decompressed", async (coding, body, chunked) => {
    const { answers, event, reached } = await posted(coding, body, {}, chunked);
    expect(answers).toMatchObject({ http: { status: 200 }, lambda: { status: 200 }, mock: { status: 200, body: ten } });
    expect(reached?.body.toString()).toBe(pet);
    expect(reached?.rawHeaders).not.toContain("Content-Encoding");
    // A function's event keeps the header: github.com/dougmoscrop/serverless-http/issues/194.
    expect(event).toMatchObject({ body: pet, isBase64Encoded: false, headers: { "Content-Encoding": coding } });
  });

  it.each<[string, string, Buffer]>([
    ["a coding that is not supported", "br", Buffer.from(pet)],
    ["several codings", "gzip, gzip", gzipSync(gzipSync(pet))],
    ["another coding than it says", "gzip", Buffer.from(pet)],
    ["the other coding", "deflate", gzipSync(pet)],
    ["a payload that is cut off", "gzip", gzipSync(pet).subarray(0, -9)],
  ])("415 for %s", async (_, coding, body) => {
    const unsupported = {
      status: 415,
      headers: { ...JSON_TYPE, "x-amzn-errortype": "BadRequestException", ...OWN_HEADERS },
      body: '{"message": "Unsupported Media Type"}',
    };
    const { answers, event, reached, logged } = await posted(coding, body);
    expect(answers).toMatchObject({ http: unsupported, lambda: unsupported, mock: unsupported });
    expect([event, reached, logged]).toEqual([undefined, undefined, []]);
  });

  it("413 when it decompresses to more than a payload may have", async () => {
    const tooLarge = {
      status: 413,
      headers: { ...JSON_TYPE, "x-amzn-errortype": "BadRequestException", ...OWN_HEADERS },
      body: '{"message": "Request Too Long"}',
    };
    const { answers } = await posted("gzip", gzipSync(Buffer.alloc(100_001)));
    expect(answers).toMatchObject({ http: tooLarge, lambda: tooLarge, mock: tooLarge });
    expect((await posted("gzip", gzipSync(Buffer.alloc(100_000)))).answers.http).toMatchObject({ status: 200 });
  });

  it("api-gateway-enable-compression: is left as it is below the minimum size", async () => {
    const zipped = gzipSync(pet);
    expect((await posted("gzip", zipped, { minimumCompressionSize: zipped.length })).reached?.body.toString()).toBe(pet);
    const small = await posted("gzip", zipped, { minimumCompressionSize: zipped.length + 1 });
    expect(small.event).toMatchObject({ body: zipped.toString(), headers: { "Content-Encoding": "gzip" } });
  });

  it("counts decompressed in the budget of bytes in flight, for its time", async () => {
    await using backend = await startBackend((response) => response.end());
    const plan = planOf({ "POST /": { integration: { type: "HTTP_PROXY", uri: backend.url } } });
    await using gate = await startGateway([plan], { limits: { inFlightBytes: 1000 } });
    const post = (bytes: number) => gate.ask({ method: "POST", body: gzipSync("x".repeat(bytes)), headers: ["Content-Encoding", "gzip"] });
    for (let round = 0; round < 3; round++) expect(await post(900)).toMatchObject({ status: 200 });
    expect(await post(1001)).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' });
    expect(await post(900)).toMatchObject({ status: 200 });
  });
});
