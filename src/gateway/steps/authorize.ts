// Whether the caller may call the method: whom the API's resource policy and the method's authorizer let in, anybody where
// there is neither. Only a signature needs the body by then, and whatever goes wrong here turns the request away. Each kind
// of authorizer has its file beside this one.
import type { AuthorizerPlan, IamAuthorizerPlan } from "../../plan/index.ts";
import type { Verdict } from "../../policy/index.ts";
import type { Cache } from "../../ports/cache.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Functions } from "../../ports/functions.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import { createAuthorizerCache } from "../authorizer-cache.ts";
import { parseAuthorizerResult } from "../authorizer-result.ts";
import { methodArn } from "../authorizer-event.ts";
import type { Authorized, Execution, Routed } from "../execution.ts";
import type { Step } from "../pipeline.ts";
import { Rejection, uriTooLong } from "../rejection.ts";
import { assertAllowed, assertNotDenied, judgedByResource } from "../resource-policy.ts";
import { authorizeByFunction, type FunctionAuthorizing } from "./authorize-by-function.ts";
import { authorizeBySignature, type SignatureAuthorizing } from "./authorize-by-signature.ts";
import { authorizeByToken, type TokenAuthorizing } from "./authorize-by-token.ts";

export interface Authorizers extends SignatureAuthorizing {
  readonly functions: Functions;
  readonly tokenVerifier: TokenVerifier;
  readonly clock: Clock;
  readonly cache: Cache;
}

/**
 * @throws {Refusal} 414 past the length of a method's ARN.
 * @throws {Rejection} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE or AUTHORIZER_CONFIGURATION_ERROR; for signatures see {@link authorizeBySignature}.
 */
export function authorize(parts: Authorizers): Step<Routed, Authorized> {
  const authorizers = { ...parts, results: createAuthorizerCache(parts.cache, parseAuthorizerResult) };
  return (routed) => {
    const { authorizer } = routed.method;
    if (authorizer?.type === "IAM") {
      assertNameable(routed);
      return authorizeBySignature(routed, authorizers);
    }
    const resource = judgedByResource(routed);
    if (authorizer !== undefined) return authorizeBy(routed, authorizer, resource, authorizers);
    assertAllowed(routed, resource);
    return admitted(routed);
  };
}

type Authorizing = FunctionAuthorizing & TokenAuthorizing;

type OtherPlan = Exclude<AuthorizerPlan, IamAuthorizerPlan>;

/** Developer guide, limits: "ARN length of a method with authorization", in bytes. */
const METHOD_ARN_BYTES = 1600;

/** @throws {Refusal} 414 */
function assertNameable(routed: Routed): void {
  if (Buffer.byteLength(methodArn(routed)) > METHOD_ARN_BYTES) throw uriTooLong();
}

/**
 * A resource policy's denial comes before any authorizer is asked. What it allows beside a policy of a function, either may;
 * beside a token it has to, too ("the resource policy is evaluated independently, and an explicit allow is required").
 */
function authorizeBy(
  routed: Routed,
  plan: OtherPlan,
  resource: Verdict | undefined,
  authorizing: Authorizing,
): Authorized | Promise<Authorized> {
  assertNotDenied(routed, resource);
  if (plan.type === "BROKEN") throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", { reason: plan.reason });
  assertNameable(routed);
  if (!("trust" in plan)) return authorizeByFunction(routed, plan, authorizing);
  const authorized = authorizeByToken(routed, plan, authorizing);
  if (authorized instanceof Promise) return authorized.then((later) => allowedToo(later, resource));
  return allowedToo(authorized, resource);
}

function allowedToo(authorized: Authorized, resource: Verdict | undefined): Authorized {
  assertAllowed(authorized, resource);
  return authorized;
}

function admitted(routed: Routed): Authorized {
  (routed as Execution).principal = "anonymous";
  return routed as Authorized;
}
