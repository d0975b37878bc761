// Stage: a name that points at a deployment, with the settings it is served by. Changes show at once, without redeployment.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { httpDeployments, type HttpStage, httpStages } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import { put, remove } from "../../ports/store.ts";
import { checkedTags } from "../apigateway/index.ts";
import * as verbs from "../verbs/index.ts";
import { assertStageUnmapped } from "./api-mapping.ts";
import { autoDeployment, type WrittenStage } from "./auto-deployment.ts";
import { type ApiGatewayV2Context, findApi, findStage, type FoundStage, given, held, notOfHttpApis, pageOf, publish, shownPage, type StageInput } from "./context.ts";
import { definitionOf, findDefinition, type FoundDefinition } from "./definition.ts";
import { tooMany } from "./route.ts";
import { checkedStage, checkRouteSettingKeys, newStage, routeSettingsOf, showRouteSettings } from "./stage-rules.ts";

type Members = Partial<Pick<Model.CreateStageRequest, "ClientCertificateId" | "DeploymentId" | "RouteSettings">>;

export function stageOperations(context: ApiGatewayV2Context) {
  const { store, clock, limits } = context;
  const find = (input: StageInput, call: Call) => findStage(context, input, call);
  const findWithDefinition = async (input: StageInput, call: Call) => {
    const found = await findDefinition(context, input, call);
    const stage = await store.get(httpStages, [...found.api.key, input.StageName]);
    if (stage === undefined) throw notFound("Invalid stage identifier specified");
    return { found, stage };
  };
  /** Writes a stage that is found to be fit, and deploys to it where it asks for that. */
  const keep = async (found: FoundDefinition, { value, expect }: WrittenStage, members: Members) => {
    if (members.ClientCertificateId !== undefined) throw notOfHttpApis("Client certificates");
    checkRouteSettingKeys(members.RouteSettings, definitionOf(found).routes);
    await checkDeployment(context, found, value, members);
    const stage = checkedStage(context, value);
    const deployed = await autoDeployment(context, found.api.key, definitionOf(found), { value: stage, expect });
    const changes = [held(found.api), ...deployed.changes];
    return { changes, answer: show(deployed.stage ?? stage), afterwards: () => publish(context, found.api) };
  };
  /** Takes settings away from a stage. */
  const removing = <In extends StageInput>(without: (stage: HttpStage, input: In) => HttpStage) =>
    verbs.writing(store, async (input: In, call): Promise<verbs.Decision<Record<never, never>>> => {
      const { api, stage } = await find(input, call);
      const next = { ...without(stage.value, input), lastUpdatedDate: clock.now() };
      return { changes: [held(api), put(httpStages, stage.key, next, stage.version)], answer: {}, afterwards: () => publish(context, api) };
    });
  return {
    create: verbs.writing(store, async (input: Model.CreateStageRequest, call): Promise<verbs.Decision<Model.CreateStageResponse>> => {
      const found = await findDefinition(context, input, call);
      const { items } = await store.list(httpStages, { prefix: found.api.key });
      if (items.some(({ value }) => value.stageName === input.StageName)) throw conflict("Stage already exists");
      if (items.length >= limits.stagesPerApi) throw tooMany("Stages");
      return keep(found, { value: stageOf(context, input), expect: "absent" }, input);
    }),
    read: verbs.reading(find, ({ stage }) => show(stage.value)),
    list: async (input: Model.GetStagesRequest, call: Call): Promise<Model.GetStagesResponse> => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, httpStages, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: (input: Model.UpdateStageRequest, call) => findWithDefinition(input, call),
      of: ({ stage }): HttpStage => stage.value,
      rules,
      keep: ({ found, stage }, next, input): Promise<verbs.Decision<Model.UpdateStageResponse>> =>
        keep(found, { value: { ...next, lastUpdatedDate: clock.now() }, expect: stage.version }, input),
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
    remove: verbs.removing(store, find, (found) => removal(context, found)),
  };
}

async function removal(context: ApiGatewayV2Context, { api, stage }: FoundStage) {
  await assertStageUnmapped(context, api.value.apiId, stage.value.stageName);
  return { changes: [held(api), remove(httpStages, stage.key, stage.version)], afterwards: () => publish(context, api) };
}

function stageOf(context: ApiGatewayV2Context, input: Model.CreateStageRequest): HttpStage {
  const { AccessLogSettings, AutoDeploy = false, DefaultRouteSettings, DeploymentId, Description, RouteSettings, StageVariables, Tags = {} } = input;
  const stage = newStage(context, input.StageName);
  return {
    ...stage,
    autoDeploy: AutoDeploy,
    ...given({ deploymentId: DeploymentId, description: Description, accessLogSettings: accessLogOf(AccessLogSettings) }),
    defaultRouteSettings: { ...stage.defaultRouteSettings, ...(DefaultRouteSettings && routeSettingsOf(DefaultRouteSettings)) },
    routeSettings: settingsByRoute(RouteSettings),
    stageVariables: StageVariables ?? {},
    tags: checkedTags(Tags, context.limits),
  };
}

const settingsByRoute = (settings: Model.CreateStageRequest["RouteSettings"] = {}): HttpStage["routeSettings"] =>
  Object.fromEntries(Object.entries(settings).map(([key, each]) => [key, routeSettingsOf(each)]));

const accessLogOf = (settings: Model.AccessLogSettings | undefined): HttpStage["accessLogSettings"] =>
  settings && given({ destinationArn: settings.DestinationArn, format: settings.Format });

/** Model: Stage.deploymentId. @throws {ServiceError} BadRequestException, NotFoundException */
async function checkDeployment({ store }: ApiGatewayV2Context, { api }: FoundDefinition, stage: HttpStage, { DeploymentId }: Members): Promise<void> {
  if (DeploymentId === undefined) return;
  if (stage.autoDeploy) throw badRequest("A deployment id cannot be specified for a stage with autoDeploy enabled");
  if ((await store.get(httpDeployments, [...api.key, DeploymentId])) === undefined) throw notFound("Invalid Deployment identifier specified");
}

/** Variables are taken away by empty values, as Terraform does. */
const rules: verbs.MergeRules<HttpStage, Model.UpdateStageRequest> = {
  AccessLogSettings: (stage, settings) => ({ ...stage, ...given({ accessLogSettings: accessLogOf(settings) }) }),
  AutoDeploy: verbs.taken("autoDeploy"),
  DefaultRouteSettings: (stage, settings) => ({ ...stage, defaultRouteSettings: { detailedMetricsEnabled: false, ...routeSettingsOf(settings) } }),
  DeploymentId: verbs.takenOrGone("deploymentId"),
  Description: verbs.takenOrGone("description"),
  RouteSettings: (stage, settings) => ({ ...stage, routeSettings: { ...stage.routeSettings, ...settingsByRoute(settings) } }),
  StageVariables: (stage, variables) => {
    const entries = Object.entries({ ...stage.stageVariables, ...variables }).filter(([, value]) => value !== "");
    return { ...stage, stageVariables: Object.fromEntries(entries) };
  },
};

/** A stage as answers carry it. */
function show(stage: HttpStage): Model.Stage {
  const { accessLogSettings, apiGatewayManaged, autoDeploy, deploymentId, description, lastDeploymentStatusMessage } = stage;
  return {
    ...(accessLogSettings === undefined
      ? {}
      : { AccessLogSettings: given({ DestinationArn: accessLogSettings.destinationArn, Format: accessLogSettings.format }) }),
    ...given({ ApiGatewayManaged: apiGatewayManaged }),
    AutoDeploy: autoDeploy,
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
