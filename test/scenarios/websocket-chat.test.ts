// WebSocket APIs as their developers meet them: made through the AWS SDK, served by two workers, with real functions behind them that
// call their clients back, a real DynamoDB-speaking server, and clients that are none of the project's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-chat-app.html).
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import * as v2 from "@aws-sdk/client-apigatewayv2";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type AwsServices, awsServicesMissing, startAwsServices } from "../harness/aws-services.ts";
import { type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";
const TABLE = "websocket-chat-app-tutorial";
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** What the tutorial's functions ask of the SDK, by signed requests of their own: functions have no packages but their own here. */
const AWS = `
import { createHash, createHmac } from "node:crypto";
const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_REGION: region, DYNAMODB, GATEHOUSE } = process.env;
const hmac = (k, text) => createHmac("sha256", k).update(text).digest();
const sha = (text) => createHash("sha256").update(text).digest("hex");
async function ask(service, method, url, given, body = "") {
  const { host, pathname } = new URL(url);
  const date = new Date().toISOString().replace(/[-:]|\\.\\d+/g, "");
  const headers = { host, "x-amz-date": date, "x-amz-security-token": token, ...given };
  const names = Object.keys(headers).sort();
  const scope = [date.slice(0, 8), region, service, "aws4_request"];
  const path = pathname.split("/").map(encodeURIComponent).join("/");
  const canonical = [method, path, "", ...names.map((name) => name + ":" + headers[name]), "", names.join(";"), sha(body)].join("\\n");
  const signature = hmac(scope.reduce(hmac, "AWS4" + secret), ["AWS4-HMAC-SHA256", date, scope.join("/"), sha(canonical)].join("\\n")).toString("hex");
  headers.authorization = "AWS4-HMAC-SHA256 Credential=" + [key, ...scope].join("/") + ", SignedHeaders=" + names.join(";") + ", Signature=" + signature;
  const response = await fetch(url, { method, headers, ...(body === "" ? {} : { body }) });
  const text = await response.text();
  if (!response.ok) throw Object.assign(new Error(response.status + " " + text), { status: response.status });
  return text === "" ? undefined : JSON.parse(text);
}
export const dynamo = (operation, input) => ask("dynamodb", "POST", DYNAMODB + "/", { "x-amz-target": "DynamoDB_20120810." + operation }, JSON.stringify({ TableName: "${TABLE}", ...input }));
const connection = ({ apiId, stage }, id) => GATEHOUSE + "/_aws/execute-api/" + apiId + "/" + stage + "/@connections/" + encodeURIComponent(id);
export const post = (context, id, data) => ask("execute-api", "POST", connection(context, id), {}, data);
export const get = (context, id) => ask("execute-api", "GET", connection(context, id), {});
`;

const FUNCTIONS: Readonly<Record<string, string>> = {
  connect: `
import { dynamo } from "./aws.mjs";
export const handler = async ({ requestContext: { connectionId } }) => {
  await dynamo("PutItem", { Item: { connectionId: { S: connectionId } } });
  return { statusCode: 200 };
};`,
  disconnect: `
import { dynamo } from "./aws.mjs";
export const handler = async ({ requestContext: { connectionId } }) => {
  await dynamo("DeleteItem", { Key: { connectionId: { S: connectionId } } });
  return { statusCode: 200 };
};`,
  sendmessage: `
import { dynamo, post } from "./aws.mjs";
export const handler = async ({ body, requestContext }) => {
  const { Items } = await dynamo("Scan");
  const { message } = JSON.parse(body);
  await Promise.all(Items.map(({ connectionId: { S } }) => post(requestContext, S, message).catch((error) => { if (error.status !== 410) throw error; })));
  return { statusCode: 200 };
};`,
  default: `
import { get, post } from "./aws.mjs";
export const handler = async ({ requestContext }) => {
  const { connectionId } = requestContext;
  const info = await get(requestContext, connectionId);
  await post(requestContext, connectionId, JSON.stringify({ ...info, connectionID: connectionId }));
  return { statusCode: 200 };
};`,
};

const ROUTES = { $connect: "connect", $disconnect: "disconnect", $default: "default", sendmessage: "sendmessage" } as const;

if (awsServicesMissing !== undefined) console.warn(`The chat application is skipped: ${awsServicesMissing}`);

/** A client of the chat, who keeps what is said. */
interface Client {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** `code reason`, once it is over. */
  readonly closed: Promise<string>;
  /** Resolves to the next thing said that has not been asked for. */
  next(): Promise<string>;
}

const clients: Client[] = [];

async function join(url: string): Promise<Client> {
  const socket = new WebSocket(url);
  const heard: string[] = [];
  let asked = 0;
  socket.on("message", (data: Buffer, isBinary) => heard.push(isBinary ? `binary ${data.toString("hex")}` : data.toString()));
  const closed = new Promise<string>((resolve) => socket.on("close", (code, reason) => resolve(`${code} ${reason.toString()}`)));
  await once(socket, "open");
  const client: Client = {
    socket, heard, closed,
    async next() {
      await expect.poll(() => heard.length).toBeGreaterThan(asked);
      return heard[asked++] as string;
    },
  };
  clients.push(client);
  return client;
}

const CREDENTIALS = { accessKeyId: ACCOUNT, secretAccessKey: "test" };

describe.skipIf(awsServicesMissing !== undefined)("with DynamoDB and Kinesis", () => {
  let gatehouse: Gatehouse;
  let services: AwsServices;
  let control: v2.ApiGatewayV2Client;
  let lambda: LambdaClient;
  let chat: string;

  beforeAll(async () => {
    services = await startAwsServices();
    gatehouse = await startGatehouse({ args: ["--workers", "2", "--in-memory"], env: { AWS_ENDPOINT_URL: services.url } });
    control = new v2.ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: CREDENTIALS, maxAttempts: 1 });
    lambda = gatehouse.lambda({ account: ACCOUNT });
    await service("DynamoDB_20120810.CreateTable", {
      TableName: TABLE, AttributeDefinitions: [{ AttributeName: "connectionId", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "connectionId", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST",
    });
    chat = await newApi("websocket-chat-app-tutorial");
    await Promise.all(Object.entries(FUNCTIONS).map(([name, code]) => newFunction(name, code)));
    for (const [RouteKey, name] of Object.entries(ROUTES)) {
      const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}/invocations`;
      await newRoute(chat, RouteKey, { IntegrationType: "AWS_PROXY", IntegrationUri: uri });
    }
    await control.send(new v2.CreateStageCommand({ ApiId: chat, StageName: "production", AutoDeploy: true }));
  }, 60_000);
  afterEach(async () => {
    for (const { socket, closed } of clients.splice(0)) {
      socket.close();
      await closed;
    }
    await expect.poll(connected).toBe(0);
  });
  afterAll(async () => {
    lambda.destroy();
    control.destroy();
    await gatehouse.stop();
    await services[Symbol.asyncDispose]();
  });

  const newApi = async (Name: string): Promise<string> =>
    (await control.send(new v2.CreateApiCommand({ Name, ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }))).ApiId as string;

  async function newFunction(FunctionName: string, code: string): Promise<void> {
    const Variables = { DYNAMODB: services.url, GATEHOUSE: gatehouse.url };
    const Code = { ZipFile: zip({ "index.mjs": code, "aws.mjs": AWS }) };
    const Role = `arn:aws:iam::${ACCOUNT}:role/lambda`;
    await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10, Environment: { Variables } }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    await lambda.send(
      new AddPermissionCommand({
        FunctionName, StatementId: "chat", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${chat}/*`,
      }),
    );
  }

  async function newRoute(ApiId: string, RouteKey: string, parts: Omit<v2.CreateIntegrationCommandInput, "ApiId">): Promise<void> {
    const { IntegrationId } = await control.send(new v2.CreateIntegrationCommand({ ApiId, IntegrationMethod: "POST", ...parts }));
    await control.send(new v2.CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  }

  /** Asks a service directly. */
  async function service(target: string, body: object): Promise<Record<string, unknown>> {
    const name = target.startsWith("Kinesis") ? "kinesis" : "dynamodb";
    const headers = { "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1", Authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20200304/us-east-1/${name}/aws4_request, SignedHeaders=host, Signature=0` };
    const answer = await fetch(services.url, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }

  const connected = async (): Promise<unknown> => (await service("DynamoDB_20120810.Scan", { TableName: TABLE }))["Count"];

  const urlOf = (apiId: string): string => `${gatehouse.url.replace("http:", "ws:")}/_aws/execute-api/${apiId}/production`;

  /** A client, and what the `$default` route tells of its connection. */
  async function newcomer() {
    const client = await join(urlOf(chat));
    client.socket.send("test");
    const info = JSON.parse(await client.next()) as { connectionID: string; connectedAt: string; lastActiveAt: string; identity: object };
    return { ...client, info, id: info.connectionID, holder: Buffer.from(info.connectionID, "base64url").readUInt16BE(9) };
  }

  /** Clients of both workers. */
  async function newcomers() {
    const found = [await newcomer(), await newcomer()];
    while (new Set(found.map(({ holder }) => holder)).size < 2) found.push(await newcomer());
    return found;
  }

  /** Each call has a connection of its own, to whichever worker. */
  async function manage<T>(use: (client: ApiGatewayManagementApiClient) => Promise<T>): Promise<T> {
    const client = new ApiGatewayManagementApiClient({ endpoint: `${gatehouse.url}/_aws/execute-api/${chat}/production`, region: "us-east-1", credentials: CREDENTIALS, maxAttempts: 1 });
    try {
      return await use(client);
    } finally {
      client.destroy();
    }
  }

  const refusalOf = (answer: Promise<unknown>): Promise<unknown> =>
    answer.then(() => "was answered", ({ name, $metadata }: { name: string; $metadata: { httpStatusCode: number } }) => [$metadata.httpStatusCode, name]);

  it("Tutorial: Building a serverless chat app with a WebSocket API, Lambda and DynamoDB", async () => {
    const [first, ...others] = await newcomers();
    const all = [first as Awaited<ReturnType<typeof newcomer>>, ...others];
    expect(all[0]?.info).toEqual({
      connectedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), lastActiveAt: expect.stringMatching(/Z$/),
      identity: { sourceIp: "127.0.0.1", userAgent: null }, connectionID: expect.stringMatching(/^[\w-]{15}=$/),
    });
    expect(await connected()).toBe(all.length);

    for (const [i, { socket }] of all.entries()) {
      socket.send(JSON.stringify({ action: "sendmessage", message: `hello, everyone! ☃ ${i}` }));
      for (const client of all) expect(await client.next()).toBe(`hello, everyone! ☃ ${i}`);
    }

    const left = all.pop();
    left?.socket.close();
    expect(await left?.closed).toBe("1005 ");
    await expect.poll(connected).toBe(all.length);
    expect(await refusalOf(manage((client) => client.send(new PostToConnectionCommand({ ConnectionId: left?.id, Data: "are you there?" }))))).toEqual([410, "GoneException"]);
  }, 30_000);

  it("the SDK's client reaches every connection through every worker", async () => {
    for (const { id, info, next } of await newcomers()) {
      const told = await Promise.all(Array.from({ length: 6 }, () => manage((client) => client.send(new GetConnectionCommand({ ConnectionId: id })))));
      for (const { $metadata, ConnectedAt, Identity } of told) {
        expect([$metadata.httpStatusCode, ConnectedAt, Identity]).toEqual([200, new Date(info.connectedAt), { SourceIp: "127.0.0.1" }]);
      }
      await Promise.all(Array.from({ length: 6 }, (_, i) => manage((client) => client.send(new PostToConnectionCommand({ ConnectionId: id, Data: `post ${i}` })))));
      const heard = [];
      for (let i = 0; i < 6; i++) heard.push(await next());
      expect(heard.toSorted()).toEqual(["post 0", "post 1", "post 2", "post 3", "post 4", "post 5"]);
    }
  }, 30_000);

  it("a client that is disconnected is told so, and its $disconnect is delivered", async () => {
    for (const { closed, id } of await newcomers()) {
      const before = Number(await connected());
      expect(await manage((client) => client.send(new DeleteConnectionCommand({ ConnectionId: id })))).toMatchObject({ $metadata: { httpStatusCode: 204 } });
      expect(await closed).toBe("1000 Connection Closed Normally");
      await expect.poll(connected).toBe(before - 1);
      for (let i = 0; i < 4; i++) {
        expect(await refusalOf(manage((client) => client.send(new GetConnectionCommand({ ConnectionId: id }))))).toEqual([410, "GoneException"]);
        expect(await refusalOf(manage((client) => client.send(new DeleteConnectionCommand({ ConnectionId: id }))))).toEqual([410, "GoneException"]);
      }
    }
  }, 30_000);

  it.skipIf(CHROMIUM === undefined)("a page in Chromium chats (apt-get install chromium)", async () => {
    const pages = createServer((_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>chat</title>"));
    await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
    const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    const browser = await chromium.launch({ executablePath: CHROMIUM as string, args });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}`);
      const other = await newcomer();
      await page.evaluate(`new Promise((resolve, reject) => {
        window.heard = [];
        window.socket = new WebSocket(${JSON.stringify(urlOf(chat))});
        socket.onmessage = ({ data }) => heard.push(data);
        socket.onclose = ({ code, reason, wasClean }) => heard.push([code, reason, wasClean].join());
        socket.onerror = reject;
        socket.onopen = resolve;
      })`);
      await page.evaluate(`socket.send(JSON.stringify({ action: "sendmessage", message: "hello from a page" }))`);
      expect(await other.next()).toBe("hello from a page");
      other.socket.send(JSON.stringify({ action: "sendmessage", message: "hello, page" }));
      expect(await other.next()).toBe("hello, page");
      await expect.poll(() => page.evaluate("heard")).toEqual(["hello from a page", "hello, page"]);
      await page.evaluate(`socket.send("who am I?")`);
      await expect.poll(() => page.evaluate("heard.length")).toBe(3);
      const { connectionID, identity } = JSON.parse((await page.evaluate<string>("heard[2]"))) as { connectionID: string; identity: { userAgent: string } };
      expect(identity.userAgent).toContain("Chrome/");
      await manage((client) => client.send(new DeleteConnectionCommand({ ConnectionId: connectionID })));
      await expect.poll(() => page.evaluate("heard.at(-1)")).toBe("1000,Connection Closed Normally,true");
    } finally {
      await browser.close();
      pages.closeAllConnections();
      pages.close();
    }
  }, 60_000);

  it("a route puts messages on a Kinesis stream", async () => {
    await service("Kinesis_20131202.CreateStream", { StreamName: "chat", ShardCount: 1 });
    const stream = await newApi("stream");
    await newRoute(stream, "$default", {
      IntegrationType: "AWS", IntegrationUri: "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord", CredentialsArn: `arn:aws:iam::${ACCOUNT}:role/apigateway`,
      RequestTemplates: { $default: '{"StreamName": "chat", "PartitionKey": "$context.connectionId", "Data": "$util.base64Encode($input.body)"}' },
      TemplateSelectionExpression: "\\$default",
    });
    await control.send(new v2.CreateStageCommand({ ApiId: stream, StageName: "production", AutoDeploy: true }));
    const { socket } = await join(urlOf(stream));
    for (const text of ['{"n":1}', "not JSON ☃"]) socket.send(text);

    const { ShardIterator } = await service("Kinesis_20131202.GetShardIterator", { StreamName: "chat", ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" });
    const records = async (): Promise<string[]> =>
      ((await service("Kinesis_20131202.GetRecords", { ShardIterator }))["Records"] as { Data: string }[]).map(({ Data }) => Buffer.from(Data, "base64").toString()).toSorted();
    await expect.poll(records).toEqual(["not JSON ☃", '{"n":1}']);
  }, 30_000);

  it("workers that are renewed deliver $disconnect and close with 1001, and other workers' clients are reached still", async () => {
    const before = await newcomers();
    gatehouse.child.kill("SIGUSR2");
    for (const { closed } of before) expect(await closed).toBe("1001 Going away");
    await expect.poll(connected).toBe(0);
    const after = await newcomers();
    expect(after.map(({ holder }) => holder).filter((holder) => before.some((old) => old.holder === holder))).toEqual([]);
    for (const { id } of before) expect(await refusalOf(manage((client) => client.send(new GetConnectionCommand({ ConnectionId: id }))))).toEqual([410, "GoneException"]);
  }, 60_000);

  it("SIGTERM delivers $disconnect and closes with 1001", async () => {
    const last = await newcomers();
    const exit = gatehouse.stop();
    for (const { closed } of last) expect(await closed).toBe("1001 Going away");
    expect(await exit).toBe(0);
    expect(await connected()).toBe(0);
  }, 60_000);
});
