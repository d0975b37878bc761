import { describe, expect, it } from "vitest";
import { createLender, type Lent } from "./lender.ts";

const memoryOf = ({ bytes }: Lent): ArrayBufferLike => bytes.buffer;
const lendFrom = (lender: ReturnType<typeof createLender>, size: number): Lent => lender.lend(size) as Lent;

describe("memory that is lent", () => {
  it("has as many bytes as were asked for, from 4 KiB to 1 MiB", () => {
    const lender = createLender();
    for (const size of [4096, 4097, 65_535, 65_536, 65_537, 1_048_576]) expect(lendFrom(lender, size).bytes.length).toBe(size);
    for (const size of [0, 1, 4095, 1_048_577]) expect(lender.lend(size)).toBeUndefined();
  });

  it("is lent again once it was given back, that of the last first, and nobody's else meanwhile", () => {
    const lender = createLender();
    const [first, second] = [lendFrom(lender, 50_000), lendFrom(lender, 60_000)];
    expect(memoryOf(first)).not.toBe(memoryOf(second));
    first.giveBack();
    second.giveBack();
    const [third, fourth] = [lendFrom(lender, 40_000), lendFrom(lender, 65_536)];
    expect([memoryOf(third), memoryOf(fourth)]).toEqual([memoryOf(second), memoryOf(first)]);
    expect([third.bytes.length, fourth.bytes.length]).toEqual([40_000, 65_536]);
    expect(memoryOf(lendFrom(lender, 65_536))).not.toBe(memoryOf(third));
  });

  it("comes back once: an old loan gives nothing back that somebody else has by now", () => {
    const lender = createLender();
    const old = lendFrom(lender, 5000);
    old.giveBack();
    old.giveBack();
    const [next, another] = [lendFrom(lender, 5000), lendFrom(lender, 5000)];
    expect(memoryOf(next)).toBe(memoryOf(old));
    expect(memoryOf(another)).not.toBe(memoryOf(next));
    old.giveBack();
    expect(memoryOf(lendFrom(lender, 5000))).not.toBe(memoryOf(next));
  });

  it("is not kept past 8 MiB", () => {
    const lender = createLender();
    const all = Array.from({ length: 10 }, () => lendFrom(lender, 1_048_576));
    for (const one of all) one.giveBack();
    const kept = new Set(all.map(memoryOf));
    const again = Array.from({ length: 10 }, () => memoryOf(lendFrom(lender, 1_048_576)));
    expect(again.filter((memory) => kept.has(memory)).length).toBe(8);
  });

  it("takes a head in front of its bytes, as one piece with them", () => {
    const lent = lendFrom(createLender(), 5000);
    lent.bytes.fill("b");
    expect(lent.behind?.("head\xe4", lent.bytes)).toEqual(Buffer.concat([Buffer.from("head\xe4", "latin1"), Buffer.alloc(5000, "b")]));
    expect(lent.behind?.("", lent.bytes.subarray(0, 10))).toEqual(Buffer.from("bbbbbbbbbb"));
    expect(lent.behind?.("a".repeat(2048), lent.bytes)?.length).toBe(7048);
    expect(lent.bytes).toEqual(Buffer.alloc(5000, "b"));
  });

  it("takes no head where there is no room, for no other bytes, and not once it was given back", () => {
    const lent = lendFrom(createLender(), 5000);
    expect(lent.behind?.("a".repeat(2049), lent.bytes)).toBeUndefined();
    expect(lent.behind?.("a", lent.bytes.subarray(1))).toBeUndefined();
    expect(lent.behind?.("a", Buffer.from(lent.bytes))).toBeUndefined();
    lent.giveBack();
    expect(lent.behind?.("a", lent.bytes)).toBeUndefined();
  });

  it("is poisoned for tests as it comes back", () => {
    const lent = lendFrom(createLender(true), 5000);
    lent.bytes.fill("a");
    const { bytes } = lent;
    lent.giveBack();
    expect(bytes.equals(Buffer.alloc(5000, 0xdb))).toBe(true);
  });
});
