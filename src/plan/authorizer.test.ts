// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
import { describe, expect, it } from "vitest";
import { planOf, snapshotOf } from "../../test/harness/rest-api.ts";
import type { Authorizer } from "../domain/authorizer.ts";
import { checkSnapshot } from "./check.ts";

const authorizerUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations";
const authorizer: Authorizer = { id: "a", name: "auth", type: "TOKEN", authType: "custom", authorizerUri, identitySource: "method.request.header.Auth" };
const pools: Authorizer = { id: "p", name: "pools", type: "COGNITO_USER_POOLS", authType: "cognito_user_pools", identitySource: "method.request.header.Auth" };
const jwtConfiguration = { issuers: [{ issuer: "https://example.com", audiences: ["me"] }], defaultAlgorithms: ["RS256"] } as const;
const tokens: Authorizer = { id: "t", name: "tokens", type: "JWT", authType: "jwt", identitySource: "method.request.header.Auth", jwtConfiguration };
const authorizers = [authorizer, pools, tokens];

describe("a method's authorizer", () => {
  const methodOf = (parts: { authorizationType?: string; authorizerId?: string }, given: Authorizer = authorizer) =>
    planOf({ "GET /": parts }, { snapshot: { authorizers: [given, pools, tokens] } }).route("/", "GET")?.method.authorizer;

  it("is not there where nobody asks who calls", () => {
    expect(methodOf({})).toBeUndefined();
    expect(methodOf({ authorizerId: "a" })).toBeUndefined();
  });

  it("is compiled once for all its methods", () => {
    const custom = { authorizationType: "CUSTOM", authorizerId: "a" };
    const plan = planOf({ "GET /": custom, "POST /pets": custom }, { snapshot: { authorizers } });
    const found = plan.route("/", "GET")?.method.authorizer;
    expect(found).toMatchObject({ id: "a", type: "TOKEN", timeoutMs: 10_000, cacheTtlMs: 300_000 });
    expect(plan.route("/pets", "POST")?.method.authorizer).toBe(found);
  });

  it.each<[Partial<Authorizer>, number]>([
    [{}, 300_000],
    [{ authorizerResultTtlInSeconds: 0 }, 0],
    [{ authorizerResultTtlInSeconds: 1 }, 1000],
    [{ authorizerResultTtlInSeconds: 3600 }, 3_600_000],
    [{ authorizerResultTtlInSeconds: 3601 }, 3_600_000],
    [{ authorizerResultTtlInSeconds: -1 }, 0],
    [{ type: "REQUEST", identitySource: "" }, 0],
    [{ type: "REQUEST", identitySource: " , ", authorizerResultTtlInSeconds: 3600 }, 0],
  ])("%j keeps results for %d ms", (parts, cacheTtlMs) => {
    expect(methodOf({ authorizationType: "CUSTOM", authorizerId: "a" }, { ...authorizer, ...parts })).toMatchObject({ cacheTtlMs });
  });

  it.each([
    [{ authorizationType: "CUSTOM" }, "has no authorizer"],
    [{ authorizationType: "CUSTOM", authorizerId: "gone" }, "refers to the authorizer gone, which the API does not have"],
    [{ authorizationType: "CUSTOM", authorizerId: "p" }, "refers to the authorizer p, which has no function"],
    [{ authorizationType: "COGNITO_USER_POOLS" }, "has no authorizer"],
    [{ authorizationType: "COGNITO_USER_POOLS", authorizerId: "gone" }, "refers to the authorizer gone, which the API does not have"],
    [{ authorizationType: "COGNITO_USER_POOLS", authorizerId: "a" }, "refers to the authorizer a, which has no user pools"],
    [{ authorizationType: "JWT" }, "has no authorizer"],
    [{ authorizationType: "JWT", authorizerId: "p" }, "refers to the authorizer p, which has no issuers"],
    [{ authorizationType: "CUSTOM", authorizerId: "t" }, "refers to the authorizer t, which has no function"],
  ])("%j is refused at its deployment, and served to nobody", (parts, finding) => {
    expect(checkSnapshot(snapshotOf({ "GET /pets": parts }, { authorizers }))).toEqual([`Method GET of resource /pets ${finding}.`]);
    expect(methodOf(parts)).toEqual({ type: "BROKEN", reason: `The method ${finding}` });
  });

  it("of AWS_IAM leaves the method to IAM", () => {
    expect(checkSnapshot(snapshotOf({ "GET /": { authorizationType: "AWS_IAM" } }))).toEqual([]);
    expect(methodOf({ authorizationType: "AWS_IAM" })).toEqual({ type: "IAM" });
  });

  it.each(["custom", ""])("of authorization %j is not built: refused at its deployment, and served to nobody", (authorizationType) => {
    const parts = { authorizationType, authorizerId: "p" };
    expect(checkSnapshot(snapshotOf({ "GET /": parts }, { authorizers }))).toEqual([
      `Method GET of resource / uses authorization ${authorizationType}, which Gatehouse has not built yet.`,
    ]);
    expect(methodOf(parts)).toEqual({ type: "BROKEN", reason: `The method uses authorization ${authorizationType}` });
  });

  it.each([["a", "CUSTOM"], ["p", "COGNITO_USER_POOLS"], ["t", "JWT"]])("may be %s of type %s", (authorizerId, authorizationType) => {
    expect(checkSnapshot(snapshotOf({ "GET /": { authorizationType, authorizerId } }, { authorizers }))).toEqual([]);
  });
});
