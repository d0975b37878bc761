// How much is remembered of tokens that have been verified.
import { describe, expect, it } from "vitest";
import type { VerifiedToken } from "../../ports/token-verifier.ts";
import { createVerifiedTokens, keyOf } from "./verified-tokens.ts";

const verified: VerifiedToken = { type: "verified", claims: {} };
const remembered = (size: number) => ({ verified, size, expiresAt: 1000, keys: { expiresAt: 1000 } });

describe("verified tokens", () => {
  it("are kept within a bound, those that are used longest", () => {
    const tokens = createVerifiedTokens(100);
    tokens.keep("used", remembered(25));
    tokens.keep("unused", remembered(25));
    tokens.keep("next", remembered(25));
    expect(tokens.get("used", 0)).toBe(verified);
    tokens.keep("last", remembered(25));
    expect(["used", "unused", "next", "last"].filter((key) => tokens.get(key, 0) !== undefined)).toEqual(["used", "next", "last"]);
  });

  it("are forgotten when they are of no use any more", () => {
    const tokens = createVerifiedTokens();
    tokens.keep("token", remembered(1));
    expect(tokens.get("token", 999)).toBe(verified);
    expect(tokens.get("token", 1000)).toBeUndefined();
  });

  it("are known by the whole name of their authorizer", () => {
    const trust = (name: string) => ({ name, issuers: [], algorithms: [] });
    expect(keyOf("b c", trust("a"))).not.toBe(keyOf("c", trust("a b")));
  });
});
