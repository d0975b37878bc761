// What of an authorizer's failures a test of it cannot bring about in its time.
import { expect, it } from "vitest";
import { api, planOf } from "../../test/harness/rest-api.ts";
import { systemClock } from "../adapters/system/index.ts";
import { COGNITO_ISSUERS } from "../domain/user-pool.ts";
import { compileAuthorizer, type LambdaAuthorizerPlan } from "../plan/index.ts";
import type { Functions } from "../ports/functions.ts";
import type { Routed } from "./execution.ts";
import { runAuthorizer } from "./lambda-authorizer.ts";
import { newTest } from "./test-invocation.ts";

const authorizerUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations";
const scope = { api, stageVariables: {}, deploymentId: "d3pl0y", userPools: COGNITO_ISSUERS };
const plan = compileAuthorizer({ id: "a", name: "auth", type: "REQUEST", authType: "custom", authorizerUri }, scope) as LambdaAuthorizerPlan;

function execution(): Routed {
  const tester = { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "test" };
  const invocation = { httpMethod: "GET", pathWithQuery: "/", headers: [], body: "", tester };
  return newTest({ plan: planOf({ "GET /": {} }), resourcePath: "/", invocation }, "11111111-2222-4333-8444-555555555555", 0) as Routed;
}

const run = (timeoutMs: number, invoke: Functions["invoke"]) => {
  const functions: Functions = { invoke, invokeStream: () => Promise.reject(new TypeError("nobody streams")) };
  return runAuthorizer(execution(), { ...plan, timeoutMs }, { functions, clock: systemClock, additionalContext: {}, note: () => undefined });
};

it("limits: a function has 10 seconds to answer", () => {
  expect(plan.timeoutMs).toBe(10_000);
});

it("a function that takes too long is given up", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const outcome = await run(1, ({ signal }) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  expect(outcome).toEqual({ type: "failed", reasons: ["Execution failed due to a timeout error"], errorType: "AuthorizerFailureException" });
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});

it("a bug is not an outcome", async () => {
  await expect(run(1000, () => Promise.reject(new RangeError("bug")))).rejects.toThrow(new RangeError("bug"));
});
