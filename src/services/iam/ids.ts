// Unique ids and secrets (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
import { randomBytes, randomInt } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** AIDA of a user, AROA of a role, AGPA of a group, ANPA of a managed policy; 21 characters. */
export function uniqueId(prefix: "AIDA" | "AROA" | "AGPA" | "ANPA"): string {
  return prefix + Array.from({ length: 17 }, () => BASE32[randomInt(32)] as string).join("");
}

/**
 * A long-term (AKIA) or temporary (ASIA) access key id, 20 characters. As in AWS's own it says which account it is of:
 * the first 48 bits after the prefix are a one, the account's number in 40 bits, and chance.
 */
export function newAccessKeyId(prefix: "AKIA" | "ASIA", account: string): string {
  const random = BigInt(`0x${randomBytes(5).toString("hex")}`);
  let bits = (((1n << 40n) | BigInt(account)) << 39n) | (random & ((1n << 39n) - 1n));
  let text = "";
  for (let i = 0; i < 16; i += 1, bits >>= 5n) text = (BASE32[Number(bits & 31n)] as string) + text;
  return prefix + text;
}

/** The account that an access key id says; undefined when it is none of that form. */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!/^A[KS]IA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
  let bits = 0n;
  for (const letter of accessKeyId.slice(4)) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  const account = (bits >> 39n) & ((1n << 40n) - 1n);
  return account <= 999_999_999_999n ? account.toString().padStart(12, "0") : undefined;
}

/** 40 characters. */
export const newSecretAccessKey = (): string => randomBytes(30).toString("base64");

export const newSessionToken = (): string => randomBytes(180).toString("base64");
