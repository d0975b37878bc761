// Whoever has signed a request to an API of any kind, with the key of an identity that is known here.
import type { CallerIdentity } from "../plan/index.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import type { Identity } from "../ports/identities.ts";
import type { IdentityLookup } from "../ports/identity-lookup.ts";
import { isKeyOf, readClaim, type Refusal, type SignedRequest, unknownClient, verifyClaim } from "../sigv4/index.ts";

/** Somebody says that they are the owner of a key: nothing is proven before the signature is verified. */
export interface ClaimedCaller {
  readonly kind: "claimed";
  readonly signed: SignedRequest;
  readonly identity: Identity;
}

export interface ProvenCaller {
  readonly kind: "proven";
  readonly identity: Identity;
}

/** API Gateway takes times that are off by five minutes (github.com/mhart/aws4/issues/118). */
const SKEW_MINUTES = 5;
const SERVICE = "execute-api";

/** Who a request says it is from, or why it cannot be; its body is not needed for that. @param now in milliseconds since the epoch */
export function claimedCaller(request: HttpRequest, region: string, now: number, identities: IdentityLookup): ClaimedCaller | Refusal {
  const claim = readClaim(request, { region, service: SERVICE, now, skewMinutes: SKEW_MINUTES });
  if (claim.kind === "refused") return claim;
  const { signed } = claim;
  const identity = identities.find(signed.accessKeyId);
  return isKeyOf(signed, identity) ? { kind: "claimed", signed, identity } : unknownClient;
}

/** Whether the claim is true. @param body as it travelled */
export function provenCaller({ signed, identity }: ClaimedCaller, request: HttpRequest, body: Uint8Array, now: number): ProvenCaller | Refusal {
  const { method, target, headers } = request;
  const verified = verifyClaim(signed, { method, target, headers, body }, identity, now);
  return verified.kind === "refused" ? verified : { kind: "proven", identity };
}

/** `$context.identity`: of a user its id, of a role's session the role's id and the session's name. */
export const callerIdentity = ({ accessKeyId, principal }: Identity): CallerIdentity => ({
  accountId: principal.account,
  accessKey: accessKeyId,
  caller: principal.userId,
  user: principal.userId,
  userArn: principal.arn,
});
