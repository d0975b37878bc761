// Which API a request to a custom domain name goes to by routing rules, as AWS's examples have it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules-examples.html).
import { describe, expect, it } from "vitest";
import type { BasePathMapping } from "../../src/domain/domain-name.ts";
import type { RoutingCondition, RoutingRule } from "../../src/domain/routing-rule.ts";
import { addressOf } from "../../src/gateway/address.ts";
import { createDomainIndex } from "../../src/gateway/domain-index.ts";
import type { HttpRequest } from "../../src/ports/http-server.ts";

const header = (name: string, valueGlob: string): RoutingCondition => ({ matchHeaders: [{ header: name, valueGlob }] });
const basePath = (...paths: string[]): RoutingCondition => ({ matchBasePaths: paths });

/** Rules in the order of their priorities. */
const rule = (restApiId: string, conditions: readonly RoutingCondition[], more: Partial<RoutingRule> = {}): RoutingRule => ({
  routingRuleId: `rule of ${restApiId}`,
  priority: 1,
  conditions,
  restApiId,
  stage: "prod",
  stripBasePath: false,
  ...more,
});

/** API, stage, path, and how it was found. */
function goesTo(rules: readonly RoutingRule[], mappings: readonly BasePathMapping[], target: string, headers: readonly string[]) {
  const domains = createDomainIndex();
  domains.put({ domainName: "petstore.example.com", domainNameId: undefined, mappings, rules, refusal: undefined });
  const request: Partial<HttpRequest> = { target, headers: ["Host", "petstore.example.com", ...headers] };
  const { apiId, stageName, path, contextPath, customDomain } = addressOf(request as HttpRequest, domains) ?? expect.fail("is for the data plane");
  return [apiId, stageName, path, contextPath, customDomain?.routingRuleId ?? customDomain?.basePath];
}

describe("example 1: routing rules only", () => {
  const rules = [
    rule("API 1", [header("Hello", "World")]),
    rule("API 2", [header("Accept", "image/webp"), header("Pet", "Dog-*"), basePath("PetStoreShopper")]),
    rule("API 3", []),
  ];
  it.each<[string, readonly string[], string]>([
    ["/", ["Hello", "World"], "API 1"],
    ["/PetStoreShopper", ["Hello", "World", "Pet", "Dog-Bella", "Accept", "image/webp"], "API 1"],
    ["/PetStoreShopper", ["Pet", "Dog-Bella", "Accept", "image/webp"], "API 2"],
    ["/PetStoreShopper", ["Pet", "Dog-Bella"], "API 3"],
    // Names match in any case, values do not.
    ["/", ["hello", "World"], "API 1"],
    ["/", ["Hello", "world"], "API 3"],
    // Any header of the name may match.
    ["/", ["Hello", "Moon", "hello", "World"], "API 1"],
    ["/petstoreshopper", ["Pet", "Dog-Bella", "Accept", "image/webp"], "API 3"],
    ["/PetStoreShopperX", ["Pet", "Dog-Bella", "Accept", "image/webp"], "API 3"],
    ["/PetStoreShopper/dogs?a=b", ["Pet", "Dog-Bella", "Accept", "image/webp"], "API 2"],
  ])("%s %j goes to %s", (target, headers, api) => {
    const path = target.split("?", 1)[0];
    expect(goesTo(rules, [], target, headers)).toEqual([api, "prod", path, path, `rule of ${api}`]);
  });
});

describe("the base path is stripped where the rule says so", () => {
  it.each<[string, string, boolean, string | undefined]>([
    ["PetStoreShopper/dogs", "/PetStoreShopper/dogs", true, "/"],
    ["PetStoreShopper/dogs", "/PetStoreShopper/dogs/1?a=b", true, "/1"],
    ["PetStoreShopper/dogs", "/PetStoreShopper/dogs/1", false, "/PetStoreShopper/dogs/1"],
    ["PetStoreShopper/dogs", "/PetStoreShopper/%64ogs/a%2Fb", true, "/a%2Fb"],
    ["PetStoreShopper/dogs", "/PetStoreShopper", true, undefined],
    ["PetStoreShopper/dogs", "/a/PetStoreShopper/dogs", true, undefined],
  ])("%s of %s, %s", (path, target, stripBasePath, expected) => {
    const [api, , rest, contextPath] = goesTo([rule("API 1", [basePath(path)], { stripBasePath })], [], target, []);
    expect(expected === undefined ? api : rest).toBe(expected ?? "");
    expect(contextPath).toBe(target.split("?", 1)[0]);
  });
});

describe("example 2: routing rules, then mappings", () => {
  const rules = [rule("API 1", [basePath("pets")]), rule("API 2", [header("Hello", "World")])];
  const mappings = [
    { basePath: "pets", restApiId: "API 3", stage: "beta" },
    { basePath: "(none)", restApiId: "API 4" },
  ];
  it.each<[string, readonly string[], readonly unknown[]]>([
    ["/pets/1", [], ["API 1", "prod", "/pets/1", "/pets/1", "rule of API 1"]],
    ["/cats", ["Hello", "World"], ["API 2", "prod", "/cats", "/cats", "rule of API 2"]],
    ["/dev/cats", [], ["API 4", "dev", "/cats", "/dev/cats", "(none)"]],
  ])("%s %j", (target, headers, expected) => {
    expect(goesTo(rules, mappings, target, headers)).toEqual(expected);
  });
});

it("without a rule or a mapping that matches there is no such API", () => {
  expect(goesTo([rule("API 1", [header("Hello", "World")])], [], "/pets", [])).toEqual(["", "", "/pets", "/pets", undefined]);
});

it("a condition of several headers or base paths holds when any of them does", () => {
  const any = [rule("API 1", [{ matchHeaders: [{ header: "a", valueGlob: "1" }, { header: "b", valueGlob: "2" }], matchBasePaths: ["pets", "pets/dogs"] }])];
  expect(goesTo(any, [], "/pets", ["B", "2"])[0]).toBe("API 1");
  expect(goesTo(any, [], "/pets", ["B", "1"])[0]).toBe("");
  expect(goesTo(any, [], "/cats", ["B", "2"])[0]).toBe("");
});
