// Tests of methods and authorizers: the working copy is compiled for the one that is tested, and the gateway runs it.
import { byId, resourcePath } from "../domain/resource-path.ts";
import type { Method, RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import { checkSnapshot, compileAuthorizer, compileRestStage, type StagePlan, type TestablePlan } from "../plan/index.ts";
import type { AuthorizerTest, AuthorizerTestResult, TestInvocation, TestInvocationResult, TestInvocations } from "../ports/test-invocation.ts";
import { COGNITO_ISSUERS } from "../domain/user-pool.ts";
import type { Store } from "../ports/store.ts";
import { accessTo, hasPrivateIntegrations, loadBackends } from "./backends.ts";
import type { Surroundings } from "./packed-stage.ts";

/** Who runs plans that are not served. */
export interface TestRunner {
  testMethod(test: { plan: StagePlan; resourcePath: string; invocation: TestInvocation }): Promise<TestInvocationResult>;
  testAuthorizer(test: { plan: StagePlan; authorizer: TestablePlan; test: AuthorizerTest }): Promise<AuthorizerTestResult>;
}

export interface TestSources extends Surroundings {
  readonly store: Store;
}

/** Joins the control plane, which is asked for tests, to the gateway, which runs them. */
export function createTestInvocations(gateway: TestRunner, { store, privateAddresses, userPools = COGNITO_ISSUERS }: TestSources): TestInvocations {
  return {
    checkTest: (invocation) => checkSnapshot(tested(invocation)),
    async testInvoke(invocation) {
      const { api, resourceId, clientCertificateId } = invocation;
      const snapshot = tested(invocation);
      const stage = stageOf(invocation);
      const owner = { account: api.account, region: api.region, apiId: api.id, stageName: stage.stageName, clientCertificateId };
      const backends = accessTo(await loadBackends(store, owner, hasPrivateIntegrations(snapshot)), privateAddresses);
      const plan = compileRestStage({ api, stage, snapshot, backends });
      return gateway.testMethod({ plan, resourcePath: resourcePath(byId(snapshot.resources), resourceId), invocation });
    },
    testAuthorizer(test) {
      const stage = stageOf(test);
      const plan = compileRestStage({ api: test.api, stage, snapshot: rootAlone(test.api.id) });
      const authorizer = compileAuthorizer(test.authorizer, { ...test, deploymentId: stage.deploymentId, userPools });
      return gateway.testAuthorizer({ plan, authorizer, test });
    },
  };
}

/** What an authorizer is tested for: `GET /` of a resource that has AWS's name for it. */
function rootAlone(apiId: string): RestApiSnapshot {
  const id = "test-invoke-resource-id";
  const root: Method = {
    resourceId: id,
    httpMethod: "GET",
    authorizationType: "NONE",
    apiKeyRequired: false,
    methodResponses: {},
    methodIntegration: {
      type: "MOCK",
      connectionType: "INTERNET",
      passthroughBehavior: "NEVER",
      timeoutInMillis: 29_000,
      cacheNamespace: id,
      cacheKeyParameters: [],
      integrationResponses: {},
    },
  };
  return { apiId, binaryMediaTypes: [], apiKeySource: "HEADER", disableExecuteApiEndpoint: false, resources: [{ id }], methods: [root] };
}

/**
 * The method alone, without what stands between a client and it: authorization, keys, the resource policy, and the
 * compression of answers, which only travel.
 */
function tested(invocation: TestInvocation): RestApiSnapshot {
  const { policy: _policy, minimumCompressionSize: _size, ...snapshot } = invocation.snapshot;
  const { authorizerId: _id, authorizationScopes: _scopes, ...method } = methodOf(invocation);
  return { ...snapshot, methods: [{ ...method, authorizationType: "NONE", apiKeyRequired: false }] };
}

/** The verb's own method, else the one for any. */
function methodOf({ httpMethod, resourceId, snapshot }: TestInvocation): Method {
  const ofResource = snapshot.methods.filter((method) => method.resourceId === resourceId);
  const method = ofResource.find((each) => each.httpMethod === httpMethod) ?? ofResource.find((each) => each.httpMethod === "ANY");
  if (method === undefined) throw new Error(`The snapshot has no method ${httpMethod} of resource ${resourceId}`);
  return method;
}

/** AWS's name for the stage of a test; without cache, logs and canary. */
function stageOf({ stageVariables }: Pick<TestInvocation, "stageVariables">): Stage {
  return {
    stageName: "test-invoke-stage",
    deploymentId: "",
    cacheClusterEnabled: false,
    methodSettings: {},
    variables: stageVariables,
    tracingEnabled: false,
    tags: {},
    createdDate: 0,
    lastUpdatedDate: 0,
  };
}
