import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

async function start() {
  const { v2 } = startControlPlane();
  const { ApiId = "" } = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  return { v2, ApiId };
}

test("HTTP APIs have no models, route responses and integration responses", async () => {
  const { v2, ApiId } = await start();
  const model = { ApiId, ModelId: "a", Name: "Pet", Schema: "{}" };
  const route = { ApiId, RouteId: "a", RouteResponseId: "a", RouteResponseKey: "$default" };
  const integration = { ApiId, IntegrationId: "a", IntegrationResponseId: "a", IntegrationResponseKey: "$default" };
  const not = (what: string) => `BadRequestException: ${what} are not supported on protocolType HTTP`;
  expect(await refusal(v2.CreateModel(model, call))).toBe(not("Models"));
  expect(await refusal(v2.CreateRouteResponse(route, call))).toBe(not("Route responses"));
  expect(await refusal(v2.CreateIntegrationResponse(integration, call))).toBe(not("Integration responses"));
  for (const list of [v2.GetModels(model, call), v2.GetRouteResponses(route, call), v2.GetIntegrationResponses(integration, call)]) expect(await list).toEqual({ Items: [] });
  const models = [v2.GetModel, v2.GetModelTemplate, v2.UpdateModel, v2.DeleteModel];
  for (const operation of models) expect(await refusal(operation(model, call))).toBe("NotFoundException: Invalid Model identifier specified");
  const routeResponses = [v2.GetRouteResponse, v2.UpdateRouteResponse, v2.DeleteRouteResponse];
  for (const operation of routeResponses) {
    expect(await refusal(operation(route, call))).toBe("NotFoundException: Invalid RouteResponse identifier specified");
  }
  const integrationResponses = [v2.GetIntegrationResponse, v2.UpdateIntegrationResponse, v2.DeleteIntegrationResponse];
  for (const operation of integrationResponses) {
    expect(await refusal(operation(integration, call))).toBe("NotFoundException: Invalid IntegrationResponse identifier specified");
  }
});

test("of an API that is not there, that is said", async () => {
  const { v2 } = await start();
  const missing = "NotFoundException: Invalid API identifier specified 000000000000:nothere";
  const model = { ApiId: "nothere", ModelId: "a", Name: "a", Schema: "{}" };
  for (const operation of [v2.GetModels, v2.GetModel, v2.CreateModel, v2.DeleteModel]) expect(await refusal(operation(model, call))).toBe(missing);
});
