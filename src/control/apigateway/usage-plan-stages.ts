// What usage plans and API keys have to do with stages, of REST and of WebSocket APIs: they name only stages that are there, and a stage that goes leaves
// no name behind.
import { apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { notFound, type ServiceError } from "../../domain/errors.ts";
import { type Key, type RecordKind, scoped } from "../../domain/record.ts";
import { restApis, stages } from "../../domain/rest-api.ts";
import { type ApiStage, usagePlans } from "../../domain/usage-plan.ts";
import { webSocketApis, webSocketStages } from "../../domain/websocket-api.ts";
import { type Change, put, type Store } from "../../ports/store.ts";
import { type ApiGatewayContext, apiKey } from "./context.ts";

export interface StageReference {
  readonly apiId: string;
  readonly stage: string;
}

export const sameStage = (one: StageReference, other: StageReference): boolean => one.apiId === other.apiId && one.stage === other.stage;

/**
 * Writes stages and their APIs as they are: one that is deleted at the same moment must not be referred to.
 * @throws what `missing` makes of the first that is not there
 */
export async function holdStages(
  { store }: ApiGatewayContext,
  references: readonly StageReference[],
  call: Call,
  missing: (reference: StageReference) => ServiceError,
): Promise<readonly Change[]> {
  const changes = new Map<string, Change>();
  for (const reference of references) {
    const { apiId, stage: name } = reference;
    const held = (await holdStage(store, restApis, stages, apiKey(call, apiId), name)) ?? (await holdStage(store, webSocketApis, webSocketStages, apiKey(call, apiId), name));
    if (held === undefined) throw missing(reference);
    changes.set(apiId, held.api);
    changes.set(`${apiId}/${name}`, held.stage);
  }
  return [...changes.values()];
}

async function holdStage<Api, Stage>(store: Store, apis: RecordKind<Api>, ofApis: RecordKind<Stage>, key: Key, name: string) {
  const [api, stage] = await Promise.all([store.get(apis, key), store.get(ofApis, [...key, name])]);
  if (api === undefined || stage === undefined) return undefined;
  return { api: put(apis, api.key, api.value, api.version), stage: put(ofApis, stage.key, stage.value, stage.version) };
}

/**
 * A plan's throttles for methods are by `{resource path}/{method}`, and those of methods that are not there AWS refuses with 404
 * (github.com/aws/aws-cdk/issues/15426). A WebSocket API has routes and no methods; what its plans may say of it is their
 * throttle and quota alone (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigatewayv2.UsagePlanProps.html).
 * @throws {ServiceError} NotFoundException
 */
export async function assertNoMethodsOfWebSocketApis({ store }: ApiGatewayContext, stagesOfPlan: readonly ApiStage[], call: Call): Promise<void> {
  for (const { apiId, stage, throttle } of stagesOfPlan) {
    const [method] = Object.keys(throttle ?? {});
    if (method === undefined || (await store.get(webSocketApis, apiKey(call, apiId))) === undefined) continue;
    throw notFound(`Invalid method '${method}' specified for throttling. The API of stage ${apiId}:${stage} is a WebSocket API, which has no methods`);
  }
}

/**
 * Takes a stage, or all of an API's, out of usage plans and keys: AWS does so, and refuses no deletion
 * (github.com/hashicorp/terraform-provider-aws/issues/14100).
 */
export async function releaseStages({ store }: Pick<ApiGatewayContext, "store">, apiId: string, stageName?: string): Promise<readonly Change[]> {
  const gone = (reference: StageReference) => reference.apiId === apiId && (stageName === undefined || reference.stage === stageName);
  const index = stageName === undefined ? { name: "api", value: apiId } : { name: "stage", value: scoped(apiId, stageName) };
  const [plans, keys] = await Promise.all([store.list(usagePlans, { index }), store.list(apiKeys, { index: { name: "api", value: apiId } })]);
  return [
    ...plans.items.map(({ key, value: plan, version }) =>
      put(usagePlans, key, { ...plan, apiStages: plan.apiStages.filter((each) => !gone(each)) }, version),
    ),
    ...keys.items.map(({ key, value, version }) =>
      put(apiKeys, key, { ...value, stageKeys: value.stageKeys.filter((each) => !gone(stageReference(each))) }, version),
    ),
  ];
}

/** What a stage key (`{apiId}/{stage}`) names. */
export function stageReference(stageKey: string): StageReference {
  const slash = stageKey.indexOf("/");
  return { apiId: stageKey.slice(0, slash), stage: stageKey.slice(slash + 1) };
}
