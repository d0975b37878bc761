// The wire layer as the AWS SDK's clients see it, over real sockets: what they send arrives, and what is answered they read.
import {
  APIGatewayClient, CreateRestApiCommand, DeleteRestApiCommand, GetExportCommand, GetRestApisCommand, GetTagsCommand, GetUsageCommand,
  ImportRestApiCommand, NotFoundException, PutIntegrationCommand, TagResourceCommand, TestInvokeMethodCommand,
  TooManyRequestsException, UntagResourceCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayManagementApiClient, GetConnectionCommand, GoneException, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { ApiGatewayV2Client, ConflictException, CreateApiCommand, GetApisCommand, ImportApiCommand } from "@aws-sdk/client-apigatewayv2";
import {
  CreateFunctionCommand, InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient, ResourceNotFoundException, TagResourceCommand as TagFunctionCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listen } from "../../src/adapters/http-listener/index.ts";
import { systemIds } from "../../src/adapters/system/index.ts";
import type { Call } from "../../src/domain/call.ts";
import { conflict, notFound, ServiceError } from "../../src/domain/errors.ts";
import { apiGateway } from "../../src/model/apigateway.gen.ts";
import { apiGatewayManagementApi } from "../../src/model/apigatewaymanagementapi.gen.ts";
import { apiGatewayV2 } from "../../src/model/apigatewayv2.gen.ts";
import { lambda } from "../../src/model/lambda.gen.ts";
import type { OperationTable } from "../../src/model/table.ts";
import type { HttpListener } from "../../src/ports/http-server.ts";
import type { Log } from "../../src/ports/log.ts";
import { apiGatewayDialect, apiGatewayV2Dialect, createControlPlane, createGuard, createService, lambdaDialect } from "../../src/wire/index.ts";

let listener: HttpListener;
let answer: (operation: string) => unknown;
let seen: { operation: string; input: unknown; call: Call } | undefined;
const errors: unknown[] = [];

/** Every operation is answered by what the test sets. */
const handlers = (table: OperationTable): object =>
  Object.fromEntries(Object.keys(table.operations).map((operation) => [operation, async (input: unknown, call: Call) => {
    seen = { operation, input, call };
    return answer(operation);
  }]));

const log: Log = { debug() {}, info() {}, warn() {}, error: (_message, error) => void errors.push(error) };

beforeAll(async () => {
  const plane = createControlPlane({
    services: [
      createService({ ...apiGatewayDialect, table: apiGateway, handlers: handlers(apiGateway) }),
      createService({ ...apiGatewayV2Dialect, table: apiGatewayV2, handlers: handlers(apiGatewayV2) }),
      createService({ table: apiGatewayManagementApi, handlers: handlers(apiGatewayManagementApi) }),
      createService({ ...lambdaDialect, table: lambda, handlers: handlers(lambda) }),
    ],
    guard: createGuard({ allowedHosts: [] }),
    defaults: { account: "000000000000", region: "us-east-1" },
    ids: systemIds,
    log,
  });
  listener = await listen({ host: "127.0.0.1", port: 0, handler: plane.handle, log });
});
afterAll(() => listener.close(0));
beforeEach(() => {
  seen = undefined;
  errors.length = 0;
});

const config = () => ({
  endpoint: `http://127.0.0.1:${String(listener.port)}`,
  region: "eu-central-1",
  credentials: { accessKeyId: "210987654321", secretAccessKey: "secret" },
  maxAttempts: 1,
});
const v1 = () => new APIGatewayClient(config());
const v2 = () => new ApiGatewayV2Client(config());
const management = () => new ApiGatewayManagementApiClient(config());
const functions = () => new LambdaClient(config());

/** What a client got, without the SDK's own member, and the input that arrived. */
async function trip<Output extends object>(reply: unknown, call: () => Promise<Output>) {
  answer = () => reply;
  const { $metadata, ...output } = (await call()) as Output & { $metadata: { httpStatusCode: number; requestId: string } };
  expect(errors).toEqual([]);
  expect($metadata.requestId).toBe(seen?.call.requestId);
  return { output, input: seen?.input, operation: seen?.operation, status: $metadata.httpStatusCode };
}

async function refusal(error: Error, call: () => Promise<unknown>): Promise<unknown> {
  answer = () => {
    throw error;
  };
  return call().then(() => undefined, (caught: unknown) => caught);
}

test("V1: a structure with lists, maps, booleans and a time", async () => {
  const created = Date.UTC(2026, 10, 22, 10, 11, 12);
  const reply = {
    id: "abc", name: "n\u00e9", createdDate: created, binaryMediaTypes: ["a/b"], tags: { a: "b" }, disableExecuteApiEndpoint: false,
    endpointConfiguration: { types: ["REGIONAL"] },
  };
  const request = { name: "n\u00e9", binaryMediaTypes: ["a/b"], tags: { "k/y": "v" }, minimumCompressionSize: 0, disableExecuteApiEndpoint: true };
  expect(await trip(reply, () => v1().send(new CreateRestApiCommand(request)))).toEqual({
    operation: "CreateRestApi", status: 201, input: request, output: { ...reply, createdDate: new Date(created) },
  });
  expect(seen?.call).toMatchObject({ account: "210987654321", region: "eu-central-1", sourceIp: "127.0.0.1" });
  expect(seen?.call.userAgent).toContain("aws-sdk-js");
});

test("V1: a page of a list", async () => {
  const reply = { items: [{ id: "a" }, { id: "b" }], position: "next" };
  expect(await trip(reply, () => v1().send(new GetRestApisCommand({ limit: 2, position: "+/= &" })))).toEqual({
    operation: "GetRestApis", status: 200, input: { limit: 2, position: "+/= &" }, output: reply,
  });
});

test("V1: members whose names differ on the wire", async () => {
  const input = { restApiId: "a", resourceId: "b", httpMethod: "GET", type: "HTTP" as const, integrationHttpMethod: "POST", uri: "http://x/{p}" };
  const reply = { type: "HTTP", httpMethod: "POST", timeoutInMillis: 29000 };
  expect(await trip(reply, () => v1().send(new PutIntegrationCommand(input)))).toEqual({
    operation: "PutIntegration", status: 201, input, output: reply,
  });
  const usage = { items: { key: [[1, 2], [3, 4]] } };
  expect(await trip(usage, () => v1().send(new GetUsageCommand({ usagePlanId: "u", startDate: "a", endDate: "b" })))).toMatchObject({ output: usage });
});

test("V1: tags, by an ARN in the path and keys in the query", async () => {
  const resourceArn = "arn:aws:apigateway:eu-central-1::/restapis/a1";
  expect(await trip({}, () => v1().send(new TagResourceCommand({ resourceArn, tags: { a: "" } })))).toEqual({
    operation: "TagResource", status: 204, input: { resourceArn, tags: { a: "" } }, output: {},
  });
  expect(await trip({}, () => v1().send(new UntagResourceCommand({ resourceArn, tagKeys: ["a", "b c"] })))).toEqual({
    operation: "UntagResource", status: 204, input: { resourceArn, tagKeys: ["a", "b c"] }, output: {},
  });
  expect(await trip({ tags: { a: "b" } }, () => v1().send(new GetTagsCommand({ resourceArn })))).toMatchObject({ output: { tags: { a: "b" } } });
});

test("V1: bytes in and out, with parameters in the query", async () => {
  const body = Buffer.from([0, 1, 254, 255]);
  const imported = await trip({ id: "abc" }, () => v1().send(new ImportRestApiCommand({ body, failOnWarnings: true, parameters: { basepath: "split" } })));
  expect(imported).toMatchObject({ operation: "ImportRestApi", status: 201, input: { failOnWarnings: true, parameters: { basepath: "split" } } });
  expect(Buffer.from((imported.input as { body: Uint8Array }).body)).toEqual(body);

  const exported = await trip({ body, contentType: "application/yaml", contentDisposition: "attachment" }, () =>
    v1().send(new GetExportCommand({ restApiId: "a", stageName: "s", exportType: "oas30", accepts: "application/yaml", parameters: { extensions: "postman" } })));
  expect(exported.input).toEqual({ restApiId: "a", stageName: "s", exportType: "oas30", accepts: "application/yaml", parameters: { extensions: "postman" } });
  expect(exported.output).toMatchObject({ contentType: "application/yaml", contentDisposition: "attachment" });
  expect(Buffer.from((exported.output as { body: Uint8Array }).body)).toEqual(body);
});

test("V1: an operation without an output, and one with multi-value maps", async () => {
  expect(await trip({}, () => v1().send(new DeleteRestApiCommand({ restApiId: "a/b%c" })))).toEqual({
    operation: "DeleteRestApi", status: 202, input: { restApiId: "a/b%c" }, output: {},
  });
  const input = { restApiId: "a", resourceId: "b", httpMethod: "GET", multiValueHeaders: { A: ["1", "2"] } };
  const reply = { status: 200, log: "l", latency: 3, multiValueHeaders: { B: ["3"] } };
  expect(await trip(reply, () => v1().send(new TestInvokeMethodCommand(input)))).toMatchObject({ input, output: reply });
});

test("V1: errors are the SDK's exceptions", async () => {
  const missing = await refusal(notFound("Invalid API identifier specified"), () => v1().send(new GetTagsCommand({ resourceArn: "a" })));
  expect(missing).toBeInstanceOf(NotFoundException);
  expect(missing).toMatchObject({ message: "Invalid API identifier specified", $metadata: { httpStatusCode: 404 } });
  const throttled = await refusal(new ServiceError("TooManyRequestsException", "slow", { retryAfterSeconds: "3" }), () => v1().send(new GetRestApisCommand({})));
  expect(throttled).toBeInstanceOf(TooManyRequestsException);
  expect(throttled).toMatchObject({ retryAfterSeconds: "3" });
  const invalid = await v1().send(new CreateRestApiCommand({ name: "n", apiKeySource: "COOKIE" as "HEADER" })).catch((error: unknown) => error);
  expect(invalid).toMatchObject({
    name: "ValidationException",
    message: "1 validation error detected: Value 'COOKIE' at 'createRestApiInput.apiKeySource' failed to satisfy constraint: Member must satisfy enum value set: [AUTHORIZER, HEADER]",
  });
});

test("V2: small first letters on the wire, ISO 8601 times", async () => {
  const created = Date.UTC(2026, 10, 22, 10, 11, 12);
  const input = { Name: "n", ProtocolType: "HTTP" as const, CorsConfiguration: { AllowOrigins: ["*"], MaxAge: 5 }, Tags: { Name: "x" } };
  const reply = { ApiId: "a", ...input, CreatedDate: created };
  expect(await trip(reply, () => v2().send(new CreateApiCommand(input)))).toEqual({
    operation: "CreateApi", status: 201, input, output: { ...reply, CreatedDate: new Date(created) },
  });
  expect(await trip({ Items: [], NextToken: "t" }, () => v2().send(new GetApisCommand({ MaxResults: "5" })))).toMatchObject({
    input: { MaxResults: "5" }, output: { Items: [], NextToken: "t" },
  });
  expect(await trip({ ApiId: "a" }, () => v2().send(new ImportApiCommand({ Body: "{}", FailOnWarnings: true })))).toMatchObject({
    operation: "ImportApi", input: { Body: "{}", FailOnWarnings: true },
  });
});

test("V2: errors are the SDK's exceptions", async () => {
  const error = await refusal(conflict("taken"), () => v2().send(new GetApisCommand({})));
  expect(error).toBeInstanceOf(ConflictException);
  expect(error).toMatchObject({ message: "taken" });
});

test("@connections: bytes in, times out, and errors", async () => {
  const posted = await trip({}, () => management().send(new PostToConnectionCommand({ ConnectionId: "a=b", Data: Buffer.from("hi") })));
  expect(posted).toMatchObject({ operation: "PostToConnection", status: 200, input: { ConnectionId: "a=b", Data: Buffer.from("hi") } });
  const at = Date.UTC(2026, 0, 1);
  const reply = { ConnectedAt: at, Identity: { SourceIp: "1.2.3.4", UserAgent: "u" } };
  expect(await trip(reply, () => management().send(new GetConnectionCommand({ ConnectionId: "c" })))).toMatchObject({
    output: { ...reply, ConnectedAt: new Date(at) },
  });
  expect(await refusal(new ServiceError("GoneException", ""), () => management().send(new GetConnectionCommand({ ConnectionId: "c" })))).toBeInstanceOf(GoneException);
});

test("Lambda: a blob in JSON", async () => {
  const ZipFile = Buffer.from([80, 75, 3, 4, 255]);
  const input = {
    FunctionName: "f", Role: "arn:aws:iam::000000000000:role/r", Runtime: "nodejs22.x" as const, Handler: "index.handler", MemorySize: 128,
    Code: { ZipFile }, Environment: { Variables: { AB: "c" } }, Tags: { t: "u" },
  };
  const reply = { FunctionName: "f", CodeSize: 5, Version: "$LATEST", State: "Active" };
  const created = await trip(reply, () => functions().send(new CreateFunctionCommand(input)));
  expect(created).toMatchObject({ status: 201, output: reply });
  expect(created.input).toEqual({ ...input, Code: { ZipFile } });
});

test("Lambda: Invoke's payload and headers", async () => {
  const reply = { StatusCode: 200, FunctionError: "Unhandled", LogResult: "bG9n", ExecutedVersion: "1", Payload: Buffer.from('{"a":1}') };
  const { output, input, status } = await trip(reply, () =>
    functions().send(new InvokeCommand({ FunctionName: "f", Qualifier: "live", LogType: "Tail", ClientContext: "e30=", Payload: Buffer.from("[1]") })));
  expect(input).toEqual({ FunctionName: "f", Qualifier: "live", LogType: "Tail", ClientContext: "e30=", Payload: Buffer.from("[1]") });
  expect(status).toBe(200);
  expect(output).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled", LogResult: "bG9n", ExecutedVersion: "1" });
  expect(Buffer.from((output as { Payload: Uint8Array }).Payload).toString()).toBe('{"a":1}');
});

test("Lambda: an event stream arrives as it is written", async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  async function* events() {
    yield { PayloadChunk: { Payload: Buffer.from("first") } };
    // The second event is only written once the client has read the first.
    await released;
    yield { PayloadChunk: { Payload: Buffer.from([0, 255]) } };
    yield { InvokeComplete: { ErrorCode: "Unhandled", ErrorDetails: "é", LogResult: "bG9n" } };
  }
  answer = () => ({ StatusCode: 200, ExecutedVersion: "$LATEST", ResponseStreamContentType: "application/vnd.amazon.eventstream", EventStream: events() });
  const { EventStream, ExecutedVersion } = await functions().send(new InvokeWithResponseStreamCommand({ FunctionName: "f" }));
  expect(ExecutedVersion).toBe("$LATEST");
  const read: unknown[] = [];
  for await (const event of EventStream ?? []) {
    read.push(event.PayloadChunk?.Payload ? Buffer.from(event.PayloadChunk.Payload).toString("latin1") : event.InvokeComplete);
    release();
  }
  expect(read).toEqual(["first", "\0\xff", { ErrorCode: "Unhandled", ErrorDetails: "é", LogResult: "bG9n" }]);
});

test("Lambda: errors are the SDK's exceptions, with their members", async () => {
  const error = await refusal(new ServiceError("ResourceNotFoundException", "Function not found", { Type: "User" }), () =>
    functions().send(new InvokeCommand({ FunctionName: "f" })));
  expect(error).toBeInstanceOf(ResourceNotFoundException);
  expect(error).toMatchObject({ message: "Function not found", Type: "User" });
  const Resource = "arn:aws:lambda:eu-central-1:210987654321:function:f";
  expect(await trip({}, () => functions().send(new TagFunctionCommand({ Resource, Tags: { a: "b" } })))).toEqual({
    operation: "TagResource", status: 204, input: { Resource, Tags: { a: "b" } }, output: {},
  });
});

test("a body past its limit is refused while it comes, and the connection serves on", async () => {
  const error = await functions()
    .send(new InvokeCommand({ FunctionName: "f", Payload: Buffer.alloc(6_291_457) }))
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "RequestEntityTooLargeException", message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" });
  expect(seen).toBeUndefined();
});
