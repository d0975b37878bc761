// Deployment: the working copy of an API, frozen, and made live on a stage when one is named.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import type { Deployment, RestApi, Stage } from "../../domain/rest-api.ts";
import { deployments, restApis, snapshots, stages } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi, publish } from "./context.ts";
import { findDefinition } from "./definition.ts";
import { embeds } from "./resource.ts";
import { apiSummary, freeze, hashOf } from "./snapshot.ts";
import { noCanary } from "./stage.ts";
import { assertStageQuota, checkedStage, newStage } from "./stage-rules.ts";
import { unreachableTargets } from "./vpc-link-references.ts";

interface Found {
  readonly api: Stored<RestApi>;
  readonly deployment: Stored<Deployment>;
}

export function deploymentOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: ApiInput & { readonly deploymentId: string }, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const deployment = await store.get(deployments, [...api.key, input.deploymentId]);
    if (deployment === undefined) throw notFound("Invalid Deployment identifier specified");
    return { api, deployment };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateDeploymentRequest, call) => creation(context, input, call)),
    read: async (input: Model.GetDeploymentRequest, call: Call): Promise<Model.Deployment> => {
      const embed = embeds(input.embed, "apisummary");
      const { deployment } = await find(input, call);
      const snapshot = embed ? await store.get(snapshots, [deployment.value.snapshot]) : undefined;
      return snapshot === undefined ? show(deployment.value) : { ...show(deployment.value), apiSummary: apiSummary(snapshot.value) };
    },
    list: async (input: Model.GetDeploymentsRequest, call: Call): Promise<Model.Deployments> => {
      const api = await findApi(context, input, call);
      const page = await verbs.page(store, deployments, api.key, input);
      return { ...page, items: page.items.map(({ value }) => show(value)) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateDeploymentRequest, call) => find(input, call),
      of: ({ deployment }) => deployment.value,
      rules: { "/description": { replace: verbs.set("description", verbs.optionalText) } } satisfies verbs.PatchRules<Deployment>,
      keep: ({ deployment }, next) => ({ changes: [put(deployments, deployment.key, next, deployment.version)], answer: show(next) }),
    }),
    remove: verbs.removing(store, find, (found) => removal(context, found)),
  };
}

/**
 * Writes the API's record as it is and checks the tree's and the methods': the snapshot is then of one moment, stages are
 * made one after the other, and an API that is deleted at the same moment leaves no snapshot behind.
 */
async function creation(context: ApiGatewayContext, input: Model.CreateDeploymentRequest, call: Call): Promise<verbs.Decision<Model.Deployment>> {
  const { ids, clock, publication } = context;
  const { api, definition, unchanged } = await findDefinition(context, input, call);
  const snapshot = freeze(definition);
  const reasons = [...publication.checkSnapshot(snapshot), ...(await unreachableTargets(context, snapshot, call))];
  if (reasons.length > 0) throw badRequest(reasons.join("\n"));
  const { description } = input;
  const deployment: Deployment = {
    id: ids.alphanumeric(6),
    createdDate: clock.now(),
    ...(description ? { description } : {}),
    snapshot: hashOf(snapshot),
  };
  const stage = await stageChange(context, api, input, deployment.id, call);
  return {
    changes: [
      put(restApis, api.key, api.value, api.version),
      ...unchanged,
      put(snapshots, [deployment.snapshot], snapshot, "any"),
      put(deployments, [...api.key, deployment.id], deployment, "absent"),
      ...(stage ? [stage] : []),
    ],
    answer: show(deployment),
    afterwards: async () => {
      if (input.stageName) await publish(context, api.key, [input.stageName]);
    },
  };
}

/** Points the named stage, or its canary, at the deployment; makes the stage when there is none. */
async function stageChange(
  context: ApiGatewayContext,
  api: Stored<RestApi>,
  input: Model.CreateDeploymentRequest,
  deploymentId: string,
  call: Call,
): Promise<Change | undefined> {
  const { stageName } = input;
  if (!stageName) {
    assertNoStageSettings(input);
    return undefined;
  }
  const key = [...api.key, stageName];
  const before = await context.store.get(stages, key);
  const next = await checkedStage(context, deployed(context, before?.value, input, stageName, deploymentId), before?.value, call);
  if (before === undefined) await assertStageQuota(context, api);
  return put(stages, key, next, before?.version ?? "absent");
}

/** The stage with the deployment (the words are quoted in terraform-provider-aws/pull/39929 and serverless/issues/11518). */
function deployed(context: ApiGatewayContext, before: Stage | undefined, input: Model.CreateDeploymentRequest, stageName: string, deploymentId: string): Stage {
  const { canarySettings, stageDescription, cacheClusterEnabled, cacheClusterSize, variables, tracingEnabled } = input;
  if (canarySettings !== undefined && before === undefined) {
    throw badRequest(`Invalid deployment content specified.Stage ${stageName} must already be created before making a canary release deployment`);
  }
  if (canarySettings === undefined && before?.canarySettings !== undefined) {
    throw badRequest(
      `Invalid deployment content specified.Non canary deployment not supported on stage ${stageName} because Canary is enabled. Provide CanarySettings in deploymentInput.`,
    );
  }
  const stage: Stage = {
    ...(before ?? newStage(context, stageName, deploymentId)),
    ...(stageDescription ? { description: stageDescription } : {}),
    ...(cacheClusterEnabled === undefined ? {} : { cacheClusterEnabled }),
    ...(cacheClusterSize === undefined ? {} : { cacheClusterSize }),
    ...(variables === undefined ? {} : { variables }),
    ...(tracingEnabled === undefined ? {} : { tracingEnabled }),
    lastUpdatedDate: context.clock.now(),
  };
  if (canarySettings === undefined) return { ...stage, deploymentId };
  return { ...stage, canarySettings: { ...noCanary(stage), ...canarySettings, deploymentId } };
}

/** Terraform's provider sends what it was not given all the same, empty: `stageDescription: ""`, `variables: {}`. */
function assertNoStageSettings({ restApiId: _restApiId, stageName: _stageName, description: _description, ...settings }: Model.CreateDeploymentRequest): void {
  const isEmpty = (value: unknown) => value === undefined || value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  const [given] = Object.entries(settings).flatMap(([name, value]) => (isEmpty(value) ? [] : [name]));
  if (given !== undefined) throw badRequest(`Invalid deployment content specified.A stage name is required with ${given}`);
}

/**
 * A snapshot goes with the last deployment that has it: its version is read before the others are counted, and every
 * new deployment writes it, so that none can come in between.
 */
async function removal({ store }: ApiGatewayContext, { api, deployment }: Found): Promise<{ readonly changes: readonly Change[] }> {
  const { id, snapshot: hash } = deployment.value;
  const active = await store.count(stages, { index: { name: "deployment", value: scoped(api.value.id, id) } });
  if (active > 0) throw badRequest("Active stages pointing to this deployment must be moved or deleted");
  const snapshot = await store.get(snapshots, [hash]);
  const sharing = await store.count(deployments, { index: { name: "snapshot", value: hash } });
  const unused = snapshot !== undefined && sharing <= 1;
  return { changes: [remove(deployments, deployment.key, deployment.version), ...(unused ? [remove(snapshots, [hash], snapshot.version)] : [])] };
}

const show = ({ snapshot: _snapshot, ...deployment }: Deployment): Model.Deployment => deployment;
