// Tokens that have been verified, by their hashes: what is used most is not verified for every request.
import { hash } from "node:crypto";
import type { TokenTrust } from "../../domain/token-trust.ts";
import type { VerifiedToken } from "../../ports/token-verifier.ts";
import type { KeySet } from "./key-set.ts";

export interface VerifiedTokens {
  get(key: string, now: number): VerifiedToken | undefined;
  /** Kept until the token or the key set that has verified it expires, whichever is first. */
  keep(key: string, token: RememberedToken): void;
}

export interface RememberedToken {
  readonly verified: VerifiedToken;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly keys: Pick<KeySet, "expiresAt">;
  /** Of the token, in characters. */
  readonly size: number;
}

/** Of one token at one authorizer. A hash, since tokens are credentials. */
export const keyOf = (token: string, { name }: TokenTrust): string => hash("sha256", `${name.length} ${name} ${token}`, "base64url");

/** So much of tokens is remembered, in characters: some ten thousand. Their claims take a few times as many bytes. */
const MAX_SIZE = 8_388_608;

/**
 * In two generations: when the young one has half of it all, it becomes the old one, and what of that was not used again is
 * forgotten.
 */
export function createVerifiedTokens(maxSize = MAX_SIZE): VerifiedTokens {
  let young = new Map<string, RememberedToken>();
  let old = new Map<string, RememberedToken>();
  let size = 0;

  function keep(key: string, token: RememberedToken): void {
    if (size + token.size > maxSize / 2) {
      [old, young, size] = [young, new Map(), 0];
    }
    young.set(key, token);
    size += token.size;
  }

  return {
    keep,
    get(key, now) {
      let remembered = young.get(key);
      if (remembered === undefined) {
        remembered = old.get(key);
        if (remembered === undefined) return undefined;
        old.delete(key);
        if (isGood(remembered, now)) keep(key, remembered);
      }
      return isGood(remembered, now) ? remembered.verified : undefined;
    },
  };
}

const isGood = ({ expiresAt, keys }: RememberedToken, now: number): boolean => now < expiresAt && now < keys.expiresAt;
