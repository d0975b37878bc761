// Traced requests: what a daemon gets of them, and what backends are told
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html).
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createTracer } from "../../src/adapters/xray/index.ts";
import { compileRestStage, type StagePlan } from "../../src/plan/index.ts";
import type { FunctionInvocation, FunctionResult } from "../../src/ports/functions.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, HOST, NOW, REQUEST_ID, resultOf, startGateway, type TestGatewayOptions, TRACE_ID } from "../harness/gateway.ts";
import { api, API_ID, type MethodParts, planOf, type PlanParts, settingOf, snapshotOf, stageOf } from "../harness/rest-api.ts";
import { startXrayDaemon } from "../harness/xray-daemon.ts";

const ACCOUNT = "123456789012";
const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
const invocations = (name: string): string => `/2015-03-31/functions/${functionArn(name)}/invocations`;
const FUNCTION: MethodParts = { integration: { type: "AWS_PROXY", httpMethod: "POST", uri: `arn:aws:apigateway:us-east-1:lambda:path${invocations("pets")}` } };
const template = (text: string) => ({ "application/json": text });
const MOCK: MethodParts = { integration: { requestTemplates: template('{"statusCode": 200}'), integrationResponses: { 200: { statusCode: "200" } } } };
const TRACED: PlanParts = { stage: { tracingEnabled: true } };

const SETTING = settingOf();

const ROOT = TRACE_ID.slice("Root=".length);
/** Digits of the test's only UUID. */
const SEGMENT = "1111111122224333";
const INTEGRATION = "8444555555555555";
const AUTHORIZER = "2222433384445555";
const CLIENT = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8";
const CLIENT_ROOT = "1-5759e988-bd862e3fe1be46a994272793";

const START = NOW / 1000;
const after = (ms: number): number => Math.round((NOW + ms) * 1000) / 1e6;

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface Options extends TestGatewayOptions {
  /** What is drawn for requests that the reservoir is too small for; 0.99 unless given. */
  readonly drawn?: number;
}

/** A gateway whose segments reach a daemon. */
const start = (methods: Readonly<Record<string, MethodParts>>, parts: PlanParts = TRACED, options: Options = {}) => serve(planOf(methods, parts), options);

async function serve(plan: StagePlan, { drawn = 0.99, ...options }: Options = {}) {
  const daemon = await startXrayDaemon();
  const clock = { now: options.now ?? (() => NOW), after: () => () => undefined };
  const tracer = createTracer({ daemon: { host: "127.0.0.1", port: daemon.port }, logs: undefined, clock, random: () => drawn, log: SILENT });
  const gate = await startGateway([plan], { ...options, tracer });
  return {
    ask: gate.ask,
    gateway: gate.gateway,
    segment: daemon.segment,
    /** How many segments have been sent, once all are. */
    async recorded() {
      await tracer.close();
      return tracer.usage().recorded;
    },
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]();
      await tracer.close();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

/** A document without what all of them have, which is checked. */
function distinct(segment: Readonly<Record<string, unknown>>): object {
  const { id, name, start_time, trace_id, annotations, metadata, origin, resource_arn, aws, ...rest } = segment;
  expect({ id, name, start_time, trace_id, annotations, metadata, origin, resource_arn, aws }).toMatchObject({
    id: SEGMENT,
    name: "test/prod",
    start_time: START,
    annotations: { "aws:api_id": API_ID, "aws:api_stage": "prod" },
    metadata: { default: { extended_request_id: EXTENDED_REQUEST_ID, request_id: REQUEST_ID } },
    origin: "AWS::ApiGateway::Stage",
    resource_arn: `arn:aws:apigateway:us-east-1::/restapis/${API_ID}/stages/prod`,
    aws: { api_gateway: { account_id: ACCOUNT, rest_api_id: API_ID, stage: "prod", request_id: REQUEST_ID } },
  });
  return rest;
}

const client = (path: string, method = "GET") => ({ url: `http://${HOST}/prod${path}`, method, client_ip: "127.0.0.1", x_forwarded_for: true });

describe("apigateway-understanding-xray-traces: the segment", () => {
  it("is the guide's, for a proxied function", async () => {
    let now = 10;
    const asked: FunctionInvocation[] = [];
    const invoke = (invocation: FunctionInvocation): Promise<FunctionResult> => {
      asked.push(invocation);
      now += 384.25;
      return Promise.resolve(resultOf({ statusCode: 201, body: "{}" }));
    };
    const lines: string[] = [];
    const logs: LogSink = { write: (_group, _at, message) => void lines.push(message), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
    const accessLogSettings = { destinationArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/pets`, format: "$context.status $context.xrayTraceId" };
    await using gate = await start({ "POST /pets": FUNCTION }, { stage: { tracingEnabled: true, accessLogSettings } }, { invoke, elapsed: () => now, logs });

    const answer = await gate.ask({ method: "POST", path: "/pets?name=rex", headers: ["User-Agent", "curl/8"] });
    expect(await gate.segment()).toEqual({
      id: SEGMENT,
      name: "test/prod",
      start_time: START,
      end_time: after(384.25),
      trace_id: ROOT,
      http: {
        request: { url: `http://${HOST}/prod/pets?name=rex`, method: "POST", user_agent: "curl/8", client_ip: "127.0.0.1", x_forwarded_for: true },
        response: { status: 201, content_length: 2 },
      },
      aws: { xray: { sampling_rule_name: "Default" }, api_gateway: { account_id: ACCOUNT, rest_api_id: API_ID, stage: "prod", request_id: REQUEST_ID } },
      annotations: { "aws:api_id": API_ID, "aws:api_stage": "prod" },
      metadata: { default: { extended_request_id: EXTENDED_REQUEST_ID, request_id: REQUEST_ID } },
      origin: "AWS::ApiGateway::Stage",
      resource_arn: `arn:aws:apigateway:us-east-1::/restapis/${API_ID}/stages/prod`,
      subsegments: [
        {
          id: INTEGRATION,
          name: "Lambda",
          start_time: START,
          end_time: after(384.25),
          http: { request: { url: `https://lambda.us-east-1.amazonaws.com${invocations("pets")}`, method: "POST" }, response: { status: 201, content_length: 2 } },
          aws: { function_name: "pets", region: "us-east-1", operation: "Invoke", resource_names: ["pets"] },
          namespace: "aws",
        },
      ],
    });

    // The function's own segment has the call as its parent; its event shows no more than the client has sent.
    expect(asked[0]?.traceId).toBe(`Root=${ROOT};Parent=${INTEGRATION};Sampled=1`);
    const event = JSON.parse(Buffer.from(asked[0]?.payload ?? "").toString()) as { headers: Record<string, string> };
    expect(event.headers["X-Amzn-Trace-Id"]).toBe(TRACE_ID);
    expect(answer.headers["x-amzn-trace-id"]).toBe(`Root=${ROOT};Parent=${INTEGRATION};Sampled=1`);
    expect(lines).toEqual([`201 ${ROOT}`]);
  });

  it("goes on with the client's trace", async () => {
    await using gate = await start({ "GET /": MOCK });
    await gate.ask({ path: "/", headers: ["X-Amzn-Trace-Id", `Self=1-5759e988-000000000000000000000000;${CLIENT};Sampled=1`] });
    const segment = await gate.segment();
    expect(segment).toMatchObject({ trace_id: CLIENT_ROOT, parent_id: "53995c3f42cd8ad8" });
    expect(segment["aws"]).toEqual({ api_gateway: { account_id: ACCOUNT, rest_api_id: API_ID, stage: "prod", request_id: REQUEST_ID } });
    expect(segment).not.toHaveProperty("subsegments");
  });

  it("xray-services-apigateway: calls an HTTP backend by the path of its URL", async () => {
    await using backend = await startBackend((response) => response.end("[1]"));
    const uri = `${backend.url}/v1/{id}`;
    const requestParameters = { "integration.request.path.id": "method.request.path.id", "integration.request.querystring.q": "'1'" };
    const integrationResponses = { 200: { statusCode: "200" } };
    await using gate = await start({
      "GET /mapped/{id}": { integration: { type: "HTTP", httpMethod: "POST", uri, requestParameters, integrationResponses } },
      "GET /proxied/{id}": { integration: { type: "HTTP_PROXY", httpMethod: "GET", uri, requestParameters } },
    });
    const sampled = ["X-Amzn-Trace-Id", `${CLIENT};Sampled=1`];
    for (const [path, method] of [["/mapped/7", "POST"], ["/proxied/7", "GET"]] as const) {
      const answer = await gate.ask({ path, headers: sampled });
      expect(distinct(await gate.segment())).toEqual({
        end_time: START,
        parent_id: "53995c3f42cd8ad8",
        http: { request: client(path), response: { status: 200, content_length: 3 } },
        subsegments: [
          {
            id: INTEGRATION,
            name: "/v1/7",
            start_time: START,
            end_time: START,
            http: { request: { url: `${backend.url}/v1/7?q=1`, method }, response: { status: 200, content_length: 3 } },
            namespace: "remote",
          },
        ],
      });
      const { rawHeaders = [] } = backend.reached.at(-1) ?? {};
      expect(rawHeaders[rawHeaders.indexOf("X-Amzn-Trace-Id") + 1]).toBe(`Root=${CLIENT_ROOT};Parent=${INTEGRATION};Sampled=1`);
      expect(answer.headers["x-amzn-trace-id"]).toBe(method === "POST" ? `Root=${CLIENT_ROOT};Parent=${INTEGRATION};Sampled=1` : undefined);
    }
  });

  it("calls an AWS service by its name, and has the action", async () => {
    await using backend = await startBackend((response) => response.writeHead(400).end("{}"));
    const uri = "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem";
    const integrationResponses = { 200: { statusCode: "200" } };
    const method: MethodParts = { integration: { type: "AWS", httpMethod: "POST", uri, credentials: `arn:aws:iam::${ACCOUNT}:role/api`, integrationResponses } };
    await using gate = await start({ "GET /": method }, TRACED, { endpoints: { dynamodb: backend.url } });
    await gate.ask({ path: "/" });
    expect(distinct(await gate.segment())).toMatchObject({
      subsegments: [
        {
          name: "DYNAMODB",
          error: true,
          http: { request: { url: `${backend.url}/?Action=GetItem`, method: "POST" }, response: { status: 400, content_length: 2 } },
          aws: { region: "us-east-1", operation: "GetItem" },
          namespace: "aws",
        },
      ],
    });
  });

  it("apigateway-using-xray-maps: calls a Lambda authorizer before the backend", async () => {
    let now = NOW;
    const asked: FunctionInvocation[] = [];
    const policy = { principalId: "me", policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }] } };
    const invoke = (invocation: FunctionInvocation): Promise<FunctionResult> => {
      asked.push(invocation);
      now += 20;
      return Promise.resolve(resultOf(invocation.functionArn === functionArn("auth") ? policy : { statusCode: 200 }));
    };
    const authorizer = {
      id: "abc123",
      name: "auth",
      type: "TOKEN",
      authType: "custom",
      authorizerUri: `arn:aws:apigateway:us-east-1:lambda:path${invocations("auth")}`,
      identitySource: "method.request.header.Authorization",
      authorizerResultTtlInSeconds: 0,
    } as const;
    const method: MethodParts = { ...FUNCTION, authorizationType: "CUSTOM", authorizerId: "abc123" };
    await using gate = await start({ "GET /": method }, { ...TRACED, snapshot: { authorizers: [authorizer] } }, { invoke, now: () => now });
    await gate.ask({ path: "/", headers: ["Authorization", "me"] });
    const { subsegments } = (await gate.segment()) as { subsegments: object[] };
    const call = (name: string, id: string, start: number, length: number) => ({
      id,
      name: "Lambda",
      start_time: after(start),
      end_time: after(start + 20),
      http: { request: { url: `https://lambda.us-east-1.amazonaws.com${invocations(name)}`, method: "POST" }, response: { status: 200, content_length: length } },
      aws: { function_name: name, region: "us-east-1", operation: "Invoke", resource_names: [name] },
      namespace: "aws",
    });
    expect(subsegments).toEqual([call("auth", AUTHORIZER, 0, JSON.stringify(policy).length), call("pets", INTEGRATION, 20, 0)]);
    expect(asked.map(({ traceId }) => traceId)).toEqual([AUTHORIZER, INTEGRATION].map((parent) => `Root=${ROOT};Parent=${parent};Sampled=1`));
  });

  it("waits for the end of a streamed response", async () => {
    let now = 0;
    await using backend = await startBackend((response) => {
      response.write("x".repeat(70_000));
      response.end("y", () => (now = 900));
    });
    const method: MethodParts = { integration: { type: "HTTP_PROXY", uri: backend.url, httpMethod: "GET", responseTransferMode: "STREAM" } };
    await using gate = await start({ "GET /": method }, TRACED, { elapsed: () => now });
    await gate.ask({ path: "/" });
    expect(distinct(await gate.segment())).toMatchObject({
      end_time: after(900),
      http: { response: { status: 200, content_length: 70_001 } },
      subsegments: [{ end_time: after(900), http: { request: { method: "GET" }, response: { status: 200 } } }],
    });
  });
});

describe("xray-concepts: errors, faults and throttles", () => {
  const statusMock = (status: string): MethodParts => ({
    integration: { requestTemplates: template(`{"statusCode": ${status}}`), integrationResponses: { [status]: { statusCode: status, selectionPattern: status } } },
    methodResponses: { [status]: { statusCode: status } },
  });

  it.each([
    ["404", { error: true }],
    ["429", { error: true, throttle: true }],
    ["500", { fault: true }],
    ["302", {}],
  ])("an answer of %s has %j", async (status, flags) => {
    await using gate = await start({ "GET /": statusMock(status) });
    await gate.ask({ path: "/" });
    expect(distinct(await gate.segment())).toEqual({ end_time: START, ...flags, http: { request: client("/"), response: { status: Number(status), content_length: 0 } } });
  });

  it("a path without a method is an error", async () => {
    await using gate = await start({ "GET /": MOCK });
    await gate.ask({ path: "/nothing" });
    expect(distinct(await gate.segment())).toEqual({ end_time: START, error: true, http: { request: client("/nothing"), response: { status: 403, content_length: 42 } } });
  });

  it("a function that fails is a fault of the stage, and has answered itself", async () => {
    const invoke = () => Promise.resolve(resultOf({ errorMessage: "no" }, { functionError: "Unhandled" }));
    await using gate = await start({ "GET /": FUNCTION }, TRACED, { invoke });
    const answer = await gate.ask({ path: "/" });
    expect(answer.headers["x-amzn-trace-id"]).toBe(`Root=${ROOT};Parent=${INTEGRATION};Sampled=1`);
    expect(distinct(await gate.segment())).toMatchObject({
      fault: true,
      http: { response: { status: 502 } },
      subsegments: [{ name: "Lambda", http: { response: { status: 200, content_length: 21 } } }],
    });
  });

  it("a backend that does not answer is a fault of both", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gone`;
    await using gate = await start({ "GET /": { integration: { type: "HTTP_PROXY", httpMethod: "GET", uri: url } } });
    await gate.ask({ path: "/" });
    expect(distinct(await gate.segment())).toEqual({
      end_time: START,
      fault: true,
      http: { request: client("/"), response: { status: 504, content_length: 56 } },
      subsegments: [{ id: INTEGRATION, name: "/gone", start_time: START, end_time: START, fault: true, http: { request: { url, method: "GET" } }, namespace: "remote" }],
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("apigateway-enabling-xray: who decides whether a request is sampled", () => {
  const sampled = (root: string): string => `Root=${root};Parent=${INTEGRATION};Sampled=1`;

  it.each<[stage: "active" | "passive", received: string | undefined, drawn: number, toFunction: string, segments: number]>([
    ["active", undefined, 0.99, `Root=${ROOT};Sampled=0`, 0],
    ["active", undefined, 0.04, sampled(ROOT), 1],
    ["active", CLIENT, 0.99, `${CLIENT};Sampled=0`, 0],
    ["active", CLIENT, 0.04, sampled(CLIENT_ROOT), 1],
    ["active", `${CLIENT};Sampled=?`, 0.04, sampled(CLIENT_ROOT), 1],
    ["active", `${CLIENT};Sampled=1`, 0.99, sampled(CLIENT_ROOT), 1],
    ["active", `${CLIENT};Sampled=0`, 0.04, `${CLIENT};Sampled=0`, 0],
    ["active", "Sampled=1", 0.99, `Root=${ROOT};Sampled=0`, 0],
    ["passive", undefined, 0.04, TRACE_ID, 0],
    ["passive", CLIENT, 0.04, CLIENT, 0],
    ["passive", `${CLIENT};Sampled=0`, 0.04, `${CLIENT};Sampled=0`, 0],
    ["passive", `root=${CLIENT_ROOT}; sampled=1`, 0.99, sampled(CLIENT_ROOT), 1],
  ])("%s, from a client with %s, %d drawn: %s", async (stage, received, drawn, toFunction, segments) => {
    const asked: FunctionInvocation[] = [];
    const invoke = (invocation: FunctionInvocation) => (asked.push(invocation), Promise.resolve(resultOf({ statusCode: 200 })));
    await using gate = await start({ "GET /": FUNCTION, "GET /first": MOCK }, { stage: { tracingEnabled: stage === "active" } }, { invoke, drawn });
    // The first one of the second.
    if (stage === "active") await gate.ask({ path: "/first" });
    const { headers } = await gate.ask({ path: "/", headers: received === undefined ? [] : ["X-Amzn-Trace-Id", received] });
    expect(asked[0]?.traceId).toBe(toFunction);
    expect(headers["x-amzn-trace-id"]).toBe(toFunction);
    const event = JSON.parse(Buffer.from(asked[0]?.payload ?? "").toString()) as { headers: Record<string, string> };
    expect(event.headers["X-Amzn-Trace-Id"]).toBe(received === undefined || received === "Sampled=1" ? TRACE_ID : received);
    expect(await gate.recorded()).toBe(segments + (stage === "active" ? 1 : 0));
  });

  it("is the stage and its canary alike", async () => {
    const canarySettings = { deploymentId: "canary", percentTraffic: 100, useStageCache: false };
    const snapshot = snapshotOf({ "GET /": MOCK });
    await using gate = await serve(compileRestStage({ api, stage: stageOf({ tracingEnabled: true, canarySettings }), snapshot, canarySnapshot: snapshot }));
    await gate.ask({ path: "/" });
    expect(distinct(await gate.segment())).toMatchObject({ http: { response: { status: 200 } } });
  });

  it("is nobody in a test of a method", async () => {
    const asked: FunctionInvocation[] = [];
    const invoke = (invocation: FunctionInvocation) => (asked.push(invocation), Promise.resolve(resultOf({ statusCode: 200 })));
    await using gate = await start({ "GET /": FUNCTION }, TRACED, { invoke });
    const tester = { account: ACCOUNT, accessKeyId: "a", userAgent: "test" };
    const snapshot = snapshotOf({ "GET /": FUNCTION });
    const invocation = { api, snapshot, resourceId: "root", httpMethod: "GET", pathWithQuery: "/", headers: [], body: "", stageVariables: {}, clientCertificateId: undefined, tester };
    await gate.gateway.testMethod({ plan: compileRestStage({ api, stage: stageOf({ tracingEnabled: true }), snapshot }), resourcePath: "/", invocation });
    expect(asked[0]?.traceId).toBe(TRACE_ID);
    expect(await gate.recorded()).toBe(0);
  });
});

it("the execution log at level INFO ends with the trace", async () => {
  const methodSettings = { "*/*": { ...SETTING, loggingLevel: "INFO" as const } };
  const lines: string[] = [];
  const logs: LogSink = { write: (_group, _at, message) => void lines.push(message), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
  await using gate = await start({ "GET /": MOCK }, { stage: { tracingEnabled: true, methodSettings } }, { logs });
  await gate.ask({ path: "/" });
  expect(lines.slice(-2)).toEqual([`(${REQUEST_ID}) Method completed with status: 200`, `(${REQUEST_ID}) X-ray Tracing ID : Root=${ROOT}`]);
});

it("xray-api-segmentdocuments: leaves characters out of the service's name that X-Ray refuses", async () => {
  const name = `Häuser & "Pets" (v2)<script>${"x".repeat(300)}`;
  await using gate = await start({ "GET /": MOCK }, { ...TRACED, api: { ...api, name } });
  await gate.ask({ path: "/" });
  expect((await gate.segment())["name"]).toBe(`Häuser & Pets v2script${"x".repeat(300)}/prod`.slice(0, 200));
});
