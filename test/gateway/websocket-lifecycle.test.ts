// How connections to WebSocket APIs end, what is kept of them, and what is logged and counted
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html).
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/adapters/metrics/index.ts";
import { WEBSOCKET_COUNTERS } from "../../src/ports/metrics.ts";
import type { FunctionInvocation } from "../../src/ports/functions.ts";
import { EXTENDED_REQUEST_ID, NOW, resultOf, type TestGatewayOptions } from "../harness/gateway.ts";
import { connect, refusal, serveWebSocketApi, startWebSocketApi, WEBSOCKET_API_ID, WEBSOCKET_HOST, type WebSocketApiParts, type WebSocketRouteParts, webSocketStage } from "../harness/websocket-api.ts";

const PROXY = {
  integrationType: "AWS_PROXY",
  integrationMethod: "POST",
  integrationUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:end/invocations",
} as const;
const answering = (template: string): WebSocketRouteParts => ({
  twoWay: true,
  integration: { requestTemplates: { $default: '{"statusCode":200}' } },
  responses: { $default: { responseTemplates: { $default: template } } },
});
const ID = answering("$context.connectionId");

/** The API under test, whose `$disconnect` a function is told of. */
async function start(parts: Partial<WebSocketApiParts> = {}, options: TestGatewayOptions = {}) {
  const told = Promise.withResolvers<Record<string, unknown>>();
  const invoke = ({ payload }: FunctionInvocation) => {
    told.resolve(JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>);
    return Promise.resolve(resultOf({ statusCode: 200 }));
  };
  const gate = await startWebSocketApi([webSocketStage({ routes: { $default: ID, $disconnect: { integration: PROXY } }, ...parts })], { invoke, ...options });
  const client = await connect(gate.port, { headers: { "User-Agent": "test/1" } });
  client.send("x");
  const connectionId = String(await client.next());
  return { gate, client, connectionId, told: told.promise, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const endOf = ({ requestContext }: Record<string, unknown>): unknown[] => {
  const { disconnectReason, disconnectStatusCode } = requestContext as Record<string, unknown>;
  return [disconnectStatusCode, disconnectReason];
};

describe("$disconnect", () => {
  // The event of github.com/websockets/ws/issues/2106.
  it("is told of a client that leaves", async () => {
    await using api = await start();
    await api.client.leave(1000, "the client is closing");
    const empty = { "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
    expect(await api.told).toEqual({
      headers: { Host: WEBSOCKET_HOST, ...empty },
      multiValueHeaders: { Host: [WEBSOCKET_HOST], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] },
      requestContext: {
        routeKey: "$disconnect",
        disconnectStatusCode: 1000,
        eventType: "DISCONNECT",
        extendedRequestId: EXTENDED_REQUEST_ID,
        requestTime: "04/Mar/2020:19:15:17 +0000",
        messageDirection: "IN",
        disconnectReason: "the client is closing",
        stage: "prod",
        connectedAt: NOW,
        requestTimeEpoch: NOW,
        identity: { userAgent: "test/1", sourceIp: "127.0.0.1" },
        requestId: EXTENDED_REQUEST_ID,
        domainName: WEBSOCKET_HOST,
        connectionId: api.connectionId,
        apiId: WEBSOCKET_API_ID,
      },
      isBase64Encoded: false,
    });
  });

  it("is told of one that leaves without a code", async () => {
    await using api = await start();
    await api.client.leave();
    expect(endOf(await api.told)).toEqual([1005, "Client-side close frame status not set"]);
  });

  it("is told of one that breaks off", async () => {
    await using api = await start();
    api.client.socket.terminate();
    expect(endOf(await api.told)).toEqual([1006, "Connection Closed Abnormally"]);
  });

  // github.com/boto/boto3/issues/3789
  it("is told of a connection that the API closes", async () => {
    await using api = await start();
    api.gate.gateway.connections.find(api.connectionId)?.close(1000);
    expect(endOf(await api.told)).toEqual([1000, "Connection Closed Normally"]);
    expect((await api.client.closed).code).toBe(1000);
  });

  it("is told of a binary message's end", async () => {
    await using api = await start();
    api.client.send(Buffer.from([1]));
    expect(endOf(await api.told)).toEqual([1003, "Unsupported data"]);
  });

  it("is delivered when the listener closes, before it has closed", async () => {
    const api = await start();
    await api.gate.close(5_000);
    expect(endOf(await api.told)).toEqual([1001, "Going away"]);
    expect((await api.client.closed).code).toBe(1001);
    await api[Symbol.asyncDispose]();
  });

  // .../apigateway-execution-service-websocket-limits-table.html: 10 minutes, and 2 hours.
  it("is told of one that says nothing for ten minutes", async () => {
    let now = NOW;
    await using api = await start({}, { now: () => now });
    now += 10 * 60_000;
    expect(endOf(await api.told)).toEqual([1001, "Going away"]);
    expect((await api.client.closed).code).toBe(1001);
  });

  it("is told of one that has lasted for two hours, however much it says", async () => {
    let now = NOW;
    await using api = await start({}, { now: () => now, webSocketLimits: { idleMs: 24 * 60 * 60_000 } });
    now += 2 * 60 * 60_000;
    expect(endOf(await api.told)).toEqual([1001, "Going away"]);
  });

  it("is told while an integration of the client's runs, whose answer goes nowhere", async () => {
    const running = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const events: string[] = [];
    const ended = Promise.withResolvers<void>();
    const invoke = async ({ payload }: FunctionInvocation) => {
      const { requestContext } = JSON.parse(Buffer.from(payload).toString()) as { requestContext: { eventType: string } };
      events.push(requestContext.eventType);
      if (requestContext.eventType === "DISCONNECT") ended.resolve();
      else {
        running.resolve();
        await finish.promise;
        events.push("answered");
      }
      return resultOf({ statusCode: 200, body: "late" });
    };
    const routes = { $default: { twoWay: true, integration: PROXY }, $disconnect: { integration: PROXY } };
    await using gate = await startWebSocketApi([webSocketStage({ routes })], { invoke });
    const client = await connect(gate.port);
    client.send("x");
    await running.promise;
    await client.leave(1000);
    await ended.promise;
    finish.resolve();
    await expect.poll(() => events).toEqual(["MESSAGE", "DISCONNECT", "answered"]);
    expect(gate.logged).toEqual([]);
  });

  it("is nobody's business without a route", async () => {
    await using api = await start({ routes: { $default: ID } });
    await api.client.leave();
    expect(api.gate.logged).toEqual([]);
  });
});

describe("a client that leaves while a backend works for it", () => {
  it("has its $disconnect told, and what the backend answers goes nowhere", async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const invoke = async ({ payload }: FunctionInvocation) => {
      if (Buffer.from(payload).toString().includes("DISCONNECT")) ended.resolve();
      else {
        asked.resolve();
        await go.promise;
        setImmediate(answered.resolve);
      }
      return resultOf({ statusCode: 200, body: "late" });
    };
    await using gate = await startWebSocketApi([webSocketStage({ routes: { $default: { twoWay: true, integration: PROXY }, $disconnect: { integration: PROXY } } })], { invoke });
    const client = await connect(gate.port);
    client.send("x");
    await asked.promise;
    client.socket.terminate();
    await ended.promise;
    go.resolve();
    await answered.promise;
    expect(gate.logged).toEqual([]);
  });

  it("before it is let in, is told as one that broke off", async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    const invoke = async ({ payload }: FunctionInvocation) => {
      const event = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
      if (endOf(event)[0] !== undefined) ended.resolve(endOf(event)[0]);
      else {
        asked.resolve();
        await go.promise;
      }
      return resultOf({ statusCode: 200 });
    };
    await using gate = await startWebSocketApi([webSocketStage({ routes: { $connect: { integration: PROXY }, $disconnect: { integration: PROXY } } })], { invoke });
    const socket = connectTcp(gate.port, "127.0.0.1");
    socket.write(`GET /prod HTTP/1.1\r\nHost: ${WEBSOCKET_HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
    await asked.promise;
    socket.destroy();
    await once(socket, "close");
    go.resolve();
    expect(await ended.promise).toBe(1006);
  });
});

describe("a stage that is served no longer", () => {
  it("has its clients go away", async () => {
    await using api = await start();
    serveWebSocketApi(api.gate, []);
    expect(await api.client.closed).toEqual({ code: 1001, reason: "Going away" });
    expect((await refusal(api.gate.port)).status).toBe(403);
  });
});

describe("connections", () => {
  it("are found from the completion of $connect to their end", async () => {
    const connecting = Promise.withResolvers<string>();
    const go = Promise.withResolvers<void>();
    const invoke = async ({ payload }: FunctionInvocation) => {
      const { requestContext } = JSON.parse(Buffer.from(payload).toString()) as { requestContext: { connectionId: string } };
      connecting.resolve(requestContext.connectionId);
      await go.promise;
      return resultOf({ statusCode: 200 });
    };
    await using gate = await startWebSocketApi([webSocketStage({ routes: { $connect: { integration: PROXY } } })], { invoke });
    const { connections } = gate.gateway;
    const opening = connect(gate.port, { headers: { "User-Agent": "test/1" } });
    const connectionId = await connecting.promise;
    expect(connections.find(connectionId)).toBeUndefined();
    go.resolve();
    const client = await opening;
    const found = connections.find(connectionId);
    expect({ apiId: found?.apiId, stageName: found?.stageName, connectionId: found?.connectionId }).toEqual({ apiId: WEBSOCKET_API_ID, stageName: "prod", connectionId });
    expect(found?.info()).toMatchObject({ connectedAt: NOW, identity: { sourceIp: "127.0.0.1", userAgent: "test/1" } });
    expect(found?.send("hello")).toBe(true);
    expect(await client.next()).toBe("hello");
    found?.close(1000);
    expect(connections.find(connectionId)).toBeUndefined();
    await client.closed;
  });
});

describe("what is logged and counted", () => {
  it("access logs have a line for each event, and metrics count them", async () => {
    const lines: string[] = [];
    const logs = { write: (_group: object, _at: number, line: string) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
    const metrics = createMetrics();
    const format = "$context.eventType $context.routeKey $context.status $context.integrationStatus $context.error.message $context.error.responseType $context.integrationErrorMessage $context.disconnectStatusCode";
    const stage = { accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/chat", format }, routeSettings: { two: { detailedMetricsEnabled: true } } };
    const results = [{ statusCode: 200 }, { statusCode: 503, body: "busy" }, "malformed", { statusCode: 200 }];
    const ended = Promise.withResolvers<void>();
    const invoke = () => {
      if (results.length === 1) ended.resolve();
      return Promise.resolve(resultOf(results.shift()));
    };
    const routes = { $connect: { integration: PROXY }, two: { twoWay: true, integration: PROXY }, $disconnect: { integration: PROXY } };
    let now = 0;
    await using gate = await startWebSocketApi([webSocketStage({ routes, stage })], { invoke, logs, metrics, elapsed: () => (now += 1) });
    const client = await connect(gate.port);
    for (const message of ['{"action":"two"}', '{"action":"two"}', "x"]) {
      client.send(message);
      await client.next();
    }
    await client.leave(1000);
    await ended.promise;
    await expect.poll(() => lines.length).toBe(5);
    expect(lines).toEqual([
      "CONNECT $connect 200 200 - - - -",
      "MESSAGE two 503 503 - - - -",
      "MESSAGE two 502 200 Internal server error API_CONFIGURATION_ERROR Malformed Lambda proxy response -",
      "MESSAGE - 403 - Forbidden RESOURCE_NOT_FOUND - -",
      "DISCONNECT $disconnect 200 200 - - - 1000",
    ]);
    const counted = metrics.series().map(({ dimensions, values }) => [dimensions.route ?? dimensions.stage, ...WEBSOCKET_COUNTERS.map((name, i) => `${name}=${values[i]}`)]);
    expect(counted).toEqual([
      ["prod", "ConnectCount=1", "MessageCount=6", "IntegrationError=1", "ClientError=1", "ExecutionError=1", "IntegrationCount=4", "IntegrationLatency=4"],
      ["two", "ConnectCount=0", "MessageCount=4", "IntegrationError=1", "ClientError=0", "ExecutionError=1", "IntegrationCount=2", "IntegrationLatency=2"],
    ]);
  });
});
