import { beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../domain/call.ts";
import { badRequest, notFound, ServiceError } from "../domain/errors.ts";
import { apiGateway } from "../model/apigateway.gen.ts";
import type { ApiGatewayOperations } from "../model/apigateway.gen.ts";
import { apiGatewayV2 } from "../model/apigatewayv2.gen.ts";
import type { ApiGatewayV2Operations } from "../model/apigatewayv2.gen.ts";
import { lambda } from "../model/lambda.gen.ts";
import type { LambdaOperations } from "../model/lambda.gen.ts";
import type { Handlers } from "../model/table.ts";
import { BodyAborted, BodyTooLarge } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import type { Log } from "../ports/log.ts";
import { apiGatewayDialect, apiGatewayV2Dialect, createControlPlane, createGuard, createService, lambdaDialect } from "./index.ts";

let calls: { input: unknown; call: Call }[] = [];
let logged: { message: string; error: unknown }[] = [];
beforeEach(() => {
  calls = [];
  logged = [];
});

const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (message, error) => void logged.push({ message, error }),
};
const seen = <Output>(output: Output) => async (input: unknown, call: Call): Promise<Output> => {
  calls.push({ input, call });
  return output;
};
const fails = (error: Error) => async (): Promise<never> => {
  throw error;
};

const v1: Partial<Handlers<ApiGatewayOperations, Call>> = {
  CreateRestApi: seen({ id: "abc", name: "n", createdDate: 1533849811987, tags: { a: "b" }, warnings: undefined }),
  GetRestApis: seen({ items: [{ id: "a" }, { id: "b" }], position: "p" }),
  GetRestApi: fails(notFound("Invalid API identifier specified 000000000000:abc")),
  DeleteRestApi: seen({}),
  ImportRestApi: seen({ id: "abc" }),
  PutIntegration: seen({ httpMethod: "POST" }),
  PutIntegrationResponse: seen({ statusCode: "200", responseTemplates: { "application/json": null } }),
  UpdateRestApi: fails(new Error("a bug")),
  UntagResource: seen({}),
  GetExport: seen({ contentType: "application/yaml", body: Buffer.from("swagger: '2.0'") }),
  GetUsage: fails(new ServiceError("TooManyRequestsException", "Too Many Requests", { retryAfterSeconds: "7" })),
  CreateResource: fails(new ServiceError("NoSuchException", "unknown code")),
};
const v2: Partial<Handlers<ApiGatewayV2Operations, Call>> = {
  GetApi: seen({ Name: "n", ProtocolType: "HTTP", RouteSelectionExpression: "$request.path", CreatedDate: 1559775600123 }),
  CreateApi: seen({}),
  GetApis: fails(badRequest("bad")),
};
const functions: Partial<Handlers<LambdaOperations, Call>> = {
  Invoke: seen({ StatusCode: 202, Payload: Buffer.from("null"), ExecutedVersion: "$LATEST" }),
  CreateFunction: seen({}),
  GetFunction: fails(new ServiceError("ResourceNotFoundException", "Function not found: f", { Type: "User" })),
};

const plane = createControlPlane({
  services: [
    createService<ApiGatewayOperations>({ ...apiGatewayDialect, table: apiGateway, handlers: v1 }),
    createService<ApiGatewayV2Operations>({ ...apiGatewayV2Dialect, table: apiGatewayV2, handlers: v2 }),
    createService<LambdaOperations>({ ...lambdaDialect, table: lambda, handlers: functions }),
  ],
  guard: createGuard({ allowedHosts: [] }),
  defaults: { account: "000000000000", region: "us-east-1" },
  ids: { uuid: () => "8f5e0d3c-0000-4000-8000-000000000000", alphanumeric: (length) => "a".repeat(length) },
  log,
});

const credential = (service: string, key = "test") =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

interface Options {
  readonly service?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  readonly readBody?: HttpRequest["readBody"];
}

async function send(method: string, target: string, { service = "apigateway", headers, body, readBody }: Options = {}) {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const answer = await plane.handle({
    method,
    target,
    headers: headers ?? ["Host", "localhost:4566", "Authorization", credential(service), "X-Amz-Date", "20260101T000000Z"],
    protocol: "HTTP/1.1",
    encrypted: false,
    remoteAddress: "127.0.0.1",
    remotePort: 1,
    hasBody: bytes !== undefined || readBody !== undefined,
    signal: new AbortController().signal,
    readBody: readBody ?? (() => Promise.resolve(bytes ?? Buffer.alloc(0))),
  });
  const { body: text, ...rest } = answer;
  return { ...rest, body: text instanceof Uint8Array ? Buffer.from(text).toString() : text };
}

const id = ["x-amzn-RequestId", "8f5e0d3c-0000-4000-8000-000000000000"];
const json = (status: number, body: string) => ({ status, headers: [...id, "Content-Type", "application/json"], body });
const error = (status: number, code: string, message: string, extra: Record<string, string> = {}) => ({
  status,
  headers: [...id, "x-amzn-ErrorType", code, "Content-Type", "application/json"],
  body: JSON.stringify({ ...extra, message }),
});

describe("an operation", () => {
  test("is called with its decoded input and its caller, and its output is encoded", async () => {
    const body = '{"name":"n","tags":{"a":"b"},"binaryMediaTypes":["a/b"],"description":null,"unknown":[1]}';
    expect(await send("POST", "/restapis", { body })).toEqual(
      json(201, '{"id":"abc","name":"n","createdDate":1533849811,"tags":{"a":"b"}}'),
    );
    expect(calls).toEqual([
      {
        input: { name: "n", tags: { a: "b" }, binaryMediaTypes: ["a/b"] },
        call: {
          account: "000000000000", region: "eu-west-1", accessKeyId: "test", requestId: id[1], sourceIp: "127.0.0.1", userAgent: "",
        },
      },
    ]);
  });

  test("of a 12-digit access key is its account's", async () => {
    await send("DELETE", "/restapis/a", {
      headers: ["Host", "localhost", "Authorization", credential("apigateway", "123456789012"), "X-Amz-Date", "x", "User-Agent", "u"],
    });
    expect(calls[0]?.call).toMatchObject({ account: "123456789012", accessKeyId: "123456789012", userAgent: "u" });
  });

  test("is called by a presigned query too, which is no input", async () => {
    const query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fapigateway%2Faws4_request" +
      "&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    expect(await send("GET", `/restapis/a/stages/b/exports/oas30?extensions=apigateway&${query}`, { headers: ["Host", "localhost"] })).toEqual({
      status: 200, headers: [...id, "Content-Type", "application/yaml"], body: "swagger: '2.0'",
    });
    expect(calls[0]?.input).toEqual({ restApiId: "a", stageName: "b", exportType: "oas30", parameters: { extensions: "apigateway" } });
  });

  test("V1 lists travel as `item`", async () => {
    expect(await send("GET", "/restapis?limit=2&position=x%20y")).toEqual(json(200, '{"item":[{"id":"a"},{"id":"b"}],"position":"p"}'));
    expect(calls[0]?.input).toEqual({ limit: 2, position: "x y" });
  });

  test("integrationHttpMethod travels as `httpMethod`, beside the label of that name", async () => {
    await send("PUT", "/restapis/a/resources/b/methods/GET/integration", { body: '{"type":"HTTP","httpMethod":"POST","resourceHttpMethod":"x"}' });
    expect(calls[0]?.input).toEqual({ restApiId: "a", resourceId: "b", httpMethod: "GET", type: "HTTP", integrationHttpMethod: "POST" });
  });

  test("a response template may be null", async () => {
    const target = "/restapis/a/resources/b/methods/GET/integration/responses/200";
    expect(await send("PUT", target, { body: '{"responseTemplates":{"application/json":null}}' })).toEqual(
      json(201, '{"statusCode":"200","responseTemplates":{"application/json":null}}'),
    );
    expect(calls[0]?.input).toMatchObject({ responseTemplates: { "application/json": null } });
  });

  test("ImportRestApi takes bytes and the query's other parameters", async () => {
    await send("POST", "/restapis?mode=import&failonwarnings=true&basepath=prepend&endpointConfigurationTypes=REGIONAL", { body: "\u00e9{" });
    expect(calls[0]?.input).toEqual({
      failOnWarnings: true, parameters: { basepath: "prepend", endpointConfigurationTypes: "REGIONAL" }, body: Buffer.from("\u00e9{"),
    });
  });

  test("labels and lists in the query are decoded", async () => {
    expect(await send("DELETE", "/tags/arn%3Aaws%3Aapigateway%3A%3A%2Frestapis%2Fa?tagKeys=a&tagKeys=b%26c")).toEqual({
      status: 204, headers: id, body: "",
    });
    expect(calls[0]?.input).toEqual({ resourceArn: "arn:aws:apigateway::/restapis/a", tagKeys: ["a", "b&c"] });
  });

  test("without an output has an empty body", async () => {
    expect(await send("DELETE", "/restapis/a")).toEqual({ status: 202, headers: id, body: "" });
  });

  test("V2 timestamps are ISO 8601, and its members begin with a small letter", async () => {
    expect(await send("GET", "/v2/apis/a")).toEqual(
      json(200, '{"createdDate":"2019-06-05T23:00:00Z","name":"n","protocolType":"HTTP","routeSelectionExpression":"$request.path"}'),
    );
  });

  test("Invoke sends its status, headers and bytes", async () => {
    const headers = ["Host", "localhost", "Authorization", credential("lambda"), "X-Amz-Date", "x", "X-Amz-Invocation-Type", "Event"];
    expect(await send("POST", "/2015-03-31/functions/f/invocations?Qualifier=1", { headers, body: new Uint8Array([0, 255]) })).toEqual({
      status: 202, headers: [...id, "X-Amz-Executed-Version", "$LATEST", "Content-Type", "application/json"], body: "null",
    });
    expect(calls[0]?.input).toEqual({ FunctionName: "f", Qualifier: "1", InvocationType: "Event", Payload: Buffer.from([0, 255]) });
  });

  test("decodes names of the object prototype like any other, and drops halves of surrogate pairs", async () => {
    await send("POST", "/restapis", { body: '{"name":"\\ud800x","tags":{"__proto__":"p","constructor":"c"}}' });
    const [call] = calls as unknown as [{ input: { name: string; tags: Record<string, string> } }];
    const { name, tags } = call.input;
    expect(name).toBe("\ufffdx");
    expect(Object.entries(tags)).toEqual([["__proto__", "p"], ["constructor", "c"]]);
    expect(tags["toString"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["p"]).toBeUndefined();
  });
});

describe("a request is refused", () => {
  const named = ["Host", "localhost"];
  const signed = (extra: readonly string[]) => [...named, "Authorization", credential("apigateway"), "X-Amz-Date", "x", ...extra];
  const unknown = error(403, "AccessDeniedException", "Unable to determine service/operation name to be authorized");
  const malformed = (message: string) => error(400, "SerializationException", message);
  const invalid = (message: string) => error(400, "ValidationException", message);
  const deep = `{"tags":${"[".repeat(200)}${"]".repeat(200)}}`;

  test.each<[string, string, string, Options, object]>([
    ["without an authorization", "GET", "/restapis", { headers: named }, error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")],
    ["of another host", "GET", "/restapis", { headers: ["Host", "evil.example"] },
      error(403, "AccessDeniedException", "The host 'evil.example' is not allowed here: call a loopback name, or add it to --allowed-hosts.")],
    ["of another site", "GET", "/restapis", { headers: signed(["Sec-Fetch-Site", "cross-site"]) },
      error(403, "AccessDeniedException", "Requests from web pages of another site are refused.")],
    ["with a credential of four parts", "GET", "/restapis",
      { headers: [...named, "X-Amz-Date", "x", "Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0"] },
      error(403, "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'")],
    ["for a service that is not built", "GET", "/", { service: "s3" },
      error(501, "NotImplementedException", "Gatehouse has not built the service 's3' of the credential's scope; it has apigateway, lambda.")],
    ["for an operation that is not built", "GET", "/restapis/a/authorizers", {},
      error(501, "NotImplementedException", "Gatehouse has not built GetAuthorizers yet.")],
    ["for a path that no operation has", "GET", "/nothing", {}, unknown],
    ["for another service's path", "GET", "/restapis", { service: "lambda" }, unknown],
    ["with a bad encoding in a label", "DELETE", "/restapis/%E0%A4%A", {}, malformed("The request's URL holds an invalid percent-encoding: '%E0%A4%A'")],
    ["with a bad encoding in the query", "GET", "/restapis?position=%zz", {}, malformed("The request's URL holds an invalid percent-encoding: '%zz'")],
    ["with malformed JSON", "POST", "/restapis", { body: "{" }, malformed("The request body is not valid JSON.")],
    ["with JSON in another encoding", "POST", "/restapis", { body: new Uint8Array([0x7b, 0xff, 0x7d]) }, malformed("The request body is not valid UTF-8.")],
    ["with JSON nested too deeply", "POST", "/restapis", { body: deep }, malformed("The request body is nested more than 100 levels deep.")],
    ["with a list as its body", "POST", "/restapis", { body: "[]" }, malformed("Start of list found where not expected")],
    ["with a number for a string", "POST", "/restapis", { body: '{"name":1}' }, malformed("NUMBER_VALUE can not be converted to a String")],
    ["with a string for a number", "POST", "/restapis", { body: '{"name":"n","minimumCompressionSize":"1"}' }, malformed("STRING_VALUE can not be converted to an Integer")],
    ["with a fraction for an integer", "POST", "/restapis", { body: '{"name":"n","minimumCompressionSize":1.5}' }, malformed("NUMBER_VALUE can not be converted to an Integer")],
    ["with a number past 32 bits", "POST", "/restapis", { body: '{"name":"n","minimumCompressionSize":2147483648}' }, malformed("NUMBER_VALUE can not be converted to an Integer")],
    ["with a boolean for a map", "POST", "/restapis", { body: '{"name":"n","tags":true}' }, malformed("Expected null")],
    ["with a map for a list", "POST", "/restapis", { body: '{"name":"n","binaryMediaTypes":{}}' }, malformed("Start of structure or map found where not expected.")],
    ["with a string for a list", "POST", "/restapis", { body: '{"name":"n","binaryMediaTypes":"a"}' }, malformed("Expected list or null")],
    ["with a word for a number in the query", "GET", "/restapis?limit=many", {}, malformed("STRING_VALUE can not be converted to an Integer")],
    ["with a number for a boolean in the query", "POST", "/restapis?mode=import&failonwarnings=1", { body: "{}" }, malformed("STRING_VALUE can not be converted to a Boolean")],
    ["with bad Base64", "POST", "/2015-03-31/functions", { service: "lambda", body: '{"Code":{"ZipFile":"*"}}' }, malformed("A blob must be encoded in Base64.")],
    ["without the body its operation reads (aws-sdk-js#2588)", "POST", "/restapis", {}, error(400, "BadRequestException", "Invalid request input")],
    ["without a required member", "POST", "/restapis", { body: "{}" },
      invalid("1 validation error detected: Value null at 'createRestApiInput.name' failed to satisfy constraint: Member must not be null")],
    ["with a value that is not of the enumeration", "POST", "/restapis", { body: '{"name":"n","apiKeySource":"COOKIE"}' },
      invalid("1 validation error detected: Value 'COOKIE' at 'createRestApiInput.apiKeySource' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [AUTHORIZER, HEADER]")],
    ["with a list element that is not", "POST", "/restapis", { body: '{"name":"n","endpointConfiguration":{"types":["EDGE","MOON"]}}' },
      invalid("1 validation error detected: Value '[EDGE, MOON]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy " +
        "constraint: Member must satisfy constraint: [Member must satisfy enum value set: [EDGE, PRIVATE, REGIONAL]]")],
    ["with a status code that is none", "PUT", "/restapis/a/resources/b/methods/GET/integration/responses/600", { body: "{}" },
      invalid("1 validation error detected: Value '600' at 'putIntegrationResponseInput.statusCode' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [1-5]\\d\\d")],
    ["with two errors in V2's words", "POST", "/v2/apis", { body: '{"protocolType":"TCP"}' },
      error(400, "BadRequestException", "2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; " +
        "Value 'TCP' at 'protocolType' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, WEBSOCKET]")],
    ["with a sensitive value, which is not repeated", "POST", "/2015-03-31/functions", {
      service: "lambda", body: '{"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Code":{},"Environment":{"Variables":{"a b":"secret"}}}',
    }, invalid("1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: " +
        "[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")],
    ["with sizes out of range in Lambda's words", "POST", "/2015-03-31/functions",
      { service: "lambda", body: '{"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Code":{},"MemorySize":1,"KMSKeyArn":"x","Environment":{"Variables":{"1":"v"}}}' },
      invalid("3 validation errors detected: Value '1' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128; " +
        "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: " +
        "[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]; " +
        "Value 'x' at 'kMSKeyArn' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()")],
  ])("%s", async (_name, method, target, options, expected) => {
    expect(await send(method, target, options)).toEqual(expected);
    expect(calls).toEqual([]);
    expect(logged).toEqual([]);
  });

  test("with text too long for a pattern or a quotation", async () => {
    const name = "a".repeat(9_000_000);
    const { status, body } = await send("POST", "/2015-03-31/functions", {
      service: "lambda",
      body: JSON.stringify({ FunctionName: "f", Role: "arn:aws:iam::000000000000:role/r", Code: {}, Environment: { Variables: { [name]: "" } } }),
    });
    expect([status, JSON.parse(body as string)]).toEqual([
      400,
      {
        message:
          "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: " +
          "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
      },
    ]);
    const { body: quoting } = await send("POST", "/restapis", { body: JSON.stringify({ name: "n", apiKeySource: name }) });
    expect(quoting).toContain(`Value '${"a".repeat(1000)}' at 'createRestApiInput.apiKeySource' failed`);
  });

  test("with a body that is too large", async () => {
    const readBody = (limit: number) => Promise.reject(new BodyTooLarge(String(limit)));
    expect(await send("POST", "/2015-03-31/functions/f/invocations", { service: "lambda", readBody })).toEqual(
      error(413, "RequestEntityTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation"),
    );
    expect(await send("POST", "/restapis", { readBody })).toEqual(
      error(413, "RequestEntityTooLargeException", "Request must be smaller than 10485760 bytes for the CreateRestApi operation"),
    );
  });

  test("when its client goes away", async () => {
    const readBody = () => Promise.reject(new BodyAborted());
    expect(await send("POST", "/restapis", { readBody })).toEqual(error(400, "RequestAbortedException", "The request was aborted."));
  });
});

describe("an operation's error", () => {
  test("of the model has its status", async () => {
    expect(await send("GET", "/restapis/abc")).toEqual(
      error(404, "NotFoundException", "Invalid API identifier specified 000000000000:abc"),
    );
    expect(await send("GET", "/v2/apis")).toEqual(error(400, "BadRequestException", "bad"));
  });

  test("has its members where the model puts them", async () => {
    expect(await send("GET", "/usageplans/a/usage?startDate=a&endDate=b")).toEqual({
      status: 429,
      headers: [...id, "x-amzn-ErrorType", "TooManyRequestsException", "Content-Type", "application/json", "Retry-After", "7"],
      body: '{"message":"Too Many Requests"}',
    });
  });

  test("spells `Message` as Lambda's model does", async () => {
    expect(await send("GET", "/2015-03-31/functions/f", { service: "lambda" })).toEqual({
      status: 404,
      headers: [...id, "x-amzn-ErrorType", "ResourceNotFoundException", "Content-Type", "application/json"],
      body: '{"Type":"User","Message":"Function not found: f"}',
    });
  });

  test("that is a bug is a 500 outside, and whole in the log", async () => {
    const internal = error(500, "InternalFailure", "Internal server error");
    expect(await send("PATCH", "/restapis/a", { body: "{}" })).toEqual(internal);
    expect(logged).toEqual([{ message: "control-plane call failed", error: new Error("a bug") }]);
    expect(await send("POST", "/restapis/a/resources/b", { body: '{"pathPart":"p"}' })).toEqual(internal);
    expect(logged[1]?.error).toMatchObject({ code: "NoSuchException" });
  });
});

test("tells an operation's path from another, whoever asks", () => {
  expect(plane.isOperation({ method: "GET", target: "/restapis/a?b=%zz" })).toBe(false);
  expect(plane.isOperation({ method: "GET", target: "/restapis/a?b=c" })).toBe(true);
  expect(plane.isOperation({ method: "GET", target: "/2015-03-31/functions" })).toBe(true);
  expect(plane.isOperation({ method: "GET", target: "/favicon.ico" })).toBe(false);
});

test("a signature whose scope names no region (SigV4a) means the default region", async () => {
  const authorization = "AWS4-ECDSA-P256-SHA256 Credential=111111111111/20260101/apigateway/aws4_request, SignedHeaders=host, Signature=00";
  const headers = ["Host", "localhost:4566", "Authorization", authorization, "X-Amz-Date", "20260101T000000Z"];
  expect((await send("GET", "/restapis", { headers })).status).toBe(200);
  expect(calls.map(({ call: { account, region } }) => [account, region])).toEqual([["111111111111", "us-east-1"]]);
});
