// The calls that Terraform's AWS provider makes when it applies, refreshes, changes and destroys its resources
// for deployments, stages and usage plans, in its order and with its spellings, and what it makes of the answers
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
import { afterAll, describe, expect, test } from "vitest";
import { call } from "../harness/control-plane.ts";
import { arnOf, codeOf, gone, remove, TAGS, wordsOf, startForTerraform } from "../harness/terraform.ts";
import { add, ROLE, set } from "../harness/updatable.ts";

const { api, changeTags, start, stop } = await startForTerraform();
afterAll(stop);

describe("aws_api_gateway_deployment and aws_api_gateway_stage", () => {
  test("a deployment that is replaced is made before the old one is deleted", async () => {
    const { restApiId, deploymentId } = await start();
    const read = await api.GetDeployment({ restApiId, deploymentId }, call);
    expect(read).toEqual({ id: deploymentId, createdDate: expect.any(Date) as Date });
    await api.UpdateDeployment({ restApiId, deploymentId, patchOperations: [set("/description", "d")] }, call);
    expect(await api.GetDeployment({ restApiId, deploymentId }, call)).toEqual({ ...read, description: "d" });
    const stage = { restApiId, stageName: "prod" };
    await api.CreateStage({ ...stage, deploymentId }, call);
    expect(await wordsOf(api.DeleteDeployment({ restApiId, deploymentId }, call))).toBe(
      "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
    );
    const made = await api.CreateDeployment({ restApiId, description: "", variables: {} }, call);
    expect(await api.GetDeployment({ restApiId, deploymentId: made.id as string }, call)).toEqual(made);
    await api.UpdateStage({ ...stage, patchOperations: [set("/deploymentId", made.id as string)] }, call);
    await api.DeleteDeployment({ restApiId, deploymentId }, call);
    await gone(api.GetDeployment({ restApiId, deploymentId }, call));
    expect((await api.GetStage(stage, call)).deploymentId).toBe(made.id);
    await api.DeleteStage(stage, call);
    await gone(api.GetStage(stage, call));
    await api.DeleteDeployment({ restApiId, deploymentId: made.id as string }, call);
  });

  test("a stage with a certificate and logs is created without them and updated with all that it has", async () => {
    const { restApiId, deploymentId } = await start();
    await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
    const { clientCertificateId = "" } = await api.GenerateClientCertificate({}, call);
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    const stage = { restApiId, stageName: "prod" };
    const canarySettings = { deploymentId, percentTraffic: 33.33, stageVariableOverrides: { b: "3" }, useStageCache: true };
    const settings = { description: "d", documentationVersion: "1", variables: { a: "1", b: "2" }, canarySettings, tags: TAGS };
    const made = await api.CreateStage({ ...stage, deploymentId, cacheClusterEnabled: true, cacheClusterSize: "0.5", ...settings }, call);
    expect(await api.GetStage(stage, call)).toEqual(made);
    expect(made).toMatchObject({ cacheClusterEnabled: true, cacheClusterSize: "0.5", cacheClusterStatus: "AVAILABLE", ...settings });
    // With nothing in its state yet, everything is a change.
    const destinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:api";
    const patchOperations = [
      set("/cacheClusterEnabled", "true"),
      set("/cacheClusterSize", "0.5"),
      set("/clientCertificateId", clientCertificateId),
      set("/canarySettings/stageVariableOverrides/b", "3"),
      set("/canarySettings/percentTraffic", "33.330000"),
      set("/canarySettings/useStageCache", "true"),
      set("/deploymentId", deploymentId),
      set("/canarySettings/deploymentId", deploymentId),
      set("/description", "d"),
      set("/documentationVersion", "1"),
      set("/variables/a", "1"),
      set("/variables/b", "2"),
      set("/accessLogSettings/destinationArn", destinationArn),
      set("/accessLogSettings/format", "$context.requestId"),
    ];
    const applied = await api.UpdateStage({ ...stage, patchOperations }, call);
    expect({ ...applied, lastUpdatedDate: undefined }).toEqual({
      ...made,
      clientCertificateId,
      accessLogSettings: { destinationArn, format: "$context.requestId" },
      lastUpdatedDate: undefined,
    });
    await changeTags(arnOf(`restapis/${restApiId}/stages/prod`));
    // Everything away again.
    const away = [
      set("/cacheClusterEnabled", "false"),
      set("/clientCertificateId", ""),
      remove("/canarySettings"),
      set("/description", ""),
      set("/documentationVersion", ""),
      remove("/variables/a"),
      set("/variables/b", "4"),
      remove("/accessLogSettings"),
    ];
    await api.UpdateStage({ ...stage, patchOperations: away }, call);
    const { createdDate, lastUpdatedDate, ...bare } = await api.GetStage(stage, call);
    expect([createdDate, lastUpdatedDate]).toEqual([expect.any(Date), expect.any(Date)]);
    expect(bare).toEqual({
      stageName: "prod",
      deploymentId,
      cacheClusterEnabled: false,
      cacheClusterSize: "0.5",
      cacheClusterStatus: "NOT_AVAILABLE",
      methodSettings: {},
      tracingEnabled: false,
      variables: { b: "4" },
      tags: TAGS,
    });
    // A canary comes to a stage without a deployment of its own: it has the stage's.
    const canary = [set("/canarySettings/stageVariableOverrides/b", "5"), set("/canarySettings/percentTraffic", "10.000000")];
    expect((await api.UpdateStage({ ...stage, patchOperations: canary }, call)).canarySettings).toEqual({
      deploymentId,
      percentTraffic: 10,
      stageVariableOverrides: { b: "5" },
      useStageCache: false,
    });
  });
});

describe("aws_api_gateway_method_settings", () => {
  // The path is that of the resource without its first slash, and the method; it is looked up as it was given.
  test.each(["*/*", "pets/GET", "pets/{id}/GET"])("%s come with their first setting and go at once", async (methodPath) => {
    const { restApiId, deploymentId } = await start();
    await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
    const stage = { restApiId, stageName: "prod" };
    await api.CreateStage({ ...stage, deploymentId }, call);
    const patchOperations = [
      set(`/${methodPath}/metrics/enabled`, "true"),
      set(`/${methodPath}/logging/loglevel`, "ERROR"),
      set(`/${methodPath}/logging/dataTrace`, "true"),
      // What is not configured is -1, as what is not limited.
      set(`/${methodPath}/throttling/burstLimit`, "-1"),
      set(`/${methodPath}/throttling/rateLimit`, "-1.000000"),
      set(`/${methodPath}/caching/enabled`, "true"),
      set(`/${methodPath}/caching/ttlInSeconds`, "60"),
      set(`/${methodPath}/caching/dataEncrypted`, "true"),
      set(`/${methodPath}/caching/requireAuthorizationForCacheControl`, "false"),
      set(`/${methodPath}/caching/unauthorizedCacheControlHeaderStrategy`, "FAIL_WITH_403"),
    ];
    await api.UpdateStage({ ...stage, patchOperations }, call);
    const settings = {
      metricsEnabled: true,
      loggingLevel: "ERROR",
      dataTraceEnabled: true,
      throttlingBurstLimit: -1,
      throttlingRateLimit: -1,
      cachingEnabled: true,
      cacheTtlInSeconds: 60,
      cacheDataEncrypted: true,
      requireAuthorizationForCacheControl: false,
      unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403",
    };
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({ [methodPath]: settings });
    await api.UpdateStage({ ...stage, patchOperations: [set(`/${methodPath}/throttling/rateLimit`, "10.500000"), set(`/${methodPath}/throttling/burstLimit`, "20")] }, call);
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({ [methodPath]: { ...settings, throttlingRateLimit: 10.5, throttlingBurstLimit: 20 } });
    const destroy = () => api.UpdateStage({ ...stage, patchOperations: [remove(`/${methodPath}`)] }, call);
    await destroy();
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({});
    // The provider looks for these words where they are gone already.
    expect(await wordsOf(destroy())).toBe(`BadRequestException: Cannot remove method setting ${methodPath} because there is no method setting for this method`);
    await api.DeleteRestApi({ restApiId }, call);
    expect(await codeOf(destroy())).toBe("NotFoundException");
  });
});

describe("aws_api_gateway_usage_plan, _api_key and _usage_plan_key", () => {
  test("are made, changed by removing all stages and adding them again, and deleted without any", async () => {
    const { restApiId, deploymentId } = await start();
    for (const stageName of ["prod", "beta"]) await api.CreateStage({ restApiId, stageName, deploymentId }, call);
    const apiStages = [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { burstLimit: 2, rateLimit: 1.5 } } }];
    const limits = { quota: { limit: 20, offset: 2, period: "WEEK" as const }, throttle: { burstLimit: 5, rateLimit: 10 } };
    const made = await api.CreateUsagePlan({ name: "plan", description: "d", tags: TAGS, apiStages, ...limits }, call);
    const key = { usagePlanId: made.id as string };
    expect(made).toEqual({ id: made.id, name: "plan", description: "d", tags: TAGS, apiStages, ...limits });
    await api.UpdateUsagePlan({ ...key, patchOperations: [add("/productCode", "p")] }, call);
    expect(await api.GetUsagePlan(key, call)).toEqual({ ...made, productCode: "p" });
    const at = (stage: string) => `/apiStages/${restApiId}:${stage}/throttle//pets/GET`;
    const patchOperations = [
      set("/name", "other"),
      set("/description", ""),
      remove("/productCode"),
      { ...remove("/apiStages"), value: `${restApiId}:prod` },
      add("/apiStages", `${restApiId}:prod`),
      set(`${at("prod")}/rateLimit`, "3"),
      set(`${at("prod")}/burstLimit`, "4"),
      add("/apiStages", `${restApiId}:beta`),
      set("/throttle/rateLimit", "6.5"),
      set("/throttle/burstLimit", "7"),
      set("/quota/limit", "30"),
      set("/quota/offset", "0"),
      set("/quota/period", "MONTH"),
    ];
    await api.UpdateUsagePlan({ ...key, patchOperations }, call);
    const changed = await api.GetUsagePlan(key, call);
    expect(changed).toEqual({
      id: made.id,
      name: "other",
      tags: TAGS,
      apiStages: [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { burstLimit: 4, rateLimit: 3 } } }, { apiId: restApiId, stage: "beta" }],
      throttle: { burstLimit: 7, rateLimit: 6.5 },
      quota: { limit: 30, offset: 0, period: "MONTH" },
    });
    // Stages first, then the limits; and limits come to a plan without any by replacing their parts.
    const bare = [...["prod", "beta"].map((stage) => ({ ...remove("/apiStages"), value: `${restApiId}:${stage}` })), remove("/throttle"), remove("/quota")];
    expect(await api.UpdateUsagePlan({ ...key, patchOperations: bare }, call)).toEqual({ id: made.id, name: "other", tags: TAGS, apiStages: [] });
    const again = [set("/throttle/rateLimit", "10"), set("/throttle/burstLimit", "5"), set("/quota/limit", "20"), set("/quota/offset", "2"), set("/quota/period", "WEEK")];
    expect(await api.UpdateUsagePlan({ ...key, patchOperations: again }, call)).toMatchObject(limits);
    await changeTags(arnOf(`usageplans/${made.id}`));

    // A value that is not configured is sent empty.
    const apiKey = await api.CreateApiKey({ name: "key", description: "Managed by Terraform", enabled: true, value: "", tags: TAGS }, call);
    expect(apiKey.value).toMatch(/^[A-Za-z0-9]{20,}$/);
    const keyId = apiKey.id as string;
    expect(await api.GetApiKey({ apiKey: keyId, includeValue: true }, call)).toEqual(apiKey);
    await api.UpdateApiKey({ apiKey: keyId, patchOperations: [set("/enabled", "false"), set("/description", "")] }, call);
    const { description, lastUpdatedDate, ...rest } = apiKey;
    const updated = await api.GetApiKey({ apiKey: keyId, includeValue: true }, call);
    expect(updated).toEqual({ ...rest, enabled: false, lastUpdatedDate: updated.lastUpdatedDate });
    expect([description, Number(updated.lastUpdatedDate) >= Number(lastUpdatedDate)]).toEqual(["Managed by Terraform", true]);
    await changeTags(arnOf(`apikeys/${keyId}`));
    const planKey = await api.CreateUsagePlanKey({ ...key, keyId, keyType: "API_KEY" }, call);
    expect(await api.GetUsagePlanKey({ ...key, keyId }, call)).toEqual(planKey);
    expect(planKey).toEqual({ id: keyId, type: "API_KEY", name: "key", value: apiKey.value });

    await api.DeleteUsagePlanKey({ ...key, keyId }, call);
    await gone(api.GetUsagePlanKey({ ...key, keyId }, call));
    await api.DeleteApiKey({ apiKey: keyId }, call);
    await gone(api.GetApiKey({ apiKey: keyId, includeValue: true }, call));
    await api.DeleteUsagePlan(key, call);
    await gone(api.GetUsagePlan(key, call));
  });
});
