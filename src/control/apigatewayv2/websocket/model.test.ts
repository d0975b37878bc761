import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import type { CreateModelRequest } from "../../../model/apigatewayv2.types.gen.ts";

const SCHEMA = '{"type":"object","properties":{"text":{"type":"string"}}}';

async function start({ DisableSchemaValidation = false } = {}) {
  const plane = startControlPlane();
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action", DisableSchemaValidation }, call);
  const create = (members: Partial<CreateModelRequest> = {}) => plane.v2.CreateModel({ ApiId, Name: "Message", Schema: SCHEMA, ...members }, call);
  const refer = (name: string) => JSON.stringify({ $ref: `https://apigateway.amazonaws.com/restapis/${ApiId}/models/${name}` });
  return { ...plane, ApiId, create, refer };
}

test("CreateModel, GetModel, GetModels by pages, UpdateModel, DeleteModel", async () => {
  const { v2, ApiId, create } = await start();
  const made = await create({ Description: "of the chat" });
  expect(made).toEqual({ ContentType: "application/json", Description: "of the chat", ModelId: "i00002", Name: "Message", Schema: SCHEMA });
  const key = { ApiId, ModelId: "i00002" };
  expect(await v2.GetModel(key, call)).toEqual(made);
  const second = await create({ Name: "Other", ContentType: "text/plain", Schema: "any" });
  const page = await v2.GetModels({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [made], NextToken: expect.any(String) });
  expect(await v2.GetModels({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  const changed = { ContentType: "application/json", ModelId: "i00002", Name: "Said", Schema: "{}" };
  expect(await v2.UpdateModel({ ...key, Name: "Said", Description: "", Schema: "{}" }, call)).toEqual(changed);
  expect(await v2.GetModel(key, call)).toEqual(changed);
  expect(await v2.DeleteModel(key, call)).toEqual({});
  for (const gone of [v2.GetModel(key, call), v2.UpdateModel(key, call), v2.DeleteModel(key, call), v2.GetModelTemplate(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Model identifier specified");
  }
});

test("GetModelTemplate writes a payload of the model's shape, with the models that it refers to", async () => {
  const { v2, ApiId, create, refer } = await start();
  await create();
  const { ModelId = "" } = await create({ Name: "Messages", Schema: `{"type":"object","properties":{"first":${refer("Message")}}}` });
  expect(await v2.GetModelTemplate({ ApiId, ModelId }, call)).toEqual({
    Value: "#set($inputRoot = $input.path('$'))\n{\n  \"first\" : {\n    \"text\" : \"foo\"\n  }\n}",
  });
  const other = await create({ Name: "Text", ContentType: "text/plain" });
  expect(await refusal(v2.GetModelTemplate({ ApiId, ModelId: other.ModelId as string }, call))).toBe("BadRequestException: Model Text has no JSON schema to make a template of");
});

test.each<[Partial<CreateModelRequest>, string | RegExp]>([
  [{ Name: "my-model" }, "BadRequestException: Model name must be alphanumeric: my-model"],
  [{ Name: "a".repeat(129) }, "BadRequestException: Name must have at most 128 characters; this one has 129"],
  [{ Name: "Taken" }, "ConflictException: Another model of this API already has this name: Taken"],
  [{ Schema: " ".repeat(32_769) }, "BadRequestException: Schema must have at most 32768 characters; this one has 32769"],
  [{ Schema: "{" }, /^BadRequestException: Invalid model specified: Validation Result: warnings : \[\], errors : \[Invalid model schema specified: /],
  [{ Schema: '{"type":"nothing"}' }, /^BadRequestException: Invalid model specified: Validation Result: warnings : \[\], errors : \[Invalid model schema specified: /],
])("CreateModel and UpdateModel refuse %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  const { ModelId = "" } = await create();
  await create({ Name: "Taken" });
  for (const refused of [create({ Name: "Other", ...members }), v2.UpdateModel({ ApiId, ModelId, ...members }, call)]) {
    const told = await refusal(refused);
    if (typeof expected === "string") expect(told).toBe(expected);
    else expect(told).toMatch(expected);
  }
});

test("a model refers to models that exist, and is neither deleted nor renamed while something refers to it", async () => {
  const { v2, ApiId, create, refer } = await start();
  expect(await refusal(create({ Schema: refer("Nothing") }))).toBe(
    "BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [Invalid model specified: Nothing]",
  );
  const { ModelId = "" } = await create();
  const other = await create({ Name: "Other", Schema: refer("Message") });
  const used = (where: string) => `ConflictException: Cannot delete model 'Message', is referenced in ${where}`;
  for (const refused of [v2.DeleteModel({ ApiId, ModelId }, call), v2.UpdateModel({ ApiId, ModelId, Name: "New" }, call)]) expect(await refusal(refused)).toBe(used("model: Other"));
  await v2.DeleteModel({ ApiId, ModelId: other.ModelId as string }, call);
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "send", RequestModels: { $default: "Message" } }, call);
  for (const refused of [v2.DeleteModel({ ApiId, ModelId }, call), v2.UpdateModel({ ApiId, ModelId, Name: "New" }, call)]) expect(await refusal(refused)).toBe(used("route: send"));
  expect(await v2.UpdateModel({ ApiId, ModelId, Schema: "{}" }, call)).toMatchObject({ Schema: "{}" });
  await v2.DeleteRoute({ ApiId, RouteId }, call);
  expect(await v2.DeleteModel({ ApiId, ModelId }, call)).toEqual({});
});

test("disableSchemaValidation: schemas are looked at neither when they are put nor when they are deployed", async () => {
  const { v2, ApiId, create } = await start({ DisableSchemaValidation: true });
  await create({ Schema: '{"type":"nothing"}' });
  await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  expect(await v2.CreateDeployment({ ApiId }, call)).toMatchObject({ DeploymentStatus: "DEPLOYED" });
  await v2.UpdateApi({ ApiId, DisableSchemaValidation: false }, call);
  expect(await refusal(v2.CreateDeployment({ ApiId }, call))).toMatch(/^BadRequestException: Invalid model specified: Validation Result: /);
  const stage = await v2.CreateStage({ ApiId, StageName: "prod", AutoDeploy: true }, call);
  expect(stage.LastDeploymentStatusMessage).toMatch(/^Deployment attempt failed: Invalid model specified: Validation Result: /);
});

test("models that refer to each other in chains and circles are deployed, unless the last of them is wrong", async () => {
  const { v2, ApiId, create, refer } = await start({ DisableSchemaValidation: true });
  const schema = (next: string) => `{"properties":{"next":${refer(next)}}}`;
  await create({ Name: "A", Schema: schema("B") });
  await create({ Name: "B", Schema: schema("C") });
  const { ModelId = "" } = await create({ Name: "C", Schema: schema("A") });
  await v2.CreateRoute({ ApiId, RouteKey: "$default" }, call);
  await v2.UpdateApi({ ApiId, DisableSchemaValidation: false }, call);
  expect(await v2.CreateDeployment({ ApiId }, call)).toMatchObject({ DeploymentStatus: "DEPLOYED" });
  await v2.UpdateApi({ ApiId, DisableSchemaValidation: true }, call);
  await v2.UpdateModel({ ApiId, ModelId, Schema: '{"type":"nothing"}' }, call);
  await v2.UpdateApi({ ApiId, DisableSchemaValidation: false }, call);
  expect(await refusal(v2.CreateDeployment({ ApiId }, call))).toMatch(/^BadRequestException: Invalid model specified: .*nothing/);
});
