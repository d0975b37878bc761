// Token buckets: how API Gateway throttles
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html: "a token counts for a request").

import type { Keeping } from "./kept.ts";

/** A bucket by its name. Whoever names the same bucket takes from the same tokens. */
export interface TokenBucket extends Keeping {
  /** Tokens that come each second. */
  readonly rateLimit: number;
  /** The most tokens it holds: requests at once. */
  readonly burstLimit: number;
}

/** What is in a bucket. */
export interface BucketLevel {
  /** In thousandths of a token, so that milliseconds times tokens a second add up without rounding. */
  millitokens: number;
  /** Milliseconds since the epoch. */
  at: number;
}

const TOKEN = 1000;

/** A bucket begins full. */
export const fullBucket = ({ burstLimit }: TokenBucket, now: number): BucketLevel => ({ millitokens: burstLimit * TOKEN, at: now });

/** Adds what has come since the bucket was last looked at. A clock that goes back adds nothing. */
export function refill(level: BucketLevel, { rateLimit, burstLimit }: TokenBucket, now: number): void {
  if (now > level.at) {
    level.millitokens += (now - level.at) * rateLimit;
    level.at = now;
  }
  const most = burstLimit * TOKEN;
  if (level.millitokens > most) level.millitokens = most;
}

/** Takes a token from a bucket; false when it has none. */
export function takeToken(level: BucketLevel, bucket: TokenBucket, now: number): boolean {
  refill(level, bucket, now);
  if (level.millitokens < TOKEN) return false;
  level.millitokens -= TOKEN;
  return true;
}

/** What is asked of a bucket for somebody who takes from it later. */
export interface TokenLease {
  /** Taken already; less than 0 for those that are given back. */
  readonly used: number;
  readonly wanted: number;
  /** Not to be given, as others wait for them. */
  readonly reserved: number;
  /** How many take leases. */
  readonly shares: number;
}

/**
 * Takes so many tokens that have been used already, which may leave the bucket in debt, by what it can hold at most, and
 * up to `wanted` of the rest, at most a share of them.
 * @returns how many of the wanted ones it gives: whole ones
 */
export function leaseTokens(level: BucketLevel, bucket: TokenBucket, { used, wanted, reserved, shares }: TokenLease, now: number): number {
  refill(level, bucket, now);
  level.millitokens = Math.max(level.millitokens - used * TOKEN, -bucket.burstLimit * TOKEN);
  const whole = Math.floor(level.millitokens / TOKEN) - reserved;
  const granted = Math.max(0, Math.min(wanted, whole, Math.max(1, Math.ceil(whole / shares))));
  level.millitokens -= granted * TOKEN;
  return granted;
}

/** How long it takes until a bucket that was just looked at has a token, in milliseconds; Infinity where none comes. */
export function timeToToken({ millitokens }: BucketLevel, { rateLimit }: TokenBucket): number {
  return millitokens >= TOKEN ? 0 : (TOKEN - millitokens) / rateLimit;
}

/** Whether the bucket holds all it can: then nothing is lost by forgetting it. */
export function isFull(level: BucketLevel, bucket: TokenBucket, now: number): boolean {
  refill(level, bucket, now);
  return level.millitokens >= bucket.burstLimit * TOKEN;
}
