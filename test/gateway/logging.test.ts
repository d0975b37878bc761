// What a stage has logged and measured of its executions: whole events, at both levels, with and without data trace
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
import { describe, expect, it } from "vitest";
import { createMetrics, prometheusText } from "../../src/adapters/metrics/index.ts";
import type { Method, MethodSetting } from "../../src/domain/rest-api.ts";
import type { KeyChange, PublishedPlan } from "../../src/ports/key-lookup.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { COUNTERS, LATENCY_BUCKETS } from "../../src/ports/metrics.ts";
import { startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, NOW, REQUEST_ID, resultOf, startGateway, type TestGatewayOptions } from "../harness/gateway.ts";
import { API_ID, type MethodParts, planOf, type PlanParts, settingOf } from "../harness/rest-api.ts";

const SETTING = settingOf();
const every = (parts: Partial<MethodSetting>) => ({ "*/*": { ...SETTING, ...parts } });

const template = (text: string) => ({ "application/json": text });
const MOCK: MethodParts = {
  integration: {
    requestTemplates: template('{"statusCode": 200}'),
    integrationResponses: { 200: { statusCode: "200", responseTemplates: template('{"a":"é"}') } },
  },
};
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:pets";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

const ACCESS = "arn:aws:logs:us-east-1:123456789012:log-group:/pets";
const access = (format: string) => ({ accessLogSettings: { destinationArn: ACCESS, format } });

/** Keeps what it is given: the group's name, and the event. */
function sink() {
  const events: (readonly [group: string, message: string])[] = [];
  const groups = new Set<string>();
  const logs: LogSink = {
    write(group, at, message) {
      expect(at).toBe(NOW);
      groups.add(`${group.account} ${group.region}`);
      events.push([group.name, message]);
    },
    usage: () => ({ written: events.length, dropped: 0 }),
    close: () => Promise.resolve(),
  };
  return { logs, events, groups };
}

async function start(methods: Readonly<Record<string, MethodParts>>, parts: PlanParts, options: TestGatewayOptions = {}) {
  const { logs, events, groups } = sink();
  const gate = await startGateway([planOf(methods, parts)], { logs, ...options });
  return { ask: gate.ask, events, groups, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const EXECUTION_LOG = `API-Gateway-Execution-Logs_${API_ID}/prod`;
const executionEvents = (...messages: readonly string[]) => messages.map((message) => [EXECUTION_LOG, `(${REQUEST_ID}) ${message}`]);

const FIRST = `Extended Request Id: ${EXTENDED_REQUEST_ID}`;
const usagePlan = (method: string) => [
  `Verifying Usage Plan for request: ${REQUEST_ID}. API Key:  API Stage: ${API_ID}/prod`,
  `API Key  authorized because method '${method}' does not require API Key. Request will not contribute to throttle or quota limits`,
  `Usage Plan check succeeded for API Key  and API Stage ${API_ID}/prod`,
];

describe("the access log", () => {
  it("has a line for each answer, measured by the clock that only measures", async () => {
    let now = 0;
    const format = "$context.requestId $context.httpMethod $context.resourcePath $context.status $context.responseLength $context.responseLatency $context.integrationLatency $context.integration.status $context.error.responseType";
    await using gate = await start({ "GET /pets/{id}": MOCK }, { stage: access(format) }, { elapsed: () => (now += 1.4) });
    await gate.ask({ path: "/pets/7" });
    await gate.ask({ path: "/nothing" });
    await gate.ask({ target: "/other/pets/7" });
    expect(gate.events).toEqual([
      ["/pets", `${REQUEST_ID} GET /pets/{id} 200 10 3 - 200 -`],
      ["/pets", `${REQUEST_ID} GET - 403 42 1 - - MISSING_AUTHENTICATION_TOKEN`],
    ]);
    expect([...gate.groups]).toEqual(["123456789012 us-east-1"]);
  });

  it("tells Lambda's status from that of the function, and how long it took", async () => {
    let now = 0;
    const invoke = () => {
      now += 40;
      return Promise.resolve(resultOf({ statusCode: 418, body: "tea" }, { requestId: "1a2b" }));
    };
    const format = "$context.status $context.integrationStatus $context.integration.status $context.integrationLatency $context.responseLatency $context.awsEndpointRequestId $context.integrationErrorMessage";
    const method: MethodParts = { integration: { type: "AWS_PROXY", uri: URI } };
    await using gate = await start({ "GET /": method }, { stage: access(format) }, { invoke, elapsed: () => now });
    await gate.ask({});
    expect(gate.events).toEqual([["/pets", "418 200 418 40 40 1a2b -"]]);
  });

  it("says why an integration failed, in the execution log's words", async () => {
    const invoke = () => Promise.resolve(resultOf("not a response"));
    const format = "$context.status $context.integrationStatus $context.integration.status $context.integrationErrorMessage $context.error.messageString";
    await using gate = await start({ "GET /": { integration: { type: "AWS_PROXY", uri: URI } } }, { stage: access(format) }, { invoke });
    await gate.ask({});
    expect(gate.events).toEqual([["/pets", '502 200 - Execution failed due to configuration error: Malformed Lambda proxy response "Internal server error"']]);
  });

  it("waits for the end of a streamed response, and has its length", async () => {
    await using backend = await startBackend((response) => {
      response.write("x".repeat(70_000));
      response.end("y".repeat(5));
    });
    const method: MethodParts = { integration: { type: "HTTP_PROXY", uri: backend.url, httpMethod: "GET", responseTransferMode: "STREAM" } };
    await using gate = await start({ "GET /": method }, { stage: access("$context.status $context.responseLength") });
    await gate.ask({});
    expect(gate.events).toEqual([["/pets", "200 70005"]]);
  });

  it("api-gateway-missing-cloudwatch-logs: has no line for 413", async () => {
    await using gate = await start(
      { "POST /": { integration: { requestTemplates: template('{"statusCode": 200, "a": $input.json("$")}'), integrationResponses: { 200: { statusCode: "200" } } } } },
      { stage: { ...access("$context.status"), methodSettings: every({ loggingLevel: "INFO" }) } },
      { limits: { payloadBytes: 10 } },
    );
    expect((await gate.ask({ method: "POST", body: "x".repeat(11) })).status).toBe(413);
    expect(gate.events).toEqual([]);
  });
});

describe("the execution log of a method", () => {
  const proxied = (uri: string): MethodParts => ({ integration: { type: "HTTP_PROXY", uri: `${uri}/pets`, httpMethod: "GET" } });

  it("with INFO tells what goes on", async () => {
    await using backend = await startBackend((response) => response.end("[]"));
    await using gate = await start({ "GET /pets": proxied(backend.url) }, { stage: { methodSettings: every({ loggingLevel: "INFO" }) } });
    await gate.ask({ path: "/pets" });
    expect(gate.events).toEqual(
      executionEvents(
        FIRST,
        ...usagePlan("GET /pets"),
        `Starting execution for request: ${REQUEST_ID}`,
        "HTTP Method: GET, Resource Path: /pets",
        `Sending request to ${backend.url}/pets`,
        "Received response. Status: 200, Integration latency: 0 ms",
        "Successfully completed execution",
        "Method completed with status: 200",
      ),
    );
  });

  it("with INFO and data trace shows requests and responses too, secrets masked", async () => {
    await using gate = await start({ "GET /pets": MOCK }, { stage: { methodSettings: every({ loggingLevel: "INFO", dataTraceEnabled: true }) } });
    await gate.ask({ path: "/pets?color=red", headers: ["Authorization", "Bearer 0123456789", "X-Api-Key", "abc"] });
    expect(gate.events).toEqual(
      executionEvents(
        FIRST,
        ...usagePlan("GET /pets"),
        `Starting execution for request: ${REQUEST_ID}`,
        "HTTP Method: GET, Resource Path: /pets",
        "Method request path: {}",
        "Method request query string: {color=red}",
        `Method request headers: {Host=${API_ID}.execute-api.us-east-1.amazonaws.com, Authorization=***********456789, X-Api-Key=***, Connection=close}`,
        "Method request body before transformations: ",
        'Method response body after transformations: {"a":"é"}',
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
      ),
    );
  });

  it("api-gateway-known-issues: has events of 1,024 bytes at most", async () => {
    const integration = { requestTemplates: template('{"statusCode": 200}'), integrationResponses: { 200: { statusCode: "200", responseTemplates: template("x".repeat(3_000)) } } };
    await using gate = await start({ "GET /": { integration } }, { stage: { methodSettings: every({ loggingLevel: "INFO", dataTraceEnabled: true }) } });
    await gate.ask({});
    const [event] = gate.events.filter(([, message]) => message.includes("body after"));
    expect(event?.[1]).toBe(`(${REQUEST_ID}) Method response body after transformations: ${"x".repeat(1_024 - "Method response body after transformations: ".length)} [TRUNCATED]`);
  });

  it("with ERROR is silent about what succeeds, and about what AWS's log has no words for", async () => {
    await using gate = await start({ "GET /": MOCK }, { stage: { methodSettings: every({ loggingLevel: "ERROR" }) } });
    await gate.ask({});
    await gate.ask({ path: "/nothing" });
    expect(gate.events).toEqual([]);
  });

  it("with ERROR tells of what fails", async () => {
    await using gate = await start({ "GET /": { integration: { requestTemplates: template("{}") } } }, { stage: { methodSettings: every({ loggingLevel: "ERROR" }) } });
    expect((await gate.ask({})).status).toBe(500);
    expect(gate.events).toEqual(executionEvents(FIRST, "Execution failed due to configuration error: The request template gives no integer statusCode"));
  });

  it("with ERROR and data trace shows requests and responses, and nothing of what goes on (qiita.com/t20190127/items/2a98b478de6945b20533)", async () => {
    await using backend = await startBackend((response) => response.writeHead(200, { a: "b" }).end("[]"));
    await using gate = await start({ "GET /pets": proxied(backend.url) }, { stage: { methodSettings: every({ loggingLevel: "ERROR", dataTraceEnabled: true }) } });
    await gate.ask({ path: "/pets" });
    expect(gate.events.map(([, message]) => message.slice(REQUEST_ID.length + 3).split(":", 1)[0])).toEqual([
      "Extended Request Id",
      "Method request path",
      "Method request query string",
      "Method request headers",
      "Method request body before transformations",
      "Endpoint request URI",
      "Endpoint request headers",
      "Endpoint request body after transformations",
      "Endpoint response headers",
      "Endpoint response body before transformations",
      "Method response body after transformations",
      "Method response headers",
    ]);
  });

  it("is that of the most specific setting, by the request's method", async () => {
    const methodSettings = { ...every({ loggingLevel: "INFO" }), "~1pets/GET": SETTING };
    await using gate = await start({ "ANY /pets": MOCK }, { stage: { methodSettings } });
    await gate.ask({ path: "/pets" });
    expect(gate.events).toEqual([]);
    await gate.ask({ path: "/pets", method: "PUT" });
    expect(gate.events).toHaveLength(8);
  });

  it("data trace alone logs nothing", async () => {
    await using gate = await start({ "GET /": MOCK }, { stage: { methodSettings: every({ dataTraceEnabled: true }) } });
    await gate.ask({});
    expect(gate.events).toEqual([]);
  });
});

describe("the execution log of a method with an authorizer", () => {
  const AUTHORIZER = { id: "62mgrc", name: "a", type: "TOKEN", authType: "custom", authorizerUri: URI, identitySource: "method.request.header.Authorization", authorizerResultTtlInSeconds: 0 } as const;
  const guarded: Partial<Method> = { authorizationType: "CUSTOM", authorizerId: "62mgrc" };
  const policy = (Effect: string) => ({ principalId: "u", policyDocument: { Version: "2012-10-17", Statement: [{ Effect, Action: "execute-api:Invoke", Resource: "*" }] } });

  async function logOf(headers: readonly string[], invoke: TestGatewayOptions["invoke"]) {
    const parts: PlanParts = { snapshot: { authorizers: [AUTHORIZER] }, stage: { methodSettings: every({ loggingLevel: "INFO" }) } };
    await using gate = await start({ "GET /": { ...MOCK, ...guarded } }, parts, invoke && { invoke });
    await gate.ask({ headers });
    return gate.events;
  }
  const starting = `Starting authorizer: 62mgrc for request: ${REQUEST_ID}`;

  it("api-gateway-logs: tells that the caller is let in", async () => {
    const events = await logOf(["Authorization", "t"], () => Promise.resolve(resultOf(policy("Allow"))));
    expect(events.slice(0, 5)).toEqual(executionEvents(FIRST, starting, "Successfully completed authorizer execution", ...usagePlan("GET /").slice(0, 2)));
  });

  it("api-gateway-logs: tells of a token that the function refuses", async () => {
    const events = await logOf(["Authorization", "t"], () => Promise.resolve(resultOf({ errorMessage: "Unauthorized" }, { functionError: "Unhandled" })));
    expect(events).toEqual(executionEvents(FIRST, starting, `Unauthorized request: ${REQUEST_ID}`));
  });

  it("tells of a policy that denies", async () => {
    const events = await logOf(["Authorization", "t"], () => Promise.resolve(resultOf(policy("Deny"))));
    expect(events).toEqual(executionEvents(FIRST, starting, "Successfully completed authorizer execution", "The client is not authorized to perform this operation."));
  });

  it("call-api-with-api-gateway-lambda-authorization: has nothing of a request without the token", async () => {
    expect(await logOf([], undefined)).toEqual([]);
  });
});

describe("the execution log of a method that requires a key", () => {
  it("api-gateway-logs: says that the key is missing", async () => {
    await using gate = await start({ "GET /": { ...MOCK, apiKeyRequired: true } }, { stage: { methodSettings: every({ loggingLevel: "INFO" }) } });
    expect((await gate.ask({})).status).toBe(403);
    expect(gate.events).toEqual(
      executionEvents(
        FIRST,
        usagePlan("GET /")[0] as string,
        `API Key  not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage ${API_ID}/prod: API Key was required but not present`,
      ),
    );
  });

  const VALUE = "apikey1234abcdefghij0123456789";
  const owner = { account: "123456789012", region: "us-east-1" };
  const key: KeyChange = { type: "key", key: { ...owner, id: "k1", value: VALUE, enabled: true, planIds: ["nnpegc"] } };
  const one = { rateLimit: 0.5, burstLimit: 1 };
  const ofMethod = [{ apiId: API_ID, stage: "prod", throttle: { "//GET": { rateLimit: 5, burstLimit: 1 } } }];
  const STARS = `${"*".repeat(24)}456789`;
  const where = `RestApi ${API_ID}, Stage prod, Resource root, HttpMethod GET`;
  const ofKey = `API Key ${STARS} exceeded throttle limit for API Stage ${API_ID}/prod: Key throttle limit exceeded for Usage Plan ID nnpegc, ${where}.`;

  it.each<[string, Partial<PublishedPlan>, MethodSetting | undefined, readonly string[]]>([
    ["api-gateway-429-limit: the plan's throttle for the method", { apiStages: ofMethod }, undefined, [`${ofKey} Limit: 5.00 Burst: 1`]],
    ["the plan's throttle", { throttle: one }, undefined, [`${ofKey} Limit: 0.50 Burst: 1`]],
    [
      "api-gateway-429-limit: the plan's quota",
      { quota: { limit: 1, offset: 0, period: "DAY" } },
      undefined,
      [`API Key ${STARS} exceeded quota limit for API Stage ${API_ID}/prod: Key quota exhausted for Usage Plan ID nnpegc. Q Limit: 1 Period: DAY`],
    ],
    [
      "sahilnarain/aws-api-gateway-log-parser/pull/3: the method's throttle",
      {},
      { ...SETTING, throttlingRateLimit: 1, throttlingBurstLimit: 1 },
      [`Key throttle limit exceeded for ${where}. Limit: 1.00 Burst: 1`],
    ],
  ])("names the limit that a request exceeds: %s", async (_what, parts, setting, lines) => {
    const plan: KeyChange = { type: "plan", plan: { ...owner, id: "nnpegc", apiStages: [{ apiId: API_ID, stage: "prod" }], ...parts } };
    const logged = async (loggingLevel: "INFO" | "ERROR") => {
      const methodSettings = { "*/*": { ...(setting ?? SETTING), loggingLevel } };
      await using gate = await start({ "GET /": { ...MOCK, apiKeyRequired: true } }, { stage: { methodSettings } }, { keys: [key, plan] });
      const ask = () => gate.ask({ headers: ["x-api-key", VALUE] });
      expect((await ask()).status).toBe(200);
      gate.events.length = 0;
      expect((await ask()).status).toBe(429);
      return gate.events;
    };
    const verifying = `Verifying Usage Plan for request: ${REQUEST_ID}. API Key: ${STARS} API Stage: **********/prod`;
    expect(await logged("INFO")).toEqual(executionEvents(FIRST, verifying, ...lines, "Method completed with status: 429"));
    expect(await logged("ERROR")).toEqual(executionEvents(FIRST, ...lines));
  });
});

describe("metrics", () => {
  const values = (counted: Partial<Record<(typeof COUNTERS)[number], number>>) => COUNTERS.map((counter) => counted[counter] ?? 0);

  it("api-gateway-metrics-and-dimensions: of a stage are always counted, those of a method when it asks for it", async () => {
    let now = 0;
    const metrics = createMetrics();
    const methods = { "GET /pets": MOCK, "PUT /pets": { integration: { requestTemplates: template("{}") } } };
    const methodSettings = { "~1pets/GET": { ...SETTING, metricsEnabled: true } };
    await using gate = await start(methods, { stage: { methodSettings }, api: { name: "Häuser" } }, { metrics, elapsed: () => (now += 2) });
    await gate.ask({ path: "/pets" });
    await gate.ask({ path: "/pets" });
    await gate.ask({ path: "/nothing" });
    await gate.ask({ path: "/pets", method: "PUT" });
    const stage = { apiId: API_ID, apiName: "Huser", stage: "prod" };
    const counted = metrics.series().map(({ dimensions, values: all }) => [dimensions, all.slice(0, COUNTERS.length)]);
    expect(counted).toEqual([
      [stage, values({ Count: 4, "4XXError": 1, "5XXError": 1, Latency: 12 })],
      [{ ...stage, resource: "/pets", method: "GET" }, values({ Count: 2, Latency: 8 })],
    ]);
    metrics.drop(API_ID, "prod");
    expect(metrics.series()).toEqual([]);
  });

  it("measure backends, and count what the cache answers and what it does not", async () => {
    let now = 0;
    const metrics = createMetrics();
    await using backend = await startBackend((response) => {
      now += 30;
      response.end("[]");
    });
    const method: MethodParts = { integration: { type: "HTTP_PROXY", uri: backend.url, httpMethod: "GET" } };
    const stage = { cacheClusterEnabled: true, methodSettings: every({ cachingEnabled: true }) };
    await using gate = await start({ "GET /": method }, { stage }, { metrics, elapsed: () => now });
    for (let i = 0; i < 3; i++) await gate.ask({});
    const [series] = metrics.series();
    expect(series?.values.slice(0, COUNTERS.length)).toEqual(values({ Count: 3, CacheHitCount: 2, CacheMissCount: 1, Latency: 30, IntegrationCount: 1, IntegrationLatency: 30 }));
  });

  it("are shown in Prometheus' text format", () => {
    const metrics = createMetrics();
    const meter = metrics.meter({ apiId: "a1", apiName: 'say "hi"', stage: "prod" });
    meter.record(200, 1, 0.5, "none");
    meter.record(404, 3, -1, "hit");
    meter.record(502, 40_000, 29_000, "miss");
    metrics.meter({ apiId: "a1", apiName: "x", stage: "prod", resource: "/{id}", method: "GET" }).record(200, 1, -1, "none");
    const text = prometheusText(metrics.series(), { written: 5, dropped: 1 }, { recorded: 7, dropped: 2 });
    const labels = 'api_id="a1",api_name="say \\"hi\\"",stage="prod"';
    for (const line of [
      "# TYPE gatehouse_stage_count_total counter",
      `gatehouse_stage_count_total{${labels}} 3`,
      `gatehouse_stage_4xx_error_total{${labels}} 1`,
      `gatehouse_stage_5xx_error_total{${labels}} 1`,
      `gatehouse_stage_cache_hit_count_total{${labels}} 1`,
      `gatehouse_stage_cache_miss_count_total{${labels}} 1`,
      "# TYPE gatehouse_stage_latency_milliseconds histogram",
      `gatehouse_stage_latency_milliseconds_bucket{${labels},le="1"} 1`,
      `gatehouse_stage_latency_milliseconds_bucket{${labels},le="5"} 2`,
      `gatehouse_stage_latency_milliseconds_bucket{${labels},le="30000"} 2`,
      `gatehouse_stage_latency_milliseconds_bucket{${labels},le="+Inf"} 3`,
      `gatehouse_stage_latency_milliseconds_sum{${labels}} 40004`,
      `gatehouse_stage_latency_milliseconds_count{${labels}} 3`,
      `gatehouse_stage_integration_latency_milliseconds_count{${labels}} 2`,
      'gatehouse_method_count_total{api_id="a1",api_name="x",stage="prod",resource="/{id}",method="GET"} 1',
      "gatehouse_log_events_written_total 5",
      "gatehouse_log_events_dropped_total 1",
      "gatehouse_trace_segments_recorded_total 7",
      "gatehouse_trace_segments_dropped_total 2",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text.split("\n").filter((line) => line.startsWith("gatehouse_stage_latency_milliseconds_bucket"))).toHaveLength(LATENCY_BUCKETS.length + 1);
  });
});

describe("where the operator wants no logs", () => {
  it("stages that ask for them serve all the same", async () => {
    await using gate = await startGateway([planOf({ "GET /": MOCK }, { stage: { ...access("$context.requestId"), methodSettings: every({ loggingLevel: "INFO" }) } })]);
    expect((await gate.ask({})).status).toBe(200);
  });
});

describe("a sink that breaks", () => {
  it("costs nobody an answer, and the operator is told", async () => {
    const logs: LogSink = {
      write() {
        throw new Error("broken");
      },
      usage: () => ({ written: 0, dropped: 0 }),
      close: () => Promise.resolve(),
    };
    await using gate = await startGateway([planOf({ "GET /": MOCK }, { stage: access("$context.requestId") })], { logs });
    expect((await gate.ask({})).status).toBe(200);
    expect(gate.logged).toMatchObject([{ level: "error", message: "an execution cannot be logged", fields: { requestId: REQUEST_ID, apiId: API_ID } }]);
  });
});
