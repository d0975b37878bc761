// Clients of WebSocket APIs that read nothing or vanish, through the started program: they cost a bounded amount, and nobody else.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import * as v2 from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { type Client, connect } from "../harness/websocket-api.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
/** The largest message that a callback may send. */
const LARGEST = "x".repeat(128 * 1024);

let gatehouse: Gatehouse;
let backend: ApiGatewayManagementApiClient;
let path: string;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  const control = new v2.ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: CREDENTIALS });
  const { ApiId } = await control.send(new v2.CreateApiCommand({ Name: "who", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }));
  const { IntegrationId } = await control.send(
    new v2.CreateIntegrationCommand({ ApiId, IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' }, TemplateSelectionExpression: "\\$default" }),
  );
  const response = { IntegrationResponseKey: "$default", ResponseTemplates: { $default: "$context.connectionId" }, TemplateSelectionExpression: "\\$default" };
  await control.send(new v2.CreateIntegrationResponseCommand({ ApiId, IntegrationId, ...response }));
  const { RouteId } = await control.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}`, RouteResponseSelectionExpression: "$default" }));
  await control.send(new v2.CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  await control.send(new v2.CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  control.destroy();
  path = `/_aws/execute-api/${ApiId}/prod`;
  backend = new ApiGatewayManagementApiClient({ endpoint: `${gatehouse.url}${path}`, region: "us-east-1", credentials: CREDENTIALS, maxAttempts: 1 });
});
afterAll(async () => {
  backend.destroy();
  await gatehouse.stop();
});

async function newcomer(): Promise<Client & { readonly id: string }> {
  const client = await connect(gatehouse.port, { path, headers: { Host: `127.0.0.1:${gatehouse.port}` } });
  client.send("who am I?");
  return { ...client, id: String(await client.next()) };
}

const post = (ConnectionId: string, Data: string): Promise<string> =>
  backend.send(new PostToConnectionCommand({ ConnectionId, Data })).then(
    () => "sent",
    ({ name }: { name: string }) => name,
  );

test("a client that reads nothing is cut off, and others are served meanwhile", async () => {
  const [deaf, other] = [await newcomer(), await newcomer()];
  deaf.socket.pause();
  let outcome = "sent";
  for (let i = 0; outcome === "sent" && i < 500; i++) {
    outcome = await post(deaf.id, LARGEST);
    expect(await post(other.id, `${i}`)).toBe("sent");
    expect(await other.next()).toBe(`${i}`);
  }
  expect(outcome).toBe("GoneException");
  deaf.socket.resume();
  expect((await deaf.closed).code).toBe(1006);
  await other.leave();
}, 30_000);

test("a client that vanishes is gone, while others talk", async () => {
  const [vanishing, other] = [await newcomer(), await newcomer()];
  vanishing.socket.terminate();
  await expect.poll(() => post(vanishing.id, "are you there?")).toBe("GoneException");
  expect(await post(other.id, "hello")).toBe("sent");
  expect(await other.next()).toBe("hello");
  await other.leave();
});

test("hundreds that leave at once are all forgotten", async () => {
  const crowd = await Promise.all(Array.from({ length: 200 }, newcomer));
  for (const { socket } of crowd) socket.terminate();
  await Promise.all(crowd.map(({ closed }) => closed));
  for (const { id } of crowd) await expect.poll(() => post(id, "are you there?")).toBe("GoneException");
}, 30_000);
