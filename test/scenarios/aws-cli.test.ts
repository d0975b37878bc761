// The same first APIs through the `aws` command, where it is installed.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws as awsOn, awsInstalled, runAws, runAwsProcess } from "../harness/aws-command.ts";
import { call, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";
import { zip } from "../harness/zip.ts";

describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000, concurrent: true }, () => {
  let gatehouse: Gatehouse;
  let petStore: PetStore;
  let directory: string;

  beforeAll(async () => {
    petStore = await startPetStore();
    gatehouse = await startGatehouse();
    directory = await mkdtemp(join(gatehouse.dataDir, "cli-"));
  });
  afterAll(async () => {
    await gatehouse.stop();
    await petStore[Symbol.asyncDispose]();
  });

  const aws = (...args: string[]) => awsOn(gatehouse, ...args);

  const stringOf = (value: unknown): string => {
    if (typeof value !== "string") throw new TypeError(`not a string: ${String(value)}`);
    return value;
  };

  it("does as a process of its own what it does where these tests run many of them", async () => {
    const env = { PATH: process.env["PATH"], HOME: directory, AWS_ACCESS_KEY_ID: "999999999999", AWS_SECRET_ACCESS_KEY: "test" };
    const command = (...args: string[]) => ["apigateway", ...args, "--endpoint-url", gatehouse.url, "--region", "us-east-1"];
    const words = "An error occurred (NotFoundException) when calling the GetRestApi operation: Invalid API identifier specified 999999999999:none";
    for (const [args, stdout, stderr] of [
      [command("get-rest-apis"), '{\n    "items": []\n}\n', /^$/],
      [command("get-rest-api", "--rest-api-id", "none"), "", new RegExp(`^\\n${words.replace(/[()]/g, String.raw`\$&`)}\\n$`)],
      [command("get-rest-api"), "", /the following arguments are required: --rest-api-id\s*$/],
    ] as const) {
      const own = await runAwsProcess(args, env);
      expect(own).toEqual({ code: own.code, stdout, stderr: expect.stringMatching(stderr) });
      expect(own.code === 0).toBe(stdout !== "");
      expect(await runAws(args, env)).toEqual(own);
    }
  });

  it("makes, deploys and calls an HTTP proxy", async () => {
    const api = await aws("apigateway", "create-rest-api", "--name", "ProxyResourceForPetStore");
    const id = stringOf(api["id"]);
    const root = stringOf(api["rootResourceId"]);
    const resource = await aws("apigateway", "create-resource", "--rest-api-id", id, "--parent-id", root, "--path-part", "{proxy+}");
    expect(resource).toEqual({ id: resource["id"], parentId: root, pathPart: "{proxy+}", path: "/{proxy+}" });
    const method = ["--rest-api-id", id, "--resource-id", stringOf(resource["id"]), "--http-method", "ANY"];
    const parameters = "method.request.path.proxy=true";
    await aws("apigateway", "put-method", ...method, "--authorization-type", "NONE", "--request-parameters", parameters);
    const mapping = "integration.request.path.proxy=method.request.path.proxy";
    const target = ["--integration-http-method", "ANY", "--uri", `${petStore.url}/{proxy}`, "--request-parameters", mapping];
    await aws("apigateway", "put-integration", ...method, "--type", "HTTP_PROXY", ...target);
    await aws("apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "test");
    const answer = await call(`${gatehouse.url}/restapis/${id}/test/_user_request_/petstore/pets/3`);
    expect([answer.status, answer.body]).toEqual([200, '{"id":3,"type":"fish","price":0.99}']);
  });

  it("makes, permits and calls a Lambda proxy", async () => {
    const archive = join(directory, "function.zip");
    await writeFile(archive, zip({ "app.py": "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello ' + event['path']}\n" }));
    const role = "arn:aws:iam::000000000000:role/any";
    const code = ["--runtime", "python3.12", "--handler", "app.handler", "--role", role, "--zip-file", `fileb://${archive}`];
    const created = await aws("lambda", "create-function", "--function-name", "hello", ...code);
    await aws("lambda", "wait", "function-active-v2", "--function-name", "hello");
    const invoked = await aws("lambda", "invoke", "--function-name", "hello", "--cli-binary-format", "raw-in-base64-out", "--payload", '{"path":"/x"}', join(directory, "out")).catch(
      // Version 1 of the command takes the payload as it is and knows no such option.
      () => aws("lambda", "invoke", "--function-name", "hello", "--payload", '{"path":"/x"}', join(directory, "out")),
    );
    expect(invoked).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    const api = await aws("apigateway", "create-rest-api", "--name", "LambdaSimpleProxy");
    const id = stringOf(api["id"]);
    const method = ["--rest-api-id", id, "--resource-id", stringOf(api["rootResourceId"]), "--http-method", "GET"];
    await aws("apigateway", "put-method", ...method, "--authorization-type", "NONE");
    const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${stringOf(created["FunctionArn"])}/invocations`;
    await aws("apigateway", "put-integration", ...method, "--type", "AWS_PROXY", "--integration-http-method", "POST", "--uri", uri);
    const source = `arn:aws:execute-api:us-east-1:000000000000:${id}/*/GET/`;
    const permission = ["--statement-id", "api", "--action", "lambda:InvokeFunction", "--principal", "apigateway.amazonaws.com"];
    await aws("lambda", "add-permission", "--function-name", "hello", ...permission, "--source-arn", source);
    await aws("apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "test");
    const answer = await call(`${gatehouse.url}/restapis/${id}/test/_user_request_/`);
    expect([answer.status, answer.body]).toEqual([200, "hello /"]);
    const listed = await aws("apigateway", "get-rest-apis", "--query", `items[?id=='${id}'].name`);
    expect(listed).toEqual(["LambdaSimpleProxy"]);
  });
});
