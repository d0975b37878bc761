// The program on TLS: an API called over HTTP/2 and HTTP/1.1, and the settings that cannot start.
import { connect } from "node:http2";
import { fileURLToPath } from "node:url";
import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiHost, callApi, type Gatehouse, runGatehouse, startGatehouse } from "../harness/gatehouse.ts";

const pem = (name: string): string => fileURLToPath(new URL(`../contracts/tls/${name}.pem`, import.meta.url));
const FILES = ["--tls-cert", pem("localhost-cert"), "--tls-key", pem("localhost-key")];

let gatehouse: Gatehouse;
let apiId: string;
let tlsUrl: string;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory", "--tls-port", "0", ...FILES] });
  tlsUrl = /and (https:\/\/\S+)/.exec(gatehouse.output())?.[1] as string;
  const client = gatehouse.apiGateway();
  const { id: restApiId = "" } = await client.send(new CreateRestApiCommand({ name: "tls" }));
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items[0]?.id, httpMethod: "GET" };
  const template = '{"protocol":"$context.protocol","host":"$context.domainName"}';
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: { "application/json": template } }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  apiId = restApiId;
});
afterAll(() => gatehouse.stop());

it("answers on the plain port and, over HTTP/2, on the one with TLS", async () => {
  const plain = await callApi(gatehouse, apiId, "/prod");
  expect([plain.status, JSON.parse(plain.body)]).toMatchObject([200, { protocol: "HTTP/1.1", host: apiHost(apiId) }]);

  const session = connect(tlsUrl, { rejectUnauthorized: false });
  const stream = session.request({ ":path": "/prod", ":authority": apiHost(apiId) });
  const status = new Promise((resolve) => stream.on("response", (head) => resolve(head[":status"])));
  let body = "";
  for await (const chunk of stream) body += String(chunk);
  session.close();
  expect([await status, JSON.parse(body)]).toMatchObject([200, { protocol: "HTTP/1.1", host: apiHost(apiId) }]);
});

it("speaks TLS alone on its port when there is no other, and ends in order", async () => {
  const alone = runGatehouse(["--in-memory", "--port", "0", ...FILES]);
  const url = await alone.printed(/listening on (\S+) \(/);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const session = connect(url, { rejectUnauthorized: false });
  await new Promise((resolve) => session.once("remoteSettings", resolve));
  alone.child.kill("SIGTERM");
  expect(await alone.exit).toBe(0);
  session.destroy();
});

it.each([
  [["--tls-cert", pem("localhost-cert")], "tls-cert is given without tls-key; TLS needs both"],
  [["--tls-cert", "/none.pem", "--tls-key", "/none.pem"], "Cannot read the certificate /none.pem: there is no such file"],
])("does not start by halves: %j", async (args, message) => {
  const run = runGatehouse(["--in-memory", "--port", "0", ...args]);
  expect(await run.exit).toBe(2);
  expect(run.output()).toBe(`gatehouse: ${message}\n`);
});
