// Tests of methods: the working copy is compiled for the method alone, and the gateway runs it.
import { byId, resourcePath } from "../domain/resource-path.ts";
import type { Method, RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import { checkSnapshot, compileRestStage, type StagePlan } from "../plan/index.ts";
import type { TestInvocation, TestInvocationResult, TestInvocations } from "../ports/test-invocation.ts";

/** Who runs plans that are not served. */
export interface TestRunner {
  testMethod(test: { plan: StagePlan; resourcePath: string; invocation: TestInvocation }): Promise<TestInvocationResult>;
}

/** Joins the control plane, which is asked for tests, to the gateway, which runs them. */
export function createTestInvocations(gateway: TestRunner): TestInvocations {
  return {
    checkTest: (invocation) => checkSnapshot(tested(invocation)),
    async testInvoke(invocation) {
      const { api, resourceId } = invocation;
      const snapshot = tested(invocation);
      const plan = compileRestStage({ api, stage: stageOf(invocation), snapshot });
      return gateway.testMethod({ plan, resourcePath: resourcePath(byId(snapshot.resources), resourceId), invocation });
    },
  };
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
function stageOf({ stageVariables }: TestInvocation): Stage {
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
