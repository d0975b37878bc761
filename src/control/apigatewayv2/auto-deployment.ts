// Automatic deployments: what an API's definition becomes is deployed to every stage that asks for it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html).
import {
  type HttpApiDefinition,
  type HttpApiSnapshot,
  type HttpDeployment,
  httpDeployments,
  httpSnapshots,
  type HttpStage,
  httpStages,
} from "../../domain/http-api.ts";
import type { Key } from "../../domain/record.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import { hashOf } from "../apigateway/index.ts";
import type { ApiGatewayV2Context } from "./context.ts";

/** Quoted in github.com/mach-composer/mach-composer-cli/issues/42. */
export const NO_ROUTES = "Unable to deploy API because no routes exist in this API";

/** Freezes a definition; its parts in the order of their ids, so that equal ones are one. */
export function snapshotOf({ api, routes, integrations, authorizers }: HttpApiDefinition): HttpApiSnapshot {
  const { apiId, corsConfiguration, disableExecuteApiEndpoint } = api;
  return {
    apiId,
    ...(corsConfiguration === undefined ? {} : { corsConfiguration }),
    disableExecuteApiEndpoint,
    routes: routes.toSorted((a, b) => order(a.routeId, b.routeId)),
    integrations: integrations.toSorted((a, b) => order(a.integrationId, b.integrationId)),
    authorizers: authorizers.toSorted((a, b) => order(a.authorizerId, b.authorizerId)),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : 1);

/** A stage as it is to be, and what its record is expected to be. */
export interface WrittenStage {
  readonly value: HttpStage;
  readonly expect: number | "absent";
}

export interface AutoDeployment {
  readonly changes: readonly Change[];
  /** The stage that is written in any case, as it becomes. */
  readonly stage: HttpStage | undefined;
}

/**
 * Changes that deploy the definition to the API's stages that deploy automatically and do not show it already. Whoever
 * commits them also writes the API's record as it was found before the definition.
 * @param written a stage that is written in any case
 */
export async function autoDeployment(
  context: ApiGatewayV2Context,
  api: Key,
  definition: HttpApiDefinition,
  written?: WrittenStage,
): Promise<AutoDeployment> {
  const { store } = context;
  const [{ items: before }, { items: deployments }] = await Promise.all([
    store.list(httpStages, { prefix: api }),
    store.list(httpDeployments, { prefix: api }),
  ]);
  const others = before.filter(({ value }) => value.stageName !== written?.value.stageName).map(({ value, version }) => ({ value, expect: version }));
  const stages: readonly WrittenStage[] = [...others, ...(written === undefined ? [] : [written])];
  const snapshot = snapshotOf(definition);
  const hash = hashOf(snapshot);
  const shown = new Map(deployments.map(({ value }) => [value.deploymentId, value.snapshot]));
  const isLate = ({ value }: WrittenStage): boolean => value.autoDeploy && shown.get(value.deploymentId ?? "") !== hash;
  const deployment = definition.routes.length > 0 && stages.some(isLate) ? newDeployment(context, hash) : undefined;
  const next = stages.map((stage) => ({ stage, value: isLate(stage) ? deployedTo(stage.value, deployment) : stage.value }));
  const changed = next.filter(({ stage, value }) => stage === written || value !== stage.value);
  const changes = changed.map(({ stage, value }) => put(httpStages, [...api, value.stageName], value, stage.expect));
  const stage = next.find((each) => each.stage === written)?.value;
  if (deployment === undefined) return { changes, stage };
  const pointed = new Set(next.map(({ value }) => value.deploymentId));
  return {
    changes: [
      put(httpDeployments, [...api, deployment.deploymentId], deployment, "absent"),
      put(httpSnapshots, [...api, hash], snapshot, "any"),
      ...changes,
      ...superseded(context, api, deployments, pointed, hash),
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

/** Without routes, a stage stays at what it shows. The messages are those of the examples of `aws apigatewayv2 get-stages`. */
function deployedTo(stage: HttpStage, deployment: HttpDeployment | undefined): HttpStage {
  const message = deployment === undefined ? `Deployment attempt failed: ${NO_ROUTES}` : `Successfully deployed stage with deployment ID '${deployment.deploymentId}'`;
  if (deployment === undefined) return stage.lastDeploymentStatusMessage === message ? stage : { ...stage, lastDeploymentStatusMessage: message };
  const { createdDate, deploymentId } = deployment;
  return { ...stage, deploymentId, lastDeploymentStatusMessage: message, lastUpdatedDate: createdDate };
}

/** Removes the oldest automatic deployments that no stage points at, past those that are kept to go back to. */
function superseded({ limits }: ApiGatewayV2Context, api: Key, deployments: readonly Stored<HttpDeployment>[], pointed: ReadonlySet<string | undefined>, newest: string): readonly Change[] {
  const unused = deployments.filter(({ value }) => value.autoDeployed && !pointed.has(value.deploymentId));
  const gone = new Set(unused.toSorted((a, b) => b.value.createdDate - a.value.createdDate).slice(limits.unusedAutoDeployments));
  const needed = new Set([newest, ...deployments.filter((each) => !gone.has(each)).map(({ value }) => value.snapshot)]);
  return [
    ...[...gone].map(({ key, version }) => remove(httpDeployments, key, version)),
    ...[...new Set([...gone].map(({ value }) => value.snapshot))].filter((hash) => !needed.has(hash)).map((hash) => remove(httpSnapshots, [...api, hash], "any")),
  ];
}

/** A change that removes a deployment's snapshot when no other deployment has it. */
export function unusedSnapshot(api: Key, gone: HttpDeployment, deployments: readonly Stored<HttpDeployment>[]): readonly Change[] {
  const isShared = deployments.some(({ value }) => value.deploymentId !== gone.deploymentId && value.snapshot === gone.snapshot);
  return isShared ? [] : [remove(httpSnapshots, [...api, gone.snapshot], "any")];
}
