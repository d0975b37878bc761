import { describe, expect, test } from "vitest";
import { call, callOf, type ControlPlaneOptions, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateUsagePlanRequest, PatchOperation, UsagePlan } from "../../model/apigateway.types.gen.ts";

const NOT_FOUND = "NotFoundException: Invalid Usage Plan ID specified";
const FINE_GRAIN = "BadRequestException: Can not define fine grain throttling if usage plan throttle is not defined.";

/** An API with stages `prod` and `test`. */
async function start(options?: ControlPlaneOptions) {
  const plane = startControlPlane(options);
  const { api } = plane;
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  await api.CreateDeployment({ restApiId, stageName: "test" }, call);
  const prod = { apiId: restApiId, stage: "prod" };
  /** The value with the API's id in place of `API`. */
  const named = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll("API:", `${restApiId}:`).replaceAll('"API"', `"${restApiId}"`)) as T;
  return { ...plane, restApiId, prod, named };
}

async function startWithPlan(members: Partial<CreateUsagePlanRequest> = {}, options?: ControlPlaneOptions) {
  const plane = await start(options);
  const plan = await plane.api.CreateUsagePlan({ name: "basic", ...plane.named(members) }, call);
  const usagePlanId = plan.id as string;
  return { ...plane, plan, usagePlanId };
}

describe("CreateUsagePlan", () => {
  test("has a stage once, as it is named first, however often it is named", async () => {
    const { api, prod } = await start();
    const limited = { ...prod, throttle: { "/pets/GET": { burstLimit: 1, rateLimit: 2 } } };
    const again = Array.from({ length: 50_000 }, () => ({ ...prod }));
    const plan = await api.CreateUsagePlan({ name: "basic", throttle: { burstLimit: 1, rateLimit: 2 }, apiStages: [limited, ...again] }, call);
    expect(plan.apiStages).toEqual([limited]);
  });

  test("answers with AWS's defaults", async () => {
    const { api } = await start();
    const plan = await api.CreateUsagePlan({ name: "basic" }, call);
    expect(plan).toEqual({ id: expect.stringMatching(/^[a-z0-9]{6}$/), name: "basic", apiStages: [] });
    expect(await api.GetUsagePlan({ usagePlanId: plan.id as string }, call)).toEqual(plan);
  });

  test("keeps every member it is given", async () => {
    const { api, prod, restApiId } = await start();
    const members = {
      name: "full",
      description: "d",
      apiStages: [{ ...prod, throttle: { "/pets/GET": { rateLimit: 0.5, burstLimit: 2 } } }, { apiId: restApiId, stage: "test" }],
      throttle: { rateLimit: 10.5, burstLimit: 20 },
      quota: { limit: 1000, offset: 6, period: "WEEK" },
      tags: { a: "b" },
    } as const;
    const plan = await api.CreateUsagePlan(members, call);
    expect(plan).toEqual({ id: plan.id, ...members });
    expect(await api.GetUsagePlan({ usagePlanId: plan.id as string }, call)).toEqual(plan);
  });

  test.each<[Partial<CreateUsagePlanRequest>, Partial<UsagePlan>]>([
    [{ throttle: { rateLimit: 5 } }, { throttle: { rateLimit: 5, burstLimit: 0 } }],
    [{ throttle: {} }, { throttle: { rateLimit: 0, burstLimit: 0 } }],
    [{ quota: { limit: 5, period: "DAY" } }, { quota: { limit: 5, offset: 0, period: "DAY" } }],
    [{ quota: { limit: 5, period: "MONTH", offset: 27 } }, { quota: { limit: 5, offset: 27, period: "MONTH" } }],
    [{ description: "" }, {}],
    [{ apiStages: [{ apiId: "API", stage: "prod" }, { apiId: "API", stage: "prod" }] }, { apiStages: [{ apiId: "API", stage: "prod" }] }],
    [{ apiStages: [{ apiId: "API", stage: "prod", throttle: {} }] }, { apiStages: [{ apiId: "API", stage: "prod" }] }],
  ])("makes of %j %j", async (members, expected) => {
    const { plan, named } = await startWithPlan(members);
    expect(plan).toEqual({ id: plan.id, name: "basic", apiStages: [], ...named(expected) });
  });

  test.each<[Partial<CreateUsagePlanRequest>, string]>([
    [{ name: "" }, "BadRequestException: Usage Plan name must be non-empty"],
    [{ apiStages: [{ apiId: "API", stage: "none" }] }, "NotFoundException: API Stage not found: API:none"],
    [{ apiStages: [{ apiId: "none", stage: "prod" }] }, "NotFoundException: API Stage not found: none:prod"],
    [{ quota: { limit: 1, offset: 1, period: "DAY" } }, "BadRequestException: Usage Plan quota offset must be zero in the DAY period"],
    [{ quota: { limit: 1, offset: 7, period: "WEEK" } }, "BadRequestException: Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period"],
    [{ quota: { limit: 1, offset: -1, period: "MONTH" } }, "BadRequestException: Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period"],
    [{ quota: { limit: 1, offset: 28, period: "MONTH" } }, "BadRequestException: Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period"],
    [{ quota: { limit: 1 } }, "BadRequestException: Usage Plan quota must have a limit and a period"],
    [{ quota: { period: "DAY" } }, "BadRequestException: Usage Plan quota must have a limit and a period"],
    [{ quota: { limit: -1, period: "DAY" } }, "BadRequestException: Usage Plan quota limit must not be negative"],
    [{ throttle: { rateLimit: -1 } }, "BadRequestException: Usage Plan throttle limits must be between 0 and 2147483647"],
    [{ tags: { "aws:a": "b" } }, "BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:"],
    [{ throttle: {}, apiStages: [{ apiId: "API", stage: "prod", throttle: { "/GET": {} } }] }, "BadRequestException: Invalid method '/GET' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}"],
    [{ throttle: {}, apiStages: [{ apiId: "API", stage: "prod", throttle: { "*/*": {} } }] }, "BadRequestException: Invalid method '*/*' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}"],
    [
      { throttle: {}, apiStages: [{ apiId: "API", stage: "prod", throttle: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`/${i}/GET`, {}])) }] },
      "BadRequestException: A stage in a usage plan has at most 20 method throttles; this would make 21",
    ],
  ])("refuses %j", async (members, expected) => {
    const { api, named, restApiId } = await start();
    expect(await refusal(api.CreateUsagePlan({ name: "basic", ...named(members) }, call))).toBe(expected.replaceAll("API:", `${restApiId}:`));
    expect(await api.GetUsagePlans({}, call)).toEqual({ items: [] });
  });

  test("refuses method throttles without one of the plan (github.com/aws/aws-cdk/pull/6411)", async () => {
    const { api, prod } = await start();
    expect(await refusal(api.CreateUsagePlan({ name: "n", apiStages: [{ ...prod, throttle: { "/pets/GET": { rateLimit: 1 } } }] }, call))).toBe(FINE_GRAIN);
  });

  test.each([{ apiId: "", stage: "prod" }, { stage: "prod" }, { apiId: "API", stage: "" }, { apiId: "API" }])(
    "refuses the stage %j in a message with placeholders (github.com/aws/aws-cdk/issues/6169)",
    async (stage) => {
      const { api } = await start();
      expect(await refusal(api.CreateUsagePlan({ name: "basic", apiStages: [stage] }, call))).toBe(
        "BadRequestException: Invalid API Stage {api: %s, stage: %s} specified for usageplan %s",
      );
    },
  );

  test("makes no more than the quota, of many at once", async () => {
    const { api } = await start({ limits: { usagePlans: 2 } });
    const refusals = await Promise.all(Array.from({ length: 5 }, () => refusal(api.CreateUsagePlan({ name: "n" }, call))));
    const expected = "LimitExceededException: Maximum number of Usage Plans for this account has been reached.  Please contact AWS if you need additional Usage Plans.";
    expect(refusals.filter((each) => each === expected)).toHaveLength(3);
    expect((await api.GetUsagePlans({}, call)).items).toHaveLength(2);
    await api.CreateUsagePlan({ name: "n" }, callOf("111111111111", "us-east-1"));
  });
});

test("GetUsagePlans lists all, or those of a key, by pages", async () => {
  const { api } = await start();
  const plans = [];
  for (const name of ["a", "b", "c"]) plans.push(await api.CreateUsagePlan({ name }, call));
  const [a, b, c] = plans;
  const keyId = (await api.CreateApiKey({}, call)).id as string;
  for (const plan of [a, c]) await api.CreateUsagePlanKey({ usagePlanId: plan?.id as string, keyId, keyType: "API_KEY" }, call);
  const page = await api.GetUsagePlans({ limit: 2 }, call);
  expect(page).toEqual({ items: [a, b], position: expect.any(String) });
  expect(await api.GetUsagePlans({ position: page.position as string }, call)).toEqual({ items: [c] });
  const ofKey = await api.GetUsagePlans({ keyId, limit: 1 }, call);
  expect(ofKey).toEqual({ items: [a], position: expect.any(String) });
  expect(await api.GetUsagePlans({ keyId, position: ofKey.position as string }, call)).toEqual({ items: [c] });
  expect(await api.GetUsagePlans({ keyId: "none" }, call)).toEqual({ items: [] });
  expect(await api.GetUsagePlans({}, callOf("000000000000", "eu-west-1"))).toEqual({ items: [] });
});

describe("UpdateUsagePlan", () => {
  const replace = (path: string, value: string) => ({ op: "replace", path, value }) as const;
  const add = (path: string, value: string) => ({ op: "add", path, value }) as const;
  const remove = (path: string, value?: string) => ({ op: "remove", path, ...(value === undefined ? {} : { value }) }) as const;
  const AT = "/apiStages/API:prod/throttle";
  const PETS = { rateLimit: 3, burstLimit: 4 };
  const members: Partial<CreateUsagePlanRequest> = {
    description: "d",
    apiStages: [{ apiId: "API", stage: "prod", throttle: { "/pets/GET": PETS } }],
    throttle: { rateLimit: 1, burstLimit: 2 },
    quota: { limit: 100, offset: 1, period: "WEEK" },
  };
  const throttled = (throttle?: object) => ({ apiStages: [{ apiId: "API", stage: "prod", ...(throttle ? { throttle } : {}) }] });

  test.each<[PatchOperation | readonly PatchOperation[], object]>([
    [add("/apiStages", "API:test"), { apiStages: [...(members.apiStages ?? []), { apiId: "API", stage: "test" }] }],
    [add("/apiStages", "API:prod"), {}],
    [remove("/apiStages", "API:prod"), { apiStages: [] }],
    [[remove("/apiStages", "API:prod"), add("/apiStages", "API:prod")], throttled()],
    [replace("/description", "e"), { description: "e" }],
    [replace("/description", ""), { description: undefined }],
    [replace("/name", "m"), { name: "m" }],
    [add("/productCode", "p"), { productCode: "p" }],
    [replace("/productCode", "p"), { productCode: "p" }],
    [[add("/productCode", "p"), remove("/productCode")], {}],
    [remove("/quota"), { quota: undefined }],
    [add("/quota/limit", "5"), { quota: { limit: 5, offset: 1, period: "WEEK" } }],
    [replace("/quota/limit", "5"), { quota: { limit: 5, offset: 1, period: "WEEK" } }],
    [add("/quota/offset", "5"), { quota: { limit: 100, offset: 5, period: "WEEK" } }],
    [replace("/quota/offset", "5"), { quota: { limit: 100, offset: 5, period: "WEEK" } }],
    [add("/quota/period", "MONTH"), { quota: { limit: 100, offset: 1, period: "MONTH" } }],
    [replace("/quota/period", "MONTH"), { quota: { limit: 100, offset: 1, period: "MONTH" } }],
    [[remove("/quota"), add("/quota/limit", "1"), add("/quota/period", "DAY")], { quota: { limit: 1, offset: 0, period: "DAY" } }],
    [[remove("/throttle"), remove(AT)], { throttle: undefined, ...throttled() }],
    [add("/throttle/rateLimit", "0.5"), { throttle: { rateLimit: 0.5, burstLimit: 2 } }],
    [replace("/throttle/rateLimit", "0.5"), { throttle: { rateLimit: 0.5, burstLimit: 2 } }],
    [add("/throttle/burstLimit", "7"), { throttle: { rateLimit: 1, burstLimit: 7 } }],
    [replace("/throttle/burstLimit", "7"), { throttle: { rateLimit: 1, burstLimit: 7 } }],
    [[remove("/throttle"), add("/throttle/rateLimit", "5")], { throttle: { rateLimit: 5, burstLimit: 0 } }],
    [remove(`${AT}/~1pets/GET`), throttled()],
    [remove(`${AT}//pets/GET`), throttled()],
    [replace(`${AT}/~1pets/GET/rateLimit`, "9.5"), throttled({ "/pets/GET": { rateLimit: 9.5, burstLimit: 4 } })],
    [add(`${AT}/pets/GET/rateLimit`, "9.5"), throttled({ "/pets/GET": { rateLimit: 9.5, burstLimit: 4 } })],
    [replace(`${AT}//pets/GET/burstLimit`, "9"), throttled({ "/pets/GET": { rateLimit: 3, burstLimit: 9 } })],
    [add(`${AT}/~1pets~1{id}/POST/burstLimit`, "9"), throttled({ "/pets/GET": PETS, "/pets/{id}/POST": { rateLimit: 0, burstLimit: 9 } })],
    [add(`${AT}/~1/ANY/rateLimit`, "9"), throttled({ "/pets/GET": PETS, "//ANY": { rateLimit: 9, burstLimit: 0 } })],
    [add(`${AT}///ANY/rateLimit`, "9"), throttled({ "/pets/GET": PETS, "//ANY": { rateLimit: 9, burstLimit: 0 } })],
    [replace(AT, '{"/a/GET":{"rateLimit":1}}'), throttled({ "/a/GET": { rateLimit: 1, burstLimit: 0 } })],
    [add(AT, '{"/a/GET":{"burstLimit":1}}'), throttled({ "/a/GET": { rateLimit: 0, burstLimit: 1 } })],
    [remove(AT), throttled()],
  ])("%j", async (operations, changed) => {
    const { api, plan, usagePlanId, named } = await startWithPlan(members);
    const patchOperations = named(Array.isArray(operations) ? operations : [operations]) as PatchOperation[];
    const answer = await api.UpdateUsagePlan({ usagePlanId, patchOperations }, call);
    const cleared = Object.fromEntries(Object.entries(changed).filter(([, value]) => value === undefined));
    expect(answer).toEqual({ ...plan, ...named(changed), ...cleared });
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toEqual(answer);
  });

  const METHOD = "/apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>";
  const LIMITS = `${METHOD}/rateLimit, ${METHOD}/burstLimit`;
  const REMOVABLE = `/apiStages, /quota, /throttle, /productCode, ${METHOD}, /apiStages/<apidId:stageName>/throttle`;
  const ADDABLE = `/apiStages, /productCode, /apiStages/<apidId:stageName>/throttle, ${LIMITS}, /quota/limit, /quota/offset, /quota/period, /throttle/burstLimit, /throttle/rateLimit`;
  const REPLACEABLE = `/productCode, /apiStages/<apidId:stageName>/throttle, ${LIMITS}, /description, /name, /quota/limit, /quota/offset, /quota/period, /throttle/burstLimit, /throttle/rateLimit`;

  test.each<[PatchOperation, string]>([
    [remove("/apiStages/API:prod"), `BadRequestException: Invalid patch path  '/apiStages/API:prod' specified for op 'remove'. Must be one of: [${REMOVABLE}]`],
    [add("/name", "x"), `BadRequestException: Invalid patch path  '/name' specified for op 'add'. Must be one of: [${ADDABLE}]`],
    [replace("/apiStages", "x"), `BadRequestException: Invalid patch path  '/apiStages' specified for op 'replace'. Must be one of: [${REPLACEABLE}]`],
    [{ op: "copy", path: "/name", from: "/description" }, "BadRequestException: Invalid patch path  '/name' specified for op 'copy'. Must be one of: []"],
    [{ op: "test", path: "/name", value: "basic" }, "BadRequestException: Invalid patch path  '/name' specified for op 'test'. Must be one of: []"],
    [remove("/apiStages"), "BadRequestException: Invalid API Stage specified"],
    [add("/apiStages", "API"), "BadRequestException: Invalid API Stage specified"],
    [add("/apiStages", "API:none"), "NotFoundException: API Stage not found: API:none"],
    [remove("/apiStages", "API:test"), "NotFoundException: API Stage not found: API:test"],
    [replace("/apiStages/API:test/throttle/~1pets/GET/rateLimit", "1"), "NotFoundException: API Stage not found: API:test"],
    [remove(`${AT}/~1none/GET`), "NotFoundException: Method throttle not found: /none/GET"],
    [add(`${AT}/~1pets/FETCH/rateLimit`, "1"), "BadRequestException: Invalid method '/pets/FETCH' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}"],
    [remove("/throttle"), FINE_GRAIN],
    [replace(AT, "[]"), `BadRequestException: Invalid patch value '[]' specified for path '${AT}'. Must be a JSON object of throttle settings`],
    [replace(AT, '{"/a/GET":{"rate":1}}'), `BadRequestException: Invalid patch value '{"/a/GET":{"rate":1}}' specified for path '${AT}'. Must be a JSON object of throttle settings`],
    [replace(AT, '{"/a/GET":{"rateLimit":1e999}}'), "BadRequestException: Usage Plan throttle limits must be between 0 and 2147483647"],
    [replace(AT, '{"/a/GET":{"burstLimit":0.5}}'), "BadRequestException: Usage Plan burst limits must be integers"],
    [replace(AT, '{"__proto__":{"rateLimit":1}}'), "BadRequestException: Invalid method '__proto__' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}"],
    [replace("/name", ""), "BadRequestException: Invalid patch value '' specified for path '/name'. Must be non-empty"],
    [replace("/quota/limit", "-1"), "BadRequestException: Invalid patch value '-1' specified for path '/quota/limit'. Must be an integer between 0 and 2147483647"],
    [replace("/quota/period", "YEAR"), "BadRequestException: Invalid patch value 'YEAR' specified for path '/quota/period'. Must be one of: [DAY, WEEK, MONTH]"],
    [replace("/quota/period", "DAY"), "BadRequestException: Usage Plan quota offset must be zero in the DAY period"],
    [replace("/throttle/rateLimit", "x"), "BadRequestException: Invalid patch value 'x' specified for path '/throttle/rateLimit'. Must be a number between 0 and 2147483647"],
    [replace("/throttle/burstLimit", "0.5"), "BadRequestException: Invalid patch value '0.5' specified for path '/throttle/burstLimit'. Must be an integer between 0 and 2147483647"],
  ])("refuses %j, and changes nothing", async (operation, expected) => {
    const { api, plan, usagePlanId, restApiId, named } = await startWithPlan(members);
    const patchOperations = [replace("/description", "e"), named(operation)];
    expect(await refusal(api.UpdateUsagePlan({ usagePlanId, patchOperations }, call))).toBe(expected.replaceAll("API:", `${restApiId}:`));
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toEqual(plan);
  });

  test("takes the first two parts of a stage's name (github.com/boto/boto3/issues/825)", async () => {
    const { api, usagePlanId } = await startWithPlan();
    const patchOperations = [add("/apiStages", '{"apiId": "kx2asm6go3", "stage": "dev"}')];
    expect(await refusal(api.UpdateUsagePlan({ usagePlanId, patchOperations }, call))).toBe('NotFoundException: API Stage not found: {"apiId": "kx2asm6go3", "stage"');
  });

  test("of two writers loses neither's change", async () => {
    const { api, usagePlanId, named } = await startWithPlan(members);
    const update = (...patchOperations: PatchOperation[]) => api.UpdateUsagePlan({ usagePlanId, patchOperations: named(patchOperations) }, call);
    await Promise.all([update(add("/apiStages", "API:test")), update(replace("/name", "m")), update(replace(`${AT}/~1pets/GET/rateLimit`, "8"))]);
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toMatchObject(
      named({ name: "m", apiStages: [{ stage: "prod", throttle: { "/pets/GET": { rateLimit: 8 } } }, { apiId: "API", stage: "test" }] }),
    );
  });
});

describe("DeleteUsagePlan", () => {
  test("takes a plan away with its keys, which stay", async () => {
    const { api, usagePlanId } = await startWithPlan();
    const keyId = (await api.CreateApiKey({}, call)).id as string;
    await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    expect(await api.DeleteUsagePlan({ usagePlanId }, call)).toEqual({});
    expect(await refusal(api.GetUsagePlan({ usagePlanId }, call))).toBe(NOT_FOUND);
    expect(await refusal(api.UpdateUsagePlan({ usagePlanId }, call))).toBe(NOT_FOUND);
    expect(await refusal(api.DeleteUsagePlan({ usagePlanId }, call))).toBe(NOT_FOUND);
    expect(await api.GetUsagePlans({ keyId }, call)).toEqual({ items: [] });
    await api.GetApiKey({ apiKey: keyId }, call);
  });

  test("refuses while the plan has a stage (github.com/aws/aws-sdk-js/issues/3841)", async () => {
    const { api, usagePlanId, restApiId } = await startWithPlan({ apiStages: [{ apiId: "API", stage: "test" }] });
    expect(await refusal(api.DeleteUsagePlan({ usagePlanId }, call))).toBe(
      `BadRequestException: Cannot delete Usage Plan ${usagePlanId} because there are API Stages associated with it, including ${restApiId}:test`,
    );
    await api.GetUsagePlan({ usagePlanId }, call);
  });
});

describe("a stage that is deleted leaves its plans (github.com/hashicorp/terraform-provider-aws/issues/14100)", () => {
  const apiStages = ["prod", "test"].map((stage) => ({ apiId: "API", stage }));

  test("with DeleteStage", async () => {
    const { api, restApiId, usagePlanId } = await startWithPlan({ apiStages });
    await api.DeleteStage({ restApiId, stageName: "prod" }, call);
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toMatchObject({ apiStages: [{ apiId: restApiId, stage: "test" }] });
  });

  test("with DeleteRestApi", async () => {
    const { api, restApiId, usagePlanId } = await startWithPlan({ apiStages });
    await api.DeleteRestApi({ restApiId }, call);
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toMatchObject({ apiStages: [] });
    await api.DeleteUsagePlan({ usagePlanId }, call);
  });

  test.each([
    ["DeleteStage", async ({ api, restApiId }: Awaited<ReturnType<typeof start>>) => api.DeleteStage({ restApiId, stageName: "prod" }, call)],
    ["DeleteRestApi", async ({ api, restApiId }: Awaited<ReturnType<typeof start>>) => api.DeleteRestApi({ restApiId }, call)],
  ] as const)("with %s while the plan gets it", async (_name, deletion) => {
    const plane = await startWithPlan();
    const { api, usagePlanId, restApiId } = plane;
    const adding = api.UpdateUsagePlan({ usagePlanId, patchOperations: [{ op: "add", path: "/apiStages", value: `${restApiId}:prod` }] }, call);
    await Promise.allSettled([deletion(plane), adding]);
    expect(await api.GetUsagePlan({ usagePlanId }, call)).toMatchObject({ apiStages: [] });
  });
});

describe("WebSocket APIs in plans (aws-apigatewayv2 UsagePlanPerApiStage, github.com/aws/aws-cdk/issues/15426): no method of theirs is throttled", () => {
  async function startWithChat() {
    const plane = await startWithPlan({ throttle: { rateLimit: 5, burstLimit: 5 } });
    const { ApiId = "" } = await plane.v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
    await plane.v2.CreateStage({ ApiId, StageName: "prod" }, call);
    const noMethod = (method: string) =>
      `NotFoundException: Invalid method '${method}' specified for throttling. The API of stage ${ApiId}:prod is a WebSocket API, which has no methods`;
    return { ...plane, ApiId, chat: { apiId: ApiId, stage: "prod" }, noMethod };
  }
  const limits = { rateLimit: 1, burstLimit: 1 };

  test("CreateUsagePlan refuses the throttle of a method, and takes the stage without", async () => {
    const { api, chat, noMethod, prod } = await startWithChat();
    const ofRest = { ...prod, throttle: { "/pets/GET": limits } };
    const creation = (throttle: Record<string, typeof limits>) => api.CreateUsagePlan({ name: "chat", throttle: limits, apiStages: [ofRest, { ...chat, throttle }] }, call);
    expect(await refusal(creation({ "/send/POST": limits }))).toBe(noMethod("/send/POST"));
    for (const method of ["$connect", "send", "/$connect"]) {
      expect(await refusal(creation({ [method]: limits }))).toBe(
        `BadRequestException: Invalid method '${method}' specified for throttling. Must be a resource path and an HTTP method, {resourcePath}/{httpMethod}`,
      );
    }
    expect((await creation({})).apiStages).toEqual([ofRest, chat]);
  });

  test("UpdateUsagePlan refuses it, and takes the plan's own", async () => {
    const { api, ApiId, chat, noMethod, usagePlanId } = await startWithChat();
    const patch = (...patchOperations: PatchOperation[]) => api.UpdateUsagePlan({ usagePlanId, patchOperations }, call);
    const path = `/apiStages/${ApiId}:prod/throttle`;
    await patch({ op: "add", path: "/apiStages", value: `${ApiId}:prod` });
    expect(await refusal(patch({ op: "replace", path: `${path}/~1send/POST/rateLimit`, value: "1" }))).toBe(noMethod("/send/POST"));
    expect(await refusal(patch({ op: "replace", path, value: JSON.stringify({ "/send/ANY": limits }) }))).toBe(noMethod("/send/ANY"));
    const { apiStages, throttle } = await patch({ op: "replace", path: "/throttle/rateLimit", value: "2" });
    expect({ apiStages, throttle }).toEqual({ apiStages: [chat], throttle: { rateLimit: 2, burstLimit: 5 } });
  });
});

test("plans are tagged by their ARN", async () => {
  const { api, usagePlanId } = await startWithPlan({ tags: { a: "1" } });
  const resourceArn = `arn:aws:apigateway:us-east-1::/usageplans/${usagePlanId}`;
  await api.TagResource({ resourceArn, tags: { b: "2" } }, call);
  await api.UntagResource({ resourceArn, tagKeys: ["a"] }, call);
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: { b: "2" } });
  expect(await api.GetUsagePlan({ usagePlanId }, call)).toMatchObject({ tags: { b: "2" } });
  expect(await refusal(api.GetTags({ resourceArn: `${resourceArn}x` }, call))).toBe(NOT_FOUND);
});
