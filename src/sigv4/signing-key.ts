// The keys that signatures are made with, derived from secret access keys.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key
import { createECDH, createHmac, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { sha256 } from "./canonical.ts";

/** Of each kind, so many derived keys are kept; the oldest make room. Keys of SigV4 hold for a day, region and service. */
const KEYS_KEPT = 1_000;
/** As key objects: making one for each signature would be most of its cost. */
const keys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();

/** SigV4's key for a day (`20150830`), region and service. */
export function signingKey(secretAccessKey: string, date: string, region: string, service: string): KeyObject {
  const id = sha256([secretAccessKey, date, region, service].join("\n"));
  return kept(keys, id, () => {
    const dateKey = hmac(`AWS4${secretAccessKey}`, date);
    return createSecretKey(hmac(hmac(hmac(dateKey, region), service), "aws4_request"));
  });
}

/** SigV4a's key, which has no scope: the public half, as only verification needs it. */
export function asymmetricPublicKey(accessKeyId: string, secretAccessKey: string): KeyObject {
  return kept(publicKeys, sha256([accessKeyId, secretAccessKey].join("\n")), () => {
    const pair = createECDH("prime256v1");
    pair.setPrivateKey(asymmetricPrivateKey(accessKeyId, secretAccessKey));
    const point = pair.getPublicKey();
    const coordinate = (start: number): string => point.subarray(start, start + 32).toString("base64url");
    return createPublicKey({ key: { kty: "EC", crv: "P-256", x: coordinate(1), y: coordinate(33) }, format: "jwk" });
  });
}

const ASYMMETRIC_ALGORITHM = "AWS4-ECDSA-P256-SHA256";
/** The order of the curve P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const LAST_COUNTER = 254;

/**
 * SigV4a's private key, 32 bytes: candidates of NIST SP 800-108's function in counter mode, until one is small enough.
 * @throws {Error} when none of 254 is, which happens to nobody
 */
export function asymmetricPrivateKey(accessKeyId: string, secretAccessKey: string): Buffer {
  for (let counter = 1; counter <= LAST_COUNTER; counter += 1) {
    const input = Buffer.concat([
      Buffer.from([0, 0, 0, 1]),
      Buffer.from(`${ASYMMETRIC_ALGORITHM}\0${accessKeyId}`),
      Buffer.from([counter, 0, 0, 1, 0]),
    ]);
    const candidate = BigInt(`0x${hmac(`AWS4A${secretAccessKey}`, input).toString("hex")}`);
    if (candidate <= ORDER - 2n) return Buffer.from((candidate + 1n).toString(16).padStart(64, "0"), "hex");
  }
  throw new Error("no SigV4a key can be derived from the secret access key");
}

const hmac = (key: string | Buffer, data: string | Buffer): Buffer => createHmac("sha256", key).update(data).digest();

function kept<T>(cache: Map<string, T>, id: string, derive: () => T): T {
  const known = cache.get(id);
  if (known !== undefined) return known;
  const key = derive();
  if (cache.size >= KEYS_KEPT) cache.delete(cache.keys().next().value as string);
  cache.set(id, key);
  return key;
}
