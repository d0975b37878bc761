// The callers of a method with AWS_IAM: those who have signed their request, and whom IAM's policies and the API's allow the method
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
import type { IamStepFacts } from "../../plan/index.ts";
import type { IdentityLookup } from "../../ports/identity-lookup.ts";
import type { Refusal as SignatureRefusal, RefusalCode } from "../../sigv4/index.ts";
import { methodArns } from "../authorizer-event.ts";
import type { Authorized, Execution, Routed } from "../execution.ts";
import { decideAccess } from "../iam-decision.ts";
import type { InFlight } from "../in-flight.ts";
import type { GatewayLimits } from "../limits.ts";
import { Rejection } from "../rejection.ts";
import { accessDenied } from "../resource-policy.ts";
import { callerIdentity, claimedCaller, type ClaimedCaller, provenCaller } from "../signed-caller.ts";
import { readBody } from "./receive-body.ts";

export interface SignatureAuthorizing {
  readonly identities: IdentityLookup;
  readonly limits: GatewayLimits;
  readonly inFlight: InFlight;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
}

/**
 * A signature covers the payload, so that the body is read first, unless what is said of the caller cannot be true whatever it is.
 * @throws {Rejection} MISSING_AUTHENTICATION_TOKEN, INVALID_SIGNATURE, EXPIRED_TOKEN or ACCESS_DENIED
 * @throws {Refusal} as {@link readBody}
 */
export function authorizeBySignature(routed: Routed, authorizing: SignatureAuthorizing): Authorized | Promise<Authorized> {
  const { elapsed, identities, inFlight, limits } = authorizing;
  const startedAt = elapsed();
  const { receivedAt, request, stage } = routed;
  const claimed = claimedCaller(request, stage.region, receivedAt, identities);
  if (claimed.kind === "refused") throw refused(routed, claimed, elapsed() - startedAt);
  if (!request.hasBody) return proven(routed, claimed, startedAt, elapsed);
  return readBody(routed, limits, inFlight).then(() => proven(routed, claimed, startedAt, elapsed));
}

function proven(routed: Routed, claimed: ClaimedCaller, startedAt: number, elapsed: () => number): Authorized {
  const caller = provenCaller(claimed, routed.request, routed.body, routed.receivedAt);
  const authenticatedAt = elapsed();
  if (caller.kind === "refused") throw refused(routed, caller, authenticatedAt - startedAt);
  const execution = routed as Execution;
  const { identity } = caller;
  execution.signer = identity;
  execution.identity = { ...execution.identity, ...callerIdentity(identity) };
  execution.authentication = step(200, undefined, authenticatedAt - startedAt);
  const { account, resourcePolicy } = routed.stage;
  const access = { action: "execute-api:Invoke", resources: methodArns(routed), account, resourcePolicy, request: routed } as const;
  const decision = decideAccess(identity, access);
  const latencyMs = elapsed() - authenticatedAt;
  if (!decision.allowed) {
    const rejection = accessDenied(routed, identity.principal.arn, decision.reason);
    execution.authorization = step(403, rejection.details.message, latencyMs);
    throw rejection;
  }
  execution.authorization = step(200, undefined, latencyMs);
  execution.principal = "authorized";
  return execution as Authorized;
}

const step = (status: number, error: string | undefined, latencyMs: number): IamStepFacts => ({ status, error, latencyMs });

/** Keys that are not known, and authorizations that cannot be read, have no gateway response of their own. */
const TYPES: Readonly<Record<RefusalCode, "MISSING_AUTHENTICATION_TOKEN" | "INVALID_SIGNATURE" | "EXPIRED_TOKEN">> = {
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  IncompleteSignatureException: "INVALID_SIGNATURE",
  InvalidSignatureException: "INVALID_SIGNATURE",
  UnrecognizedClientException: "INVALID_SIGNATURE",
  ExpiredTokenException: "EXPIRED_TOKEN",
};

function refused(routed: Routed, { code, message, explanation = "" }: SignatureRefusal, latencyMs: number): Rejection {
  (routed as Execution).authentication = step(403, message, latencyMs);
  return new Rejection(TYPES[code], { message: message + explanation, errorType: code });
}
