import { expect, test } from "vitest";
import { call, callOf, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const arn = (path: string): string => `arn:aws:apigateway:us-east-1::/${path}`;

/** What can have tags, made with them: the path of its ARN, how it shows them, and how it is removed. */
interface Taggable {
  readonly path: string;
  readonly tags: () => Promise<unknown>;
  readonly absent: string;
}

const tags = { team: "pets" };

const MAKERS: Readonly<Record<string, (api: ControlPlane) => Promise<Taggable>>> = {
  async restapis(api) {
    const { id } = await api.CreateRestApi({ name: "a", tags }, call);
    const restApiId = id as string;
    const absent = "Invalid API identifier specified 000000000000:none";
    return { path: `restapis/${id}`, tags: async () => (await api.GetRestApi({ restApiId }, call)).tags, absent };
  },
  async stages(api) {
    const { restApiId } = await petStore(api);
    const { id } = await api.CreateDeployment({ restApiId }, call);
    await api.CreateStage({ restApiId, stageName: "prod", deploymentId: id as string, tags }, call);
    const absent = "Invalid stage identifier specified";
    return { path: `restapis/${restApiId}/stages/prod`, tags: async () => (await api.GetStage({ restApiId, stageName: "prod" }, call)).tags, absent };
  },
  async apikeys(api) {
    const { id } = await api.CreateApiKey({ name: "a", tags }, call);
    return { path: `apikeys/${id}`, tags: async () => (await api.GetApiKey({ apiKey: id as string }, call)).tags, absent: "Invalid API Key identifier specified" };
  },
  async usageplans(api) {
    const { id } = await api.CreateUsagePlan({ name: "a", tags }, call);
    const absent = "Invalid Usage Plan ID specified";
    return { path: `usageplans/${id}`, tags: async () => (await api.GetUsagePlan({ usagePlanId: id as string }, call)).tags, absent };
  },
  async clientcertificates(api) {
    const { clientCertificateId = "" } = await api.GenerateClientCertificate({ tags }, call);
    const absent = "Invalid Client Certificate identifier specified";
    return { path: `clientcertificates/${clientCertificateId}`, tags: async () => (await api.GetClientCertificate({ clientCertificateId }, call)).tags, absent };
  },
  async vpclinks(api) {
    const { id } = await api.CreateVpcLink({ name: "a", targetArns: [NLB], tags }, call);
    const absent = "Invalid Vpc Link identifier specified";
    return { path: `vpclinks/${id}`, tags: async () => (await api.GetVpcLink({ vpcLinkId: id as string }, call)).tags, absent };
  },
};

// apigateway-tagging-supported-resources
test.each(Object.keys(MAKERS))("%s: TagResource adds and overwrites, UntagResource removes, GetTags and the thing itself show", async (kind) => {
  const { api } = startControlPlane();
  const taggable = await (MAKERS[kind] as (typeof MAKERS)[string])(api);
  const resourceArn = arn(taggable.path);
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags });
  expect(await api.TagResource({ resourceArn, tags: { team: "dogs", stage: "é ü" } }, call)).toEqual({});
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: { team: "dogs", stage: "é ü" } });
  expect(await taggable.tags()).toEqual({ team: "dogs", stage: "é ü" });
  expect(await api.UntagResource({ resourceArn, tagKeys: ["team", "none"] }, call)).toEqual({});
  expect(await taggable.tags()).toEqual({ stage: "é ü" });
  await api.UntagResource({ resourceArn, tagKeys: ["stage"] }, call);
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: {} });

  const none = arn(taggable.path.replace(/[^/]+$/, "none"));
  for (const refused of [
    api.GetTags({ resourceArn: none }, call),
    api.TagResource({ resourceArn: none, tags }, call),
    api.UntagResource({ resourceArn: none, tagKeys: ["a"] }, call),
  ]) {
    expect(await refusal(refused)).toBe(`NotFoundException: ${taggable.absent}`);
  }
  expect(await refusal(api.GetTags({ resourceArn }, callOf("111111111111", "us-east-1")))).toMatch(/^NotFoundException: /);
});

// arn-format-reference: these exist, and cannot have tags, or belong to another service or region.
test.each([
  "arn:aws:apigateway:us-east-1::/account",
  "arn:aws:apigateway:us-east-1::/vpclinks",
  "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/deployments/d1",
  "arn:aws:apigateway:us-east-1::/restapis/a1b2c3/stages",
  "arn:aws:apigateway:us-east-1::/usageplans/a1b2c3/keys/k1",
  "arn:aws:apigateway:us-east-1::/vpclinks/",
  "arn:aws:apigateway:us-east-1::vpclinks/a1b2c3",
  "arn:aws:apigateway:eu-west-1::/vpclinks/a1b2c3",
  "arn:aws:execute-api:us-east-1:000000000000:a1b2c3/prod/GET/",
  "arn:aws:apigateway:us-east-1::/toString/a1b2c3",
  "a1b2c3",
  "",
])("nothing that has tags: %s", async (resourceArn) => {
  const { api } = startControlPlane();
  const expected = `BadRequestException: Invalid ARN specified: ${resourceArn}`;
  expect(await refusal(api.GetTags({ resourceArn }, call))).toBe(expected);
  expect(await refusal(api.TagResource({ resourceArn, tags }, call))).toBe(expected);
  expect(await refusal(api.UntagResource({ resourceArn, tagKeys: ["a"] }, call))).toBe(expected);
});

const KEY_RULE = "Tag keys have 1 to 128 letters, numbers, spaces and the symbols _ . : / = + - @";
const VALUE_RULE = "Tag values have up to 256 letters, numbers, spaces and the symbols _ . : / = + - @";

// apigateway-tagging-restrictions
test.each([
  [{ "aws:team": "a" }, "Invalid tag key: aws:team. Tag keys must not start with aws:"],
  [{ "AWS:team": "a" }, "Invalid tag key: AWS:team. Tag keys must not start with aws:"],
  [{ "": "a" }, `Invalid tag key: . ${KEY_RULE}`],
  [{ ["k".repeat(129)]: "a" }, `Invalid tag key: ${"k".repeat(129)}. ${KEY_RULE}`],
  [{ "a!": "a" }, `Invalid tag key: a!. ${KEY_RULE}`],
  [{ a: "v".repeat(257) }, `Invalid tag value for key a. ${VALUE_RULE}`],
  [{ a: "<" }, `Invalid tag value for key a. ${VALUE_RULE}`],
  [Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, ""])), "A resource has at most 50 tags; this would make 51"],
])("TagResource refuses %o, and then changes nothing", async (given, expected) => {
  const { api } = startControlPlane();
  const { path } = await (MAKERS["vpclinks"] as (typeof MAKERS)[string])(api);
  const resourceArn = arn(path);
  expect(await refusal(api.TagResource({ resourceArn, tags: given }, call))).toBe(`BadRequestException: ${expected}`);
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags });
});

test("tags as long and as many as can be", async () => {
  const { api } = startControlPlane();
  const { path } = await (MAKERS["vpclinks"] as (typeof MAKERS)[string])(api);
  const most = { ["𝓀".repeat(128)]: "𝓋".repeat(256), "a_.:/=+-@ ": "", ...Object.fromEntries(Array.from({ length: 47 }, (_, i) => [`k${i}`, ""])) };
  await api.TagResource({ resourceArn: arn(path), tags: most }, call);
  expect((await api.GetTags({ resourceArn: arn(path) }, call)).tags).toEqual({ ...tags, ...most });
});

test("tags that are added at the same moment are all there", async () => {
  const { api } = startControlPlane();
  const { path } = await (MAKERS["vpclinks"] as (typeof MAKERS)[string])(api);
  await Promise.all(Array.from({ length: 20 }, (_, i) => api.TagResource({ resourceArn: arn(path), tags: { [`k${i}`]: "" } }, call)));
  expect(Object.keys((await api.GetTags({ resourceArn: arn(path) }, call)).tags ?? {})).toHaveLength(21);
});
