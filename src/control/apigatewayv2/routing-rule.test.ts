import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateRoutingRuleRequest, RoutingMode, RoutingRuleCondition } from "../../model/apigatewayv2.types.gen.ts";

const DomainName = "regional.example.com";

interface Options {
  readonly RoutingMode?: RoutingMode;
  readonly limit?: number;
}

async function start({ RoutingMode = "ROUTING_RULE_THEN_API_MAPPING", limit = 50 }: Options = {}) {
  const plane = startControlPlane({ httpLimits: { routingRulesPerDomainName: limit } });
  const { api, v2 } = plane;
  const CertificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/a";
  await v2.CreateDomainName({ DomainName, RoutingMode, DomainNameConfigurations: [{ CertificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }] }, call);
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  const create = (members: Partial<CreateRoutingRuleRequest> = {}) =>
    v2.CreateRoutingRule({ DomainName, Priority: 50, Conditions: [], Actions: [{ InvokeApi: { ApiId: restApiId, Stage: "prod" } }], ...members }, call);
  plane.domainsPublished.length = 0;
  return { ...plane, restApiId, create };
}

const PATH: RoutingRuleCondition = { MatchBasePaths: { AnyOf: ["PetStoreShopper"] } };
const header = (Header: string, ValueGlob: string): RoutingRuleCondition => ({ MatchHeaders: { AnyOf: [{ Header, ValueGlob }] } });

test("CreateRoutingRule, GetRoutingRule, ListRoutingRules by pages, PutRoutingRule, DeleteRoutingRule", async () => {
  const { v2, create, restApiId, domainsPublished } = await start();
  const made = await create({ Conditions: [PATH, header("Accept", "image/webp"), header("Pet", "Dog-*")] });
  const RoutingRuleId = made.RoutingRuleId as string;
  expect(made).toEqual({
    Actions: [{ InvokeApi: { ApiId: restApiId, Stage: "prod", StripBasePath: false } }],
    Conditions: [PATH, header("Accept", "image/webp"), header("Pet", "Dog-*")],
    Priority: 50,
    RoutingRuleArn: `arn:aws:apigateway:us-east-1:000000000000:/domainnames/${DomainName}/routingrules/${RoutingRuleId}`,
    RoutingRuleId,
  });
  const key = { DomainName, RoutingRuleId };
  expect(await v2.GetRoutingRule(key, call)).toEqual(made);
  const second = await create({ Priority: 1_000_000 });
  const page = await v2.ListRoutingRules({ DomainName, MaxResults: 1 }, call);
  expect(page).toEqual({ RoutingRules: [made], NextToken: expect.any(String) });
  expect(await v2.ListRoutingRules({ DomainName, NextToken: page.NextToken as string }, call)).toEqual({ RoutingRules: [second] });
  const replaced = { Priority: 1, Conditions: [], Actions: [{ InvokeApi: { ApiId: restApiId, Stage: "prod", StripBasePath: true } }] };
  expect(await v2.PutRoutingRule({ ...key, ...replaced }, call)).toEqual({ ...made, ...replaced });
  expect(await v2.GetRoutingRule(key, call)).toEqual({ ...made, ...replaced });
  expect(await v2.DeleteRoutingRule(key, call)).toEqual({});
  expect(domainsPublished).toEqual([DomainName, DomainName, DomainName, DomainName]);
  for (const gone of [v2.GetRoutingRule(key, call), v2.PutRoutingRule({ ...key, ...replaced }, call), v2.DeleteRoutingRule(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid routing rule identifier specified");
  }
});

test.each<[Partial<CreateRoutingRuleRequest>, string]>([
  [{ DomainName: "other.example.com" }, "NotFoundException: Invalid domain name identifier specified"],
  [{ DomainNameId: "abcd1234" }, "NotFoundException: Invalid domain name identifier specified"],
  [{ Actions: [] }, "BadRequestException: A routing rule must have exactly one action"],
  [{ Actions: [{ InvokeApi: { ApiId: "nothere", Stage: "prod" } }] }, "NotFoundException: Invalid API identifier specified 000000000000:nothere"],
  [{ Priority: 0 }, "BadRequestException: Invalid priority specified: 0. Must be between 1 and 1000000"],
  [{ Priority: 1_000_001 }, "BadRequestException: Invalid priority specified: 1000001. Must be between 1 and 1000000"],
  [{ Priority: 7 }, "ConflictException: A routing rule with the priority 7 already exists for this domain name"],
  [{ Conditions: [{}] }, "BadRequestException: A condition must match headers or base paths"],
  [{ Conditions: [header("a", "b"), header("c", "d"), header("e", "f")] }, "BadRequestException: A routing rule has at most 2 header conditions; this would have 3"],
  [{ Conditions: [PATH, PATH] }, "BadRequestException: A routing rule has at most 1 base path condition; this would have 2"],
  [{ Conditions: [header("a".repeat(40), "b")] }, `BadRequestException: Invalid header specified: ${"a".repeat(40)}`],
  [{ Conditions: [header("a b", "c")] }, "BadRequestException: Invalid header specified: a b"],
  [{ Conditions: [header("X-Forwarded-For", "c")] }, "BadRequestException: Invalid header specified: X-Forwarded-For. It is not supported in routing rules"],
  [{ Conditions: [header("a", "b".repeat(128))] }, `BadRequestException: Invalid valueGlob specified: ${"b".repeat(128)}`],
  [{ Conditions: [header("a", "b c")] }, "BadRequestException: Invalid valueGlob specified: b c"],
  [{ Conditions: [header("a", "b*c")] }, "BadRequestException: Invalid valueGlob specified: b*c. Wildcards stand at the beginning and at the end alone"],
  [{ Conditions: [{ MatchBasePaths: { AnyOf: ["/pets"] } }] }, "BadRequestException: Invalid base path specified: /pets"],
  [{ Conditions: [{ MatchBasePaths: { AnyOf: ["a".repeat(128)] } }] }, `BadRequestException: Invalid base path specified: ${"a".repeat(128)}`],
])("CreateRoutingRule refuses %j", async (members, expected) => {
  const { v2, create } = await start();
  await create({ Priority: 7 });
  expect(await refusal(create(members))).toBe(expected);
  expect((await v2.ListRoutingRules({ DomainName }, call)).RoutingRules?.length).toBe(1);
});

test("rules are of REST APIs alone, and of stages that there are", async () => {
  const { v2, create, restApiId } = await start();
  const http = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", Target: "https://example.com" }, call);
  const ApiId = http.ApiId as string;
  expect(await refusal(create({ Actions: [{ InvokeApi: { ApiId, Stage: "$default" } }] }))).toBe(`NotFoundException: Invalid API identifier specified 000000000000:${ApiId}`);
  expect(await refusal(create({ Actions: [{ InvokeApi: { ApiId: restApiId, Stage: "test" } }] }))).toBe("BadRequestException: Invalid stage identifier specified");
});

test("set-routing-mode: no rules where mappings alone count, and no mappings where rules alone do", async () => {
  const mapped = await start({ RoutingMode: "API_MAPPING_ONLY" });
  expect(await refusal(mapped.create())).toBe("BadRequestException: Routing rules cannot be created for a domain name with the routing mode API_MAPPING_ONLY");
  expect(await mapped.v2.ListRoutingRules({ DomainName }, call)).toEqual({ RoutingRules: [] });
  const { api, v2, create, restApiId } = await start({ RoutingMode: "ROUTING_RULE_ONLY" });
  await create();
  const words = "BadRequestException: API mappings cannot be created for a domain name with the routing mode ROUTING_RULE_ONLY";
  expect(await refusal(v2.CreateApiMapping({ DomainName, ApiId: restApiId, Stage: "prod" }, call))).toBe(words);
  expect(await refusal(api.CreateBasePathMapping({ domainName: DomainName, restApiId, stage: "prod" }, call))).toBe(words);
});

test("neither the API nor the stage that a rule leads to is deleted; with its domain name it goes", async () => {
  const { api, v2, store, create, restApiId } = await start();
  await create();
  expect(await refusal(api.DeleteStage({ restApiId, stageName: "prod" }, call))).toBe(
    `BadRequestException: Deleting stage prod failed. Please remove all routing rules related to the stage in your domains: ${DomainName}`,
  );
  expect(await refusal(api.DeleteRestApi({ restApiId }, call))).toBe(
    `BadRequestException: Deleting RestApi ${restApiId} failed. Please remove all routing rules related to the RestApi in your domains: ${DomainName}`,
  );
  await v2.DeleteDomainName({ DomainName }, call);
  expect(await store.count({ name: "routing-rule", indexes: {} }, {})).toBe(0);
  expect(await api.DeleteRestApi({ restApiId }, call)).toEqual({});
});

test("quotas: routing rules of a domain name", async () => {
  const { create } = await start({ limit: 1 });
  await create();
  expect(await refusal(create({ Priority: 2 }))).toBe(
    "TooManyRequestsException: Maximum number of routing rules for this domain name has been reached. Please contact AWS if you need additional routing rules.",
  );
});

test("of rules made at once with one priority, one is there", async () => {
  const { v2, create } = await start();
  const made = await Promise.all(Array.from({ length: 5 }, () => refusal(create())));
  expect(made.filter((each) => each.startsWith("accepted")).length).toBe(1);
  expect(made.filter((each) => each === "ConflictException: A routing rule with the priority 50 already exists for this domain name").length).toBe(4);
  expect((await v2.ListRoutingRules({ DomainName }, call)).RoutingRules?.length).toBe(1);
});
