import { expect, test } from "vitest";
import { createMemoryStore } from "../adapters/memory/index.ts";
import type { BasePathMapping, CustomDomain, DomainName } from "../domain/domain-name.ts";
import { basePathMappings, domainNameKey, domainNames } from "../domain/domain-name.ts";
import { type RoutingRule, routingRules } from "../domain/routing-rule.ts";
import { put, remove } from "../ports/store.ts";
import { createDomainPublisher } from "./domains.ts";

const DOMAIN: DomainName = {
  domainName: "api.example.com",
  account: "000000000000",
  region: "us-east-1",
  certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/a",
  certificateUploadDate: 0,
  types: ["EDGE"],
  ipAddressType: "ipv4",
  securityPolicy: "TLS_1_2",
  routingMode: "BASE_PATH_MAPPING_ONLY",
  tags: {},
};
const MAPPING: BasePathMapping = { basePath: "a", restApiId: "a1b2c3d4e5", stage: "prod" };
const keyOf = ({ account, region, domainName, domainNameId }: DomainName) => domainNameKey(account, region, domainName, domainNameId);

function start() {
  const store = createMemoryStore();
  const told: (CustomDomain | string)[] = [];
  const gateways = {
    putDomain: (domain: CustomDomain) => void told.push(domain),
    dropDomain: (domainName: string, domainNameId: string | undefined) => void told.push(`${domainName} ${domainNameId}`),
  };
  return { store, told, publisher: createDomainPublisher({ store, gateways }) };
}

test("a domain name, with its mappings, and no longer when it is gone", async () => {
  const { publisher, store, told } = start();
  await store.commit([put(domainNames, keyOf(DOMAIN), DOMAIN, "absent"), put(basePathMappings, [...keyOf(DOMAIN), "a"], MAPPING, "absent")]);
  await publisher.domainChanged(DOMAIN);
  await store.commit([remove(domainNames, keyOf(DOMAIN), "any")]);
  await publisher.domainChanged(DOMAIN);
  expect(told).toEqual([
    { domainName: "api.example.com", domainNameId: undefined, mappings: [MAPPING], refusal: undefined },
    "api.example.com undefined",
  ]);
});

test("the gateway ends with what the store has last, however many changes are under way", async () => {
  const { publisher, store, told } = start();
  await store.commit([put(domainNames, keyOf(DOMAIN), DOMAIN, "absent")]);
  const changes = ["a", "b", "c"].map(async (basePath) => {
    await store.commit([put(basePathMappings, [...keyOf(DOMAIN), basePath], { ...MAPPING, basePath }, "absent")]);
    await publisher.domainChanged(DOMAIN);
  });
  await Promise.all(changes);
  const [last] = told.slice(-1) as CustomDomain[];
  expect(last?.mappings.map(({ basePath }) => basePath)).toEqual(["a", "b", "c"]);
});

test("at the start: all of them, and why some are not served", async () => {
  const { publisher, store, told } = start();
  const { certificateArn, ...rest } = DOMAIN;
  const hidden: DomainName = { ...DOMAIN, domainName: "private.example.com", domainNameId: "abcd1234", types: ["PRIVATE"], ipAddressType: "dualstack" };
  const regionalCertificateArn = certificateArn as string;
  const mutual: DomainName = { ...rest, domainName: "mutual.example.com", regionalCertificateArn, types: ["REGIONAL"], mutualTlsAuthentication: { truststoreUri: "s3://a-b/c" } };
  await store.commit([DOMAIN, hidden, mutual].map((domain) => put(domainNames, keyOf(domain), domain, "absent")));
  await publisher.publishAllDomains();
  expect((told as CustomDomain[]).map(({ domainName, domainNameId, refusal }) => [domainName, domainNameId, refusal])).toEqual([
    ["api.example.com", undefined, undefined],
    ["mutual.example.com", undefined, "Gatehouse has not built mutual TLS yet: mutual.example.com is not served, as its clients would not be authenticated."],
    [
      "private.example.com",
      "abcd1234",
      "Gatehouse has not built private domain names yet: private.example.com is not served, as neither its policy nor its access associations would be enforced.",
    ],
  ]);
});

test("set-routing-mode: mappings or routing rules that its mode does not let count are not told; rules by their priorities", async () => {
  const rule = (routingRuleId: string, priority: number): RoutingRule => ({ routingRuleId, priority, conditions: [], restApiId: "a1b2c3d4e5", stage: "prod", stripBasePath: false });
  const told: Record<string, unknown> = {};
  for (const routingMode of ["BASE_PATH_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_BASE_PATH_MAPPING"] as const) {
    const { publisher, store, told: all } = start();
    const domain = { ...DOMAIN, routingMode };
    const key = keyOf(domain);
    const rules = [rule("a", 20), rule("b", 3)].map((each) => put(routingRules, [...key, each.routingRuleId], each, "absent"));
    await store.commit([put(domainNames, key, domain, "absent"), put(basePathMappings, [...key, "a"], MAPPING, "absent"), ...rules]);
    await publisher.domainChanged(domain);
    const [{ mappings, rules: counting }] = all as [CustomDomain];
    told[routingMode] = [mappings.length, counting?.map(({ routingRuleId }) => routingRuleId)];
  }
  expect(told).toEqual({ BASE_PATH_MAPPING_ONLY: [1, undefined], ROUTING_RULE_ONLY: [0, ["b", "a"]], ROUTING_RULE_THEN_BASE_PATH_MAPPING: [1, ["b", "a"]] });
});
