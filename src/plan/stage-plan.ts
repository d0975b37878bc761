// A stage as the gateway serves it: everything that can be decided before a request comes is decided here.
import { byId, resourcePath } from "../domain/resource-path.ts";
import type { Method, RestApi, RestApiSnapshot, Stage, StringMap } from "../domain/rest-api.ts";
import { COGNITO_ISSUERS, type UserPoolIssuers } from "../domain/user-pool.ts";
import type { LogGroup } from "../domain/log-group.ts";
import type { AccessLogPlan } from "./access-log.ts";
import { compileAccessLog } from "./access-log.ts";
import type { AuthorizerPlan } from "./authorizer.ts";
import { compileAuthorizers } from "./authorizer.ts";
import { type BackendAccess, PUBLIC_BACKENDS } from "./backend-access.ts";
import type { CachingPlans } from "./caching.ts";
import { compileCaching, NOT_CACHED } from "./caching.ts";
import { compileIntegration } from "./compile-integration.ts";
import type { GatewayResponses } from "./gateway-responses.ts";
import { compileGatewayResponses } from "./gateway-responses.ts";
import type { IntegrationPlan } from "./integration-plan.ts";
import type { BinaryMediaTypes } from "./media-types.ts";
import { compileBinaryMediaTypes } from "./media-types.ts";
import { compileMethodSettings } from "./method-settings.ts";
import type { ObservationPlans } from "./observation.ts";
import { apiNameDimension, compileObservation, executionLogGroups } from "./observation.ts";
import { once } from "./once.ts";
import type { Policy } from "../policy/index.ts";
import type { CanaryPlan, Release } from "./release.ts";
import { canaryRelease, productionRelease } from "./release.ts";
import type { RequestValidation } from "./request-validation.ts";
import { compileRequestValidation } from "./request-validation.ts";
import { compileResourcePolicy } from "./resource-policy.ts";
import type { RouteEntry } from "./route-tree.ts";
import { buildRouteTree, variablesOf } from "./route-tree.ts";
import { compileLimits, type LimitsPlan } from "./throttle.ts";
import { compileTracing, type TracingPlan } from "./tracing.ts";

export interface StagePlan {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly deploymentId: string;
  /** Whether the API answers under its `execute-api` name at all. */
  readonly executeApiEndpoint: boolean;
  /** Whether the API's endpoint is an edge-optimized one. */
  readonly edgeOptimized: boolean;
  readonly stageVariables: StringMap;
  readonly binaryMediaTypes: BinaryMediaTypes;
  readonly gatewayResponses: GatewayResponses;
  /** Who may call, from where; undefined when the API does not say. */
  readonly resourcePolicy: Policy | undefined;
  /** The smallest payload that is compressed, in bytes; undefined when none is. */
  readonly minimumCompressionSize: number | undefined;
  /** The size of the stage's cache; 0 when it has none. */
  readonly cacheBytes: number;
  /** `$context.isCanaryRequest`; undefined when the stage has no canary. */
  readonly isCanaryRequest: boolean | undefined;
  /** What some of the requests go to instead. */
  readonly canary: CanaryPlan | undefined;
  /** The API's name in its metrics. */
  readonly apiName: string;
  /** Undefined where there is none. */
  readonly accessLog: AccessLogPlan | undefined;
  /** Where the log of an execution goes, if its method has one. */
  readonly executionLogGroups: readonly LogGroup[];
  readonly tracing: TracingPlan;
  /**
   * The method for a path within the stage, with the values of its path variables; undefined when there is none.
   * A method is compiled when it is first asked for.
   */
  route(path: string, httpMethod: string): RoutedMethod | undefined;
}

export interface RoutedMethod {
  readonly method: MethodPlan;
  readonly pathValues: readonly string[];
}

export interface MethodPlan {
  readonly resourceId: string;
  /** As declared: `/pets/{id}`. */
  readonly resourcePath: string;
  /** The names of the path variables, in order. */
  readonly variables: readonly string[];
  readonly integration: IntegrationPlan;
  /** Whether the body of a request has to be read. */
  readonly readsBody: boolean;
  /** What requests have to be like; undefined when nobody looks. */
  readonly validation: RequestValidation | undefined;
  readonly caching: CachingPlans;
  /** Who decides about its callers; undefined when anybody may call. */
  readonly authorizer: AuthorizerPlan | undefined;
  readonly limits: LimitsPlan;
  /** What is logged and measured of it. */
  readonly observation: ObservationPlans;
}

/** A deployment and the stage that shows it. */
export interface StageSource {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly snapshot: RestApiSnapshot;
  /** What the stage's canary shows, when it has one. */
  readonly canarySnapshot?: RestApiSnapshot | undefined;
  /** How backends are reached; only by the internet, and without a certificate, unless given. */
  readonly backends?: BackendAccess;
  /** Who issues the tokens of user pools; Cognito unless given. */
  readonly userPools?: UserPoolIssuers;
}

/** Compiles a stage: the route trees at once, each method on its first use. The snapshots must have passed the checks. */
export function compileRestStage(parts: StageSource): StagePlan {
  const { api, stage, snapshot, canarySnapshot, backends = PUBLIC_BACKENDS, userPools = COGNITO_ISSUERS } = parts;
  const { canarySettings } = stage;
  const source = { api, stage, backends, userPools };
  const production = productionRelease(stage, snapshot);
  if (canarySettings === undefined) return compileRelease(source, production, undefined);
  if (canarySnapshot === undefined) throw new Error(`The canary of stage ${stage.stageName} has no snapshot`);
  const canary = canaryRelease(canarySettings, stage, canarySnapshot);
  const { percentTraffic } = canarySettings;
  return compileRelease(source, production, { percentTraffic, release: compileRelease(source, canary, undefined) });
}

type ReleaseSource = Required<Pick<StageSource, "api" | "stage" | "backends" | "userPools">>;

function compileRelease({ api, stage, backends, userPools }: ReleaseSource, release: Release, canary: CanaryPlan | undefined): StagePlan {
  const { deploymentId, snapshot, stageVariables, isCanaryRequest } = release;
  const facts = {
    account: api.account,
    region: api.region,
    apiId: api.id,
    stageName: stage.stageName,
    deploymentId,
    executeApiEndpoint: !snapshot.disableExecuteApiEndpoint,
    edgeOptimized: api.endpointConfiguration.types.includes("EDGE"),
    stageVariables: Object.freeze(stageVariables),
    binaryMediaTypes: compileBinaryMediaTypes(snapshot.binaryMediaTypes),
    gatewayResponses: compileGatewayResponses(snapshot.gatewayResponses),
    resourcePolicy: compileResourcePolicy(snapshot, api),
    minimumCompressionSize: snapshot.minimumCompressionSize,
    cacheBytes: cacheBytesOf(stage),
    isCanaryRequest,
    canary,
    apiName: apiNameDimension(api.name, api.id),
    accessLog: compileAccessLog(stage, isCanaryRequest === true),
    executionLogGroups: executionLogGroups({ ...api, apiId: api.id, stageName: stage.stageName }, isCanaryRequest === true),
    tracing: compileTracing(api, stage),
  };
  const methodSettings = compileMethodSettings(stage.methodSettings);
  const caches = stage.cacheClusterEnabled && release.usesCache;
  const settings: MethodSettingPlans = {
    cachingOf: (method, resourcePath, variables) =>
      caches ? compileCaching(method, { ...facts, resourcePath, variables, methodSettings }) : NOT_CACHED,
    observationOf: (method, resourcePath) => compileObservation(method, resourcePath, methodSettings),
    authorizerOf: compileAuthorizers(snapshot, { api, stageVariables, deploymentId, userPools }),
    limitsOf: (method, resourcePath) => compileLimits(method, resourcePath, { api, stage, keySource: snapshot.apiKeySource, methodSettings }),
    backends,
  };
  const tree = buildRouteTree(routeEntries(snapshot, facts, settings));
  return Object.freeze({
    ...facts,
    route(path: string, httpMethod: string): RoutedMethod | undefined {
      const match = tree.match(path, httpMethod);
      return match && { method: match.target(), pathValues: match.values };
    },
  });
}

/** Gigabytes, as `cacheClusterSize` gives them. */
const DEFAULT_CACHE_SIZE = "0.5";
const GIGABYTE = 2 ** 30;

/** The size of a stage's cache, in bytes; 0 when it has none. */
export function cacheBytesOf({ cacheClusterEnabled, cacheClusterSize = DEFAULT_CACHE_SIZE }: Stage): number {
  return cacheClusterEnabled ? Math.floor(Number(cacheClusterSize) * GIGABYTE) : 0;
}

/** What the stage, or the whole snapshot, decides of a method. */
interface MethodSettingPlans {
  cachingOf(method: Method, resourcePath: string, variables: readonly string[]): CachingPlans;
  authorizerOf(method: Method): AuthorizerPlan | undefined;
  observationOf(method: Method, resourcePath: string): ObservationPlans;
  limitsOf(method: Method, resourcePath: string): LimitsPlan;
  readonly backends: BackendAccess;
}

/** What compiling a method needs to know of its stage. */
export type StageFacts = Pick<StagePlan, "account" | "region" | "apiId" | "stageName" | "edgeOptimized" | "stageVariables">;

function routeEntries(snapshot: RestApiSnapshot, stage: StageFacts, settings: MethodSettingPlans): RouteEntry<() => MethodPlan>[] {
  const resources = byId(snapshot.resources);
  const entries = new Map<string, { path: string; methods: Map<string, () => MethodPlan> }>();
  for (const method of snapshot.methods) {
    if (!resources.has(method.resourceId)) throw new Error(`The snapshot has no resource ${method.resourceId}`);
    const path = resourcePath(resources, method.resourceId);
    let entry = entries.get(path);
    if (entry === undefined) entries.set(path, (entry = { path, methods: new Map() }));
    entry.methods.set(method.httpMethod, once(() => compileMethod(method, path, snapshot, stage, settings)));
  }
  return [...entries.values()];
}

function compileMethod(
  method: Method,
  resourcePath: string,
  snapshot: RestApiSnapshot,
  stage: StageFacts,
  settings: MethodSettingPlans,
): MethodPlan {
  const variables = variablesOf(resourcePath);
  const integration = compileIntegration(method, { stage, resourcePath, variables, backends: settings.backends });
  const validation = compileRequestValidation(method, variables, snapshot);
  const readsBody = validation?.body !== undefined || readsRequestBody(method, integration);
  const caching = settings.cachingOf(method, resourcePath, variables);
  const authorizer = settings.authorizerOf(method);
  const limits = settings.limitsOf(method, resourcePath);
  const observation = settings.observationOf(method, resourcePath);
  const { resourceId } = method;
  return Object.freeze({ resourceId, resourcePath, variables, integration, readsBody, validation, caching, authorizer, limits, observation });
}

/** Proxies pass the body on; others may only need it to pass it through, or to map it. */
function readsRequestBody(method: Method, integration: IntegrationPlan): boolean {
  if (!("request" in integration)) return integration.type !== "BROKEN";
  const sources = Object.values(method.methodIntegration?.requestParameters ?? {});
  return integration.request.templates.readsBody || sources.some((source) => source.startsWith("method.request.body"));
}
