import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";

const DomainName = "api.example.com";
const MIXED =
  "BadRequestException: Mixing of REST APIs and HTTP APIs on the same domain name can only be accomplished through API Gateway's V2 DomainName interface. Currently, WebSocket APIs can only be attached to a domain name with other WebSocket APIs. This must also occur through API Gateway's V2 DomainName interface.";

async function start() {
  const plane = startControlPlane();
  const { api, v2 } = plane;
  const CertificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/a";
  await v2.CreateDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }] }, call);
  const newApi = async () => {
    const { ApiId = "" } = await v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
    await v2.CreateStage({ ApiId, StageName: "prod" }, call);
    return ApiId;
  };
  const http = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", Target: "https://example.com" }, call);
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  return { ...plane, chat: await newApi(), newApi, http: http.ApiId as string, restApiId };
}

test("a WebSocket API is mapped, moved, and neither it nor its stage is deleted meanwhile", async () => {
  const { v2, chat, newApi, domainsPublished } = await start();
  domainsPublished.length = 0;
  const mapping = await v2.CreateApiMapping({ DomainName, ApiId: chat, Stage: "prod", ApiMappingKey: "v1/chat" }, call);
  const shown = { ApiId: chat, ApiMappingId: mapping.ApiMappingId, ApiMappingKey: "v1/chat", Stage: "prod" };
  const key = { DomainName, ApiMappingId: mapping.ApiMappingId as string };
  expect(await v2.GetApiMapping(key, call)).toEqual(shown);
  expect(await v2.GetApiMappings({ DomainName }, call)).toEqual({ Items: [shown] });
  expect(await v2.UpdateApiMapping({ ...key, ApiId: chat, ApiMappingKey: "v2" }, call)).toEqual({ ...shown, ApiMappingKey: "v2" });
  await v2.CreateApiMapping({ DomainName, ApiId: await newApi(), Stage: "prod" }, call);
  expect(await refusal(v2.DeleteApi({ ApiId: chat }, call))).toMatch(/^BadRequestException: Deleting API .* failed\. Please remove all base path mappings related to the API in your domains: api\.example\.com$/);
  expect(await refusal(v2.DeleteStage({ ApiId: chat, StageName: "prod" }, call))).toMatch(/^BadRequestException: Deleting stage prod failed\. /);
  expect(await v2.DeleteApiMapping(key, call)).toEqual({});
  expect(await v2.DeleteApi({ ApiId: chat }, call)).toEqual({});
  expect(domainsPublished).toEqual([DomainName, DomainName, DomainName, DomainName]);
});

test("a stage that there is not is not mapped", async () => {
  const { v2, chat } = await start();
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: chat, Stage: "test" }, call))).toBe("BadRequestException: Invalid stage identifier specified");
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: "nothere", Stage: "prod" }, call))).toBe("NotFoundException: Invalid API identifier specified 000000000000:nothere");
});

test("websocket-api-mappings: WebSocket APIs share no domain name with others", async () => {
  const { api, v2, chat, http, restApiId } = await start();
  const { ApiMappingId = "" } = await v2.CreateApiMapping({ DomainName, ApiId: chat, Stage: "prod", ApiMappingKey: "chat" }, call);
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: http, Stage: "$default", ApiMappingKey: "pets" }, call))).toBe(MIXED);
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: restApiId, Stage: "prod", ApiMappingKey: "pets" }, call))).toBe(MIXED);
  expect(await refusal(api.CreateBasePathMapping({ domainName: DomainName, restApiId, stage: "prod", basePath: "pets" }, call))).toBe(MIXED);
  await v2.UpdateApiMapping({ DomainName, ApiMappingId, ApiId: http, Stage: "$default" }, call);
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: chat, Stage: "prod", ApiMappingKey: "other" }, call))).toBe(MIXED);
  await api.CreateBasePathMapping({ domainName: DomainName, restApiId, stage: "prod", basePath: "rest" }, call);
  expect(await refusal(v2.UpdateApiMapping({ DomainName, ApiMappingId, ApiId: chat, Stage: "prod" }, call))).toBe(MIXED);
});
