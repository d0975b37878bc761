// Messages of WebSocket APIs: which route takes them, what backends get, and what clients are answered
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html).
import { describe, expect, it } from "vitest";
import { FunctionCallError, type FunctionInvocation, type FunctionResult } from "../../src/ports/functions.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, NOW, resultOf, type TestGatewayOptions } from "../harness/gateway.ts";
import { type Client, connect, serveWebSocketApi, startWebSocketApi, WEBSOCKET_API_ID, WEBSOCKET_HOST, type WebSocketApiParts, type WebSocketRouteParts, webSocketStage } from "../harness/websocket-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:chat";
const FUNCTION_URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const PROXY = { integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: FUNCTION_URI } as const;

/** A two-way route that a mock answers with a template. */
const answering = (template: string): WebSocketRouteParts => ({
  twoWay: true,
  integration: { requestTemplates: { $default: '{"statusCode":200}' } },
  responses: { $default: { responseTemplates: { $default: template } } },
});

interface Api extends AsyncDisposable {
  readonly client: Client;
  readonly connectionId: string;
  readonly invocations: readonly FunctionInvocation[];
  readonly gate: Awaited<ReturnType<typeof startWebSocketApi>>;
  /** What a message is answered with. */
  ask(message: string): Promise<string | Buffer>;
}

/** The API under test with a client; a route `id` tells its id. */
async function start(parts: WebSocketApiParts, answer: (invocation: FunctionInvocation) => unknown = () => ({ statusCode: 200 }), options: TestGatewayOptions = {}): Promise<Api> {
  const invocations: FunctionInvocation[] = [];
  const invoke = async (invocation: FunctionInvocation): Promise<FunctionResult> => {
    invocations.push(invocation);
    const result = await answer(invocation);
    return typeof result === "object" && result !== null && "payload" in result ? (result as FunctionResult) : resultOf(result);
  };
  const gate = await startWebSocketApi([webSocketStage({ ...parts, routes: { ...parts.routes, id: answering("$context.connectionId") } })], { invoke, ...options });
  const client = await connect(gate.port);
  client.send('{"action":"id"}');
  const connectionId = String(await client.next());
  return {
    client,
    connectionId,
    invocations,
    gate,
    ask(message) {
      client.send(message);
      return client.next();
    },
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

const failure = (message: string, connectionId: string): string => `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${EXTENDED_REQUEST_ID}"}`;

describe("the route", () => {
  const routes = { hello: answering("hello"), "chat/join": answering("join"), $default: answering("$context.routeKey $context.eventType") };

  it.each([
    ['{"action":"hello"}', "hello"],
    ['{"action":"other"}', "$default MESSAGE"],
    ["{}", "$default MESSAGE"],
    ["hello", "$default MESSAGE"],
    ["{action:hello}", "$default MESSAGE"],
    ['["hello"]', "$default MESSAGE"],
    ['{"action":"$disconnect"}', "$default MESSAGE"],
    ['{"action":"$connect"}', "$default MESSAGE"],
  ])("of %s", async (message, answer) => {
    await using api = await start({ routes });
    expect(await api.ask(message)).toBe(answer);
  });

  it("is named by several variables with text in between", async () => {
    await using gate = await startWebSocketApi([webSocketStage({ routes, routeSelectionExpression: "${request.body.service}/${request.body.action}" })]);
    const client = await connect(gate.port);
    client.send('{"service":"chat","action":"join"}');
    expect(await client.next()).toBe("join");
  });

  it("is needed: Forbidden, in AWS's words, spaces and all", async () => {
    await using api = await start({ routes: {} });
    expect(await api.ask('{"action":"none"}')).toBe(failure("Forbidden", api.connectionId));
  });

  it("that leads nowhere is an Internal server error", async () => {
    await using api = await start({ routes: { $default: {} } });
    expect(await api.ask("x")).toBe(failure("Internal server error", api.connectionId));
  });

  it("is that of the stage as it is by then: a deployment drops nobody", async () => {
    await using api = await start({ routes: { $default: answering("one") } });
    expect(await api.ask("x")).toBe("one");
    serveWebSocketApi(api.gate, [webSocketStage({ routes: { $default: answering("two") } })]);
    expect(await api.ask("x")).toBe("two");
  });
});

describe("templates", () => {
  it("have WebSocket's own $context", async () => {
    const names = ["connectionId", "connectedAt", "domainName", "eventType", "messageId", "routeKey", "requestId", "extendedRequestId", "apiId", "stage", "requestTime", "requestTimeEpoch", "messageDirection", "identity.sourceIp", "httpMethod"];
    await using api = await start({ routes: { $default: answering(names.map((name) => `${name}=$context.${name}`).join(" ")) } });
    expect(await api.ask("x")).toBe(
      `connectionId=${api.connectionId} connectedAt=${NOW} domainName=${WEBSOCKET_HOST} eventType=MESSAGE messageId=${EXTENDED_REQUEST_ID} routeKey=$default requestId=${EXTENDED_REQUEST_ID} ` +
        `extendedRequestId=${EXTENDED_REQUEST_ID} apiId=${WEBSOCKET_API_ID} stage=prod requestTime=04/Mar/2020:19:15:17 +0000 requestTimeEpoch=${NOW} messageDirection=IN identity.sourceIp=127.0.0.1 httpMethod=`,
    );
  });

  it("are chosen by the template selection expression, and $default takes the rest", async () => {
    const integration = { requestTemplates: { loud: '{"statusCode":201}', $default: '{"statusCode":202}' }, templateSelectionExpression: "$request.body.kind" };
    const responses = { "/201/": { responseTemplates: { $default: "LOUD" } }, $default: { responseTemplates: { $default: "other" } } };
    await using api = await start({ routes: { $default: { twoWay: true, integration, responses } } });
    expect(await api.ask('{"kind":"loud"}')).toBe("LOUD");
    expect(await api.ask('{"kind":"soft"}')).toBe("other");
  });

  it("that fail are an Internal server error", async () => {
    await using api = await start({ routes: { $default: answering('#foreach($i in [1..2000])$i#end$input.path("$[")') } });
    expect(await api.ask("{}")).toBe(failure("Internal server error", api.connectionId));
    expect(api.gate.logged.map(({ message }) => message)).toEqual(["execution failed"]);
  });

  it("are asked for where nothing passes through", async () => {
    await using api = await start({ routes: { $default: { twoWay: true, integration: { passthroughBehavior: "NEVER" }, responses: { $default: {} } } } });
    expect(await api.ask("{}")).toBe(failure("Unsupported Media Type", api.connectionId));
  });
});

describe("models", () => {
  const schema = { type: "object", required: ["text"], properties: { text: { type: "string" } } };
  const route = { ...answering("ok $context.error.validationErrorString"), modelSelectionExpression: "$request.body.kind", requestModels: { chat: "Chat" } };

  it("refuse with the guide's words", async () => {
    await using api = await start({ routes: { $default: route }, models: { Chat: schema } });
    expect(await api.ask('{"kind":"chat","text":"hi"}')).toMatch(/^ok/);
    const refused = `{"message": "Bad request body", "connectionId":"${api.connectionId}", "messageId":"${EXTENDED_REQUEST_ID}"}`;
    expect(await api.ask('{"kind":"chat"}')).toBe(refused);
    expect(await api.ask('{"kind":"none","text":"hi"}')).toBe(refused);
  });
});

describe("a Lambda proxy", () => {
  it("is told of the message, and answers nobody on a one-way route", async () => {
    await using api = await start({ routes: { $default: { integration: PROXY }, two: answering("two") } }, () => ({ statusCode: 200, body: "not sent" }));
    api.client.send('{"text":"hi"}');
    expect(await api.ask('{"action":"two"}')).toBe("two");
    const [{ caller, payload } = {} as FunctionInvocation] = api.invocations;
    expect(caller?.sourceArn).toBe(`arn:aws:execute-api:us-east-1:123456789012:${WEBSOCKET_API_ID}/prod/$default`);
    // The event of github.com/aws/aws-lambda-java-libs/issues/71.
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      requestContext: {
        routeKey: "$default",
        messageId: EXTENDED_REQUEST_ID,
        eventType: "MESSAGE",
        extendedRequestId: EXTENDED_REQUEST_ID,
        requestTime: "04/Mar/2020:19:15:17 +0000",
        messageDirection: "IN",
        stage: "prod",
        connectedAt: NOW,
        requestTimeEpoch: NOW,
        identity: { sourceIp: "127.0.0.1" },
        requestId: EXTENDED_REQUEST_ID,
        domainName: WEBSOCKET_HOST,
        connectionId: api.connectionId,
        apiId: WEBSOCKET_API_ID,
      },
      body: '{"text":"hi"}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ["its body", { statusCode: 200, body: "hello" }, "hello"],
    // github.com/yai333/React-Chat-App-using-AWS-API-Gateway-Websocket-and-Serverless-Framework/issues/2
    ["its body, whatever its status", { statusCode: 500, body: "sorry" }, "sorry"],
    ["bytes for base64", { statusCode: 200, body: "aGk=", isBase64Encoded: true }, Buffer.from("hi")],
  ])("answers on a two-way route with %s", async (_, result, answer) => {
    await using api = await start({ routes: { $default: { twoWay: true, integration: PROXY } } }, () => result);
    expect(await api.ask("x")).toEqual(answer);
  });

  it.each<[string, () => unknown, string]>([
    ["fails", () => resultOf({ errorMessage: "boom" }, { functionError: "Unhandled" }), "Internal server error"],
    ["answers with no response", () => "hello", "Internal server error"],
    ["may not be called", () => Promise.reject(new FunctionCallError("AccessDeniedException", "no")), "Internal server error"],
    // github.com/aws/chalice/issues/1406
    ["takes too long", () => new Promise(() => undefined), "Endpoint request timed out"],
  ])("that %s is told to the client of a one-way route", async (_, answer, message) => {
    await using api = await start({ routes: { $default: { integration: { ...PROXY, timeoutInMillis: 50 } } } }, answer);
    expect(await api.ask("x")).toBe(failure(message, api.connectionId));
  });

  it("serves messages side by side: one that is slow holds up no other", async () => {
    const slow = Promise.withResolvers<void>();
    await using api = await start({ routes: { slow: { twoWay: true, integration: PROXY }, fast: answering("fast") } }, async () => {
      await slow.promise;
      return { statusCode: 200, body: "slow" };
    });
    api.client.send('{"action":"slow"}');
    expect(await api.ask('{"action":"fast"}')).toBe("fast");
    slow.resolve();
    expect(await api.client.next()).toBe("slow");
  });
});

describe("a Lambda function behind templates", () => {
  it("gets what is mapped, and answers by its error message", async () => {
    const integration = { integrationType: "AWS", integrationMethod: "POST", integrationUri: FUNCTION_URI, requestTemplates: { $default: '{"from":"$context.connectionId","body":$input.body}' } } as const;
    const responses = { "/.*oops.*/": { responseTemplates: { $default: "failed: $input.path('$.errorMessage')" } }, $default: { responseTemplates: { $default: "done: $input.path('$.done')" } } };
    await using api = await start({ routes: { $default: { twoWay: true, integration, responses } } }, ({ payload }) => {
      const { body } = JSON.parse(Buffer.from(payload).toString()) as { body: { ok: boolean } };
      return body.ok ? { done: "yes" } : resultOf({ errorMessage: "big oops" }, { functionError: "Handled" });
    });
    expect(await api.ask('{"ok":true}')).toBe("done: yes");
    expect(await api.ask('{"ok":false}')).toBe("failed: big oops");
    expect(JSON.parse(Buffer.from(api.invocations[0]?.payload ?? []).toString())).toEqual({ from: api.connectionId, body: { ok: true } });
  });
});

describe("HTTP backends", () => {
  const withBackend = async (use: (backend: Backend) => Promise<void>) => {
    await using backend = await startBackend((response, { url = "" }) => {
      response.writeHead(url.includes("missing") ? 404 : 200, { "X-Kind": "k1" });
      response.end('{"from":"backend"}');
    });
    await use(backend);
  };

  it("HTTP_PROXY gets the message as it is, and what is mapped besides", () =>
    withBackend(async (backend) => {
      const requestParameters = {
        "integration.request.header.connectionId": "context.connectionId",
        "integration.request.header.Kind": "'static'",
        "integration.request.querystring.color": "stageVariables.color",
        "integration.request.path.room": "route.request.body.room",
      };
      const integration = { integrationType: "HTTP_PROXY", integrationMethod: "POST", integrationUri: `${backend.url}/rooms/{room}`, requestParameters } as const;
      await using api = await start({ routes: { $default: { twoWay: true, integration } }, stage: { stageVariables: { color: "red" } } });
      expect(await api.ask('{"room":"r 1"}')).toBe('{"from":"backend"}');
      const [{ body, method, rawHeaders, url } = {} as Backend["reached"][number]] = backend.reached;
      expect({ method, url, body: body.toString() }).toEqual({ method: "POST", url: "/rooms/r%201?color=red", body: '{"room":"r 1"}' });
      const headers = Object.fromEntries(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]]] : [])));
      expect(headers).toMatchObject({ connectionid: api.connectionId, kind: "static", "user-agent": `AmazonAPIGateway_${WEBSOCKET_API_ID}`, "content-type": "application/json", "x-amzn-apigateway-api-id": WEBSOCKET_API_ID });
    }));

  it("HTTP maps both ways: by the status, then by the response's template selection expression", () =>
    withBackend(async (backend) => {
      const integration = { integrationType: "HTTP", integrationMethod: "POST", integrationUri: `${backend.url}/{path}`, requestParameters: { "integration.request.path.path": "route.request.body.path" }, requestTemplates: { $default: "mapped $input.json('$.path')" } } as const;
      const responses = {
        "/4\\d\\d/": { responseTemplates: { $default: "not there" } },
        $default: { responseTemplates: { k1: "one: $input.path('$.from')", $default: "rest" }, templateSelectionExpression: "${integration.response.header.x-kind}" },
      };
      await using api = await start({ routes: { $default: { twoWay: true, integration, responses } } });
      expect(await api.ask('{"path":"there"}')).toBe("one: backend");
      expect(await api.ask('{"path":"missing"}')).toBe("not there");
      expect(backend.reached.map(({ body, url }) => `${url} ${body.toString()}`)).toEqual(['/there mapped "there"', '/missing mapped "missing"']);
    }));

  // Guide: websocket-api-develop-binary-media-types.
  it("get bytes for base64, and give base64 for bytes", () =>
    withBackend(async (backend) => {
      const integration = { integrationType: "HTTP", integrationMethod: "POST", integrationUri: backend.url, contentHandlingStrategy: "CONVERT_TO_BINARY" } as const;
      await using api = await start({ routes: { $default: { twoWay: true, integration, responses: { $default: { contentHandlingStrategy: "CONVERT_TO_TEXT" } } } } });
      expect(await api.ask(Buffer.from([1, 2, 255]).toString("base64"))).toBe(Buffer.from('{"from":"backend"}').toString("base64"));
      expect([...(backend.reached[0]?.body ?? [])]).toEqual([1, 2, 255]);
      expect(await api.ask("not base64!")).toBe(failure("Internal server error", api.connectionId));
    }));

  it("that cannot be reached are told in AWS's words", async () => {
    const integration = { integrationType: "HTTP_PROXY", integrationMethod: "POST", integrationUri: "http://127.0.0.1:1/" } as const;
    await using api = await start({ routes: { $default: { integration } } });
    expect(await api.ask("x")).toBe(failure("Network error communicating with endpoint", api.connectionId));
  });
});

describe("AWS services", () => {
  it("get the mapped message, signed, as their action", async () => {
    await using backend = await startBackend((response) => response.end('{"SequenceNumber":"1"}'));
    const integration = {
      integrationType: "AWS",
      integrationMethod: "POST",
      integrationUri: "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord",
      credentialsArn: "arn:aws:iam::123456789012:role/kinesis",
      requestTemplates: { $default: '{"StreamName":"chat","Data":"$util.base64Encode($input.body)","PartitionKey":"$context.connectionId"}' },
    } as const;
    const responses = { $default: { responseTemplates: { $default: "stored $input.path('$.SequenceNumber')" } } };
    await using api = await start({ routes: { $default: { twoWay: true, integration, responses } } }, undefined, { endpoints: { kinesis: backend.url } });
    expect(await api.ask("hi")).toBe("stored 1");
    const [{ body, method, rawHeaders } = {} as Backend["reached"][number]] = backend.reached;
    expect({ method, body: JSON.parse(body.toString()) as unknown }).toEqual({ method: "POST", body: { StreamName: "chat", Data: "aGk=", PartitionKey: api.connectionId } });
    const headers = Object.fromEntries(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]]] : [])));
    expect(headers).toMatchObject({ "x-amz-target": "Kinesis_20131202.PutRecord", "content-type": "application/x-amz-json-1.1" });
    expect(headers["authorization"]).toMatch(/^AWS4-HMAC-SHA256 Credential=123456789012\/20200304\/us-east-1\/kinesis\/aws4_request/);
  });
});

describe("limits", () => {
  it("a route's throttle is told, and the connection stays", async () => {
    const stage = { routeSettings: { limited: { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 } } };
    await using api = await start({ routes: { limited: answering("in"), $default: answering("still here") }, stage });
    expect(await api.ask('{"action":"limited"}')).toBe("in");
    expect(await api.ask('{"action":"limited"}')).toBe(failure("Too Many Requests", api.connectionId));
    expect(await api.ask("x")).toBe("still here");
  });

  // Guide: apigateway-websocket-api-routes-integrations, "If a binary frame is received, the connection is closed with code 1003".
  it("a binary message ends the connection with 1003", async () => {
    await using api = await start({ routes: { $default: answering("x") } });
    api.client.send(Buffer.from([1, 2, 3]));
    expect((await api.client.closed).code).toBe(1003);
  });
});
