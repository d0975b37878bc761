// API keys, throttles and quotas of REST APIs over a socket: who is let in, how often, and what the others are told
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
import { describe, expect, it } from "vitest";
import { createMemoryCounters } from "../../src/adapters/memory/index.ts";
import type { Authorizer } from "../../src/domain/authorizer.ts";
import type { MethodSetting } from "../../src/domain/rest-api.ts";
import type { KeyChange, PublishedKey, PublishedPlan } from "../../src/ports/key-lookup.ts";
import { NOW, OWN_HEADERS, resultOf, startGateway } from "../harness/gateway.ts";
import type { TestGatewayOptions } from "../harness/gateway.ts";
import { API_ID, planOf, settingOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

const VALUE = "apikey1234abcdefghij0123456789";
const account = { account: "123456789012", region: "us-east-1" };

const SETTING = settingOf();
const throttled = (throttlingRateLimit: number, throttlingBurstLimit: number): MethodSetting => ({ ...SETTING, throttlingRateLimit, throttlingBurstLimit });

const TEMPLATE = '$context.identity.apiKey $context.identity.apiKeyId';
const MOCK: MethodParts = {
  integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": TEMPLATE } } } },
};
const KEYED: MethodParts = { ...MOCK, apiKeyRequired: true };

const keyOf = (parts: Partial<PublishedKey> = {}): KeyChange => ({ type: "key", key: { ...account, id: "k1", value: VALUE, enabled: true, planIds: ["p1"], ...parts } });
const usagePlanOf = (parts: Partial<PublishedPlan> = {}): KeyChange => ({
  type: "plan",
  plan: { ...account, id: "p1", apiStages: [{ apiId: API_ID, stage: "prod" }], ...parts },
});

const withKey = (value = VALUE) => ["x-api-key", value];
const refusal = (status: number, errorType: string, body: string) => ({ status, headers: { ...OWN_HEADERS, "content-type": "application/json", "x-amzn-errortype": errorType }, body });
const FORBIDDEN = refusal(403, "ForbiddenException", '{"message":"Forbidden"}');
const LIMIT_EXCEEDED = refusal(429, "LimitExceededException", '{"message":"Limit Exceeded"}');
const TOO_MANY_REQUESTS = refusal(429, "TooManyRequestsException", '{"message":"Too Many Requests"}');

interface Parts extends TestGatewayOptions {
  readonly methods?: Readonly<Record<string, MethodParts>>;
  readonly plan?: PlanParts;
}

/** A gateway whose time stands still until it is moved. */
async function start({ methods = { "GET /": KEYED }, plan = {}, ...options }: Parts = {}) {
  let now = NOW;
  const gate = await startGateway([planOf(methods, plan)], { ...options, now: () => now });
  return {
    ...gate,
    move: (ms: number) => void (now += ms),
    async answer(headers: readonly string[] = withKey(), path = "/", method = "GET") {
      const { status, headers: got, body } = await gate.ask({ path, headers, method });
      return { status, headers: got, body };
    },
    /** How many of so many requests are let in. */
    async admitted(requests: number, headers: readonly string[] = withKey(), path = "/", method = "GET") {
      let count = 0;
      for (let i = 0; i < requests; i++) if ((await gate.ask({ path, headers, method })).status === 200) count++;
      return count;
    },
  };
}

describe("a method that asks for an API key", () => {
  it("lets a key in that is in a usage plan for the stage, and shows it in the context", async () => {
    await using gate = await start({ keys: [keyOf(), usagePlanOf()] });
    expect(await gate.answer()).toEqual({ status: 200, headers: { ...OWN_HEADERS, "content-type": "application/json" }, body: `${VALUE} k1` });
    expect(await gate.answer(["X-API-Key", VALUE])).toMatchObject({ status: 200 });
  });

  it.each<[string, readonly KeyChange[], readonly string[]]>([
    ["no key", [keyOf(), usagePlanOf()], []],
    ["an unknown key", [keyOf(), usagePlanOf()], withKey("somethingelse")],
    ["a key in another case", [keyOf(), usagePlanOf()], withKey(VALUE.toUpperCase())],
    ["the key's id", [keyOf(), usagePlanOf()], withKey("k1")],
    ["a key that is not enabled", [keyOf({ enabled: false }), usagePlanOf()], withKey()],
    ["a key in no plan (github.com/serverless/serverless/issues/2450)", [keyOf({ planIds: [] }), usagePlanOf()], withKey()],
    ["a key in a plan without the stage", [keyOf(), usagePlanOf({ apiStages: [{ apiId: API_ID, stage: "test" }] })], withKey()],
    ["a key in a plan of another API", [keyOf(), usagePlanOf({ apiStages: [{ apiId: "zzzzzzzzzz", stage: "prod" }] })], withKey()],
    ["a key of another account", [keyOf({ account: "999999999999" }), usagePlanOf({ account: "999999999999" })], withKey()],
    ["a key of another region", [keyOf({ region: "eu-west-1" }), usagePlanOf({ region: "eu-west-1" })], withKey()],
    ["a key that is gone", [keyOf(), usagePlanOf(), { type: "keyGone", ...account, id: "k1" }], withKey()],
    ["a plan that is gone", [keyOf(), usagePlanOf(), { type: "planGone", ...account, id: "p1" }], withKey()],
    ["the value that the key had before", [keyOf(), usagePlanOf(), keyOf({ value: "apikey5678abcdefghij0123456789" })], withKey()],
  ])("refuses %s", async (_what, keys, headers) => {
    await using gate = await start({ keys });
    expect(await gate.answer(headers)).toEqual(FORBIDDEN);
    expect(gate.logged).toEqual([]);
  });

  it("chooses, of the plans of a key, the one that has the stage", async () => {
    const one = usagePlanOf({ id: "p1", apiStages: [{ apiId: API_ID, stage: "test" }], throttle: { rateLimit: 0, burstLimit: 0 } });
    const other = usagePlanOf({ id: "p2", throttle: { rateLimit: 0, burstLimit: 2 } });
    await using gate = await start({ keys: [one, other, keyOf({ planIds: ["p1", "p2"] })] });
    expect(await gate.admitted(4)).toBe(2);
  });

  it("does not look at keys where none is asked for, and has none in its context", async () => {
    await using gate = await start({ methods: { "GET /": MOCK }, keys: [keyOf(), usagePlanOf({ throttle: { rateLimit: 0, burstLimit: 0 } })] });
    expect(await gate.answer()).toMatchObject({ status: 200, body: " " });
    expect(await gate.answer([])).toMatchObject({ status: 200 });
  });

  it("answers with the API's own gateway responses", async () => {
    const gatewayResponses = [
      { responseType: "INVALID_API_KEY", statusCode: "401", responseTemplates: { "application/json": '{"type":"$context.error.responseType"}' } },
      { responseType: "QUOTA_EXCEEDED", responseTemplates: { "application/json": '{"type":"$context.error.responseType","key":"$context.identity.apiKeyId"}' } },
    ] as const;
    const plan: PlanParts = { snapshot: { gatewayResponses: gatewayResponses.map((each) => ({ responseParameters: {}, ...each })) } };
    await using gate = await start({ plan, keys: [keyOf(), usagePlanOf({ quota: { limit: 1, offset: 0, period: "DAY" } })] });
    expect(await gate.answer([])).toMatchObject({ status: 401, body: '{"type":"INVALID_API_KEY"}' });
    await gate.answer();
    expect(await gate.answer()).toMatchObject({ status: 429, body: '{"type":"QUOTA_EXCEEDED","key":"k1"}' });
  });
});

describe("a key from an authorizer (guide: api-gateway-api-key-source)", () => {
  const uriOf = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
  const authorizer: Authorizer = { id: "abc123", name: "auth", type: "TOKEN", authType: "custom", authorizerUri: uriOf("auth"), identitySource: "method.request.header.Auth" };
  const CUSTOM: MethodParts = { ...KEYED, authorizationType: "CUSTOM", authorizerId: "abc123" };
  const policyDocument = { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }] };
  const startWith = (usageIdentifierKey: string | undefined, apiKeySource: "HEADER" | "AUTHORIZER" = "AUTHORIZER", effect = "Allow") =>
    start({
      methods: { "GET /": CUSTOM, "GET /open": KEYED },
      plan: { snapshot: { apiKeySource, authorizers: [authorizer] } },
      keys: [keyOf(), usagePlanOf({ throttle: { rateLimit: 0, burstLimit: 1 } })],
      invoke: async () =>
        resultOf({ principalId: "user", usageIdentifierKey, policyDocument: { ...policyDocument, Statement: [{ ...policyDocument.Statement[0], Effect: effect }] } }),
    });
  const AUTH = ["Auth", "token"];

  it("is used without a header", async () => {
    await using gate = await startWith(VALUE);
    expect(await gate.answer(AUTH)).toMatchObject({ status: 200, body: `${VALUE} k1` });
    expect(await gate.answer(AUTH)).toEqual(TOO_MANY_REQUESTS);
  });

  it("is not taken from the header then, nor from the authorizer where the header is the source", async () => {
    await using other = await startWith("apikey5678abcdefghij0123456789");
    expect(await other.answer([...AUTH, ...withKey()])).toEqual(FORBIDDEN);
    await using none = await startWith(undefined);
    expect(await none.answer([...AUTH, ...withKey()])).toEqual(FORBIDDEN);
    expect(await none.answer(withKey(), "/open")).toEqual(FORBIDDEN);
    await using header = await startWith(VALUE, "HEADER");
    expect(await header.answer(AUTH)).toEqual(FORBIDDEN);
    expect(await header.answer([...AUTH, ...withKey()])).toMatchObject({ status: 200 });
  });

  it("is looked at behind the authorizer (re:Post: api-gateway-logs), which refuses first and takes nothing", async () => {
    await using gate = await startWith(VALUE, "AUTHORIZER", "Deny");
    expect((await gate.answer(AUTH)).headers).toMatchObject({ "x-amzn-errortype": "AccessDeniedException" });
    expect((await gate.answer(withKey())).headers).toMatchObject({ "x-amzn-errortype": "UnauthorizedException" });
  });
});

describe("throttles", () => {
  it("let exactly so many in as a bucket of 100 a second with 50 at once has tokens", async () => {
    await using gate = await start({ keys: [keyOf(), usagePlanOf({ throttle: { rateLimit: 100, burstLimit: 50 } })] });
    expect(await gate.admitted(60)).toBe(50);
    expect(await gate.answer()).toEqual(TOO_MANY_REQUESTS);
    gate.move(9);
    expect(await gate.admitted(3)).toBe(0);
    gate.move(1);
    expect(await gate.admitted(3)).toBe(1);
    gate.move(105);
    expect(await gate.admitted(20)).toBe(10);
    gate.move(5);
    expect(await gate.admitted(3)).toBe(1);
    gate.move(3_600_000);
    expect(await gate.admitted(60)).toBe(50);
  });

  it("are each key's own in a plan, and all callers' together on a stage", async () => {
    const OTHER = "apikey5678abcdefghij0123456789";
    const keys = [keyOf(), keyOf({ id: "k2", value: OTHER }), usagePlanOf({ throttle: { rateLimit: 1, burstLimit: 2 } })];
    await using own = await start({ keys });
    expect([await own.admitted(5), await own.admitted(5, withKey(OTHER))]).toEqual([2, 2]);
    await using shared = await start({ keys: [keyOf(), keyOf({ id: "k2", value: OTHER }), usagePlanOf()], plan: { stage: { methodSettings: { "*/*": throttled(1, 3) } } } });
    expect([await shared.admitted(2), await shared.admitted(5, withKey(OTHER))]).toEqual([2, 1]);
  });

  /** Each row has one limit that holds: the smallest, wherever it is. */
  it.each<[string, { methodOfPlan?: number; ofPlan?: number; ofStage?: number; ofAccount?: number }, number]>([
    ["nothing but the account's default", {}, 9],
    ["the plan's for the method", { methodOfPlan: 2, ofPlan: 5, ofStage: 6, ofAccount: 7 }, 2],
    ["the plan's", { methodOfPlan: 5, ofPlan: 2, ofStage: 6, ofAccount: 7 }, 2],
    ["the stage's for the method", { methodOfPlan: 5, ofPlan: 6, ofStage: 2, ofAccount: 7 }, 2],
    ["the account's", { methodOfPlan: 5, ofPlan: 6, ofStage: 7, ofAccount: 2 }, 2],
    ["the stage's alone", { ofStage: 3 }, 3],
    ["nothing at all, with 0", { ofStage: 0 }, 0],
  ])("apply all: %s", async (_what, { methodOfPlan, ofPlan, ofStage, ofAccount }, expected) => {
    const limit = (burstLimit: number | undefined) => (burstLimit === undefined ? undefined : { rateLimit: 0, burstLimit });
    const apiStages = [{ apiId: API_ID, stage: "prod", ...(methodOfPlan === undefined ? {} : { throttle: { "//GET": { rateLimit: 0, burstLimit: methodOfPlan } } }) }];
    const throttle = limit(ofPlan);
    const accountThrottle = limit(ofAccount);
    await using gate = await start({
      keys: [keyOf(), usagePlanOf({ apiStages, ...(throttle && { throttle }) })],
      plan: { stage: { methodSettings: ofStage === undefined ? {} : { "*/*": throttled(0, ofStage) } } },
      ...(accountThrottle && { accountThrottle }),
    });
    expect(await gate.admitted(9)).toBe(expected);
    if (expected < 9) expect(await gate.answer()).toEqual(TOO_MANY_REQUESTS);
  });

  it("come in the guide's order: what an earlier one refuses takes nothing from a later one", async () => {
    const OTHER = "apikey5678abcdefghij0123456789";
    const slow = usagePlanOf({ throttle: { rateLimit: 0, burstLimit: 1 } });
    const fast = usagePlanOf({ id: "p2" });
    await using gate = await start({ keys: [keyOf(), slow, keyOf({ id: "k2", value: OTHER, planIds: ["p2"] }), fast], accountThrottle: { rateLimit: 0, burstLimit: 4 } });
    expect([await gate.admitted(9), await gate.admitted(9, withKey(OTHER))]).toEqual([1, 3]);
  });

  it("of a plan, for a method by its path and by ANY", async () => {
    const one = { rateLimit: 0, burstLimit: 1 };
    const apiStages = [{ apiId: API_ID, stage: "prod", throttle: { "/pets/{id}/GET": one, "/any/ANY": { rateLimit: 0, burstLimit: 2 }, "/any/PUT": one } }];
    await using gate = await start({ methods: { "GET /pets/{id}": KEYED, "DELETE /pets/{id}": KEYED, "ANY /any": KEYED }, keys: [keyOf(), usagePlanOf({ apiStages })] });
    expect([await gate.admitted(3, withKey(), "/pets/1"), await gate.admitted(3, withKey(), "/pets/1", "DELETE")]).toEqual([1, 3]);
    expect(await gate.admitted(3, withKey(), "/any", "PUT")).toBe(1);
    expect(await gate.admitted(1, withKey(), "/any")).toBe(1);
    expect(await gate.admitted(3, withKey(), "/any", "POST")).toBe(1);
  });

  it("of a stage are each method's own, the most specific setting's, and hold without a key too", async () => {
    const methodSettings = { "*/*": throttled(0, 3), "~1pets/GET": throttled(0, 1), "cats/PUT": throttled(0, 2), "dogs/*": throttled(-1, -1) };
    await using gate = await start({ methods: { "GET /": MOCK, "GET /pets": MOCK, "POST /pets": MOCK, "ANY /cats": MOCK, "GET /dogs": MOCK }, plan: { stage: { methodSettings } } });
    expect(await gate.admitted(5, [])).toBe(3);
    expect(await gate.admitted(5, [], "/pets")).toBe(1);
    expect(await gate.admitted(5, [], "/pets", "POST")).toBe(3);
    expect(await gate.admitted(2, [], "/cats", "GET")).toBe(2);
    expect(await gate.admitted(5, [], "/cats", "PUT")).toBe(2);
    expect(await gate.admitted(2, [], "/cats", "DELETE")).toBe(1);
    expect(await gate.admitted(9, [], "/dogs")).toBe(9);
    expect(await gate.answer([], "/pets")).toEqual(TOO_MANY_REQUESTS);
  });

  it("of an account hold for all its APIs in a region, and 10,000 a second with 5,000 at once by default", async () => {
    const other = planOf({ "GET /": MOCK }, { api: { id: "zzzzzzzzzz" } });
    await using gate = await start({ methods: { "GET /": MOCK }, accountThrottle: { rateLimit: 0, burstLimit: 3 } });
    gate.gateway.put(other);
    expect(await gate.admitted(2, [])).toBe(2);
    const host = ["Host", "zzzzzzzzzz.execute-api.us-east-1.amazonaws.com"];
    expect(await gate.admitted(3, host)).toBe(1);
  });
});

describe("quotas", () => {
  it("let in so many requests a period, count no others, and begin anew at midnight UTC", async () => {
    const counters = createMemoryCounters();
    await using gate = await start({ counters, keys: [keyOf(), usagePlanOf({ quota: { limit: 3, offset: 0, period: "DAY" } })] });
    expect(await gate.admitted(3)).toBe(3);
    expect(await gate.answer()).toEqual(LIMIT_EXCEEDED);
    expect(await gate.answer([])).toEqual(FORBIDDEN);
    expect(counters.drain()).toEqual([{ place: ["123456789012", "us-east-1", "p1", "k1"], number: 0, day: "2020-03-04", used: 3 }]);
    gate.move(Date.UTC(2020, 2, 5) - NOW - 1);
    expect(await gate.admitted(1)).toBe(0);
    gate.move(1);
    expect(await gate.admitted(5)).toBe(3);
  });

  it("open again in a month, which passes in no time", async () => {
    await using gate = await start({ keys: [keyOf(), usagePlanOf({ quota: { limit: 2, offset: 0, period: "MONTH" } })] });
    expect(await gate.admitted(5)).toBe(2);
    gate.move(Date.UTC(2020, 2, 31, 23, 59) - NOW);
    expect(await gate.admitted(5)).toBe(0);
    gate.move(60_000);
    expect(await gate.admitted(5)).toBe(2);
  });

  it("are one for all stages of the plan, and each key's own", async () => {
    const OTHER = "apikey5678abcdefghij0123456789";
    const apiStages = [{ apiId: API_ID, stage: "prod" }, { apiId: "zzzzzzzzzz", stage: "prod" }];
    await using gate = await start({ keys: [keyOf(), keyOf({ id: "k2", value: OTHER }), usagePlanOf({ apiStages, quota: { limit: 3, offset: 0, period: "WEEK" } })] });
    gate.gateway.put(planOf({ "GET /": KEYED }, { api: { id: "zzzzzzzzzz" } }));
    expect(await gate.admitted(2)).toBe(2);
    expect(await gate.admitted(5, ["Host", "zzzzzzzzzz.execute-api.us-east-1.amazonaws.com", ...withKey()])).toBe(1);
    expect(await gate.admitted(5, withKey(OTHER))).toBe(3);
  });

  it("do not count requests that a throttle refuses, whoever set it", async () => {
    const counters = createMemoryCounters();
    await using gate = await start({
      counters,
      methods: { "GET /": KEYED, "GET /slow": KEYED },
      keys: [keyOf(), usagePlanOf({ throttle: { rateLimit: 1, burstLimit: 2 }, quota: { limit: 3, offset: 0, period: "DAY" } })],
      plan: { stage: { methodSettings: { "slow/GET": throttled(0, 1) } } },
    });
    expect(await gate.admitted(5)).toBe(2);
    gate.move(2000);
    expect(await gate.admitted(1, withKey(), "/slow")).toBe(1);
    expect(counters.undrained).toBe(3);
    expect(await gate.answer(withKey(), "/slow")).toEqual(LIMIT_EXCEEDED);
    await using stage = await start({
      counters: createMemoryCounters(),
      keys: [keyOf(), usagePlanOf({ quota: { limit: 3, offset: 0, period: "DAY" } })],
      plan: { stage: { methodSettings: { "*/*": throttled(1, 1) } } },
    });
    expect(await stage.admitted(5)).toBe(1);
    stage.move(1000);
    expect(await stage.admitted(5)).toBe(1);
    stage.move(1000);
    expect(await stage.admitted(5)).toBe(1);
    stage.move(1000);
    expect(await stage.answer()).toEqual(LIMIT_EXCEEDED);
  });

  it("may be absent: then requests are only counted", async () => {
    const counters = createMemoryCounters();
    await using gate = await start({ counters, keys: [keyOf(), usagePlanOf()] });
    expect(await gate.admitted(7)).toBe(7);
    expect(counters.drain()).toEqual([{ place: ["123456789012", "us-east-1", "p1", "k1"], number: 0, day: "2020-03-04", used: 7 }]);
  });
});

it("keys are in no log", async () => {
  const broken: MethodParts = { ...KEYED, integration: { type: "HTTP_PROXY", httpMethod: "GET", uri: "http://127.0.0.1:1/" } };
  await using gate = await start({ methods: { "GET /": broken }, keys: [keyOf(), usagePlanOf()] });
  expect(await gate.answer()).toMatchObject({ status: 504 });
  expect(gate.logged).toHaveLength(1);
  expect(JSON.stringify(gate.logged)).not.toContain(VALUE);
});
