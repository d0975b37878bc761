import { expect, test } from "vitest";
import { call, callOf, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

const ACM = "arn:aws:acm:us-east-1:123456789012:certificate/a";
const domainName = "api.example.com";

async function start() {
  const { api, domainsPublished, store } = startControlPlane();
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  await api.CreateDomainName({ domainName, certificateArn: ACM }, call);
  domainsPublished.length = 0;
  return { api, domainsPublished, restApiId, store };
}

const NOT_FOUND = "NotFoundException: Invalid base path mapping identifier specified";

test("CreateBasePathMapping, GetBasePathMapping, GetBasePathMappings by pages, DeleteBasePathMapping", async () => {
  const { api, domainsPublished, restApiId } = await start();
  const orders = await api.CreateBasePathMapping({ domainName, basePath: "orders", restApiId, stage: "prod" }, call);
  expect(orders).toEqual({ basePath: "orders", restApiId, stage: "prod" });
  const key = { domainName, basePath: "orders" };
  expect(await api.GetBasePathMapping(key, call)).toEqual(orders);
  const staged = await api.CreateBasePathMapping({ domainName, basePath: "staged", restApiId, stage: "(none)" }, call);
  expect(staged).toEqual({ basePath: "staged", restApiId });
  const page = await api.GetBasePathMappings({ domainName, limit: 1 }, call);
  expect(page).toEqual({ items: [orders], position: expect.any(String) });
  expect(await api.GetBasePathMappings({ domainName, position: page.position as string }, call)).toEqual({ items: [staged] });
  expect(domainsPublished).toEqual([domainName, domainName]);
  expect(await api.DeleteBasePathMapping(key, call)).toEqual({});
  expect(domainsPublished).toHaveLength(3);
  expect(await refusal(api.GetBasePathMapping(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateBasePathMapping(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteBasePathMapping(key, call))).toBe(NOT_FOUND);
});

test.each([undefined, "", "(none)"])("a mapping with base path %j is the one without a base path", async (basePath) => {
  const { api, restApiId } = await start();
  const mapping = { basePath: "(none)", restApiId, stage: "prod" };
  expect(await api.CreateBasePathMapping({ domainName, restApiId, stage: "prod", ...(basePath === undefined ? {} : { basePath }) }, call)).toEqual(mapping);
  expect(await api.GetBasePathMapping({ domainName, basePath: "(none)" }, call)).toEqual(mapping);
  expect(await refusal(api.CreateBasePathMapping({ domainName, restApiId }, call))).toBe("ConflictException: Base path already exists for this domain name");
});

test.each<[Partial<Model.CreateBasePathMappingRequest>, string]>([
  [{ domainName: "none.example.com" }, "NotFoundException: Invalid domain name identifier specified"],
  [{ domainNameId: "abcd1234" }, "NotFoundException: Invalid domain name identifier specified"],
  [{ restApiId: "none" }, "BadRequestException: Invalid API identifier specified 000000000000:none"],
  [{ stage: "none" }, "BadRequestException: Invalid stage identifier specified"],
  [{ basePath: "taken" }, "ConflictException: Base path already exists for this domain name"],
  [
    { basePath: "v1/orders" },
    "BadRequestException: API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
  ],
  [{ basePath: "a b" }, "BadRequestException: Invalid base path specified: a b. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()"],
  [
    { basePath: "a".repeat(301) },
    `BadRequestException: Invalid base path specified: ${"a".repeat(301)}. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()`,
  ],
])("CreateBasePathMapping refuses %j", async (changed, expected) => {
  const { api, domainsPublished, restApiId } = await start();
  await api.CreateBasePathMapping({ domainName, basePath: "taken", restApiId }, call);
  expect(await refusal(api.CreateBasePathMapping({ domainName, basePath: "a", restApiId, stage: "prod", ...changed }, call))).toBe(expected);
  expect((await api.GetBasePathMappings({ domainName }, call)).items).toHaveLength(1);
  expect(domainsPublished).toHaveLength(1);
});

test.each(["A-z_0.9", "$-_.+!*'()", "a".repeat(300)])("the base path %s may be", async (basePath) => {
  const { api, restApiId } = await start();
  expect((await api.CreateBasePathMapping({ domainName, basePath, restApiId }, call)).basePath).toBe(basePath);
});

test("an API of another account or region is none that can be mapped", async () => {
  const { api } = await start();
  const other = await petStore(api, callOf("111122223333", "us-east-1"));
  expect(await refusal(api.CreateBasePathMapping({ domainName, restApiId: other.restApiId }, call))).toBe(
    `BadRequestException: Invalid API identifier specified 000000000000:${other.restApiId}`,
  );
});

test.each<[Model.PatchOperation, (second: string) => object]>([
  [{ op: "replace", path: "/basePath", value: "b" }, () => ({ basePath: "b" })],
  [{ op: "replace", path: "/basepath", value: "b" }, () => ({ basePath: "b" })],
  [{ op: "replace", path: "/basePath", value: "" }, () => ({ basePath: "(none)" })],
  [{ op: "replace", path: "/basePath", value: "(none)" }, () => ({ basePath: "(none)" })],
  [{ op: "replace", path: "/basePath", value: "a" }, () => ({ basePath: "a" })],
  [{ op: "replace", path: "/stage", value: "" }, () => ({ stage: undefined })],
  [{ op: "replace", path: "/stage", value: "dev" }, () => ({ stage: "dev" })],
  [{ op: "replace", path: "/restapiId", value: "second" }, (restApiId) => ({ restApiId })],
])("UpdateBasePathMapping: %j", async (operation, changed) => {
  const { api, domainsPublished, restApiId } = await start();
  await api.CreateDeployment({ restApiId, stageName: "dev" }, call);
  const second = (await petStore(api)).restApiId;
  await api.CreateDeployment({ restApiId: second, stageName: "prod" }, call);
  const mapping = await api.CreateBasePathMapping({ domainName, basePath: "a", restApiId, stage: "prod" }, call);
  const patchOperations = [operation.value === "second" ? { ...operation, value: second } : operation];
  const answer = await api.UpdateBasePathMapping({ domainName, basePath: "a", patchOperations }, call);
  expect(answer).toEqual({ ...mapping, ...changed(second) });
  expect(await api.GetBasePathMappings({ domainName }, call)).toEqual({ items: [answer] });
  expect(domainsPublished).toHaveLength(2);
});

const PATHS = "/basePath, /basepath, /restapiId, /stage";

test.each<[Model.PatchOperation, string]>([
  [{ op: "replace", path: "/basePath", value: "taken" }, "ConflictException: Base path already exists for this domain name"],
  [{ op: "replace", path: "/basePath", value: "a b" }, "BadRequestException: Invalid base path specified: a b. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()"],
  [{ op: "replace", path: "/stage", value: "none" }, "BadRequestException: Invalid stage identifier specified"],
  [{ op: "replace", path: "/restapiId", value: "none" }, "BadRequestException: Invalid API identifier specified 000000000000:none"],
  [{ op: "replace", path: "/restapiId", value: "" }, "BadRequestException: Invalid patch value '' specified for path '/restapiId'. Must be non-empty"],
  [{ op: "replace", path: "/domainName", value: "b" }, `BadRequestException: Invalid patch path  '/domainName' specified for op 'replace'. Must be one of: [${PATHS}]`],
  [{ op: "remove", path: "/stage" }, "BadRequestException: Invalid patch path  '/stage' specified for op 'remove'. Must be one of: []"],
])("UpdateBasePathMapping refuses %j, and changes nothing", async (operation, expected) => {
  const { api, restApiId } = await start();
  await api.CreateBasePathMapping({ domainName, basePath: "taken", restApiId }, call);
  const mapping = await api.CreateBasePathMapping({ domainName, basePath: "a", restApiId, stage: "prod" }, call);
  const patchOperations = [{ op: "replace", path: "/stage", value: "" }, operation] as const;
  expect(await refusal(api.UpdateBasePathMapping({ domainName, basePath: "a", patchOperations }, call))).toBe(expected);
  expect(await api.GetBasePathMapping({ domainName, basePath: "a" }, call)).toEqual(mapping);
});

// The words are quoted in github.com/glomex/gcdt/issues/373 and github.com/hashicorp/terraform-provider-aws/issues/41651.
test("an API and a stage that are mapped are not deleted", async () => {
  const { api, restApiId } = await start();
  const stage = { restApiId, stageName: "prod" };
  await api.CreateBasePathMapping({ domainName, basePath: "a", restApiId, stage: "prod" }, call);
  await api.CreateBasePathMapping({ domainName, basePath: "b", restApiId, stage: "prod" }, call);
  await api.CreateDomainName({ domainName: "b.example.com", certificateArn: ACM }, call);
  await api.CreateBasePathMapping({ domainName: "b.example.com", restApiId }, call);
  expect(await refusal(api.DeleteRestApi({ restApiId }, call))).toBe(
    `BadRequestException: Deleting RestApi ${restApiId} failed. Please remove all base path mappings related to the RestApi in your domains: api.example.com, b.example.com`,
  );
  expect(await refusal(api.DeleteStage(stage, call))).toBe(
    "BadRequestException: Deleting stage prod failed. Please remove all base path mappings related to the stage in your domains: api.example.com",
  );
  await api.DeleteDomainName({ domainName }, call);
  expect(await api.DeleteStage(stage, call)).toEqual({});
  await api.DeleteBasePathMapping({ domainName: "b.example.com", basePath: "(none)" }, call);
  expect(await api.DeleteRestApi({ restApiId }, call)).toEqual({});
});

test("the mappings of a domain name go with it", async () => {
  const { api, restApiId } = await start();
  await api.CreateBasePathMapping({ domainName, restApiId }, call);
  await api.DeleteDomainName({ domainName }, call);
  await api.CreateDomainName({ domainName, certificateArn: ACM }, call);
  expect(await api.GetBasePathMappings({ domainName }, call)).toEqual({ items: [] });
});

test("a mapping and the end of its API, its stage or its domain name at once: never a mapping to nothing", async () => {
  for (const end of ["api", "stage", "domain"] as const) {
    const { api, restApiId } = await start();
    const ended = {
      api: () => api.DeleteRestApi({ restApiId }, call),
      stage: () => api.DeleteStage({ restApiId, stageName: "prod" }, call),
      domain: () => api.DeleteDomainName({ domainName }, call),
    }[end];
    const outcomes = await Promise.all([
      ...["a", "b", "c"].map((basePath) => refusal(api.CreateBasePathMapping({ domainName, basePath, restApiId, stage: "prod" }, call))),
      refusal(ended()),
    ]);
    const mapped = outcomes.slice(0, 3).filter((outcome) => outcome.startsWith("accepted"));
    if (end === "domain") expect(await refusal(api.GetBasePathMappings({ domainName }, call))).toBe("NotFoundException: Invalid domain name identifier specified");
    else expect([outcomes[3], mapped.length]).toEqual(outcomes[3] === "accepted: {}" ? ["accepted: {}", 0] : [expect.stringContaining("Please remove all base path mappings"), 3]);
  }
});

test("one base path and many who want it: one gets it", async () => {
  const { api, restApiId } = await start();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refusal(api.CreateBasePathMapping({ domainName, basePath: "a", restApiId }, call))));
  expect(answers.filter((answer) => answer === "ConflictException: Base path already exists for this domain name")).toHaveLength(7);
});

const typed = (types: "REGIONAL" | "PRIVATE") => ({ endpointConfiguration: { types: [types] } }) as const;

test("private APIs answer under private domain names alone, and others do not (guide: apigateway-private-custom-domains)", async () => {
  const { api, restApiId } = await start();
  const { id: hidden = "" } = await api.CreateRestApi({ name: "private", ...typed("PRIVATE") }, call);
  const { domainNameId = "" } = await api.CreateDomainName({ domainName, certificateArn: ACM, ...typed("PRIVATE") }, call);
  const toPrivate = { domainName, domainNameId };
  expect(await refusal(api.CreateBasePathMapping({ domainName, restApiId: hidden }, call))).toBe(
    "BadRequestException: A PRIVATE api can only be mapped to a private custom domain name.",
  );
  const onlyPrivate = "BadRequestException: A private custom domain name can only be mapped to a PRIVATE api.";
  expect(await refusal(api.CreateBasePathMapping({ ...toPrivate, restApiId }, call))).toBe(onlyPrivate);
  const mapping = { basePath: "(none)", restApiId: hidden };
  expect(await api.CreateBasePathMapping({ ...toPrivate, restApiId: hidden }, call)).toEqual(mapping);
  expect(await api.GetBasePathMapping({ ...toPrivate, basePath: "(none)" }, call)).toEqual(mapping);
  expect(await refusal(api.GetBasePathMapping({ domainName, basePath: "(none)" }, call))).toBe(NOT_FOUND);
  const patchOperations = [{ op: "replace", path: "/endpointConfiguration/types/PRIVATE", value: "REGIONAL" }] as const;
  expect(await refusal(api.UpdateRestApi({ restApiId: hidden, patchOperations }, call))).toBe(onlyPrivate);
});

test("mutual TLS is for regional APIs (github.com/aws/aws-cdk/issues/11690)", async () => {
  const { api, restApiId } = await start();
  const { id: regional = "" } = await api.CreateRestApi({ name: "regional", ...typed("REGIONAL") }, call);
  const mutual = { domainName: "mutual.example.com", regionalCertificateArn: ACM, ...typed("REGIONAL") };
  await api.CreateDomainName({ ...mutual, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key" } }, call);
  expect(await refusal(api.CreateBasePathMapping({ domainName: "mutual.example.com", restApiId }, call))).toBe(
    "BadRequestException: Mutual TLS authentication is supported for Regional APIs only",
  );
  expect((await api.CreateBasePathMapping({ domainName: "mutual.example.com", restApiId: regional }, call)).restApiId).toBe(regional);
});
