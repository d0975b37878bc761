// The metrics of https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html.
import { expect, it } from "vitest";
import { createMetrics } from "./index.ts";
import { addSeries } from "./meters.ts";
import { prometheusText } from "./prometheus.ts";

const TRACES = { recorded: 0, dropped: 0 };

it("shows what WebSocket APIs count beside what others do, added up over processes", () => {
  const metrics = createMetrics();
  metrics.meter({ apiId: "a1", apiName: "pets", stage: "prod" }).record(200, 3, -1, "none");
  const chat = { apiId: "w1", apiName: "chat", stage: "prod" };
  const stage = metrics.webSocketMeter(chat);
  expect(metrics.webSocketMeter(chat)).toBe(stage);
  stage.record({ isConnect: true, messages: 0, outcome: "clientError", integrationLatencyMs: -1 });
  stage.record({ isConnect: false, messages: 2, outcome: "none", integrationLatencyMs: 30 });
  metrics.webSocketMeter({ ...chat, route: "join" }).record({ isConnect: false, messages: 1, outcome: "executionError", integrationLatencyMs: 2 });
  const lines = prometheusText(addSeries([metrics.series(), metrics.series()]), undefined, TRACES).split("\n");
  const shown = lines.filter((line) => line.startsWith("gatehouse_websocket_") && !line.includes("_bucket"));
  expect(shown).toEqual([
    'gatehouse_websocket_stage_connect_count_total{api_id="w1",api_name="chat",stage="prod"} 2',
    'gatehouse_websocket_stage_message_count_total{api_id="w1",api_name="chat",stage="prod"} 4',
    'gatehouse_websocket_stage_integration_error_total{api_id="w1",api_name="chat",stage="prod"} 0',
    'gatehouse_websocket_stage_client_error_total{api_id="w1",api_name="chat",stage="prod"} 2',
    'gatehouse_websocket_stage_execution_error_total{api_id="w1",api_name="chat",stage="prod"} 0',
    'gatehouse_websocket_stage_integration_latency_milliseconds_sum{api_id="w1",api_name="chat",stage="prod"} 60',
    'gatehouse_websocket_stage_integration_latency_milliseconds_count{api_id="w1",api_name="chat",stage="prod"} 2',
    'gatehouse_websocket_route_connect_count_total{api_id="w1",api_name="chat",stage="prod",route="join"} 0',
    'gatehouse_websocket_route_message_count_total{api_id="w1",api_name="chat",stage="prod",route="join"} 2',
    'gatehouse_websocket_route_integration_error_total{api_id="w1",api_name="chat",stage="prod",route="join"} 0',
    'gatehouse_websocket_route_client_error_total{api_id="w1",api_name="chat",stage="prod",route="join"} 0',
    'gatehouse_websocket_route_execution_error_total{api_id="w1",api_name="chat",stage="prod",route="join"} 2',
    'gatehouse_websocket_route_integration_latency_milliseconds_sum{api_id="w1",api_name="chat",stage="prod",route="join"} 4',
    'gatehouse_websocket_route_integration_latency_milliseconds_count{api_id="w1",api_name="chat",stage="prod",route="join"} 2',
  ]);
  expect(lines).toContain('gatehouse_websocket_stage_integration_latency_milliseconds_bucket{api_id="w1",api_name="chat",stage="prod",le="50"} 2');
  expect(lines).toContain('gatehouse_stage_count_total{api_id="a1",api_name="pets",stage="prod"} 2');
  metrics.drop("w1", "prod");
  expect(metrics.series().map(({ dimensions }) => dimensions.apiId)).toEqual(["a1"]);
});
