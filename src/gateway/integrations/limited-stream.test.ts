import { expect, test } from "vitest";
import { endStream, limitedStream } from "./limited-stream.ts";

/** Time that only passes when the test says so. */
function manualClock() {
  const timers = new Map<object, { ms: number; task: () => void }>();
  return {
    now: () => 0,
    after(ms: number, task: () => void) {
      const timer = {};
      timers.set(timer, { ms, task });
      return () => void timers.delete(timer);
    },
    /** The waits under way. */
    waits: () => [...timers.values()].map(({ ms }) => ms),
    pass() {
      for (const [timer, { task }] of timers) if (timers.delete(timer)) task();
    },
  };
}

/** A source whose chunks the test hands out. */
function heldSource() {
  const ended: string[] = [];
  const asked: PromiseWithResolvers<IteratorResult<Uint8Array>>[] = [];
  return {
    ended,
    asked,
    iterator: {
      next() {
        const answer = Promise.withResolvers<IteratorResult<Uint8Array>>();
        asked.push(answer);
        return answer.promise;
      },
      return() {
        ended.push("return");
        return Promise.resolve({ done: true as const, value: undefined });
      },
    },
  };
}

const chunk = { done: false, value: Buffer.from("a") } as const;

test("waits for each chunk for its idle time, and not while nobody asks", async () => {
  const clock = manualClock();
  const source = heldSource();
  const ends: boolean[] = [];
  const chunks = limitedStream(source.iterator, { clock, idleMs: 300_000, onEnd: (isWhole) => ends.push(isWhole) })[Symbol.asyncIterator]();
  expect(clock.waits()).toEqual([]);
  const first = chunks.next();
  expect(clock.waits()).toEqual([300_000]);
  source.asked[0]?.resolve(chunk);
  expect(await first).toEqual(chunk);
  expect(clock.waits()).toEqual([]);

  const second = chunks.next();
  clock.pass();
  await expect(second).rejects.toThrow("nothing of the response came within 300000 ms");
  expect({ ends, ended: source.ended }).toEqual({ ends: [false], ended: ["return"] });
});

test("ends once, at the end of its source", async () => {
  const clock = manualClock();
  const source = heldSource();
  const ends: boolean[] = [];
  const chunks = limitedStream(source.iterator, { clock, idleMs: 1, onEnd: (isWhole) => ends.push(isWhole) })[Symbol.asyncIterator]();
  const last = chunks.next();
  source.asked[0]?.resolve({ done: true, value: undefined });
  expect(await last).toEqual({ done: true, value: undefined });
  await chunks.return?.();
  expect({ ends, waits: clock.waits() }).toEqual({ ends: [true], waits: [] });
});

test("fails as its source fails, and as its signal says", async () => {
  const clock = manualClock();
  const source = heldSource();
  const controller = new AbortController();
  const chunks = limitedStream(source.iterator, { clock, idleMs: 1, signal: controller.signal })[Symbol.asyncIterator]();
  const failing = chunks.next();
  source.asked[0]?.reject(new Error("broken"));
  await expect(failing).rejects.toThrow("broken");
  const cut = chunks.next();
  controller.abort(new Error("too long"));
  await expect(cut).rejects.toThrow("too long");
  await expect(chunks.next()).rejects.toThrow("too long");
  expect(clock.waits()).toEqual([]);
});

test("a stream that nobody reads is ended", () => {
  const source = heldSource();
  endStream(limitedStream(source.iterator, { clock: manualClock(), idleMs: 1 }));
  endStream(undefined);
  expect(source.ended).toEqual(["return"]);
});
