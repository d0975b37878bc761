// Answers as the cache keeps them (developer guide: api-gateway-caching).
import { describe, expect, it } from "vitest";
import { createAnswerCodec, MAX_CACHED_BYTES } from "./cached-answer.ts";
import type { CachedAnswer } from "./cached-answer.ts";

const answer = (parts: Partial<CachedAnswer> = {}): CachedAnswer => ({
  status: 203,
  headers: ["Content-Type", "text/plain", "X-Secret", "tell-nobody", "x-secret", "\u00e4"],
  body: Buffer.from("the-quick-brown-fox"),
  functionError: undefined,
  ...parts,
});

describe("a cached answer", () => {
  const codec = createAnswerCodec();

  it.each([
    ["as it is", answer(), false],
    ["sealed", answer(), true],
    ["with bytes that are no text", answer({ body: Buffer.from([0, 255, 128, 10]) }), true],
    ["without a body", answer({ body: Buffer.alloc(0), headers: [] }), false],
    ["of a function that failed", answer({ functionError: "Unhandled" }), true],
  ])("comes back %s", (_, given, encrypted) => {
    const bytes = codec.encode(given, "key", encrypted);
    expect(bytes && codec.decode(bytes, "key")).toEqual(given);
  });

  it("is kept readable unless it is to be encrypted, and then not at all", () => {
    const open = codec.encode(answer(), "key", false)?.toString("latin1");
    expect(open).toContain("the-quick-brown-fox");
    expect(open).toContain("tell-nobody");
    const sealed = codec.encode(answer(), "key", true)?.toString("latin1");
    expect(sealed).not.toContain("quick");
    expect(sealed).not.toContain("tell");
    expect(sealed).not.toContain("X-Secret");
  });

  it("is never encrypted to the same bytes twice", () => {
    expect(codec.encode(answer(), "key", true)).not.toEqual(codec.encode(answer(), "key", true));
  });

  it("does not open when it was changed, moved to another key, cut, or sealed by another process", () => {
    const sealed = codec.encode(answer(), "key", true) as Buffer;
    expect(codec.decode(sealed, "other")).toBeUndefined();
    for (const at of [1, 14, 30, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(codec.decode(changed, "key")).toBeUndefined();
    }
    expect(codec.decode(sealed.subarray(0, 20), "key")).toBeUndefined();
    expect(codec.decode(sealed.subarray(0, sealed.length - 1), "key")).toBeUndefined();
    expect(createAnswerCodec().decode(sealed, "key")).toBeUndefined();
  });

  it("api-gateway-caching: at most 1,048,576 bytes, and encryption makes them more", () => {
    const of = (length: number) => answer({ body: Buffer.alloc(length) });
    expect(MAX_CACHED_BYTES).toBe(1_048_576);
    expect(codec.encode(of(MAX_CACHED_BYTES), "key", false)).toBeDefined();
    expect(codec.encode(of(MAX_CACHED_BYTES + 1), "key", false)).toBeUndefined();
    expect(codec.encode(of(MAX_CACHED_BYTES - 28), "key", true)).toBeDefined();
    expect(codec.encode(of(MAX_CACHED_BYTES - 27), "key", true)).toBeUndefined();
  });
});
