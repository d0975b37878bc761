// Who calls: credentials are asked for even where any are accepted, so that every record has an account and a region.
import type { Call } from "../domain/call.ts";
import { ServiceError } from "../domain/errors.ts";
import type { AccessControl } from "../ports/access-control.ts";
import { header } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import type { Identity } from "../ports/identities.ts";
import { isKeyOf, parseAuthorization, readClaim, type Refusal, type SignedRequest, unknownClient, verifyClaim } from "../sigv4/index.ts";

/** Whose a request is when its credentials do not say. */
export interface CallerDefaults {
  /** The account of credentials that are not an account's number: 12 digits. */
  readonly account: string;
  /** The region of signatures whose scope names none (SigV4a). */
  readonly region: string;
}

/**
 * The authorization of a request, from its header or its presigned query; nothing of it is verified.
 * @throws {ServiceError} when there is none, or one that cannot be read
 */
export function readAuthorization(request: HttpRequest, search: string): SignedRequest {
  const authorization = parseAuthorization({ query: search, header: (name) => header(request.headers, name) });
  if (authorization.kind === "missing") {
    throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  if (authorization.kind === "invalid") throw new ServiceError(authorization.code, authorization.message);
  return authorization;
}

export interface Caller {
  readonly call: Call;
  /** Who it is; absent where any credentials will do. */
  readonly identity?: Identity;
  /** Whether the signature is good, over the body as it travelled. @throws {ServiceError} when it is not */
  prove(body: Uint8Array | undefined): void;
}

/** In development: a 12-digit access key is the account itself; any other means the default one. Any signature will do. */
export function takenAtTheirWord(request: HttpRequest, { accessKeyId, region }: SignedRequest, defaults: CallerDefaults, requestId: string): Caller {
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaults.account;
  return { call: callOf(request, { account, accessKeyId, region: region ?? defaults.region, requestId }), prove: () => {} };
}

export interface Verification {
  readonly access: AccessControl;
  readonly defaults: CallerDefaults;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many minutes a request's time may be off. */
  readonly skewMinutes: number;
}

/**
 * Where only what exists will do: the owner of an active access key, who has to have signed what travelled. All that can be
 * told without the body is checked first, so that nobody unknown has one read.
 * @throws {ServiceError} with AWS's words for what is wrong
 */
export async function ownerOfKey(request: HttpRequest, signed: SignedRequest, verification: Verification): Promise<Caller> {
  const { access, defaults, requestId, now, skewMinutes } = verification;
  const { method, target, headers } = request;
  const region = signed.region ?? defaults.region;
  // The service in the scope is the one that is going to be called, whatever else the request says.
  const claim = readClaim({ method, target, headers }, { region, now, skewMinutes });
  if (claim.kind === "refused") throw refused(claim);
  const identity = await access.identities.find(signed.accessKeyId);
  if (!isKeyOf(signed, identity)) throw refused(unknownClient);
  return {
    call: callOf(request, { account: identity.principal.account, accessKeyId: signed.accessKeyId, region, requestId }),
    identity,
    prove(body) {
      const verified = verifyClaim(signed, { method, target, headers, body }, identity, now);
      if (verified.kind === "refused") throw refused(verified);
      access.identities.noteUse(signed.accessKeyId, signed.service, region);
    },
  };
}

const refused = ({ code, message, explanation = "" }: Refusal): ServiceError => new ServiceError(code, message + explanation);

const callOf = (request: HttpRequest, known: Pick<Call, "account" | "region" | "accessKeyId" | "requestId">): Call => ({
  ...known,
  sourceIp: request.remoteAddress,
  userAgent: header(request.headers, "user-agent") ?? "",
});
