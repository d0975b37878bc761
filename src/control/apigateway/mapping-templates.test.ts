import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const requestTemplates = { "application/json": "$input.json('$')", "text/plain": '{\n"a": #if($b' };
const AT_THE_IF = "BadRequestException: Invalid mapping template for text/plain: Unexpected the end of the template at line 2, column 12";

async function start() {
  const { api } = startControlPlane();
  const { method } = await petStore(api);
  await api.PutIntegration({ ...method, type: "MOCK" }, call);
  return { api, method };
}

test("PutIntegration refuses a template that cannot be compiled, with its place", async () => {
  const { api, method } = await start();
  const before = await api.GetIntegration(method, call);
  expect(await refusal(api.PutIntegration({ ...method, type: "MOCK", requestTemplates }, call))).toBe(AT_THE_IF);
  expect(await api.GetIntegration(method, call)).toEqual(before);
});

test("UpdateIntegration does so too", async () => {
  const { api, method } = await start();
  const patchOperations = [{ op: "add", path: "/requestTemplates/text~1plain", value: requestTemplates["text/plain"] }] as const;
  expect(await refusal(api.UpdateIntegration({ ...method, patchOperations }, call))).toBe(AT_THE_IF);
  expect((await api.GetIntegration(method, call)).requestTemplates).toBeUndefined();
});

test("PutIntegrationResponse and UpdateIntegrationResponse do so too", async () => {
  const { api, method } = await start();
  const response = { ...method, statusCode: "200" };
  await api.PutMethodResponse(response, call);
  const value = "#foreach($a in [1])";
  const refused = "BadRequestException: Invalid mapping template for text/html: Unexpected the end of the template at line 1, column 20";
  expect(await refusal(api.PutIntegrationResponse({ ...response, responseTemplates: { "text/html": value } }, call))).toBe(refused);
  await api.PutIntegrationResponse({ ...response, responseTemplates: { "text/html": "$a" } }, call);
  const patchOperations = [{ op: "replace", path: "/responseTemplates/text~1html", value }] as const;
  expect(await refusal(api.UpdateIntegrationResponse({ ...response, patchOperations }, call))).toBe(refused);
  expect((await api.GetIntegrationResponse(response, call)).responseTemplates).toEqual({ "text/html": "$a" });
});

test("There are at most 300 templates", async () => {
  const { api, method } = await start();
  const templates = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`application/x${i}`, "x"]));
  await api.PutIntegration({ ...method, type: "MOCK", requestTemplates: templates(300) }, call);
  const refused = "BadRequestException: There can be at most 300 mapping templates, each for a content type; these are 301";
  expect(await refusal(api.PutIntegration({ ...method, type: "MOCK", requestTemplates: templates(301) }, call))).toBe(refused);
});

test("Refusals repeat a little of what is wrong", async () => {
  const { api, method } = await start();
  const long = "x".repeat(1_000_000);
  const shown = `${"x".repeat(1_000)}...`;
  expect(await refusal(api.PutIntegration({ ...method, type: "MOCK", requestTemplates: { [long]: "#if" } }, call))).toContain(`Invalid mapping template for ${shown}: `);
  const put = api.PutIntegration({ ...method, type: "MOCK", requestParameters: { [long]: "'a'" } }, call);
  expect(await refusal(put)).toContain(`[Invalid mapping expression specified: ${shown}]`);
  expect(await refusal(api.CreateRestApi({ name: "a", tags: { [long]: "b" } }, call))).toContain(`Invalid tag key: ${shown}. `);
  const authorizer = { restApiId: method.restApiId, name: "a", identitySource: "method.request.header.a" };
  expect(await refusal(api.CreateAuthorizer({ ...authorizer, type: "TOKEN", authorizerUri: long }, call))).toContain(`Invalid Authorizer URI: ${shown}. `);
  expect(await refusal(api.CreateAuthorizer({ ...authorizer, type: "COGNITO_USER_POOLS", providerARNs: [long] }, call))).toContain(`specified: ${shown}. `);
});
