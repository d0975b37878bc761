import { setImmediate as turnsEnd } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { atTurnsEnd } from "./index.ts";

describe("what departs at the end of a turn", () => {
  it("waits for the end, and keeps its order", async () => {
    const gone: string[] = [];
    for (const name of ["a", "b", "c"]) atTurnsEnd({ depart: () => void gone.push(name) });
    await Promise.resolve();
    expect(gone).toEqual([]);
    await turnsEnd();
    expect(gone).toEqual(["a", "b", "c"]);
    // Once, and the next has a turn of its own.
    atTurnsEnd({ depart: () => void gone.push("d") });
    await turnsEnd();
    expect(gone).toEqual(["a", "b", "c", "d"]);
  });

  it("does not wait for more than 64", async () => {
    const gone: number[] = [];
    for (let i = 0; i < 63; i++) atTurnsEnd({ depart: () => void gone.push(i) });
    expect(gone).toEqual([]);
    atTurnsEnd({ depart: () => void gone.push(63) });
    expect(gone).toEqual(Array.from({ length: 64 }, (_, i) => i));
    await turnsEnd();
    expect(gone.length).toBe(64);
  });

  it("does not wait for more than 128 KiB", async () => {
    const gone: string[] = [];
    const writing = (name: string) => ({ depart: () => void gone.push(name) });
    atTurnsEnd(writing("a"), 65_536);
    atTurnsEnd(writing("b"), 65_535);
    expect(gone).toEqual([]);
    atTurnsEnd(writing("c"), 1);
    expect(gone).toEqual(["a", "b", "c"]);
    atTurnsEnd(writing("d"), 131_071);
    expect(gone.length).toBe(3);
    await turnsEnd();
    expect(gone).toEqual(["a", "b", "c", "d"]);
  });

  it("may be added to while it departs: what is added comes next", async () => {
    const gone: string[] = [];
    const more = { depart: () => void gone.push("more") };
    atTurnsEnd({ depart: () => void (gone.push("first"), atTurnsEnd(more)) });
    atTurnsEnd({ depart: () => void gone.push("second") });
    await turnsEnd();
    await turnsEnd();
    expect(gone).toEqual(["first", "second", "more"]);
  });

  it("does not pile up what departures bring about, however many", async () => {
    let left = 100_000;
    const departure = {
      depart() {
        if (left-- > 0) atTurnsEnd(departure, 1_000_000);
      },
    };
    atTurnsEnd(departure);
    while (left > 0) await turnsEnd();
    expect(left).toBeLessThanOrEqual(0);
  });

  it.each([3, 64])("takes nobody's turn by failing, of %i", async (count) => {
    const gone: number[] = [];
    const faults: unknown[] = [];
    const note = (error: unknown): void => void faults.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", note);
    try {
      for (let i = 0; i < count; i++) {
        atTurnsEnd({
          depart() {
            if (i === 1) throw new Error("a bug");
            gone.push(i);
          },
        });
      }
      await turnsEnd();
      await turnsEnd();
    } finally {
      process.off("uncaughtException", note);
      for (const listener of others) process.on("uncaughtException", listener);
    }
    expect(faults).toEqual([new Error("a bug")]);
    expect(gone).toEqual(Array.from({ length: count }, (_, i) => i).filter((i) => i !== 1));
  });
});
