// Messages of WebSocket APIs: which route takes them, what backends get, and what clients are answered.
import { expect, test } from "vitest";
import { EXTENDED_REQUEST_ID } from "../harness/gateway.ts";
import { connect, startWebSocketApi, webSocketStage } from "../harness/websocket-api.ts";

/** A two-way route that a mock answers with a template. */
const answering = (template: string) => ({
  twoWay: true,
  integration: { requestTemplates: { $default: '{"statusCode":200}' } },
  responses: { $default: { responseTemplates: { $default: template } } },
});

test("goes to the route that the route selection expression names", async () => {
  const routes = { hello: answering("hello from $context.routeKey"), $default: answering("default") };
  await using gate = await startWebSocketApi([webSocketStage({ routes })]);
  const client = await connect(gate.port);
  client.send('{"action":"hello"}');
  expect(await client.next()).toBe("hello from hello");
  client.send('{"action":"other"}');
  expect(await client.next()).toBe("default");
  client.send("hello");
  expect(await client.next()).toBe("default");
});

test("is Forbidden where no route takes it, in AWS's words", async () => {
  await using gate = await startWebSocketApi([webSocketStage({ routes: { hello: answering("") } })]);
  const client = await connect(gate.port);
  client.send("{}");
  const answer = String(await client.next());
  const { connectionId } = JSON.parse(answer) as { connectionId: string };
  expect(answer).toBe(`{"message": "Forbidden", "connectionId":"${connectionId}", "requestId":"${EXTENDED_REQUEST_ID}"}`);
});
