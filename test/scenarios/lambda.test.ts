// Functions as the AWS SDK drives them: real packages, real processes, over the wire.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { CreateDeploymentCommand, CreateRestApiCommand, PutIntegrationCommand, PutMethodCommand } from "@aws-sdk/client-api-gateway";
import {
  AddPermissionCommand, CreateAliasCommand, CreateFunctionCommand, DeleteFunctionCommand, GetFunctionCommand, GetPolicyCommand,
  InvokeCommand, InvokeWithResponseStreamCommand, ListVersionsByFunctionCommand, PublishVersionCommand,
  UpdateAliasCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2,
  type InvokeCommandInput, type LambdaClient,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGatehouse, type Gatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const Role = "arn:aws:iam::000000000000:role/lambda";

let gatehouse: Gatehouse;
let lambda: LambdaClient;
beforeAll(async () => {
  gatehouse = await startGatehouse();
  lambda = gatehouse.lambda();
});
afterAll(async () => {
  lambda.destroy();
  await gatehouse.stop();
});

async function invoke(input: InvokeCommandInput, client = lambda): Promise<unknown> {
  const { $metadata: _metadata, Payload, LogResult, ...rest } = await client.send(new InvokeCommand(input));
  const log = LogResult === undefined ? {} : { log: Buffer.from(LogResult, "base64").toString() };
  return { ...rest, ...log, payload: Payload === undefined || Payload.length === 0 ? undefined : JSON.parse(Buffer.from(Payload).toString()) };
}

const node = (body: string): { ZipFile: Buffer } => ({ ZipFile: zip({ "index.mjs": `export const handler = async (event, context) => ${body};` }) });

describe("a Node.js function", () => {
  const FunctionName = "scenario-node";

  test("is made, invoked, changed, published and aliased", async () => {
    const Code = node("({ event, name: context.functionName, version: context.functionVersion, stage: process.env.STAGE })");
    await lambda.send(new CreateFunctionCommand({
      FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10, Environment: { Variables: { STAGE: "one" } },
    }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    expect(await invoke({ FunctionName, Payload: Buffer.from('{"a":1}') })).toEqual({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      payload: { event: { a: 1 }, name: FunctionName, version: "$LATEST", stage: "one" },
    });
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName, Description: "one" }));
    expect(Version).toBe("1");

    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: { STAGE: "two" } } }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    const updated = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...node("[process.env.STAGE, context.invokedFunctionArn]"), Publish: true }));
    expect(updated.Version).toBe("2");
    const arn = `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`;
    expect(await invoke({ FunctionName })).toMatchObject({ payload: ["two", arn] });
    expect(await invoke({ FunctionName, Qualifier: "1" })).toMatchObject({ ExecutedVersion: "1", payload: { version: "1", stage: "one" } });

    await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
    expect(await invoke({ FunctionName: `${FunctionName}:live` })).toMatchObject({ ExecutedVersion: "1" });
    await lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "2" }));
    expect(await invoke({ FunctionName: `${arn}:live` })).toMatchObject({ ExecutedVersion: "2", payload: ["two", `${arn}:live`] });
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.map((version) => [version.Version, version.Description])).toEqual([["$LATEST", ""], ["1", "one"], ["2", ""]]);
  });

  test("streams its answer", async () => {
    const Code = {
      ZipFile: zip({
        "index.mjs": `export const handler = awslambda.streamifyResponse(async (event, stream) => {
          for (const word of event.words) { stream.write(word); await new Promise((resolve) => setTimeout(resolve, 20)); }
          stream.end();
        });`,
      }),
    };
    const name = "scenario-stream";
    await lambda.send(new CreateFunctionCommand({ FunctionName: name, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10 }));
    const { EventStream, StatusCode } = await lambda.send(
      new InvokeWithResponseStreamCommand({ FunctionName: name, Payload: Buffer.from('{"words":["hello ","world"]}'), LogType: "Tail" }),
    );
    const chunks: Buffer[] = [];
    let log: string | undefined;
    for await (const event of EventStream ?? []) {
      if (event.PayloadChunk?.Payload) chunks.push(Buffer.from(event.PayloadChunk.Payload));
      if (event.InvokeComplete) log = Buffer.from(event.InvokeComplete.LogResult ?? "", "base64").toString();
    }
    expect([StatusCode, Buffer.concat(chunks).toString()]).toEqual([200, "hello world"]);
    expect(log).toMatch(/^START RequestId: [\s\S]*END RequestId: /);
  });

  test("that throws tells how, and the end of its log", async () => {
    const Code = node('(() => { console.log("about to fail"); throw new TypeError("no pets"); })()');
    const name = "scenario-throws";
    await lambda.send(new CreateFunctionCommand({ FunctionName: name, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10 }));
    expect(await invoke({ FunctionName: name, LogType: "Tail" })).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      log: expect.stringContaining("about to fail") as string,
      payload: { errorType: "TypeError", errorMessage: "no pets" },
    });
  });

  test("from a local directory is reloaded when its file changes", async () => {
    const directory = join(gatehouse.dataDir, "..", `hot-${process.pid}`);
    await mkdir(directory, { recursive: true });
    const write = (value: number): Promise<void> => writeFile(join(directory, "index.mjs"), `export const handler = async () => ${value};`);
    await write(1);
    const name = "scenario-hot";
    const Code = { S3Bucket: "hot-reload", S3Key: directory };
    await lambda.send(new CreateFunctionCommand({ FunctionName: name, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10 }));
    expect(await invoke({ FunctionName: name })).toMatchObject({ payload: 1 });
    await write(2);
    await expect.poll(() => invoke({ FunctionName: name })).toMatchObject({ payload: 2 });
    await rm(directory, { recursive: true });
  });
});

/** Python's zipfile and most tools deflate. */
function deflated(name: string, content: string): Buffer {
  const stored = zip({ [name]: content });
  const data = deflateRawSync(content);
  const header = 30 + name.length;
  const local = Buffer.concat([stored.subarray(0, header), data]);
  const central = Buffer.from(stored.subarray(header + content.length));
  local.writeUInt16LE(8, 8);
  central.writeUInt16LE(8, 10);
  for (const [part, at] of [[local, 18], [central, 20]] as const) part.writeUInt32LE(data.length, at);
  central.writeUInt32LE(local.length, central.length - 6);
  return Buffer.concat([local, central]);
}

test("a Python function is made from a deflated package, invoked and changed", async () => {
  const FunctionName = "scenario-python";
  const code = (body: string): Buffer => deflated("app.py", `import os\ndef handler(event, context):\n    return ${body}\n`);
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Role, Runtime: "python3.12", Handler: "app.handler", Code: { ZipFile: code("{'got': event, 'name': context.function_name}") }, Timeout: 10,
  }));
  expect(await invoke({ FunctionName, Payload: Buffer.from('["ñ"]') })).toMatchObject({ payload: { got: ["ñ"], name: FunctionName } });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code("1 / 0") }));
  expect(await invoke({ FunctionName })).toMatchObject({ FunctionError: "Unhandled", payload: { errorType: "ZeroDivisionError" } });
});

test("a custom runtime's bootstrap keeps its executable bit", async () => {
  const bootstrap = `#!/bin/sh
while true; do
  headers=$(mktemp)
  event=$(curl -sS -LD "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "{\\"handler\\":\\"$_HANDLER\\",\\"event\\":$event}" > /dev/null
done
`;
  const FunctionName = "scenario-custom";
  const Code = { ZipFile: zip({ bootstrap }, 0o755) };
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "provided.al2023", Handler: "my.handler", Code, Timeout: 10 }));
  expect(await invoke({ FunctionName, Payload: Buffer.from("[1]") })).toMatchObject({ payload: { handler: "my.handler", event: [1] } });
});

test("errors travel as the SDK's own, with their type", async () => {
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none",
    Type: "User",
    $metadata: { httpStatusCode: 404 },
  });
  const event = { FunctionName: "scenario-node", InvocationType: "Event", Payload: Buffer.alloc(1_048_577, " ") } as const;
  await expect(invoke(event)).rejects.toMatchObject({
    name: "RequestEntityTooLargeException",
    message: "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    $metadata: { httpStatusCode: 413 },
  });
});

test("functions, versions, policies and code are there after a kill", async () => {
  const FunctionName = "scenario-durable";
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: node('"still here"'), Publish: true, Timeout: 10 }));
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "s", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" }));
  const before = await lambda.send(new GetFunctionCommand({ FunctionName }));
  lambda.destroy();
  await gatehouse.stop("SIGKILL");
  gatehouse = await startGatehouse({ dataDir: gatehouse.dataDir });
  lambda = gatehouse.lambda();
  const after = await lambda.send(new GetFunctionCommand({ FunctionName }));
  expect(after.Configuration).toEqual(before.Configuration);
  for (const Qualifier of ["$LATEST", "1"]) expect(await invoke({ FunctionName, Qualifier })).toMatchObject({ payload: "still here" });
  expect((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy).toContain('"Sid":"s"');
  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  await expect(invoke({ FunctionName })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

describe("a gateway whose lambda.endpoint is this one", () => {
  test("invokes these functions, signed, from an API of its own", async () => {
    const FunctionName = "scenario-remote";
    const body = '({ statusCode: 200, headers: { "x-from": context.functionName }, body: JSON.stringify(event.queryStringParameters) })';
    await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: node(body), Timeout: 10 }));
    const remote = await startGatehouse({
      args: ["--lambda-endpoint", gatehouse.url],
      env: { AWS_ACCESS_KEY_ID: "000000000000", AWS_SECRET_ACCESS_KEY: "secret" },
    });
    try {
      const url = await deployProxy(remote, `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`);
      const response = await fetch(`${url}?a=1`);
      expect([response.status, response.headers.get("x-from"), await response.text()]).toEqual([200, FunctionName, '{"a":"1"}']);
    } finally {
      await remote.stop();
    }
  });
});

/** Deploys an API whose root is a Lambda proxy. */
async function deployProxy(server: Gatehouse, functionArn: string): Promise<string> {
  const api = server.apiGateway();
  const { id: restApiId, rootResourceId: resourceId } = await api.send(new CreateRestApiCommand({ name: "remote" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await api.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  await api.send(new PutIntegrationCommand({ ...method, type: "AWS_PROXY", integrationHttpMethod: "POST", uri }));
  await api.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  api.destroy();
  return `${server.url}/restapis/${restApiId}/test/_user_request_/`;
}
