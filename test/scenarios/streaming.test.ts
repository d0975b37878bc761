// Responses that are streamed, by a function in a process of its own and by an HTTP backend, through a started Gatehouse.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-lambda-configure.html
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateDeploymentCommand, CreateResourceCommand, CreateRestApiCommand, PutIntegrationCommand, PutMethodCommand,
  type PutIntegrationCommandInput,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const MIB = 1024 * 1024;
const HANDLER = `
  export const handler = awslambda.streamifyResponse(async (event, stream) => {
    const metadata = { statusCode: 200, headers: { "x-foo": "bar" }, multiValueHeaders: { "x-mv1": ["hello", "world"] }, cookies: ["c1=blue", "c2=red"] };
    const body = awslambda.HttpResponseStream.from(stream, metadata);
    body.write("first ");
    await fetch(event.queryStringParameters.wait);
    if (event.queryStringParameters.fail) throw new Error("midway");
    body.write("last");
    body.end();
  });`;

let gatehouse: Gatehouse;
let base: string;
beforeAll(async () => {
  gatehouse = await startGatehouse();
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

/** A server that answers nothing until the test does, and 12 MiB at once on /large. */
async function startHeldServer() {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/large") response.end(Buffer.alloc(12 * MIB, "x"));
    else waiting.push(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting, close: () => server.close() };
}

async function makeApi(backend: string): Promise<void> {
  const lambda = gatehouse.lambda();
  const { FunctionArn } = await lambda.send(new CreateFunctionCommand({
    FunctionName: "streams", Role: "arn:aws:iam::000000000000:role/r", Runtime: "nodejs22.x", Handler: "index.handler", Timeout: 20,
    Code: { ZipFile: zip({ "index.mjs": HANDLER }) },
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: "streams" });
  await lambda.send(new AddPermissionCommand({
    FunctionName: "streams", StatementId: "api", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
  }));
  const client = gatehouse.apiGateway();
  const { id: restApiId, rootResourceId } = await client.send(new CreateRestApiCommand({ name: "streams" }));
  const large = await client.send(new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart: "large" }));
  const put = async (resourceId: string | undefined, integration: Partial<PutIntegrationCommandInput>): Promise<void> => {
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await client.send(new PutIntegrationCommand({ ...method, type: "HTTP_PROXY", responseTransferMode: "STREAM", timeoutInMillis: 900_000, ...integration }));
  };
  await put(rootResourceId, {
    type: "AWS_PROXY",
    integrationHttpMethod: "POST",
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${FunctionArn}/response-streaming-invocations`,
  });
  await put(large.id, { integrationHttpMethod: "GET", uri: `${backend}/large` });
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  base = `${gatehouse.url}/_aws/execute-api/${restApiId}/test`;
  client.destroy();
  lambda.destroy();
}

test("a function's response arrives while it is written, a backend's beyond 10 MB", async () => {
  const held = await startHeldServer();
  await makeApi(held.url);
  const answer = await fetch(`${base}/?wait=${held.url}/wait`);
  expect([answer.status, answer.headers.get("x-foo"), answer.headers.get("x-mv1"), answer.headers.getSetCookie()]).toEqual([
    200, "bar", "hello, world", ["c1=blue", "c2=red"],
  ]);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe("first ");
  await expect.poll(() => held.waiting.length).toBe(1);
  held.waiting.shift()?.();
  expect(Buffer.from((await reader.read()).value as Uint8Array).toString()).toBe("last");
  expect((await reader.read()).done).toBe(true);

  const broken = await fetch(`${base}/?fail=1&wait=${held.url}/wait`);
  expect(broken.status).toBe(200);
  await expect.poll(() => held.waiting.length).toBe(1);
  held.waiting.shift()?.();
  await expect(broken.text()).rejects.toThrow("terminated");

  const large = await fetch(`${base}/large`);
  expect((await large.arrayBuffer()).byteLength).toBe(12 * MIB);
  held.close();
});
