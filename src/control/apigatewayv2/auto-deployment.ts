// Automatic deployments: what an API's definition becomes is deployed to every stage that asks for it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html).
import type { HttpDeployment } from "../../domain/http-api.ts";
import type { Key } from "../../domain/record.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { hashOf } from "../apigateway/index.ts";
import type { ApiGatewayV2Context } from "./context.ts";
import type { DeploymentKinds, Frozen, V2Stage } from "./protocol.ts";

/** A stage as it is to be, and what its record is expected to be. */
export interface WrittenStage {
  readonly value: V2Stage;
  readonly expect: number | "absent";
}

export interface AutoDeployment {
  readonly changes: readonly Change[];
  /** The stage that is written in any case, as it becomes. */
  readonly stage: V2Stage | undefined;
}

/**
 * Changes that deploy the definition to the API's stages that deploy automatically and do not show it already. Whoever
 * commits them also writes the API's record as it was found before the definition.
 * @param written a stage that is written in any case
 */
export async function autoDeployment(
  context: ApiGatewayV2Context,
  kinds: DeploymentKinds,
  api: Key,
  frozen: Frozen,
  written?: WrittenStage,
): Promise<AutoDeployment> {
  const { store } = context;
  const [{ items: before }, { items: deployments }] = await Promise.all([
    store.list(kinds.stages, { prefix: api }),
    store.list(kinds.deployments, { prefix: api }),
  ]);
  const others = before.filter(({ value }) => value.stageName !== written?.value.stageName).map(({ value, version }) => ({ value, expect: version }));
  const stages: readonly WrittenStage[] = [...others, ...(written === undefined ? [] : [written])];
  // A definition may be of megabytes, which are not gone through for no stage.
  const hash = stages.some(({ value }) => value.autoDeploy) ? hashOf(frozen.snapshot) : "";
  const shown = new Map(deployments.map(({ value }) => [value.deploymentId, value.snapshot]));
  const isLate = ({ value }: WrittenStage): boolean => value.autoDeploy && shown.get(value.deploymentId ?? "") !== hash;
  const someAreLate = stages.some(isLate);
  const failure = someAreLate ? await frozen.failure() : undefined;
  const deployment = someAreLate && failure === undefined ? newDeployment(context, hash) : undefined;
  const next = stages.map((stage) => ({ stage, value: isLate(stage) ? deployedTo(stage.value, deployment, failure) : stage.value }));
  const changed = next.filter(({ stage, value }) => stage === written || value !== stage.value);
  const changes = changed.map(({ stage, value }) => put(kinds.stages, [...api, value.stageName], value, stage.expect));
  const stage = next.find((each) => each.stage === written)?.value;
  if (deployment === undefined) return { changes, stage };
  const pointed = new Set(next.map(({ value }) => value.deploymentId));
  return {
    changes: [
      put(kinds.deployments, [...api, deployment.deploymentId], deployment, "absent"),
      put(kinds.snapshots, [...api, hash], frozen.snapshot, "any"),
      ...changes,
      ...superseded(context, kinds, api, deployments, pointed, hash),
    ],
    stage,
  };
}

const newDeployment = ({ clock, ids }: ApiGatewayV2Context, snapshot: string): HttpDeployment => ({
  deploymentId: ids.alphanumeric(6),
  createdDate: clock.now(),
  description: "Automatic deployment triggered by changes to the Api configuration",
  autoDeployed: true,
  snapshot,
});

/** What cannot be deployed leaves a stage at what it shows. The messages are those of the examples of `aws apigatewayv2 get-stages`. */
function deployedTo(stage: V2Stage, deployment: HttpDeployment | undefined, failure: string | undefined): V2Stage {
  const message = deployment === undefined ? `Deployment attempt failed: ${failure}` : `Successfully deployed stage with deployment ID '${deployment.deploymentId}'`;
  if (deployment === undefined) return stage.lastDeploymentStatusMessage === message ? stage : { ...stage, lastDeploymentStatusMessage: message };
  const { createdDate, deploymentId } = deployment;
  return { ...stage, deploymentId, lastDeploymentStatusMessage: message, lastUpdatedDate: createdDate };
}

/** Removes the oldest automatic deployments that no stage points at, past those that are kept to go back to. */
function superseded({ limits }: ApiGatewayV2Context, kinds: DeploymentKinds, api: Key, deployments: readonly Stored<HttpDeployment>[], pointed: ReadonlySet<string | undefined>, newest: string): readonly Change[] {
  const unused = deployments.filter(({ value }) => value.autoDeployed && !pointed.has(value.deploymentId));
  const gone = new Set(unused.toSorted((a, b) => b.value.createdDate - a.value.createdDate).slice(limits.unusedAutoDeployments));
  const needed = new Set([newest, ...deployments.filter((each) => !gone.has(each)).map(({ value }) => value.snapshot)]);
  return [
    ...[...gone].map(({ key, version }) => remove(kinds.deployments, key, version)),
    ...[...new Set([...gone].map(({ value }) => value.snapshot))].filter((hash) => !needed.has(hash)).map((hash) => remove(kinds.snapshots, [...api, hash], "any")),
  ];
}

/** A change that removes a deployment's snapshot when no other deployment has it. */
export function unusedSnapshot(kinds: DeploymentKinds, api: Key, gone: HttpDeployment, deployments: readonly Stored<HttpDeployment>[]): readonly Change[] {
  const isShared = deployments.some(({ value }) => value.deploymentId !== gone.deploymentId && value.snapshot === gone.snapshot);
  return isShared ? [] : [remove(kinds.snapshots, [...api, gone.snapshot], "any")];
}
