// Stage: a name that points at a deployment, with the settings it is served by. Changes show at once, without redeployment.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict } from "../../domain/errors.ts";
import type { CanarySettings, Stage } from "../../domain/rest-api.ts";
import { deployments, restApis, stages } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { StageName } from "../../ports/publication.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { holdClientCertificate } from "./client-certificate.ts";
import { assertStageUnmapped } from "./base-path-mapping.ts";
import type { ApiGatewayContext, StageInput } from "./context.ts";
import { findApi, findStage, publish, unlessEmpty } from "./context.ts";
import { holdDocumentationVersion } from "./documentation-version.ts";
import { methodSettingRules } from "./method-settings.ts";
import { publishKeys } from "./publish-keys.ts";
import { assertStageQuota, checkedStage, newStage, pointedAt } from "./stage-rules.ts";
import { checkedTags } from "./tag-rules.ts";
import { releaseStages } from "./usage-plan-stages.ts";

export function stageOperations(context: ApiGatewayContext) {
  const { store, clock } = context;
  const find = (input: StageInput, call: Call) => findStage(context, input, call);
  const show = (stage: Stage) => showStage(context, stage);
  return {
    create: verbs.writing(store, (input: Model.CreateStageRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ stage }) => show(stage.value)),
    /** All of them: this list has no pages. */
    list: async (input: Model.GetStagesRequest, call: Call): Promise<Model.Stages> => {
      const api = await findApi(context, input, call);
      const { items } = await store.list(stages, { prefix: api.key });
      return { item: items.map(({ value }) => value).filter((each) => pointsAt(each, input.deploymentId)).map(show) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateStageRequest, call) => find(input, call),
      of: ({ stage }) => stage.value,
      rules: stageRules,
      keep: async ({ api, stage }, patched, call) => {
        const next = await checkedStage(context, { ...patched, lastUpdatedDate: clock.now() }, stage.value, call);
        const touched = deploymentsOf(next) === deploymentsOf(stage.value) ? [] : touch(await pointedAt(context, api, next));
        const held = await holdClientCertificate(context, next, stage.value, call);
        const documented = await holdDocumentationVersion(context, api, next, stage.value);
        return {
          changes: [put(stages, stage.key, next, stage.version), ...touched, ...held, ...documented],
          answer: show(next),
          afterwards: () => publish(context, api.key, [next.stageName]),
        };
      },
    }),
    /** A stage without a cache has nothing to flush, and that is done. */
    flushCache: async (input: Model.FlushStageCacheRequest, call: Call): Promise<Record<never, never>> => {
      const { stage } = await find(input, call);
      await context.publication.flushCache(nameOf(stage));
      return {};
    },
    /** Nor has one without authorizers, or with none that caches. */
    flushAuthorizers: async (input: Model.FlushStageAuthorizersCacheRequest, call: Call): Promise<Record<never, never>> => {
      const { stage } = await find(input, call);
      await context.publication.flushAuthorizers(nameOf(stage));
      return {};
    },
    remove: verbs.removing(store, find, async ({ api, stage }) => {
      const { stageName } = stage.value;
      await assertStageUnmapped(context, api.value.id, stageName);
      const changes = [remove(stages, stage.key, stage.version), ...(await releaseStages(context, api.value.id, stageName))];
      const afterwards = async () => {
        await publish(context, api.key, [stageName]);
        await publishKeys(context, changes);
      };
      return { changes, afterwards };
    }),
  };
}

function nameOf({ key }: Stored<Stage>): StageName {
  const [account, region, apiId, stageName] = key as [string, string, string, string];
  return { account, region, apiId, stageName };
}

/** Writes the API's record as it is, so that stages are made one after the other, as their quota needs. */
async function creation(context: ApiGatewayContext, input: Model.CreateStageRequest, call: Call): Promise<verbs.Decision<Model.Stage>> {
  const api = await findApi(context, input, call);
  const key = [...api.key, input.stageName];
  const stage = await checkedStage(context, stageOf(context, input), undefined, call);
  checkedTags(stage.tags, context.limits);
  const touched = touch(await pointedAt(context, api, stage));
  if ((await context.store.get(stages, key)) !== undefined) throw conflict("Stage already exists");
  await assertStageQuota(context, api);
  const documented = await holdDocumentationVersion(context, api, stage, undefined);
  return {
    changes: [put(restApis, api.key, api.value, api.version), ...touched, ...documented, put(stages, key, stage, "absent")],
    answer: showStage(context, stage),
    afterwards: () => publish(context, api.key, [stage.stageName]),
  };
}

function stageOf(context: ApiGatewayContext, input: Model.CreateStageRequest): Stage {
  const { restApiId: _restApiId, canarySettings, description, ...members } = input;
  const stage = { ...newStage(context, input.stageName, input.deploymentId), ...members, ...(description ? { description } : {}) };
  return canarySettings === undefined ? stage : { ...stage, canarySettings: { ...noCanary(stage), ...canarySettings } };
}

/** What a canary has until it is given something else: no traffic, and the stage's own deployment. */
export const noCanary = (stage: Stage): CanarySettings => ({ percentTraffic: 0, deploymentId: stage.deploymentId, useStageCache: false });

const deploymentsOf = (stage: Stage): string => `${stage.deploymentId} ${stage.canarySettings?.deploymentId ?? ""}`;

const pointsAt = (stage: Stage, deploymentId: string | undefined): boolean =>
  deploymentId === undefined || stage.deploymentId === deploymentId || stage.canarySettings?.deploymentId === deploymentId;

/** Writes deployments as they are: one that is deleted at the same moment must not be pointed at. */
function touch(pointed: Awaited<ReturnType<typeof pointedAt>>): readonly Change[] {
  return pointed.map(({ key, value, version }) => put(deployments, key, value, version));
}

const canary = (step: verbs.Step<CanarySettings>): verbs.Step<Stage> => verbs.within<Stage, "canarySettings">("canarySettings", noCanary, step);

type AccessLogSettings = NonNullable<Stage["accessLogSettings"]>;
const accessLog = (member: keyof AccessLogSettings) => {
  const replace = verbs.within<Stage, "accessLogSettings">("accessLogSettings", () => ({}), verbs.set<AccessLogSettings, typeof member>(member, verbs.someText));
  const removed = verbs.within<Stage, "accessLogSettings">("accessLogSettings", () => ({}), verbs.unset<AccessLogSettings>(member));
  return { add: replace, replace, remove: removed };
};

const stageRules: verbs.PatchRules<Stage> = {
  "/accessLogSettings": { remove: verbs.unset("accessLogSettings") },
  "/accessLogSettings/destinationArn": accessLog("destinationArn"),
  "/accessLogSettings/format": accessLog("format"),
  "/cacheClusterEnabled": { replace: verbs.set("cacheClusterEnabled", verbs.boolean) },
  "/cacheClusterSize": {
    replace: verbs.set("cacheClusterSize", verbs.optional(verbs.oneOf("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"))),
  },
  "/canarySettings": { remove: verbs.unset("canarySettings") },
  "/canarySettings/deploymentId": { replace: canary(verbs.set("deploymentId", verbs.someText)) },
  "/canarySettings/percentTraffic": { replace: canary(verbs.set("percentTraffic", verbs.number(0, 100))) },
  "/canarySettings/stageVariableOverrides": { replace: canary(verbs.set("stageVariableOverrides", verbs.stringMap)) },
  "/canarySettings/stageVariableOverrides/{name}": {
    replace: canary(verbs.setEntry<CanarySettings, "stageVariableOverrides">("stageVariableOverrides", verbs.text)),
    remove: canary(verbs.dropEntry<CanarySettings>("stageVariableOverrides")),
  },
  "/canarySettings/useStageCache": { replace: canary(verbs.set("useStageCache", verbs.boolean)) },
  "/clientCertificateId": { replace: verbs.set("clientCertificateId", verbs.optionalText) },
  "/deploymentId": {
    replace: verbs.set("deploymentId", verbs.someText),
    copy: copyFromCanary("deploymentId", "deploymentId"),
  },
  "/description": { replace: verbs.set("description", verbs.optionalText) },
  "/documentationVersion": { replace: verbs.set("documentationVersion", verbs.optionalText) },
  // The guide copies the canary's variables (promote-canary-deployment), which the page's table leaves out.
  "/variables": {
    replace: verbs.set("variables", verbs.stringMap),
    remove: verbs.unset("variables"),
    copy: copyFromCanary("stageVariableOverrides", "variables"),
  },
  "/variables/{name}": {
    replace: verbs.setEntry<Stage, "variables">("variables", verbs.text),
    remove: verbs.dropEntry<Stage>("variables"),
  },
  "/tracingEnabled": { replace: verbs.set("tracingEnabled", verbs.boolean) },
  ...methodSettingRules,
};

/** Promotes a canary: what it has becomes the stage's own (guide: promote-canary-deployment). */
function copyFromCanary(member: "deploymentId" | "stageVariableOverrides", to: "deploymentId" | "variables"): verbs.Step<Stage> {
  return (stage, { path, from }) => {
    if (from !== `/canarySettings/${member}`) {
      throw badRequest(`Invalid patch path  '${from ?? ""}' specified for op 'copy' to '${path}'. Must be one of: [/canarySettings/${member}]`);
    }
    if (stage.canarySettings === undefined) throw badRequest(`Stage ${stage.stageName} has no canary settings to copy from`);
    return { ...stage, [to]: stage.canarySettings[member] ?? stage[to] };
  };
}

/** A stage as answers carry it: the status of its cache, and the account's limits where a method has none of its own. */
function showStage({ throttle }: ApiGatewayContext, stage: Stage): Model.Stage {
  const limits = { throttlingBurstLimit: throttle.burstLimit, throttlingRateLimit: throttle.rateLimit };
  return {
    ...stage,
    cacheClusterStatus: stage.cacheClusterEnabled ? "AVAILABLE" : "NOT_AVAILABLE",
    methodSettings: Object.fromEntries(Object.entries(stage.methodSettings).map(([key, setting]) => [key, { ...limits, ...setting }])),
    variables: unlessEmpty(stage.variables),
    tags: unlessEmpty(stage.tags),
  };
}
