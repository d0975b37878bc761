// Routes of HTTP APIs, made through the AWS SDK on the started program: with parameter mappings before an HTTP backend, and with
// AWS services behind them, for which servers stand that are none of the project's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html and
// .../http-api-develop-integrations-aws-services.html).
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsServices, awsServicesMissing, startAwsServices } from "../harness/aws-services.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { type Answer, callApi, type CallOptions, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

if (awsServicesMissing !== undefined) console.warn(`service actions of HTTP APIs are skipped: ${awsServicesMissing}`);

const ROLE = "arn:aws:iam::000000000000:role/apigateway";

let backend: Backend;
let services: AwsServices | undefined;
let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;

beforeAll(async () => {
  const starting = awsServicesMissing === undefined ? startAwsServices() : undefined;
  backend = await startBackend((response, { url = "" }) => {
    response.writeHead(Number(url.slice(1)) || 200, { "Content-Type": "text/plain" });
    response.end(`at ${url}`);
  });
  services = await starting;
  gatehouse = await startGatehouse({ args: ["--in-memory"], env: services === undefined ? {} : { AWS_ENDPOINT_URL: services.url } });
  client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
});
afterAll(async () => {
  await gatehouse.stop();
  await backend[Symbol.asyncDispose]();
  await services?.[Symbol.asyncDispose]();
});

type Integration = Omit<CreateIntegrationCommandInput, "ApiId">;

/** An API that is deployed by itself. Resolves to its id, those of its integrations, and the way to call it. */
async function apiOf(routes: Readonly<Record<string, Integration>>, StageVariables: Record<string, string> = {}) {
  const { ApiId = "" } = await client.send(new CreateApiCommand({ Name: "shop", ProtocolType: "HTTP" }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true, StageVariables }));
  const integrationIds: string[] = [];
  for (const [RouteKey, integration] of Object.entries(routes)) {
    const { IntegrationId = "" } = await client.send(new CreateIntegrationCommand({ ApiId, PayloadFormatVersion: "1.0", ...integration }));
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
    integrationIds.push(IntegrationId);
  }
  const ask = (route: string, body?: string, headers: CallOptions["headers"] = {}): Promise<Answer> => {
    const [method, path] = route.split(" ") as [string, string];
    return callApi(gatehouse, ApiId, path, { method, headers, ...(body !== undefined && { body }) });
  };
  return { ApiId, integrationIds, ask };
}

describe("the guide's examples of parameter mapping", () => {
  const proxy = (parts: Partial<Integration>): Integration => ({ IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: backend.url, ...parts });

  /** The value of a header of the last request that the backend got; undefined when it got none of that name. */
  function sent(name: string): string | undefined {
    const { rawHeaders = [] } = backend.reached.at(-1) ?? {};
    const place = rawHeaders.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name);
    return place < 0 ? undefined : rawHeaders[place + 1];
  }

  it("add a header, rename one, and change responses", async () => {
    const { ask } = await apiOf(
      {
        "GET /id": proxy({ RequestParameters: { "append:header.header1": "$context.requestId" } }),
        "GET /renamed": proxy({ RequestParameters: { "append:header.header2": "$request.header.header1", "remove:header.header1": "''" } }),
        $default: proxy({
          ResponseParameters: {
            "500": { "append:header.header1": "$context.requestId", "overwrite:statuscode": "403" },
            "404": { "append:header.error": "$stageVariables.environmentId" },
          },
        }),
      },
      { environmentId: "blue" },
    );
    const { headers } = await ask("GET /id");
    expect([sent("header1"), typeof headers["apigw-requestid"]]).toEqual([headers["apigw-requestid"], "string"]);
    await ask("GET /renamed", undefined, { header1: "mine" });
    expect([sent("header1"), sent("header2")]).toEqual([undefined, "mine"]);
    const forbidden = await ask("GET /500");
    expect([forbidden.status, forbidden.headers["header1"], forbidden.body]).toEqual([403, forbidden.headers["apigw-requestid"], "at /500"]);
    expect(await ask("GET /404")).toMatchObject({ status: 404, headers: { error: "blue" }, body: "at /404" });
    expect((await ask("GET /200")).headers).not.toHaveProperty("error");
  });

  it("remove what was configured", async () => {
    const { ApiId, integrationIds, ask } = await apiOf({
      $default: proxy({ RequestParameters: { "append:header.header1": "a", "append:header.header2": "b" }, ResponseParameters: { "200": { "append:header.own": "c" } } }),
    });
    expect((await ask("GET /")).headers["own"]).toBe("c");
    expect([sent("header1"), sent("header2")]).toEqual(["a", "b"]);
    await client.send(
      new UpdateIntegrationCommand({ ApiId, IntegrationId: integrationIds[0] ?? "", RequestParameters: { "append:header.header1": "" }, ResponseParameters: { "200": {} } }),
    );
    expect((await ask("GET /")).headers).not.toHaveProperty("own");
    expect([sent("header1"), sent("header2")]).toEqual([undefined, "b"]);
  });

  it("change queries and paths", async () => {
    const { ask } = await apiOf({
      "GET /pets/{id}": proxy({ RequestParameters: { "overwrite:path": "/v2/animals/${request.path.id}", "overwrite:querystring.kind": "$request.querystring.type", "remove:querystring.type": "''" } }),
    });
    expect((await ask("GET /pets/a%20b?type=dog&kind=cat&x=1")).body).toBe("at /v2/animals/a%20b?x=1&kind=dog");
  });
});

describe.skipIf(awsServicesMissing !== undefined)("service actions", () => {
  const action = (IntegrationSubtype: string, RequestParameters: Record<string, string>, parts: Partial<Integration> = {}): Integration => ({
    IntegrationType: "AWS_PROXY",
    IntegrationSubtype,
    CredentialsArn: ROLE,
    RequestParameters,
    ...parts,
  });

  /** Asks a service itself, by its JSON protocol. */
  async function service(name: string, target: string, input: object): Promise<Record<string, unknown>> {
    const authorization = `AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/${name}/aws4_request, SignedHeaders=host, Signature=0`;
    const headers = { Authorization: authorization, "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0" };
    const answer = await fetch(services?.url ?? "", { method: "POST", headers, body: JSON.stringify(input) });
    const body = await answer.text();
    expect([answer.status, body]).toEqual([200, expect.any(String)]);
    return body === "" ? {} : (JSON.parse(body) as Record<string, unknown>);
  }

  const newQueue = async (QueueName: string): Promise<string> => (await service("sqs", "AmazonSQS.CreateQueue", { QueueName }))["QueueUrl"] as string;

  interface Message {
    readonly Body: string;
    readonly MessageAttributes?: object;
  }
  const receive = async (QueueUrl: string): Promise<readonly Message[]> =>
    ((await service("sqs", "AmazonSQS.ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"], MaxNumberOfMessages: 10 }))["Messages"] ?? []) as Message[];

  it("send messages to a queue, receive, delete and purge them", async () => {
    const QueueUrl = await newQueue("pets");
    const { ask } = await apiOf({
      // http-api-develop-integrations-aws-services: the page's example
      "POST /messages": action("SQS-SendMessage", { QueueUrl: "$request.header.queueUrl", MessageBody: "$request.body.message" }),
      "POST /tagged": action("SQS-SendMessage", {
        QueueUrl,
        MessageBody: "$request.body",
        MessageAttributes: '{"Agent": {"DataType": "String", "StringValue": "${request.header.user-agent}"}}',
      }),
      "GET /messages": action("SQS-ReceiveMessage", { QueueUrl, AttributeNames: "All", VisibilityTimeout: "0" }),
      "DELETE /messages": action("SQS-DeleteMessage", { QueueUrl, ReceiptHandle: "$request.querystring.handle" }),
      "DELETE /": action("SQS-PurgeQueue", { QueueUrl }),
    });
    const sent = await ask("POST /messages", '{"message":"Rex & <co>"}', { queueUrl: QueueUrl });
    expect([sent.status, sent.headers["content-type"]]).toEqual([200, expect.stringContaining("xml")]);
    expect(sent.body).toMatch(/<SendMessageResponse.*<MessageId>[0-9a-f-]{36}<\/MessageId>.*<\/SendMessageResponse>/s);
    const received = await ask("GET /messages");
    expect(received.body).toContain("<Body>Rex &amp; &lt;co&gt;</Body>");
    const handle = /<ReceiptHandle>(.*?)<\/ReceiptHandle>/.exec(received.body)?.[1] ?? "";
    expect((await ask(`DELETE /messages?handle=${encodeURIComponent(handle)}`)).status).toBe(200);
    expect(await receive(QueueUrl)).toEqual([]);

    expect((await ask("POST /tagged", "plain text", { "User-Agent": "tests/1" })).status).toBe(200);
    expect(await receive(QueueUrl)).toMatchObject([{ Body: "plain text", MessageAttributes: { Agent: { DataType: "String", StringValue: "tests/1" } } }]);
    expect((await ask("POST /tagged", "again", { "User-Agent": "tests/1" })).status).toBe(200);
    expect((await ask("DELETE /")).status).toBe(200);
    expect(await receive(QueueUrl)).toEqual([]);

    expect(await ask("POST /messages", '{"other":"x"}', { queueUrl: QueueUrl })).toMatchObject({ status: 400, body: '{"message":"Bad Request"}' });
    expect((await ask("POST /messages", '{"message":"x"}', { queueUrl: `${QueueUrl}-nowhere` })).status).toBe(400);
    expect(await receive(QueueUrl)).toEqual([]);
  });

  it("put events, which rules pass on", async () => {
    const QueueUrl = await newQueue("orders");
    await service("events", "AWSEvents.PutRule", { Name: "orders", EventPattern: '{"source":["shop"]}' });
    await service("events", "AWSEvents.PutTargets", { Rule: "orders", Targets: [{ Id: "1", Arn: "arn:aws:sqs:us-east-1:000000000000:orders" }] });
    const parameters = { Detail: "$request.body.order", DetailType: "$request.path.kind", Source: "shop", Time: "2026-01-02T03:04:05Z", Resources: "arn:a,arn:b" };
    const { ask } = await apiOf({ "POST /events/{kind}": action("EventBridge-PutEvents", parameters) });
    const answer = await ask("POST /events/new%20order", '{"order":{"id":1}}');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) as string }] }]);
    const [message] = await receive(QueueUrl);
    expect(JSON.parse(message?.Body ?? "null")).toMatchObject({ source: "shop", "detail-type": "new order", detail: { id: 1 }, resources: ["arn:a", "arn:b"] });
  });

  it("put records into a stream", async () => {
    await service("kinesis", "Kinesis_20131202.CreateStream", { StreamName: "clicks", ShardCount: 1 });
    const parameters = { StreamName: "clicks", Data: "$request.body", PartitionKey: "$request.path.id" };
    const responseParameters = { "200": { "overwrite:statuscode": "202", "append:header.shard": "$response.body.ShardId" } };
    const { ask } = await apiOf({ "POST /clicks/{id}": action("Kinesis-PutRecord", parameters, { ResponseParameters: responseParameters }) });
    const answer = await ask("POST /clicks/user-1", '{"é":1}');
    const { ShardId, SequenceNumber } = JSON.parse(answer.body) as Record<string, string>;
    expect([answer.status, answer.headers["shard"]]).toEqual([202, ShardId]);
    const { ShardIterator } = await service("kinesis", "Kinesis_20131202.GetShardIterator", { StreamName: "clicks", ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const { Records } = await service("kinesis", "Kinesis_20131202.GetRecords", { ShardIterator });
    expect(Records).toMatchObject([{ SequenceNumber, PartitionKey: "user-1", Data: Buffer.from('{"é":1}').toString("base64") }]);
  });

  it("start executions of a state machine, and stop them", async () => {
    const definition = '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}';
    const { stateMachineArn } = await service("states", "AWSStepFunctions.CreateStateMachine", { name: "orders", definition, roleArn: ROLE });
    const { ask } = await apiOf(
      {
        "POST /executions/{name}": action("StepFunctions-StartExecution", { StateMachineArn: "$stageVariables.machine", Name: "$request.path.name", Input: "$request.body" }),
        "DELETE /executions": action("StepFunctions-StopExecution", { ExecutionArn: "$request.querystring.arn", Cause: "because", Error: "Stopped" }),
      },
      { machine: stateMachineArn as string },
    );
    const started = await ask("POST /executions/first", '{"id":1}');
    const { executionArn } = JSON.parse(started.body) as Record<string, string>;
    expect([started.status, executionArn]).toEqual([200, expect.stringMatching(/:execution:orders:first$/)]);
    expect(await service("states", "AWSStepFunctions.DescribeExecution", { executionArn })).toMatchObject({ name: "first", input: '{"id":1}', status: "RUNNING" });
    expect((await ask(`DELETE /executions?arn=${executionArn}`)).status).toBe(200);
    expect(await service("states", "AWSStepFunctions.DescribeExecution", { executionArn })).toMatchObject({ status: "ABORTED" });
  });
});
