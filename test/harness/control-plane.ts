// API Gateway's control plane over a memory store, with a clock that stands still, ids that count, and a gateway that
// only notes what it is told.
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createApiGateway } from "../../src/control/apigateway/index.ts";
import { createApiGatewayV2 } from "../../src/control/apigatewayv2/index.ts";
import type { Call } from "../../src/domain/call.ts";
import { ServiceError } from "../../src/domain/errors.ts";
import type { HttpApiLimits, RestApiLimits } from "../../src/domain/limits.ts";
import type { IssuerDiscovery } from "../../src/ports/issuer-discovery.ts";
import type { Publication } from "../../src/ports/publication.ts";
import type { Store } from "../../src/ports/store.ts";
import type { TestInvocations } from "../../src/ports/test-invocation.ts";

export const callOf = (account: string, region: string): Call => ({
  account,
  region,
  requestId: "00000000-0000-0000-0000-000000000000",
  accessKeyId: account,
  sourceIp: "127.0.0.1",
  userAgent: "test",
});

export const call = callOf("000000000000", "us-east-1");
/** 2026-01-02T03:04:05Z, in milliseconds. */
export const NOW = 1_767_323_045_000;

export interface ControlPlaneOptions {
  readonly limits?: Partial<RestApiLimits>;
  readonly httpLimits?: Partial<HttpApiLimits>;
  readonly store?: Store;
  readonly publication?: Partial<Publication>;
  readonly testInvocations?: Partial<TestInvocations>;
  /** Names by which the program itself is called. */
  readonly ownHosts?: readonly string[];
  /** What issuers of tokens say of themselves: each that its keys are below it, unless told. */
  readonly discover?: IssuerDiscovery["discover"];
  /** Where VPC links lead to. */
  readonly privateAddresses?: ReadonlyMap<string, string>;
  /** Where its ids begin. */
  readonly firstId?: number;
}

export function startControlPlane({ store = createMemoryStore(), privateAddresses = new Map(), ...options }: ControlPlaneOptions = {}) {
  const { limits = {}, publication = {}, testInvocations = {}, ownHosts = [], firstId = 1, httpLimits = {} } = options;
  const { discover = async (issuer: string) => ({ jwksUri: `${issuer}#keys` }) } = options;
  let issued = firstId;
  let now = NOW;
  const published: string[] = [];
  const flushed: string[] = [];
  const domainsPublished: string[] = [];
  /** Of API keys, usage plans and what was used of them. */
  const keysPublished: string[] = [];
  const notes: Publication = {
    checkSnapshot: () => [],
    checkStage: () => [],
    stageChanged: async ({ apiId, stageName }) => void published.push(`${apiId}/${stageName}`),
    httpApiChanged: async ({ apiId }) => void published.push(apiId),
    webSocketApiChanged: async ({ apiId }) => void published.push(apiId),
    domainChanged: async ({ domainName, domainNameId }) => void domainsPublished.push([domainName, domainNameId ?? []].flat().join("+")),
    flushCache: async ({ apiId, stageName }) => void flushed.push(`${apiId}/${stageName}`),
    flushAuthorizers: async ({ apiId, stageName }) => void flushed.push(`authorizers of ${apiId}/${stageName}`),
    keysChanged: async (keys) => void keysPublished.push(...keys.map(({ id }) => `key ${id}`)),
    usagePlansChanged: async (plans) => void keysPublished.push(...plans.map(({ id }) => `plan ${id}`)),
    usageChanged: async (place) => void keysPublished.push(`usage ${place.join("/")}`),
    keepUsage: async () => {},
  };
  const parts = {
    store,
    clock: { now: () => now, after: () => () => undefined },
    ids: {
      alphanumeric: (length: number) => `i${(issued++).toString(36).padStart(length - 1, "0")}`,
      uuid: () => "00000000-0000-0000-0000-000000000000",
    },
    publication: { ...notes, ...publication },
    issuers: { discover },
  };
  const api = createApiGateway({
    ...parts,
    limits,
    privateAddresses,
    ownHosts,
    testInvocations: {
      checkTest: () => [],
      testInvoke: () => Promise.reject(new TypeError("nobody runs tests")),
      testAuthorizer: () => Promise.reject(new TypeError("nobody runs tests")),
      ...testInvocations,
    },
  });
  const v2 = createApiGatewayV2({ ...parts, domainNames: api, limits: httpLimits });
  return { api, v2, store, published, flushed, domainsPublished, keysPublished, advance: (ms: number) => (now += ms) };
}

export type ControlPlane = ReturnType<typeof startControlPlane>["api"];
export type ControlPlaneV2 = ReturnType<typeof startControlPlane>["v2"];

/** How an operation is refused: `NotFoundException: Invalid API identifier specified ...`. */
export async function refusal(operation: Promise<unknown>): Promise<string> {
  try {
    return `accepted: ${JSON.stringify(await operation)}`;
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** An API with `GET /pets`, integrated with a mock. */
export async function petStore(api: ControlPlane, caller: Call = call) {
  const restApi = await api.CreateRestApi({ name: "PetStore" }, caller);
  const restApiId = restApi.id as string;
  const rootId = restApi.rootResourceId as string;
  const pets = await api.CreateResource({ restApiId, parentId: rootId, pathPart: "pets" }, caller);
  const method = { restApiId, resourceId: pets.id as string, httpMethod: "GET" };
  await api.PutMethod({ ...method, authorizationType: "NONE" }, caller);
  await api.PutIntegration({ ...method, type: "MOCK" }, caller);
  return { restApiId, rootId, method };
}
