// What a stage of an HTTP API logs and counts
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html and .../http-api-metrics.html).
import { afterAll, beforeAll, expect, it } from "vitest";
import { createMetrics, prometheusText } from "../../src/adapters/metrics/index.ts";
import { HTTP_COUNTERS } from "../../src/ports/metrics.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { EXTENDED_REQUEST_ID, NOW } from "../harness/gateway.ts";
import { HTTP_API_ID, HTTP_HOST, type HttpApiParts, httpStage, startHttpApi } from "../harness/http-api.ts";

const DESTINATION = "arn:aws:logs:us-east-1:123456789012:log-group:/pets";

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend((response) => {
    response.writeHead(201, { "x-amzn-RequestId": "backend-1", "x-amz-id-2": "backend-2" });
    response.end("hello");
  });
});
afterAll(() => backend[Symbol.asyncDispose]());

async function logged(format: string, routes: HttpApiParts["routes"], ...asked: readonly Parameters<Awaited<ReturnType<typeof startHttpApi>>["ask"]>[0][]) {
  const lines: string[] = [];
  const logs: LogSink = {
    write: (group, at, line) => void lines.push(`${group.name} ${at === NOW} ${line}`),
    usage: () => ({ written: lines.length, dropped: 0 }),
    close: () => Promise.resolve(),
  };
  let now = 0;
  const metrics = createMetrics();
  const stage = { stageName: "prod", accessLogSettings: { destinationArn: DESTINATION, format }, routeSettings: { "POST /pets/{id}": { detailedMetricsEnabled: true } } };
  await using gate = await startHttpApi([httpStage({ routes, stage })], { logs, metrics, elapsed: () => (now += 1.4) });
  for (const each of asked) await gate.ask(each);
  return { lines, metrics };
}

it("writes every variable of the guide's table", async () => {
  const names = [
    "accountId", "apiId", "authorizer.claims.sub", "authorizer.error", "authorizer.principalId", "authorizer.key", "awsEndpointRequestId", "awsEndpointRequestId2",
    "customDomain.basePathMatched", "dataProcessed", "domainName", "domainPrefix", "error.message", "error.messageString", "error.responseType", "extendedRequestId",
    "httpMethod", "identity.accountId", "identity.caller", "identity.sourceIp", "identity.userAgent", "identity.userArn", "identity.clientCert.subjectDN",
    "integration.error", "integration.integrationStatus", "integration.latency", "integration.requestId", "integration.status", "integrationErrorMessage",
    "integrationLatency", "integrationStatus", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "responseLatency", "responseLength", "routeKey", "stage", "status",
  ];
  const format = names.map((name) => `${name}=$context.${name}`).join("|");
  const { lines } = await logged(format, { "POST /pets/{id}": backend.url }, { method: "POST", path: "/prod/pets/7?a=b", headers: ["User-Agent", 'a "b"'], body: "1234567" });
  const [line = ""] = lines;
  expect(line.split("|")).toEqual([
    "/pets true accountId=123456789012", `apiId=${HTTP_API_ID}`, "authorizer.claims.sub=-", "authorizer.error=-", "authorizer.principalId=-", "authorizer.key=-",
    "awsEndpointRequestId=backend-1", "awsEndpointRequestId2=backend-2", "customDomain.basePathMatched=-", "dataProcessed=12", `domainName=${HTTP_HOST}`, `domainPrefix=${HTTP_API_ID}`,
    "error.message=-", "error.messageString=-", "error.responseType=-", `extendedRequestId=${EXTENDED_REQUEST_ID}`, "httpMethod=POST",
    "identity.accountId=-", "identity.caller=-", "identity.sourceIp=127.0.0.1", 'identity.userAgent=a \\"b\\"', "identity.userArn=-", "identity.clientCert.subjectDN=-",
    "integration.error=-", "integration.integrationStatus=201", "integration.latency=1", "integration.requestId=backend-1", "integration.status=201", "integrationErrorMessage=-",
    "integrationLatency=1", "integrationStatus=201", "path=/prod/pets/7", "protocol=HTTP/1.1", `requestId=${EXTENDED_REQUEST_ID}`,
    "requestTime=04/Mar/2020:19:15:17 +0000", `requestTimeEpoch=${NOW}`, "responseLatency=4", "responseLength=5", "routeKey=POST /pets/{id}", "stage=prod", "status=201",
  ]);
});

it("writes why the gateway answered by itself, and what the developer has to know", async () => {
  const format = '{"status":"$context.status","type":"$context.error.responseType","message":$context.error.messageString,"integration":"$context.integrationErrorMessage","route":"$context.routeKey"}';
  const { lines } = await logged(format, { "GET /pets": {}, "GET /iam": { authorizationType: "AWS_IAM" } }, { path: "/prod/pets" }, { path: "/prod/dogs" }, { path: "/prod/iam" });
  expect(lines).toEqual([
    '/pets true {"status":"500","type":"INTEGRATION_FAILURE","message":"Internal Server Error","integration":"The route GET /pets has no integration","route":"GET /pets"}',
    '/pets true {"status":"404","type":"RESOURCE_NOT_FOUND","message":"Not Found","integration":"-","route":"-"}',
    expect.stringMatching(/^\/pets true \{"status":"403","type":"ACCESS_DENIED","message":"Forbidden",/),
  ]);
});

it("counts requests by stage, and by route where the route has detailed metrics", async () => {
  const { metrics } = await logged("$context.status", { "POST /pets/{id}": backend.url, "GET /open": backend.url }, { method: "POST", path: "/prod/pets/1", body: "abc" }, { path: "/prod/open" }, { path: "/prod/gone" });
  const counts = metrics.series().map(({ dimensions, protocol, values }) => [dimensions, protocol, Object.fromEntries(HTTP_COUNTERS.map((name, i) => [name, values[i]]))]);
  // "hello" twice, the request's "abc", and the body of the 404.
  expect(counts).toEqual([
    [{ apiId: HTTP_API_ID, apiName: "pets", stage: "prod" }, "HTTP", { Count: 3, "4xx": 1, "5xx": 0, DataProcessed: 36, Latency: expect.any(Number), IntegrationCount: 2, IntegrationLatency: expect.closeTo(2.8) }],
    [{ apiId: HTTP_API_ID, apiName: "pets", stage: "prod", resource: "/pets/{id}", method: "POST" }, "HTTP", { Count: 1, "4xx": 0, "5xx": 0, DataProcessed: 8, Latency: expect.closeTo(4.2), IntegrationCount: 1, IntegrationLatency: expect.closeTo(1.4) }],
  ]);
  const text = prometheusText(metrics.series(), undefined, { recorded: 0, dropped: 0 });
  const labels = `{api_id="${HTTP_API_ID}",api_name="pets",stage="prod"`;
  expect(text.split("\n").filter((line) => /^gatehouse_.*(?:_total|_milliseconds_count)\{/.test(line))).toEqual([
    `gatehouse_http_stage_count_total${labels}} 3`,
    `gatehouse_http_stage_4xx_total${labels}} 1`,
    `gatehouse_http_stage_5xx_total${labels}} 0`,
    `gatehouse_http_stage_data_processed_bytes_total${labels}} 36`,
    `gatehouse_http_stage_latency_milliseconds_count${labels}} 3`,
    `gatehouse_http_stage_integration_latency_milliseconds_count${labels}} 2`,
    `gatehouse_http_route_count_total${labels},resource="/pets/{id}",method="POST"} 1`,
    `gatehouse_http_route_4xx_total${labels},resource="/pets/{id}",method="POST"} 0`,
    `gatehouse_http_route_5xx_total${labels},resource="/pets/{id}",method="POST"} 0`,
    `gatehouse_http_route_data_processed_bytes_total${labels},resource="/pets/{id}",method="POST"} 8`,
    `gatehouse_http_route_latency_milliseconds_count${labels},resource="/pets/{id}",method="POST"} 1`,
    `gatehouse_http_route_integration_latency_milliseconds_count${labels},resource="/pets/{id}",method="POST"} 1`,
  ]);
});
