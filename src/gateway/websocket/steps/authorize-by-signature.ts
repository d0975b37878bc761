// Clients of an API with AWS_IAM: those who have signed their handshake, and whom their policies allow `$connect`
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html).
import type { IdentityLookup } from "../../../ports/identity-lookup.ts";
import { decideAccess } from "../../iam-decision.ts";
import { Rejection } from "../../rejection.ts";
import { deniedAccess } from "../../resource-policy.ts";
import { callerIdentity, claimedCaller, provenCaller } from "../../signed-caller.ts";
import { judgedHandshake, routeArn } from "../events.ts";
import type { WebSocketAuthorized, WebSocketExecution, WebSocketRouted } from "../execution.ts";

export interface WebSocketSignatureAuthorizing {
  readonly identities: IdentityLookup;
  /** A clock that only measures, in milliseconds. */
  readonly elapsed: () => number;
}

const NO_BODY = Buffer.alloc(0);

/** @throws {Rejection} MISSING_AUTHENTICATION_TOKEN, INVALID_SIGNATURE, EXPIRED_TOKEN or ACCESS_DENIED, each a 403 */
export function authorizeBySignature(routed: WebSocketRouted, { elapsed, identities }: WebSocketSignatureAuthorizing): WebSocketAuthorized {
  const execution = routed as WebSocketExecution;
  const startedAt = elapsed();
  const { client, receivedAt, stage } = routed;
  const judged = judgedHandshake(routed);
  const claimed = claimedCaller(judged.request, stage.region, receivedAt, identities);
  const caller = claimed.kind === "refused" ? claimed : provenCaller(claimed, judged.request, NO_BODY, receivedAt);
  const authenticatedAt = elapsed();
  if (caller.kind === "refused") {
    const { code, explanation = "", message } = caller;
    execution.authentication = { status: 403, error: message, latencyMs: authenticatedAt - startedAt };
    throw new Rejection(TYPES[code], { message: message + explanation, errorType: code });
  }
  const { identity } = caller;
  execution.authentication = { status: 200, error: undefined, latencyMs: authenticatedAt - startedAt };
  execution.client = { ...client, identity: { ...client.identity, ...callerIdentity(identity) } };
  const access = { action: "execute-api:Invoke", resources: [routeArn(routed)], account: stage.account, resourcePolicy: undefined, request: judged } as const;
  const decision = decideAccess(identity, access);
  const latencyMs = elapsed() - authenticatedAt;
  if (!decision.allowed) {
    const rejection = deniedAccess(routeArn(routed), stage.account, identity.principal.arn, decision.reason);
    execution.authorization = { status: 403, error: rejection.details.message, latencyMs };
    throw rejection;
  }
  execution.authorization = { status: 200, error: undefined, latencyMs };
  execution.principal = "authorized";
  return execution as WebSocketAuthorized;
}

/** Keys that are not known, and authorizations that cannot be read, have no gateway response of their own. */
const TYPES = {
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  IncompleteSignatureException: "INVALID_SIGNATURE",
  InvalidSignatureException: "INVALID_SIGNATURE",
  UnrecognizedClientException: "INVALID_SIGNATURE",
  ExpiredTokenException: "EXPIRED_TOKEN",
} as const;
