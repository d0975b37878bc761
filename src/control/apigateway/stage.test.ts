import { describe, expect, test } from "vitest";
import { call, callOf, NOW, petStore, refusal, startControlPlane, type ControlPlaneOptions } from "../../../test/harness/control-plane.ts";

const ROLE = "arn:aws:iam::000000000000:role/logs";
const LOG_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:api";
const made = {
  cacheClusterEnabled: false,
  cacheClusterStatus: "NOT_AVAILABLE",
  methodSettings: {},
  tracingEnabled: false,
  createdDate: NOW,
  lastUpdatedDate: NOW,
};
/** What a method has before anything is set (the members as in the API reference, the limits the account's). */
const setting = {
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
};

/** A stage `prod` with a variable, and a second deployment; the account has its logging role. */
async function start(options?: ControlPlaneOptions) {
  const plane = startControlPlane(options);
  const { api } = plane;
  const { restApiId, method } = await petStore(api);
  await api.UpdateAccount({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }] }, call);
  const first = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const second = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const prod = { restApiId, stageName: "prod" };
  await api.CreateStage({ ...prod, deploymentId: first, variables: { sv1: "val1" } }, call);
  plane.published.length = 0;
  return { ...plane, restApiId, method, first, second, prod };
}

describe("CreateStage", () => {
  test("answers with AWS's defaults, and tells the gateways", async () => {
    const { api, published, restApiId, first } = await start();
    const expected = { ...made, stageName: "test-1_A", deploymentId: first };
    expect(await api.CreateStage({ restApiId, stageName: "test-1_A", deploymentId: first }, call)).toEqual(expected);
    expect(await api.GetStage({ restApiId, stageName: "test-1_A" }, call)).toEqual(expected);
    expect(published).toEqual([`${restApiId}/test-1_A`]);
  });

  test("keeps every member it is given", async () => {
    const { api, restApiId, first, second } = await start();
    const members = {
      stageName: "full",
      deploymentId: first,
      description: "d",
      variables: { a: "https://x.example/?a=b&c=d,e" },
      tracingEnabled: true,
      cacheClusterEnabled: true,
      canarySettings: { percentTraffic: 5.5, deploymentId: second, useStageCache: true, stageVariableOverrides: { a: "b" } },
      tags: { Department: "Sales" },
    };
    const expected = { ...made, ...members, cacheClusterSize: "0.5", cacheClusterStatus: "AVAILABLE" };
    expect(await api.CreateStage({ restApiId, ...members }, call)).toEqual(expected);
  });

  test("gives a canary the stage's own deployment and no traffic unless told otherwise", async () => {
    const { api, restApiId, first } = await start();
    expect(await api.CreateStage({ restApiId, stageName: "c", deploymentId: first, canarySettings: {} }, call)).toMatchObject({
      canarySettings: { percentTraffic: 0, deploymentId: first, useStageCache: false },
    });
  });

  test.each([
    [{ stageName: "prod" }, "ConflictException: Stage already exists"],
    [{ stageName: "$default" }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
    [{ stageName: "x".repeat(129) }, "BadRequestException: Stage name only allows a-zA-Z0-9_"],
    [{ deploymentId: "nothing" }, "NotFoundException: Invalid Deployment identifier specified"],
    [{ canarySettings: { deploymentId: "nothing" } }, "NotFoundException: Invalid Deployment identifier specified"],
    [{ canarySettings: { percentTraffic: 100.1 } }, "BadRequestException: Canary percent traffic must be between 0.0 and 100.0"],
    [{ documentationVersion: "1" }, "BadRequestException: Invalid Documentation version specified"],
    [{ tags: { "AWS:x": "y" } }, "BadRequestException: Invalid tag key: AWS:x. Tag keys must not start with aws:"],
    [{ variables: { "owner:environment": "dev" } }, "BadRequestException: Invalid stage variable name: owner:environment.  Please use names with only word characters."],
    [{ variables: { v: "" } }, "BadRequestException: Invalid stage variable value: .  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."],
    [{ variables: { v: "x".repeat(513) } }, `BadRequestException: Invalid stage variable value: ${"x".repeat(513)}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`],
    [{ variables: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`v${i}`, "x"])) }, "BadRequestException: A stage has at most 100 variables; this would make 101"],
  ])("refuses %j", async (members, expected) => {
    const { api, restApiId, first, published } = await start();
    const before = await api.GetStages({ restApiId }, call);
    expect(await refusal(api.CreateStage({ restApiId, stageName: "new", deploymentId: first, ...members }, call))).toBe(expected);
    expect(await api.GetStages({ restApiId }, call)).toEqual(before);
    expect(published).toEqual([]);
  });

  test("refuses what the gateway cannot serve, in its words", async () => {
    const { api, restApiId, first } = await start({ publication: { checkStage: ({ stageName }) => (stageName === "new" ? ["Not built."] : []) } });
    expect(await refusal(api.CreateStage({ restApiId, stageName: "new", deploymentId: first }, call))).toBe("BadRequestException: Not built.");
  });

  test("refuses an eleventh stage, and so does CreateDeployment", async () => {
    const { api, restApiId, first } = await start();
    for (let i = 2; i <= 10; i++) await api.CreateStage({ restApiId, stageName: `s${i}`, deploymentId: first }, call);
    const expected = "LimitExceededException: Maximum number of Stages for this API has been reached.  Please contact AWS if you need additional Stages.";
    expect(await refusal(api.CreateStage({ restApiId, stageName: "s11", deploymentId: first }, call))).toBe(expected);
    expect(await refusal(api.CreateDeployment({ restApiId, stageName: "s11" }, call))).toBe(expected);
    await api.CreateDeployment({ restApiId, stageName: "s10" }, call);
  });
});

test("GetStages lists all stages, or those of a deployment", async () => {
  const { api, restApiId, first, second } = await start();
  await api.CreateStage({ restApiId, stageName: "b", deploymentId: second }, call);
  await api.CreateStage({ restApiId, stageName: "c", deploymentId: first, canarySettings: { deploymentId: second } }, call);
  const names = async (deploymentId?: string) =>
    (await api.GetStages({ restApiId, ...(deploymentId === undefined ? {} : { deploymentId }) }, call)).item?.map(({ stageName }) => stageName);
  expect(await names()).toEqual(["b", "c", "prod"]);
  expect(await names(first)).toEqual(["c", "prod"]);
  expect(await names(second)).toEqual(["b", "c"]);
  expect(await names("nothing")).toEqual([]);
});

test("DeleteStage takes the stage away, and tells the gateways", async () => {
  const { api, published, restApiId, prod } = await start();
  expect(await api.DeleteStage(prod, call)).toEqual({});
  expect(published).toEqual([`${restApiId}/prod`]);
  const expected = "NotFoundException: Invalid stage identifier specified";
  expect(await refusal(api.GetStage(prod, call))).toBe(expected);
  expect(await refusal(api.DeleteStage(prod, call))).toBe(expected);
  expect(await refusal(api.UpdateStage(prod, call))).toBe(expected);
});

describe("UpdateStage", () => {
  const access = { destinationArn: LOG_GROUP, format: "$context.requestId" };
  const set = (path: string, value: string) => ({ op: "replace", path, value }) as const;

  test.each([
    [set("/accessLogSettings/destinationArn", LOG_GROUP), { accessLogSettings: { destinationArn: LOG_GROUP } }],
    [{ op: "add", path: "/accessLogSettings/format", value: "$context.requestId\n" }, { accessLogSettings: { format: "$context.requestId\n" } }],
    [set("/cacheClusterEnabled", "true"), { cacheClusterEnabled: true, cacheClusterSize: "0.5", cacheClusterStatus: "AVAILABLE" }],
    [set("/cacheClusterSize", "6.1"), { cacheClusterSize: "6.1" }],
    [set("/canarySettings/deploymentId", "SECOND"), { canarySettings: { percentTraffic: 0, deploymentId: "SECOND", useStageCache: false } }],
    [set("/canarySettings/percentTraffic", "10.500000"), { canarySettings: { percentTraffic: 10.5, deploymentId: "FIRST", useStageCache: false } }],
    [set("/canarySettings/useStageCache", "true"), { canarySettings: { percentTraffic: 0, deploymentId: "FIRST", useStageCache: true } }],
    [set("/canarySettings/stageVariableOverrides/sv1", "val2"), { canarySettings: { percentTraffic: 0, deploymentId: "FIRST", useStageCache: false, stageVariableOverrides: { sv1: "val2" } } }],
    [set("/canarySettings/stageVariableOverrides", '{"sv2":"val3"}'), { canarySettings: { percentTraffic: 0, deploymentId: "FIRST", useStageCache: false, stageVariableOverrides: { sv2: "val3" } } }],
    [set("/clientCertificateId", ""), {}],
    [set("/deploymentId", "SECOND"), { deploymentId: "SECOND" }],
    [set("/description", "d"), { description: "d" }],
    [set("/documentationVersion", ""), {}],
    [set("/variables/sv2", "val2"), { variables: { sv1: "val1", sv2: "val2" } }],
    [{ op: "remove", path: "/variables/sv1" }, { variables: undefined }],
    [{ op: "remove", path: "/variables" }, { variables: undefined }],
    [set("/variables", '{"a":"b"}'), { variables: { a: "b" } }],
    [set("/tracingEnabled", "true"), { tracingEnabled: true }],
    [set("/*/*/metrics/enabled", "true"), { methodSettings: { "*/*": { ...setting, metricsEnabled: true } } }],
    [set("/*/*/logging/dataTrace", "true"), { methodSettings: { "*/*": { ...setting, dataTraceEnabled: true } } }],
    [set("/*/*/logging/loglevel", "INFO"), { methodSettings: { "*/*": { ...setting, loggingLevel: "INFO" } } }],
    [set("/*/*/throttling/burstLimit", "7"), { methodSettings: { "*/*": { ...setting, throttlingBurstLimit: 7 } } }],
    [set("/*/*/throttling/rateLimit", "0.5"), { methodSettings: { "*/*": { ...setting, throttlingRateLimit: 0.5 } } }],
    [set("/*/*/throttling/rateLimit", "-1"), { methodSettings: { "*/*": { ...setting, throttlingRateLimit: -1 } } }],
    [set("/*/*/caching/enabled", "true"), { methodSettings: { "*/*": { ...setting, cachingEnabled: true } } }],
    [set("/*/*/caching/dataEncrypted", "true"), { methodSettings: { "*/*": { ...setting, cacheDataEncrypted: true } } }],
    [set("/*/*/caching/ttlInSeconds", "3600"), { methodSettings: { "*/*": { ...setting, cacheTtlInSeconds: 3600 } } }],
    [set("/*/*/caching/requireAuthorizationForCacheControl", "false"), { methodSettings: { "*/*": { ...setting, requireAuthorizationForCacheControl: false } } }],
    [set("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"), { methodSettings: { "*/*": { ...setting, unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" } } }],
    [set("/~1pets~1{petId}/GET/metrics/enabled", "true"), { methodSettings: { "~1pets~1{petId}/GET": { ...setting, metricsEnabled: true } } }],
    [set("/pets/{petId}/GET/metrics/enabled", "true"), { methodSettings: { "pets/{petId}/GET": { ...setting, metricsEnabled: true } } }],
    [set("/~1/ANY/metrics/enabled", "true"), { methodSettings: { "~1/ANY": { ...setting, metricsEnabled: true } } }],
  ] as const)("%j", async (operation, changed) => {
    const { api, advance, published, restApiId, first, second, prod } = await start();
    const named = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll("FIRST", first).replaceAll("SECOND", second)) as T;
    const before = await api.GetStage(prod, call);
    advance(1000);
    const answer = await api.UpdateStage({ ...prod, patchOperations: [named(operation)] }, call);
    const expected = { ...before, lastUpdatedDate: NOW + 1000, ...named(changed) };
    expect(answer).toEqual("variables" in changed && changed.variables === undefined ? { ...expected, variables: undefined } : expected);
    expect(await api.GetStage(prod, call)).toEqual(answer);
    expect(published).toEqual([`${restApiId}/prod`]);
  });

  test("takes access logging, canaries and method settings away again", async () => {
    const { api, prod } = await start();
    const before = await api.GetStage(prod, call);
    const add = [
      set("/accessLogSettings/destinationArn", access.destinationArn),
      set("/accessLogSettings/format", access.format),
      set("/canarySettings/percentTraffic", "5"),
      set("/canarySettings/stageVariableOverrides/a", "b"),
      set("/*/*/metrics/enabled", "true"),
      set("/~1pets/GET/metrics/enabled", "true"),
    ];
    expect(await api.UpdateStage({ ...prod, patchOperations: add }, call)).toMatchObject({ accessLogSettings: access });
    const some = [
      { op: "remove", path: "/accessLogSettings/format" },
      { op: "remove", path: "/canarySettings/stageVariableOverrides/a" },
      { op: "remove", path: "/~1pets/GET" },
    ] as const;
    expect(await api.UpdateStage({ ...prod, patchOperations: some }, call)).toEqual({
      ...before,
      accessLogSettings: { destinationArn: LOG_GROUP },
      canarySettings: { percentTraffic: 5, deploymentId: before.deploymentId, useStageCache: false, stageVariableOverrides: {} },
      methodSettings: { "*/*": { ...setting, metricsEnabled: true } },
    });
    const all = ["/accessLogSettings", "/canarySettings", "/*/*"].map((path) => ({ op: "remove" as const, path }));
    expect(await api.UpdateStage({ ...prod, patchOperations: all }, call)).toEqual(before);
  });

  test("promotes a canary (guide: promote-canary-deployment)", async () => {
    const { api, prod, second } = await start();
    const canary = [
      set("/canarySettings/percentTraffic", "10.5"),
      set("/canarySettings/deploymentId", second),
      set("/canarySettings/stageVariableOverrides/sv1", "val2"),
      set("/canarySettings/stageVariableOverrides/sv2", "val3"),
    ];
    const before = await api.UpdateStage({ ...prod, patchOperations: canary }, call);
    const promote = [
      set("/canarySettings/percentTraffic", "0.0"),
      { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
      { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
    ] as const;
    expect(await api.UpdateStage({ ...prod, patchOperations: promote }, call)).toEqual({
      ...before,
      deploymentId: second,
      variables: { sv1: "val2", sv2: "val3" },
      canarySettings: { ...before.canarySettings, percentTraffic: 0 },
    });
  });

  const STRATEGIES = "FAIL_WITH_403, SUCCEED_WITH_RESPONSE_HEADER, SUCCEED_WITHOUT_RESPONSE_HEADER";
  test.each([
    [set("/deploymentId", "nothing"), "NotFoundException: Invalid Deployment identifier specified"],
    [set("/canarySettings/deploymentId", "nothing"), "NotFoundException: Invalid Deployment identifier specified"],
    [set("/canarySettings/percentTraffic", "101"), "BadRequestException: Invalid patch value '101' specified for path '/canarySettings/percentTraffic'. Must be a number between 0 and 100"],
    [set("/variables/a:b", "x"), "BadRequestException: Invalid stage variable name: a:b.  Please use names with only word characters."],
    [set("/clientCertificateId", "abc123"), "BadRequestException: Invalid Client Certificate identifier specified"],
    [set("/documentationVersion", "1"), "BadRequestException: Invalid Documentation version specified"],
    [set("/cacheClusterSize", "7"), "BadRequestException: Invalid patch value '7' specified for path '/cacheClusterSize'. Must be one of: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]"],
    [set("/accessLogSettings/destinationArn", "arn:aws:s3:::bucket"), "BadRequestException: Invalid ARN specified in the request"],
    [set("/accessLogSettings/destinationArn", `${LOG_GROUP}:log-stream:a`), "BadRequestException: Invalid ARN specified in the request"],
    [set("/accessLogSettings/format", "$context.status"), "BadRequestException: Access Log format must include at least $context.requestId"],
    [set("/accessLogSettings/format", "a\n$context.requestId"), "BadRequestException: Access Log format must be single line, new line character is allowed only at end of the format."],
    [set("/*/*/logging/loglevel", "info"), "BadRequestException: Invalid patch value 'info' specified for path '/*/*/logging/loglevel'. Must be one of: [OFF, ERROR, INFO]"],
    [set("/*/*/caching/ttlInSeconds", "3601"), "BadRequestException: Invalid patch value '3601' specified for path '/*/*/caching/ttlInSeconds'. Must be an integer between 0 and 3600"],
    [set("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL"), `BadRequestException: Invalid patch value 'FAIL' specified for path '/*/*/caching/unauthorizedCacheControlHeaderStrategy'. Must be one of: [${STRATEGIES}]`],
    [set("/~1pets/FETCH/metrics/enabled", "true"), "BadRequestException: Invalid method setting path: /~1pets/FETCH/metrics/enabled"],
    [{ op: "remove", path: "/~1pets/GET" }, "BadRequestException: Cannot remove method setting ~1pets/GET because there is no method setting for this method"],
    [{ op: "remove", path: "/*/*" }, "BadRequestException: Cannot remove method setting */* because there is no method setting for this method"],
    [{ op: "remove", path: "/~1pets/FETCH" }, "BadRequestException: Invalid method setting path: /~1pets/FETCH"],
    [{ op: "copy", path: "/deploymentId", from: "/canarySettings/deploymentId" }, "BadRequestException: Stage prod has no canary settings to copy from"],
    [{ op: "copy", path: "/deploymentId", from: "/description" }, "BadRequestException: Invalid patch path  '/description' specified for op 'copy' to '/deploymentId'. Must be one of: [/canarySettings/deploymentId]"],
    [{ op: "copy", path: "/description", from: "/deploymentId" }, "BadRequestException: Invalid patch path  '/description' specified for op 'copy'. Must be one of: [/deploymentId, /variables]"],
    [{ op: "add", path: "/variables/x", value: "y" }, "BadRequestException: Invalid patch path  '/variables/x' specified for op 'add'. Must be one of: [/accessLogSettings/destinationArn, /accessLogSettings/format]"],
  ] as const)("refuses %j and changes nothing", async (operation, expected) => {
    const { api, published, prod } = await start();
    const before = await api.GetStage(prod, call);
    expect(await refusal(api.UpdateStage({ ...prod, patchOperations: [set("/description", "new"), operation] }, call))).toBe(expected);
    expect(await api.GetStage(prod, call)).toEqual(before);
    expect(published).toEqual([]);
  });

  test.each([set("/*/*/logging/loglevel", "ERROR"), set("/accessLogSettings/destinationArn", LOG_GROUP)])(
    "begins logging (%j) only when the account has a role for it",
    async (operation) => {
      const { api, prod } = await start();
      await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", "")] }, call);
      expect(await refusal(api.UpdateStage({ ...prod, patchOperations: [operation] }, call))).toBe(
        "BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging",
      );
      await api.UpdateStage({ ...prod, patchOperations: [set("/*/*/metrics/enabled", "true")] }, call);
    },
  );
});

describe("tags", () => {
  const arnOf = (restApiId: string, stage = "") => `arn:aws:apigateway:us-east-1::/restapis/${restApiId}${stage}`;

  test.each(["", "/stages/prod"])("of /restapis/{id}%s are set, added to, listed and taken away", async (stage) => {
    const { api, restApiId, prod } = await start();
    const resourceArn = arnOf(restApiId, stage);
    const shown = async () => (stage === "" ? await api.GetRestApi({ restApiId }, call) : await api.GetStage(prod, call)).tags;
    expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: {} });
    expect(await shown()).toBeUndefined();
    expect(await api.TagResource({ resourceArn, tags: { Department: "Sales", a: "1" } }, call)).toEqual({});
    await api.TagResource({ resourceArn, tags: { a: "2", b: "" } }, call);
    expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: { Department: "Sales", a: "2", b: "" } });
    expect(await shown()).toEqual({ Department: "Sales", a: "2", b: "" });
    expect(await api.UntagResource({ resourceArn, tagKeys: ["a", "none", "b"] }, call)).toEqual({});
    expect(await shown()).toEqual({ Department: "Sales" });
  });

  test.each([
    [{ "aws:a": "b" }, "Invalid tag key: aws:a. Tag keys must not start with aws:"],
    [{ "": "b" }, "Invalid tag key: . Tag keys have 1 to 128 letters, numbers, spaces and the symbols _ . : / = + - @"],
    [{ "a;": "b" }, "Invalid tag key: a;. Tag keys have 1 to 128 letters, numbers, spaces and the symbols _ . : / = + - @"],
    [{ a: "x".repeat(257) }, "Invalid tag value for key a. Tag values have up to 256 letters, numbers, spaces and the symbols _ . : / = + - @"],
    [Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, "v"])), "A resource has at most 50 tags; this would make 51"],
  ])("refuses %j", async (tags, message) => {
    const { api, restApiId } = await start();
    await api.TagResource({ resourceArn: arnOf(restApiId), tags: { first: "1" } }, call);
    expect(await refusal(api.TagResource({ resourceArn: arnOf(restApiId), tags }, call))).toBe(`BadRequestException: ${message}`);
    expect(await api.GetTags({ resourceArn: arnOf(restApiId) }, call)).toEqual({ tags: { first: "1" } });
  });

  test("belong to APIs and stages that exist, in the region of the call", async () => {
    const { api, restApiId } = await start();
    const at = (resourceArn: string, caller = call) => refusal(api.GetTags({ resourceArn }, caller));
    expect(await at(arnOf("nothing"))).toBe("NotFoundException: Invalid API identifier specified 000000000000:nothing");
    expect(await at(arnOf(restApiId, "/stages/none"))).toBe("NotFoundException: Invalid stage identifier specified");
    for (const arn of ["x", `${arnOf(restApiId)}/`, `${arnOf(restApiId)}/resources/x`, "arn:aws:apigateway:us-east-1::/apis/abc"]) {
      expect(await at(arn)).toBe(`BadRequestException: Invalid ARN specified: ${arn}`);
    }
    expect(await at(arnOf(restApiId), callOf("000000000000", "eu-west-1"))).toBe(`BadRequestException: Invalid ARN specified: ${arnOf(restApiId)}`);
  });
});

describe.each([
  { operation: "FlushStageCache", member: "flushCache", whose: "" },
  { operation: "FlushStageAuthorizersCache", member: "flushAuthorizers", whose: "authorizers of " },
] as const)("$operation", ({ operation, member, whose }) => {
  test("resolves once the gateways have flushed, whether or not the stage has a cache", async () => {
    const flushed = Promise.withResolvers<void>();
    const asked: unknown[] = [];
    const flush = (stage: unknown) => (asked.push(stage), flushed.promise);
    const { api, prod, published } = await start({ publication: { [member]: flush } });
    let answered = false;
    const answer = api[operation](prod, call).then((output) => ((answered = true), output));
    await expect.poll(() => asked).toEqual([{ account: "000000000000", region: "us-east-1", apiId: prod.restApiId, stageName: "prod" }]);
    expect(answered).toBe(false);
    flushed.resolve();
    expect(await answer).toEqual({});
    expect(published).toEqual([]);
  });

  test("refuses a stage that is not there", async () => {
    const { api, prod, flushed } = await start();
    expect(await refusal(api[operation]({ ...prod, stageName: "other" }, call))).toBe("NotFoundException: Invalid stage identifier specified");
    expect(await refusal(api[operation](prod, callOf("111111111111", "us-east-1")))).toBe(
      `NotFoundException: Invalid API identifier specified 111111111111:${prod.restApiId}`,
    );
    expect(flushed).toEqual([]);
    await api[operation](prod, call);
    expect(flushed).toEqual([`${whose}${prod.restApiId}/prod`]);
  });
});

test("a stage has as many method settings as an API can have methods, and one set for all of them", async () => {
  const { api, prod } = await start({ limits: { resourcesPerApi: 3 } });
  const set = (first: number, count: number) =>
    api.UpdateStage({ ...prod, patchOperations: Array.from({ length: count }, (_, i) => ({ op: "replace" as const, path: `/~1p${first + i}/GET/metrics/enabled`, value: "true" })) }, call);
  await set(0, 25);
  expect(await refusal(set(25, 1))).toBe("BadRequestException: A stage has at most 25 method settings; this would make 26");
  expect(Object.keys((await set(24, 1)).methodSettings ?? {})).toHaveLength(25);
});

describe("Account", () => {
  const defaults = { throttleSettings: { burstLimit: 5000, rateLimit: 10_000 }, features: ["UsagePlans"], apiKeyVersion: "4" };
  const update = (op: "add" | "replace" | "remove", path: string, value: string) => ({ patchOperations: [{ op, path, value }] });

  test("has AWS's defaults, and a logging role once it is given one", async () => {
    const { api } = startControlPlane();
    expect(await api.GetAccount({}, call)).toEqual(defaults);
    expect(await api.UpdateAccount(update("replace", "/cloudwatchRoleArn", ROLE), call)).toEqual({ ...defaults, cloudwatchRoleArn: ROLE });
    expect(await api.GetAccount({}, call)).toEqual({ ...defaults, cloudwatchRoleArn: ROLE });
    expect(await api.GetAccount({}, callOf("000000000000", "eu-west-1"))).toEqual(defaults);
    expect(await api.GetAccount({}, callOf("111111111111", "us-east-1"))).toEqual(defaults);
    expect(await api.UpdateAccount(update("replace", "/cloudwatchRoleArn", ""), call)).toEqual(defaults);
    expect(await api.UpdateAccount(update("add", "/features", "UsagePlans"), call)).toEqual(defaults);
  });

  test.each([
    [update("replace", "/cloudwatchRoleArn", "role"), "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy."],
    [update("remove", "/features", "UsagePlans"), "The UsagePlans feature cannot be removed"],
    [update("add", "/features", "Other"), "Invalid patch value 'Other' specified for path '/features'. Must be one of: [UsagePlans]"],
    [update("replace", "/throttleSettings/rateLimit", "1"), "Invalid patch path  '/throttleSettings/rateLimit' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]"],
  ])("refuses %j", async (input, message) => {
    const { api } = startControlPlane();
    expect(await refusal(api.UpdateAccount(input, call))).toBe(`BadRequestException: ${message}`);
  });
});
