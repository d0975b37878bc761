// Which rule decides about a request, and what it decides.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import type { TracedRequest } from "../../ports/tracer.ts";
import { matchesGlob } from "./glob.ts";
import { readSamplingRules } from "./rules-file.ts";
import { createSampler } from "./sampler.ts";
import { DEFAULT_RULE, parseSamplingRules, SamplingRulesError } from "./sampling-rules.ts";

const REQUEST: TracedRequest = {
  account: "123456789012",
  region: "us-east-1",
  serviceName: "testxray/test",
  resourceArn: "arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/test",
  host: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  httpMethod: "GET",
  path: "/test/pets",
  headers: ["Host", "a1", "X-Debug", "yes"],
};

describe("xray-console-sampling: wildcards", () => {
  test.each([
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["GET", "get", true],
    ["G?T", "GET", true],
    ["G?T", "GT", false],
    ["*.example.com", "api.example.com", true],
    ["*.example.com", "example.com", false],
    ["/a/*/c*", "/a/b/b/cc", true],
    ["/a/*/c", "/a/b/d", false],
    ["a*a*b", "aaaab", true],
    ["[a-z]+", "abc", false],
    ["**", "anything", true],
  ])("%s takes %s: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("take no longer than the lengths allow", () => {
    const start = performance.now();
    expect(matchesGlob("*a".repeat(250), "a".repeat(5_000) + "b")).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

/** The name of the first rule that matches. */
const deciding = (document: unknown, parts: Partial<TracedRequest> = {}) =>
  parseSamplingRules(document).find(({ matches }) => matches({ ...REQUEST, ...parts }));

const records = (...rules: readonly object[]) => ({ SamplingRuleRecords: rules.map((SamplingRule) => ({ SamplingRule, CreatedAt: 0, ModifiedAt: 0 })) });
const LIMITS = { ReservoirSize: 1, FixedRate: 0.1 };

describe("apigateway-configuring-xray-sampling-rules", () => {
  // As `aws xray get-sampling-rules` prints the guide's two.
  const all = { Priority: 9, ServiceName: "*", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "*", ResourceARN: "*", Version: 1, Attributes: {}, ...LIMITS };
  const GUIDE = records(
    { ...all, RuleName: "Default", Priority: 10_000, ReservoirSize: 3, FixedRate: 0.5 },
    { ...all, RuleName: "prod-sampling", Priority: 478, ServiceName: "testxray/prod", ServiceType: "AWS::ApiGateway::Stage", FixedRate: 0.6 },
    { ...all, RuleName: "test-sampling", Priority: 17, ServiceName: "testxray/test", ServiceType: "AWS::ApiGateway::*", HTTPMethod: "GET", ReservoirSize: 10 },
  );

  test.each<[Partial<TracedRequest>, string, number, number]>([
    [{}, "test-sampling", 10, 0.1],
    [{ serviceName: "testxray/prod", httpMethod: "POST" }, "prod-sampling", 1, 0.6],
    [{ httpMethod: "POST" }, "Default", 3, 0.5],
  ])("the guide's examples: %j is the matter of %s", (parts, name, reservoir, rate) => {
    expect(deciding(GUIDE, parts)).toMatchObject({ name, reservoir, rate });
  });

  test.each<[object, boolean]>([
    [{}, true],
    [{ ServiceType: "AWS::EC2::Instance" }, false],
    [{ ResourceARN: "arn:aws:apigateway:*::/restapis/a1b2c3d4e5/stages/test" }, true],
    [{ ResourceARN: "arn:aws:apigateway:*::/restapis/other/stages/test" }, false],
    [{ Host: "*.execute-api.*" }, true],
    [{ Host: "api.example.com" }, false],
    [{ URLPath: "/test/*" }, true],
    [{ URLPath: "/pets" }, false],
    [{ Attributes: { "x-debug": "y*" } }, true],
    [{ Attributes: { "X-Debug": "no" } }, false],
    [{ Attributes: { "X-Other": "*" } }, false],
  ])("a rule with %j takes the request: %s", (parts, expected) => {
    expect(deciding(records({ RuleName: "own", Priority: 1, ...LIMITS, ...parts }))?.name).toBe(expected ? "own" : "Default");
  });

  it("has X-Ray's default rule at the end, when there is no other", () => {
    expect(parseSamplingRules({ SamplingRuleRecords: [] })).toEqual([DEFAULT_RULE]);
    expect(DEFAULT_RULE).toMatchObject({ name: "Default", reservoir: 1, rate: 0.05 });
  });
});

describe("X-Ray SDK guides: local sampling rules", () => {
  const MOVES = { description: "Player moves.", host: "*", http_method: "*", url_path: "/test/*", fixed_target: 0, rate: 0.05 };
  const LOCAL = { version: 2, rules: [MOVES], default: { fixed_target: 1, rate: 0.1 } };

  it("are tried in their order, and have a default", () => {
    expect(deciding(LOCAL)).toMatchObject({ name: undefined, reservoir: 0, rate: 0.05 });
    expect(deciding(LOCAL, { path: "/other" })).toMatchObject({ name: undefined, reservoir: 1, rate: 0.1 });
    expect(deciding({ version: 2, default: { fixed_target: 5, rate: 1 } })).toMatchObject({ reservoir: 5, rate: 1 });
  });
});

describe("a document that holds no rules is refused, and says where:", () => {
  const rule = (parts: object) => records({ RuleName: "r", Priority: 1, ...LIMITS, ...parts });
  const local = (parts: object) => ({ version: 2, default: { fixed_target: 1, rate: 1 }, ...parts });
  test.each<[unknown, string]>([
    [[], "there is no JSON object in it"],
    [{}, "it has neither SamplingRuleRecords, as aws xray get-sampling-rules prints them, nor a version, as local sampling rules"],
    [{ SamplingRuleRecords: {} }, "SamplingRuleRecords must be a list"],
    [{ SamplingRuleRecords: [{}] }, "SamplingRuleRecords[0].SamplingRule must be an object"],
    [rule({ RuleName: "" }), "SamplingRuleRecords[0].SamplingRule.RuleName must be a text"],
    [rule({ Priority: 0.5 }), "SamplingRuleRecords[0].SamplingRule.Priority must be a whole number from 0"],
    [rule({ ReservoirSize: -1 }), "SamplingRuleRecords[0].SamplingRule.ReservoirSize must be a whole number from 0"],
    [rule({ FixedRate: 5 }), "SamplingRuleRecords[0].SamplingRule.FixedRate must be a number from 0 to 1"],
    [rule({ FixedRate: null }), "SamplingRuleRecords[0].SamplingRule.FixedRate must be a number from 0 to 1"],
    [rule({ Host: 1 }), "SamplingRuleRecords[0].SamplingRule.Host must be a text"],
    [rule({ Attributes: { a: 1 } }), "SamplingRuleRecords[0].SamplingRule.Attributes.a must be a text"],
    [rule({ SamplingRateBoost: {} }), "SamplingRuleRecords[0].SamplingRule has SamplingRateBoost, which Gatehouse does not know"],
    [{ version: 1, default: { fixed_target: 1, rate: 1 } }, "the version of local sampling rules must be 2"],
    [{ version: 2 }, "default must be an object"],
    [local({ rules: {} }), "rules must be a list"],
    [local({ rules: [{ fixed_target: 1, rate: 1, service_name: "*" }] }), "rules[0] has service_name, which Gatehouse does not know"],
    [local({ default: { fixed_target: "1", rate: 1 } }), "default.fixed_target must be a whole number from 0"],
  ])("%j", (document, message) => {
    expect(() => parseSamplingRules(document)).toThrow(new SamplingRulesError(message));
  });

  const directory = mkdtempSync(join(tmpdir(), "sampling-rules-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("a file that is not there, or is no JSON", () => {
    const path = join(directory, "rules.json");
    expect(() => readSamplingRules(path)).toThrow(new SamplingRulesError(`cannot read sampling rules from ${path}: ENOENT: no such file or directory, open '${path}'`));
    writeFileSync(path, "{");
    expect(() => readSamplingRules(path)).toThrow(/^cannot read sampling rules from \S+: [^\n]+$/);
    writeFileSync(path, '{"version": 2, "default": {"fixed_target": 0, "rate": 1}}');
    expect(readSamplingRules(path)).toMatchObject([{ reservoir: 0, rate: 1 }]);
  });
});

describe("apigateway-enabling-xray: 1 request per second, with 5 percent of requests sampled past that limit", () => {
  function sampler(rules = [DEFAULT_RULE]) {
    const time = { now: 1_583_349_317_135, drawn: 0.99 };
    const { sample } = createSampler({ rules, clock: { now: () => time.now, after: () => () => undefined }, random: () => time.drawn });
    return { time, ask: (parts: Partial<TracedRequest> = {}) => sample({ ...REQUEST, ...parts }) };
  }

  it("takes the first of each second, and as many others as are drawn", () => {
    const { ask, time } = sampler();
    const sampled: boolean[] = [];
    for (const [now, drawn] of [[0, 0.99], [0, 0.05], [0, 0.049], [864, 0.5], [865, 0.5], [866, 0.5], [3_000, 0.5]] as const) {
      time.now = 1_583_349_317_135 + now;
      time.drawn = drawn;
      sampled.push(ask().sampled);
    }
    expect(sampled).toEqual([true, false, true, false, true, false, true]);
    expect(ask()).toEqual({ sampled: false, ruleName: "Default" });
  });

  it("has a reservoir for each rule, account and region", () => {
    const first = { name: "first", reservoir: 2, rate: 0, matches: ({ path }: TracedRequest) => path === "/first" };
    const { ask } = sampler([first, DEFAULT_RULE]);
    const count = (parts: Partial<TracedRequest>) => [1, 2, 3].filter(() => ask(parts).sampled).length;
    expect(count({ path: "/first" })).toBe(2);
    expect(count({})).toBe(1);
    expect(count({ serviceName: "other/prod" })).toBe(0);
    expect(count({ account: "000000000000" })).toBe(1);
    expect(count({ region: "eu-west-1" })).toBe(1);
  });
});
