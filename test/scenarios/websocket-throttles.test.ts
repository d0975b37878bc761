// How often clients may connect to WebSocket APIs and send messages, and backends call them back, with several workers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html, .../limits.html).
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiHost, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { type Client, connect, Refused } from "../harness/websocket-api.ts";

const CONNECTIONS = 8;
const REQUESTS = 50;
const LIMITS = ["--account-connection-rate-limit", "1", "--account-connection-burst-limit", `${CONNECTIONS}`, "--account-rate-limit", "1", "--account-burst-limit", `${REQUESTS}`];
const CALLER = { region: "us-east-1", credentials: { accessKeyId: "123456789012", secretAccessKey: "test" }, maxAttempts: 1 };
/** A token that was kept for a worker which does not ask again is given to another by then. */
const LEASES_COME_MS = 5000;

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory", "--workers", "2", ...LIMITS] });
});
afterAll(async () => void (await gatehouse.stop()));

/** An API whose every message is answered with `pong`. */
async function newApi(): Promise<string> {
  const client = new ApiGatewayV2Client({ endpoint: gatehouse.url, ...CALLER });
  const { ApiId = "" } = await client.send(new CreateApiCommand({ Name: "throttled", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }));
  const selection = { TemplateSelectionExpression: String.raw`\$default` };
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' }, ...selection }));
  await client.send(new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: "$default", ResponseTemplates: { $default: "pong" }, ...selection }));
  const { RouteId } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: "$default" }));
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "prod", DeploymentId }));
  client.destroy();
  return ApiId;
}

/** Its ids, which are another one's with each event, in place. */
const withoutIds = (body: string): string => body.replaceAll(/"(connectionId|requestId)":"[\w-]{15}="/g, '"$1":"{id}"');
const TOO_MANY = '{"message": "Too Many Requests", "connectionId":"{id}", "requestId":"{id}"}';

it("limits.html: new connections have a limit of their own, and with messages and callbacks the account's, in two workers together", async () => {
  const began = performance.now();
  /** Workers may let in twice as much, once: by their shares, and by what they lease. More comes each second. */
  const expectAbout = (count: number, burst: number): void => {
    expect(count).toBeGreaterThanOrEqual(burst);
    expect(count).toBeLessThanOrEqual(2 * burst + Math.ceil((performance.now() - began) / 1000));
  };
  const apiId = await newApi();

  const clients: Client[] = [];
  const refusals = new Set<string>();
  const join = async (): Promise<void> => {
    try {
      clients.push(await connect(gatehouse.port, { headers: { Host: apiHost(apiId) } }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.add(`${error.status} ${withoutIds(error.body)}`);
    }
  };
  await Promise.all(Array.from({ length: 3 * CONNECTIONS }, join));
  for (const until = performance.now() + LEASES_COME_MS; clients.length < CONNECTIONS && performance.now() < until; ) await join();
  expectAbout(clients.length, CONNECTIONS);
  expect(refusals).toEqual(new Set([`429 ${TOO_MANY}`]));

  const management = new ApiGatewayManagementApiClient({ endpoint: `${gatehouse.url}/_aws/execute-api/${apiId}/prod`, ...CALLER });
  const admitted = { connections: clients.length, messages: 0, callbacks: 0 };
  refusals.clear();
  const say = async (client: Client): Promise<void> => {
    client.send("ping");
    const answer = String(await client.next());
    if (answer === "pong") admitted.messages++;
    else refusals.add(withoutIds(answer));
  };
  const callBack = async (): Promise<void> => {
    try {
      await management.send(new PostToConnectionCommand({ ConnectionId: "L0SM9cOFvHcAAAA=", Data: "x" }));
    } catch (error) {
      const { name, message } = error as Error;
      // Callbacks are counted before the connection is looked for.
      if (name === "GoneException") admitted.callbacks++;
      else refusals.add(`${name}: ${message}`);
    }
  };
  const total = () => admitted.connections + admitted.messages + admitted.callbacks;
  const round = () => Promise.all(clients.flatMap((client) => [say(client), callBack()]));
  for (let i = 0; i < (3 * REQUESTS) / (2 * CONNECTIONS); i++) await round();
  for (const until = performance.now() + LEASES_COME_MS; total() < REQUESTS && performance.now() < until; ) await round();
  management.destroy();
  expectAbout(total(), REQUESTS);
  expect(admitted.messages).toBeGreaterThan(0);
  expect(admitted.callbacks).toBeGreaterThan(0);
  expect(refusals).toEqual(new Set([TOO_MANY, "LimitExceededException: Too Many Requests"]));
});
