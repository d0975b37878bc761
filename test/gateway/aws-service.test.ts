// AWS service integrations against a real server: where requests go, what is in them, and that they are signed.
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { Integration } from "../../src/domain/rest-api.ts";
import { startBackend } from "../harness/backend.ts";
import type { Backend, Reached } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, HOST, OWN_HEADERS, REQUEST_ID, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { TestGateway } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";
import { signatureOf } from "../harness/signature.ts";

const DEVELOPER = { accessKeyId: "123456789012", secretAccessKey: "test" };
const ROLE = "arn:aws:iam::123456789012:role/gateway";

const toService = (uri: string, parts: Partial<Integration> = {}): MethodParts => ({
  methodResponses: { 200: { statusCode: "200" }, 400: { statusCode: "400" } },
  integration: {
    type: "AWS",
    httpMethod: "POST",
    uri: `arn:aws:apigateway:eu-west-1:${uri}`,
    credentials: ROLE,
    integrationResponses: { 200: { statusCode: "200" } },
    ...parts,
  },
});

interface Running extends AsyncDisposable {
  readonly backend: Backend;
  readonly gate: TestGateway;
}

/** One method, `POST /{folder}/{item}`, to a service whose endpoint is a server of the test. */
async function start(service: string, method: MethodParts, respond?: (response: ServerResponse) => void, base = ""): Promise<Running> {
  const backend = await startBackend(respond);
  const plan = planOf({ "POST /{folder}/{item}": method }, { stage: { variables: { table: "Pets" } } });
  const gate = await startGateway([plan], { endpoints: { [service]: `${backend.url}${base}` } });
  return {
    backend,
    gate,
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
    },
  };
}

const headersOf = ({ rawHeaders }: Reached): Record<string, string> =>
  Object.fromEntries(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] as string]] : [])));

const ask = (gate: TestGateway, headers: readonly string[] = [], body = "") =>
  gate.ask({ method: "POST", path: "/b/folder%2Fname", headers: ["Host", HOST, ...headers], ...(body === "" ? {} : { body }) });

describe("an AWS service integration", () => {
  it("sends what is mapped, and its own headers, signed in the name of the role", async () => {
    const method = toService("s3:path/{bucket}/{object}", {
      httpMethod: "PUT",
      requestParameters: {
        "integration.request.path.bucket": "method.request.path.folder",
        "integration.request.path.object": "method.request.path.item",
        "integration.request.querystring.versionId": "method.request.querystring.version",
        "integration.request.header.x-amz-acl": "method.request.header.x-amz-acl",
        "integration.request.header.Content-Type": "method.request.header.Content-Type",
      },
    });
    await using running = await start("s3", method);
    const { gate, backend } = running;
    const client = ["x-amz-acl", "authenticated-read", "Content-Type", "text/plain", "X-Client", "1", "Authorization", "AWS4-HMAC-SHA256 x"];
    const answer = await gate.ask({ method: "POST", path: "/b/folder%2Fname?version=1+2", headers: ["Host", HOST, ...client], body: "Welcome" });
    const reached = backend.reached[0] as Reached;
    expect({ ...reached, rawHeaders: [], body: reached.body.toString() }).toEqual({
      method: "PUT",
      url: "/b/folder%2Fname?versionId=1%202",
      rawHeaders: [],
      body: "Welcome",
    });
    const { Authorization, ...headers } = headersOf(reached);
    expect(headers).toEqual({
      Host: backend.host,
      "x-amz-acl": "authenticated-read",
      "Content-Type": "text/plain",
      Accept: "application/json",
      "User-Agent": "AmazonAPIGateway_a1b2c3d4e5",
      "x-amzn-apigateway-api-id": "a1b2c3d4e5",
      "X-Amzn-Trace-Id": TRACE_ID,
      "X-Amz-Date": "20200304T191517Z",
      "X-Amz-Content-Sha256": "0e2226b5235f0ff94a276eb4d07a3bfea74b7e3b8b85e9efca6c18430f041bf8",
      "content-length": "7",
      connection: "keep-alive",
    });
    expect(Authorization).toBeDefined();
    expect(await signatureOf(reached, DEVELOPER)).toEqual({
      accessKeyId: "123456789012",
      region: "eu-west-1",
      service: "s3",
      signedHeaders: ["accept", "content-type", "host", "x-amz-acl", "x-amz-content-sha256", "x-amz-date", "x-amzn-apigateway-api-id"],
      valid: true,
    });
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json", ...OWN_HEADERS }, body: "hello" });
  });

  it.each([
    ["dynamodb:action/GetItem", "/?Action=GetItem", "DynamoDB_20120810.GetItem", "application/x-amz-json-1.0"],
    ["kinesis:action/PutRecord", "/?Action=PutRecord", "Kinesis_20131202.PutRecord", "application/x-amz-json-1.1"],
    ["states:action/StartExecution", "/?Action=StartExecution", "AWSStepFunctions.StartExecution", "application/x-amz-json-1.0"],
    ["sqs:action/SendMessage&MessageBody={item}", "/?Action=SendMessage&MessageBody=folder%2Fname", undefined, "application/json"],
  ])("asks for %s by %s, X-Amz-Target %s", async (uri, url, target, contentType) => {
    const requestParameters = { "integration.request.path.item": "method.request.path.item" };
    await using running = await start(uri.split(":", 1)[0] as string, toService(uri, { requestParameters }));
    await ask(running.gate, ["Content-Type", "application/json"], '{"TableName":"Pets"}');
    const [reached] = running.backend.reached as [Reached];
    expect({ url: reached.url, body: reached.body.toString() }).toEqual({ url, body: '{"TableName":"Pets"}' });
    expect(headersOf(reached)).toMatchObject({ "Content-Type": contentType, ...(target === undefined ? {} : { "X-Amz-Target": target }) });
    expect("X-Amz-Target" in headersOf(reached)).toBe(target !== undefined);
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ service: uri.split(":", 1)[0], valid: true });
  });

  it("leaves what names the action to mappings, where there are any", async () => {
    const requestParameters = {
      "integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'",
      "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
    };
    await using running = await start("events", toService("events:path//", { requestParameters }));
    await ask(running.gate, ["Content-Type", "application/json"], "{}");
    const [reached] = running.backend.reached as [Reached];
    expect(reached.url).toBe("//");
    expect(headersOf(reached)).toMatchObject({ "X-Amz-Target": "AWSEvents.PutEvents", "Content-Type": "application/x-amz-json-1.1" });
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ service: "events", valid: true });
  });

  it("makes the signature itself, whatever is mapped to its headers", async () => {
    const requestParameters = {
      "integration.request.header.Authorization": "'mine'",
      "integration.request.header.X-Amz-Date": "'mine'",
      "integration.request.header.x-amz-security-token": "'mine'",
      "integration.request.header.x-amz-content-sha256": "'mine'",
    };
    await using running = await start("sqs", toService("sqs:path/1/q", { requestParameters }));
    await ask(running.gate);
    const [reached] = running.backend.reached as [Reached];
    expect(JSON.stringify(reached.rawHeaders)).not.toContain("mine");
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ valid: true });
  });

  it("aws-api-gateway-stage-variables-reference: takes stage variables in the action, the path and the role", async () => {
    const asked: unknown[] = [];
    await using backend = await startBackend();
    const method = toService("dynamodb:path/${stageVariables.table}", { credentials: "arn:aws:iam::123456789012:role/${stageVariables.table}" });
    await using gate = await startGateway([planOf({ "POST /{folder}/{item}": method }, { stage: { variables: { table: "Pets" } } })], {
      endpoints: { dynamodb: backend.url },
      credentials: {
        for(...names) {
          asked.push(names);
          return Promise.resolve({ accessKeyId: "ASIA1", secretAccessKey: "secret", sessionToken: "token" });
        },
      },
    });
    await ask(gate);
    const [reached] = backend.reached as [Reached];
    expect(reached.url).toBe("/Pets");
    expect(asked).toEqual([["arn:aws:iam::123456789012:role/Pets", "123456789012", "us-east-1"]]);
    expect(headersOf(reached)).toMatchObject({ "X-Amz-Security-Token": "token" });
    expect(await signatureOf(reached, { accessKeyId: "ASIA1", secretAccessKey: "secret" })).toMatchObject({ accessKeyId: "ASIA1", valid: true });
  });

  it("puts an endpoint's path before the service's, and a subdomain before its host", async () => {
    await using running = await start("s3", toService("bucket.s3:path/key"), undefined, "/base/");
    await ask(running.gate);
    const [reached] = running.backend.reached as [Reached];
    expect([reached.url, headersOf(reached)["Host"]]).toEqual(["/base/key", `bucket.${running.backend.host}`]);
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ service: "s3", valid: true });
  });

  it.each([
    [200, 200, "{}"],
    [403, 400, "{}"],
    [500, 500, '{"message": "Internal server error"}'],
  ])("selects the integration response by the status: %i becomes %i", async (given, expected, body) => {
    const integrationResponses = {
      200: { statusCode: "200", selectionPattern: "2\\d{2}" },
      400: { statusCode: "400", selectionPattern: "4\\d{2}" },
    };
    await using running = await start("sqs", toService("sqs:path/1/q", { integrationResponses }), (response) => {
      response.statusCode = given;
      response.end("{}");
    });
    expect(await ask(running.gate)).toMatchObject({ status: expected, body });
  });

  it("without a role is a configuration error", async () => {
    const { credentials: _none, ...integration } = toService("sqs:path/1/q").integration ?? {};
    await using gate = await startGateway([planOf({ "POST /{folder}/{item}": { integration } })]);
    expect(await ask(gate)).toMatchObject({ status: 500, headers: { "x-amzn-errortype": "InternalServerErrorException" } });
    expect(gate.logged[0]?.fields).toMatchObject({ reason: "Role ARN must be specified for AWS integrations" });
  });

  it("answers 504 where the service takes longer than the integration may, and where it breaks off", async () => {
    await using slow = await start("sqs", toService("sqs:path/1/q", { timeoutInMillis: 50 }), () => undefined);
    expect(await ask(slow.gate)).toMatchObject({ status: 504, body: '{"message": "Endpoint request timed out"}' });
    await using cut = await start("sqs", toService("sqs:path/1/q"), (response) => void response.destroy());
    expect(await ask(cut.gate)).toMatchObject({
      status: 504,
      headers: { "x-amzn-requestid": REQUEST_ID, "x-amz-apigw-id": EXTENDED_REQUEST_ID },
      body: '{"message": "Network error communicating with endpoint"}',
    });
  });
});
