// REST APIs for tests, with everything that does not matter filled in.
import type { Integration, Method, MethodSetting, RestApi, RestApiSnapshot, Resource, Stage } from "../../src/domain/rest-api.ts";
import type { UserPoolIssuers } from "../../src/domain/user-pool.ts";
import { compileRestStage } from "../../src/plan/index.ts";
import type { BackendAccess, StagePlan } from "../../src/plan/index.ts";

export const API_ID = "a1b2c3d4e5";

export const api: RestApi = {
  id: API_ID,
  account: "123456789012",
  region: "us-east-1",
  rootResourceId: "root",
  createdDate: 0,
  name: "test",
  binaryMediaTypes: [],
  apiKeySource: "HEADER",
  endpointConfiguration: { types: ["REGIONAL"] },
  disableExecuteApiEndpoint: false,
  tags: {},
};

export const stageOf = (parts: Partial<Stage> = {}): Stage => ({
  stageName: "prod",
  deploymentId: "d3pl0y",
  cacheClusterEnabled: false,
  methodSettings: {},
  tracingEnabled: false,
  tags: {},
  createdDate: 0,
  lastUpdatedDate: 0,
  ...parts,
});

/** Of all or some methods of a stage: what AWS has where nothing is set. */
export const settingOf = (parts: Partial<MethodSetting> = {}): MethodSetting => ({
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
  ...parts,
});

export const integrationOf = (parts: Partial<Integration>): Integration => ({
  type: "MOCK",
  connectionType: "INTERNET",
  passthroughBehavior: "WHEN_NO_MATCH",
  timeoutInMillis: 29_000,
  cacheNamespace: "root",
  cacheKeyParameters: [],
  integrationResponses: {},
  ...parts,
});

/** What a test says of a method; `integration` may be left out, and defaults to a MOCK. */
export type MethodParts = Partial<Omit<Method, "methodIntegration">> & { readonly integration?: Partial<Integration> };

/** A snapshot from `{ "GET /pets/{id}": { ... } }`: the resources on the way are made. */
export function snapshotOf(methods: Readonly<Record<string, MethodParts>>, parts: Partial<RestApiSnapshot> = {}): RestApiSnapshot {
  const resources = new Map<string, Resource>([["/", { id: "root" }]]);
  return {
    apiId: API_ID,
    binaryMediaTypes: [],
    apiKeySource: "HEADER",
    disableExecuteApiEndpoint: false,
    methods: Object.entries(methods).map(([key, { integration, ...method }]) => {
      const [httpMethod, path] = key.split(" ") as [string, string];
      return {
        resourceId: resourceAt(resources, path).id,
        httpMethod,
        authorizationType: "NONE",
        apiKeyRequired: false,
        methodResponses: { 200: { statusCode: "200" } },
        methodIntegration: integrationOf(integration ?? {}),
        ...method,
      };
    }),
    resources: [...resources.values()],
    ...parts,
  };
}

function resourceAt(resources: Map<string, Resource>, path: string): Resource {
  const known = resources.get(path);
  if (known !== undefined) return known;
  const slash = path.lastIndexOf("/");
  const parent = resourceAt(resources, slash === 0 ? "/" : path.slice(0, slash));
  const resource = { id: `r${resources.size}`, parentId: parent.id, pathPart: path.slice(slash + 1) };
  resources.set(path, resource);
  return resource;
}

export interface PlanParts {
  readonly stage?: Partial<Stage>;
  readonly snapshot?: Partial<RestApiSnapshot>;
  readonly api?: Partial<RestApi>;
  readonly backends?: Partial<BackendAccess>;
  readonly userPools?: UserPoolIssuers;
}

export function planOf(methods: Readonly<Record<string, MethodParts>>, parts: PlanParts = {}): StagePlan {
  return compileRestStage({
    api: { ...api, ...parts.api },
    stage: stageOf(parts.stage),
    snapshot: snapshotOf(methods, parts.snapshot),
    backends: { identity: undefined, privateAddress: () => undefined, ...parts.backends },
    ...(parts.userPools && { userPools: parts.userPools }),
  });
}
