// An issuer's public keys (RFC 7517), made usable one by one when a token names one: a set may have thousands.
import { hash } from "node:crypto";
import { type CryptoKey, importJWK, type JWK } from "jose";

export interface KeySet {
  /** Of its document: the same keys are the same set. */
  readonly digest: string;
  /** Milliseconds since the epoch; 0 once another set has taken its place. What it has verified counts no longer, then. */
  readonly expiresAt: number;
  /** Whether it names a key so. */
  has(keyId: string): boolean;
  /** The key of that name for an algorithm; undefined when there is none, or none that is fit for it. */
  key(keyId: string, algorithm: string): Promise<CryptoKey | undefined>;
  /** It has been fetched again, and is still what it was. */
  renew(expiry: number): void;
  retire(): void;
}

/** @throws {SyntaxError} or {TypeError} with a reason, for what is no key set */
export function parseKeySet(json: string, expiry: number): KeySet {
  const document = JSON.parse(json) as { keys?: unknown } | null;
  if (!Array.isArray(document?.keys)) throw new TypeError("it has no keys");
  const byId = new Map<string, JWK[]>();
  for (const key of document.keys as readonly unknown[]) {
    if (!isNamed(key)) continue;
    const same = byId.get(key.kid);
    if (same === undefined) byId.set(key.kid, [key]);
    else same.push(key);
  }
  const imported = new Map<string, Promise<CryptoKey | undefined>>();
  let expiresAt = expiry;
  return {
    digest: hash("sha256", json, "base64url"),
    get expiresAt() {
      return expiresAt;
    },
    has: (keyId) => byId.has(keyId),
    key(keyId, algorithm) {
      const jwk = byId.get(keyId)?.find((each) => isFit(each, algorithm));
      if (jwk === undefined) return Promise.resolve(undefined);
      const name = `${algorithm} ${keyId}`;
      let key = imported.get(name);
      if (key === undefined) imported.set(name, (key = importKey(jwk, algorithm)));
      return key;
    },
    renew(later) {
      expiresAt = later;
    },
    retire() {
      expiresAt = 0;
    },
  };
}

const isNamed = (key: unknown): key is JWK & { readonly kid: string } =>
  typeof key === "object" && key !== null && "kid" in key && typeof key.kid === "string" && "kty" in key;

/** Public keys alone: a shared secret that somebody publishes is nobody's signature. */
const KEY_TYPES: Readonly<Record<string, string>> = { RS: "RSA", PS: "RSA", ES: "EC", Ed: "OKP" };

function isFit({ kty, use, alg, key_ops: operations }: JWK, algorithm: string): boolean {
  const isOfType = kty === KEY_TYPES[algorithm.slice(0, 2)];
  const isForSignatures = (use ?? "sig") === "sig" && (operations?.includes("verify") ?? true);
  return isOfType && isForSignatures && (alg ?? algorithm) === algorithm;
}

/** Its public members alone, in case somebody publishes more. */
async function importKey({ kty, n, e, crv, x, y }: JWK, algorithm: string): Promise<CryptoKey | undefined> {
  try {
    const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
    const key = await importJWK(Object.fromEntries(members) as JWK, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    // A key that is broken is as good as none; the others of its set still count.
    return undefined;
  }
}
