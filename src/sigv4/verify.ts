// Verifies that a request was signed with the secret of the access key that it names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
import { createHmac, timingSafeEqual, verify as verifyEcdsa } from "node:crypto";
import { ASYMMETRIC_ALGORITHM, parseAuthorization, type SignedRequest } from "./authorization.ts";
import { canonicalRequest, sha256 } from "./canonical.ts";
import { basicTime, checkClaims, type Expectation } from "./claims.ts";
import { expiredToken, mismatch, missingToken, type Refusal, unknownClient } from "./refusal.ts";
import { asymmetricPublicKey, signingKey } from "./signing-key.ts";

/** A request as it was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /**
   * What the signature has to cover. Services other than S3 hash it themselves whatever X-Amz-Content-Sha256 says, so that
   * unsigned (`UNSIGNED-PAYLOAD`) and chunk-signed bodies (`STREAMING-...`) do not match (aws/aws-sdk-js-v3#308).
   */
  readonly body: Uint8Array | string | undefined;
}

/** What has to be known of an access key to verify with it. */
export interface VerifyingKey {
  readonly secretAccessKey: string;
  /** Of temporary credentials, which are good with it alone. */
  readonly sessionToken?: string;
  /** Whatever token comes with it, or none, is good. */
  readonly anyToken?: true;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

export interface Verified<K> {
  readonly kind: "verified";
  readonly key: K;
  readonly signed: SignedRequest;
}

/** What a request says of its signer: nothing of it is proven. */
export interface Claimed {
  readonly kind: "claimed";
  readonly signed: SignedRequest;
}

/**
 * Verifies a request. `find` gives the access key of an id, or undefined when there is none that may be used; it is not
 * asked when the request itself is at fault.
 */
export async function verifyRequest<K extends VerifyingKey>(
  request: ReceivedRequest,
  expected: Expectation,
  find: (accessKeyId: string) => Promise<K | undefined> | K | undefined,
): Promise<Verified<K> | Refusal> {
  const claimed = readClaim(request, expected);
  if (claimed.kind === "refused") return claimed;
  const { signed } = claimed;
  const key = await find(signed.accessKeyId);
  if (!isKeyOf(signed, key)) return unknownClient;
  return verifyClaim(signed, request, key, expected.now);
}

/** The first half, for which the body need not be there: what the request says of its signer, or why it cannot be good. */
export function readClaim(request: Omit<ReceivedRequest, "body">, expected: Expectation): Claimed | Refusal {
  const signed = parseAuthorization({
    query: splitTarget(request.target)[1],
    header: (name) => headerOf(request.headers, name),
  });
  if (signed.kind === "missing") return missingToken;
  if (signed.kind === "invalid") return { ...signed, kind: "refused" };
  return checkClaims(signed, request.headers, expected) ?? { kind: "claimed", signed };
}

/** Whether a key, found by the id that the request names, can be its signer's; if not, the refusal is {@link unknownClient}. */
export function isKeyOf<K extends VerifyingKey>(signed: SignedRequest, key: K | undefined): key is K {
  return key !== undefined && isTokenOf(key, signed.securityToken);
}

/** The second half. @param now in milliseconds since the epoch */
export function verifyClaim<K extends VerifyingKey>(signed: SignedRequest, request: ReceivedRequest, key: K, now: number): Verified<K> | Refusal {
  const refusal = checkSignature(signed, request, key);
  if (refusal !== undefined) return refusal;
  // Last, so that only those who know the secret hear of it.
  if (key.expiresAt !== undefined && key.expiresAt <= now) return expiredToken;
  return { kind: "verified", key, signed };
}

function checkSignature(signed: SignedRequest, request: ReceivedRequest, key: VerifyingKey): Refusal | undefined {
  const canonical = canonicalText(signed, request);
  const region = signed.region === undefined ? "" : `${signed.region}/`;
  const scope = `${signed.date}/${region}${signed.service}/aws4_request`;
  const toSign = [signed.algorithm, basicTime(signed.time), scope, sha256(canonical)].join("\n");
  return matches(signed, toSign, key) ? undefined : mismatch(canonical, toSign);
}

function matches(signed: SignedRequest, toSign: string, { secretAccessKey }: VerifyingKey): boolean {
  if (signed.algorithm === ASYMMETRIC_ALGORITHM) {
    if (!/^(?:[0-9a-f]{2}){8,72}$/.test(signed.signature)) return false;
    const publicKey = asymmetricPublicKey(signed.accessKeyId, secretAccessKey);
    return verifyEcdsa("sha256", Buffer.from(toSign), publicKey, Buffer.from(signed.signature, "hex"));
  }
  const key = signingKey(secretAccessKey, signed.date, signed.region as string, signed.service);
  return isEqual(createHmac("sha256", key).update(toSign).digest("hex"), signed.signature);
}

function isTokenOf({ anyToken, sessionToken }: VerifyingKey, given: string | undefined): boolean {
  if (anyToken) return true;
  if (sessionToken === undefined || given === undefined) return sessionToken === given;
  return isEqual(sessionToken, given);
}

/** In a time that tells nothing of where they differ. */
function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The canonical request of what was received: the headers that are signed, and a query without its signature. */
function canonicalText(signed: SignedRequest, { method, target, headers, body }: ReceivedRequest): string {
  const signedHeaders: string[] = [];
  for (const name of signed.signedHeaders) {
    // A header that is signed and not there has no value.
    if (headerOf(headers, name) === undefined) signedHeaders.push(name, "");
  }
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (signed.signedHeaders.includes(name)) signedHeaders.push(name, fromBytes(headers[i + 1] as string));
  }
  const received = fromBytes(signed.presigned ? withoutSignature(target) : target);
  return canonicalRequest(method, received, signedHeaders, sha256(body ?? ""), signed.service).text;
}

function withoutSignature(target: string): string {
  const [path, query] = splitTarget(target);
  return `${path}?${query.split("&").filter((pair) => !pair.startsWith("X-Amz-Signature=")).join("&")}`;
}

function splitTarget(target: string): [path: string, query: string] {
  const question = target.indexOf("?");
  return question < 0 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
}

function headerOf(headers: readonly string[], lowerCaseName: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return headers[i + 1];
  }
  return undefined;
}

/** Text that a listener has read byte by byte, as Node does: signatures cover the UTF-8 that the bytes are. */
function fromBytes(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\0-\u00ff]/.test(text)) return text;
  return Buffer.from(text, "latin1").toString("utf8");
}
