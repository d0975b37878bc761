// First-class integrations of HTTP APIs against a server that stands for the service: whole requests, who signed them, and
// what becomes of the service's answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html).
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { HttpIntegration } from "../../src/domain/http-api.ts";
import { type Backend, type Reached, startBackend } from "../harness/backend.ts";
import { type Asked, EXTENDED_REQUEST_ID, NOW, type TestGateway, type TestGatewayOptions, TRACE_ID } from "../harness/gateway.ts";
import { HTTP_API_ID, httpStage, startHttpApi } from "../harness/http-api.ts";
import { signatureOf } from "../harness/signature.ts";

const DEVELOPER = { accessKeyId: "123456789012", secretAccessKey: "test" };
const QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/pets";

interface Running extends AsyncDisposable {
  readonly backend: Backend;
  readonly gate: TestGateway;
  readonly lines: string[];
}

interface StartOptions extends Omit<TestGatewayOptions, "endpoints"> {
  readonly respond?: (response: ServerResponse) => void;
  /** Behind the server's URL. */
  readonly base?: string;
}

const FORMAT = "$context.status $context.integrationStatus $context.integration.status $context.integration.requestId $context.error.responseType $context.integrationErrorMessage";

/** `POST /{id}` with a service action, whose service is a server of the test. */
async function start(integrationSubtype: string, requestParameters: Record<string, string>, parts: Partial<HttpIntegration> = {}, { respond, base = "", ...options }: StartOptions = {}): Promise<Running> {
  const backend = await startBackend(respond);
  const integration = { integrationType: "AWS_PROXY", integrationSubtype, requestParameters, credentialsArn: "arn:aws:iam::123456789012:role/gateway", ...parts } as const;
  const accessLogSettings = { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/pets", format: FORMAT };
  const lines: string[] = [];
  const logs = { write: (_group: object, _at: number, line: string) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
  const url = `${backend.url}${base}`;
  const endpoints = { appconfig: url, events: url, kinesis: url, sqs: url, states: url };
  const gate = await startHttpApi([httpStage({ routes: { "POST /{id}": { integration } }, stage: { accessLogSettings } })], { logs, ...options, endpoints });
  return {
    backend,
    gate,
    lines,
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]();
      await backend[Symbol.asyncDispose]();
    },
  };
}

const post = ({ gate }: Running, body = "", asked: Asked = {}) => gate.ask({ method: "POST", path: "/1", body, ...asked });

/** By name, without those of the connection and the signature. */
function headersOf({ rawHeaders }: Reached): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, i) => (i % 2 === 0 && !/^(?:connection|content-length|authorization)$/i.test(name) ? [[name, rawHeaders[i + 1] as string]] : []));
  return Object.fromEntries(pairs);
}

const DATE = new Date(NOW).toISOString().replaceAll(/[-:]|\.\d+/g, "");
const own = (backend: Backend) => ({ Host: backend.host, "User-Agent": `AmazonAPIGateway_${HTTP_API_ID}`, "X-Amzn-Trace-Id": TRACE_ID, "X-Amz-Date": DATE });

describe("a service is called", () => {
  it("by the query protocol, signed in the name of the role, with nothing of the client's", async () => {
    await using running = await start("SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "$request.body" });
    await post(running, "hello & bye", { headers: ["X-Mine", "1", "Authorization", "theirs", "Cookie", "a=b"] });
    const [reached] = running.backend.reached as [Reached];
    expect({ ...reached, rawHeaders: [], body: reached.body.toString() }).toEqual({
      method: "POST",
      url: "/",
      rawHeaders: [],
      body: "Action=SendMessage&Version=2012-11-05&QueueUrl=https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F123456789012%2Fpets&MessageBody=hello%20%26%20bye",
    });
    expect(headersOf(reached)).toEqual({ ...own(running.backend), "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" });
    expect(await signatureOf(reached, DEVELOPER)).toEqual({
      accessKeyId: "123456789012",
      region: "us-east-1",
      service: "sqs",
      signedHeaders: ["content-type", "host", "x-amz-date"],
      valid: true,
    });
  });

  it.each([
    ["EventBridge-PutEvents", { Detail: "$request.body", DetailType: "t", Source: "s" }, "events", "1.1", "AWSEvents.PutEvents", '{"Entries":[{"Detail":"{\\"a\\":1}","DetailType":"t","Source":"s"}]}'],
    ["Kinesis-PutRecord", { StreamName: "s", Data: "$request.body", PartitionKey: "$request.path.id" }, "kinesis", "1.1", "Kinesis_20131202.PutRecord", '{"StreamName":"s","Data":"eyJhIjoxfQ==","PartitionKey":"1"}'],
    ["StepFunctions-StartExecution", { StateMachineArn: "m", Input: "$request.body" }, "states", "1.0", "AWSStepFunctions.StartExecution", '{"stateMachineArn":"m","input":"{\\"a\\":1}"}'],
    ["StepFunctions-StartSyncExecution", { StateMachineArn: "m", Input: "$request.body" }, "states", "1.0", "AWSStepFunctions.StartSyncExecution", '{"stateMachineArn":"m","input":"{\\"a\\":1}"}'],
    ["StepFunctions-StopExecution", { ExecutionArn: "x" }, "states", "1.0", "AWSStepFunctions.StopExecution", '{"executionArn":"x"}'],
  ])("by a JSON protocol: %s", async (subtype, parameters, service, version, target, body) => {
    await using running = await start(subtype, parameters);
    await post(running, '{"a":1}');
    const [reached] = running.backend.reached as [Reached];
    expect([reached.method, reached.url, reached.body.toString()]).toEqual(["POST", "/", body]);
    expect(headersOf(reached)).toEqual({ ...own(running.backend), "X-Amz-Target": target, "Content-Type": `application/x-amz-json-${version}` });
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ service, valid: true, signedHeaders: ["content-type", "host", "x-amz-date", "x-amz-target"] });
  });

  it("by GET, behind the path of the operator's endpoint", async () => {
    const parameters = { Application: "my app", Environment: "$request.path.id", Configuration: "flags", ClientId: "$request.header.client" };
    await using running = await start("AppConfig-GetConfiguration", parameters, {}, { base: "/base/" });
    await post(running, "ignored", { headers: ["Client", "a&b"] });
    const [reached] = running.backend.reached as [Reached];
    expect([reached.method, reached.url, reached.body.length]).toEqual(["GET", "/base/applications/my%20app/environments/1/configurations/flags?client_id=a%26b", 0]);
    expect(headersOf(reached)).toEqual(own(running.backend));
    expect(await signatureOf(reached, DEVELOPER)).toMatchObject({ service: "appconfig", valid: true });
  });

  it("in the region that the integration names, with the credentials of its role", async () => {
    const asked: unknown[] = [];
    const credentials = {
      for(...names: readonly string[]) {
        asked.push(names);
        return Promise.resolve({ accessKeyId: "ASIA1", secretAccessKey: "secret", sessionToken: "token" });
      },
    };
    await using running = await start("SQS-PurgeQueue", { QueueUrl: QUEUE, Region: "eu-west-1" }, {}, { credentials });
    await post(running);
    const [reached] = running.backend.reached as [Reached];
    expect(asked).toEqual([["arn:aws:iam::123456789012:role/gateway", "123456789012", "us-east-1"]]);
    expect(headersOf(reached)).toMatchObject({ "X-Amz-Security-Token": "token" });
    expect(await signatureOf(reached, { accessKeyId: "ASIA1", secretAccessKey: "secret" })).toMatchObject({ accessKeyId: "ASIA1", region: "eu-west-1", valid: true });
  });
});

describe("the service's answer", () => {
  // github.com/aws-samples/serverless-patterns, apigw-http-api-sqs-lambda-sls, shows XML.
  it("goes back as it is", async () => {
    const xml = '<?xml version="1.0"?><SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"/>';
    const respond = (response: ServerResponse) => {
      response.writeHead(200, ["x-amzn-RequestId", "r-1", "Content-Type", "text/xml", "Date", "then", "Connection", "close"]);
      response.end(xml);
    };
    await using running = await start("SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "a" }, {}, { respond });
    const answer = await post(running);
    expect([answer.status, answer.body]).toEqual([200, xml]);
    expect(answer.headers).toEqual({ "x-amzn-requestid": "r-1", "content-type": "text/xml", "apigw-requestid": EXTENDED_REQUEST_ID });
    expect(running.lines).toEqual(["200 200 200 r-1 - -"]);
  });

  it.each([400, 403, 500, 503])("goes back as it is when it is %i", async (status) => {
    const respond = (response: ServerResponse) => {
      response.writeHead(status, ["Content-Type", "application/x-amz-json-1.1"]);
      response.end('{"__type":"AccessDeniedException"}');
    };
    await using running = await start("Kinesis-PutRecord", { StreamName: "s", Data: "d", PartitionKey: "k" }, {}, { respond });
    expect(await post(running)).toMatchObject({ status, headers: { "content-type": "application/x-amz-json-1.1" }, body: '{"__type":"AccessDeniedException"}' });
  });

  it("is mapped by its status code", async () => {
    const respond = (response: ServerResponse) => {
      response.writeHead(200, ["Content-Type", "application/x-amz-json-1.1"]);
      response.end('{"ShardId":"shard-1"}');
    };
    const responseParameters = { 200: { "overwrite:statuscode": "202", "append:header.shard": "$response.body.ShardId", "overwrite:header.content-type": "application/json" } };
    await using running = await start("Kinesis-PutRecord", { StreamName: "s", Data: "d", PartitionKey: "k" }, { responseParameters }, { respond });
    const answer = await post(running);
    expect([answer.status, answer.headers]).toEqual([202, { "content-type": "application/json", shard: "shard-1", "apigw-requestid": EXTENDED_REQUEST_ID }]);
    expect(running.lines).toEqual(["202 200 200 - - -"]);
  });
});

describe("without an answer of the service", () => {
  const refused = (status: number, message: string) => ({ status, headers: { "content-type": "application/json", "apigw-requestid": EXTENDED_REQUEST_ID }, body: JSON.stringify({ message }) });

  // github.com/aws-samples/sessions-with-aws-sam/issues/38
  it("400 for a request that lacks what a parameter is mapped from; the service is not called", async () => {
    await using running = await start("SQS-SendMessage", { QueueUrl: QUEUE, MessageBody: "$request.body.MessageBody" });
    const { status, headers, body } = await post(running, '{"Other":"x"}');
    expect({ status, headers, body }).toEqual(refused(400, "Bad Request"));
    expect(running.backend.reached).toEqual([]);
    expect(running.lines).toEqual([
      "400 - - - BAD_REQUEST Unable to resolve property MessageBody from source $request.body.MessageBody. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.",
    ]);
  });

  // github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/87
  it("500 where there are no credentials of the role", async () => {
    const credentials = { for: () => Promise.reject(new Error("no such role")) };
    await using running = await start("SQS-PurgeQueue", { QueueUrl: QUEUE }, {}, { credentials });
    const { status, headers, body } = await post(running);
    expect({ status, headers, body }).toEqual(refused(500, "Internal Server Error"));
    expect(running.lines).toEqual([
      "500 - - - INTEGRATION_FAILURE API Gateway doesn't have permissions to assume the IAM role configured on the integration. Check the permissions and try again.",
    ]);
  });

  it("503 where it takes longer than the integration may, and where it breaks off", async () => {
    await using slow = await start("SQS-PurgeQueue", { QueueUrl: QUEUE }, { timeoutInMillis: 50 }, { respond: () => undefined });
    expect(await post(slow)).toMatchObject(refused(503, "Service Unavailable"));
    await using cut = await start("SQS-PurgeQueue", { QueueUrl: QUEUE }, {}, { respond: (response) => void response.destroy() });
    expect(await post(cut)).toMatchObject(refused(503, "Service Unavailable"));
  });

  it("500 for an integration that cannot work", async () => {
    await using running = await start("SQS-PurgeQueue", { QueueUrl: QUEUE }, { credentialsArn: "arn:aws:iam::*:user/*" });
    expect(await post(running)).toMatchObject(refused(500, "Internal Server Error"));
    expect(running.backend.reached).toEqual([]);
  });
});
