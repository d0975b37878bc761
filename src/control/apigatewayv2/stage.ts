// Stage of an API of either protocol: a name that points at a deployment, with the settings it is served by. Changes show at once, without redeployment.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { type Change, put, remove } from "../../ports/store.ts";
import { checkedTags, publishKeys, releaseStages } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { assertStageUnmapped } from "./api-mapping.ts";
import { autoDeployment, type WrittenStage } from "./auto-deployment.ts";
import { type ApiGatewayV2Context, given, pageOf, shownPage, type StageInput } from "./context.ts";
import { findStage, type FoundApi, type FoundStage, held, nameOf, type Protocol, stageOf, type V2Stage } from "./protocol.ts";
import { tooMany } from "./route.ts";
import { checkedStage, checkRouteSettingKeys, newStage, showRouteSettings } from "./stage-rules.ts";

type Members = Partial<Omit<Model.CreateStageRequest, "ApiId" | "StageName">>;

/** What the protocol makes of a stage's settings. */
export interface StageRules {
  /** What stages have unless told otherwise. */
  readonly defaultRouteSettings: V2Stage["defaultRouteSettings"];
  /** What is kept of route settings. */
  settingsOf(settings: Model.RouteSettings): V2Stage["defaultRouteSettings"];
  /** @throws {ServiceError} BadRequestException for settings that stages of the protocol do not have */
  refuseOthers(members: Members): void;
  /**
   * Changes that keep what a stage newly refers to from being deleted meanwhile.
   * @throws {ServiceError} BadRequestException when it does not exist
   */
  hold(context: ApiGatewayV2Context, next: V2Stage, before: V2Stage | undefined, call: Call): Promise<readonly Change[]>;
}

export function stageOperations(context: ApiGatewayV2Context, protocol: Protocol, stageRules: StageRules) {
  const { store, clock, limits } = context;
  const find = (input: StageInput, call: Call) => findStage(context, protocol, input, call);
  /** Writes a stage that is found to be fit, and deploys to it where it asks for that. */
  const keep = async (found: FoundApi, { value, expect }: WrittenStage, before: V2Stage | undefined, members: Members, call: Call) => {
    stageRules.refuseOthers(members);
    checkRouteSettingKeys(members.RouteSettings, found.routes.map((route) => route.value));
    await checkDeployment(context, protocol, found, value, members);
    const stage = checkedStage(context, value);
    const referred = await stageRules.hold(context, stage, before, call);
    const deployed = await autoDeployment(context, protocol, found.api.key, found.frozen, { value: stage, expect });
    const changes = [held(protocol, found.api), ...referred, ...deployed.changes];
    return { changes, answer: show(deployed.stage ?? stage), afterwards: () => protocol.publish(context, nameOf(found.api)) };
  };
  /** Takes settings away from a stage. */
  const removing = <In extends StageInput>(without: (stage: V2Stage, input: In) => V2Stage) =>
    verbs.writing(store, async (input: In, call): Promise<verbs.Decision<Record<never, never>>> => {
      const { api, stage } = await find(input, call);
      const next = { ...without(stage.value, input), lastUpdatedDate: clock.now() };
      return { changes: [held(protocol, api), put(protocol.stages, stage.key, next, stage.version)], answer: {}, afterwards: () => protocol.publish(context, nameOf(api)) };
    });
  return {
    create: verbs.writing(store, async (input: Model.CreateStageRequest, call): Promise<verbs.Decision<Model.CreateStageResponse>> => {
      const found = await protocol.findFrozen(context, input, call);
      const { items } = await store.list(protocol.stages, { prefix: found.api.key });
      if (items.some(({ value }) => value.stageName === input.StageName)) throw conflict("Stage already exists");
      if (items.length >= limits.stagesPerApi) throw tooMany("Stages");
      stageRules.refuseOthers(input);
      const value = made(context, stageRules, input);
      return keep(found, { value, expect: "absent" }, undefined, input, call);
    }),
    read: verbs.reading(find, ({ stage }) => show(stage.value)),
    list: async (input: Model.GetStagesRequest, call: Call): Promise<Model.GetStagesResponse> => {
      const api = await protocol.findApi(context, input, call);
      return shownPage(await verbs.page(store, protocol.stages, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: async (input: Model.UpdateStageRequest, call) => {
        const found = await protocol.findFrozen(context, input, call);
        stageRules.refuseOthers(input);
        return { found, stage: await stageOf(context, protocol, found.api, input) };
      },
      of: ({ stage }): V2Stage => stage.value,
      rules: rulesOf(stageRules),
      keep: ({ found, stage }, next, input, call): Promise<verbs.Decision<Model.UpdateStageResponse>> =>
        keep(found, { value: { ...next, lastUpdatedDate: clock.now() }, expect: stage.version }, stage.value, input, call),
    }),
    removeAccessLogSettings: removing<Model.DeleteAccessLogSettingsRequest>(({ accessLogSettings: _gone, ...stage }) => stage),
    removeRouteSettings: removing<Model.DeleteRouteSettingsRequest>((stage, { RouteKey }) => {
      const { [RouteKey]: gone, ...routeSettings } = stage.routeSettings;
      if (gone === undefined) throw notFound(`Unable to find Route by key ${RouteKey} within the provided RouteSettings`);
      return { ...stage, routeSettings };
    }),
    resetAuthorizersCache: async (input: Model.ResetAuthorizersCacheRequest, call: Call): Promise<Record<never, never>> => {
      const { stage } = await find(input, call);
      const [account, region, apiId, stageName] = stage.key as [string, string, string, string];
      await context.publication.flushAuthorizers({ account, region, apiId, stageName });
      return {};
    },
    remove: verbs.removing(store, find, (found) => removal(context, protocol, found)),
  };
}

async function removal(context: ApiGatewayV2Context, protocol: Protocol, { api, stage }: FoundStage) {
  await assertStageUnmapped(context, api.value.apiId, stage.value.stageName);
  const changes = [held(protocol, api), remove(protocol.stages, stage.key, stage.version), ...(await releaseStages(context, api.value.apiId, stage.value.stageName))];
  const afterwards = async () => {
    await protocol.publish(context, nameOf(api));
    await publishKeys(context, changes);
  };
  return { changes, afterwards };
}

function made(context: ApiGatewayV2Context, stageRules: StageRules, input: Model.CreateStageRequest): V2Stage {
  const { AccessLogSettings, AutoDeploy = false, ClientCertificateId, DefaultRouteSettings, DeploymentId, Description, RouteSettings, StageVariables, Tags = {} } = input;
  const stage = newStage(context, input.StageName, stageRules.defaultRouteSettings);
  return {
    ...stage,
    autoDeploy: AutoDeploy,
    ...given({ deploymentId: DeploymentId, description: Description, accessLogSettings: accessLogOf(AccessLogSettings) }),
    ...given({ clientCertificateId: ClientCertificateId }),
    defaultRouteSettings: { ...stage.defaultRouteSettings, ...(DefaultRouteSettings && stageRules.settingsOf(DefaultRouteSettings)) },
    routeSettings: settingsByRoute(stageRules, RouteSettings),
    stageVariables: StageVariables ?? {},
    tags: checkedTags(Tags, context.limits),
  };
}

const settingsByRoute = ({ settingsOf }: StageRules, settings: Model.CreateStageRequest["RouteSettings"] = {}): V2Stage["routeSettings"] =>
  Object.fromEntries(Object.entries(settings).map(([key, each]) => [key, settingsOf(each)]));

const accessLogOf = (settings: Model.AccessLogSettings | undefined): V2Stage["accessLogSettings"] =>
  settings && given({ destinationArn: settings.DestinationArn, format: settings.Format });

/** Model: Stage.deploymentId. @throws {ServiceError} BadRequestException, NotFoundException */
async function checkDeployment({ store }: ApiGatewayV2Context, { deployments }: Protocol, { api }: FoundApi, stage: V2Stage, { DeploymentId }: Members): Promise<void> {
  if (DeploymentId === undefined) return;
  if (stage.autoDeploy) throw badRequest("A deployment id cannot be specified for a stage with autoDeploy enabled");
  if ((await store.get(deployments, [...api.key, DeploymentId])) === undefined) throw notFound("Invalid Deployment identifier specified");
}

/** Variables are taken away by empty values, as Terraform does. */
const rulesOf = (stageRules: StageRules): verbs.MergeRules<V2Stage, Model.UpdateStageRequest> => ({
  AccessLogSettings: (stage, settings) => ({ ...stage, ...given({ accessLogSettings: accessLogOf(settings) }) }),
  AutoDeploy: verbs.taken("autoDeploy"),
  ClientCertificateId: verbs.takenOrGone("clientCertificateId"),
  DefaultRouteSettings: (stage, settings) => ({ ...stage, defaultRouteSettings: { ...stageRules.defaultRouteSettings, ...stageRules.settingsOf(settings) } }),
  DeploymentId: verbs.takenOrGone("deploymentId"),
  Description: verbs.takenOrGone("description"),
  RouteSettings: (stage, settings) => ({ ...stage, routeSettings: { ...stage.routeSettings, ...settingsByRoute(stageRules, settings) } }),
  StageVariables: (stage, variables) => {
    const entries = Object.entries({ ...stage.stageVariables, ...variables }).filter(([, value]) => value !== "");
    return { ...stage, stageVariables: Object.fromEntries(entries) };
  },
});

/** A stage as answers carry it. */
function show(stage: V2Stage): Model.Stage {
  const { accessLogSettings, apiGatewayManaged, autoDeploy, clientCertificateId, deploymentId, description, lastDeploymentStatusMessage } = stage;
  return {
    ...(accessLogSettings === undefined
      ? {}
      : { AccessLogSettings: given({ DestinationArn: accessLogSettings.destinationArn, Format: accessLogSettings.format }) }),
    ...given({ ApiGatewayManaged: apiGatewayManaged }),
    AutoDeploy: autoDeploy,
    ...given({ ClientCertificateId: clientCertificateId }),
    CreatedDate: stage.createdDate,
    DefaultRouteSettings: showRouteSettings(stage.defaultRouteSettings),
    ...given({ DeploymentId: deploymentId, Description: description, LastDeploymentStatusMessage: lastDeploymentStatusMessage }),
    LastUpdatedDate: stage.lastUpdatedDate,
    RouteSettings: Object.fromEntries(Object.entries(stage.routeSettings).map(([key, settings]) => [key, showRouteSettings(settings)])),
    StageName: stage.stageName,
    StageVariables: stage.stageVariables,
    Tags: stage.tags,
  };
}
