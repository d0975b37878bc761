// Deadlines, with time that goes on when it is told to.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadlines, type Timed } from "./deadlines.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Watches what notes its name when it has taken too long. */
function watching() {
  const deadlines = new Deadlines();
  const expired: string[] = [];
  const begin = (name: string, timeoutMs: number, then?: () => void): Timed => {
    const note = (): void => {
      expired.push(name);
      then?.();
    };
    const timed: Timed = { expired: note, dueAt: 0, previous: undefined, next: undefined };
    deadlines.add(timed, timeoutMs);
    return timed;
  };
  return { deadlines, expired, begin };
}

test("each expires at its time, in order, and those that are over in time do not", () => {
  const { deadlines, expired, begin } = watching();
  begin("a", 100);
  const b = begin("b", 100);
  vi.advanceTimersByTime(40);
  begin("c", 100);
  const d = begin("d", 100);
  begin("quick", 50);
  deadlines.remove(b, 100);
  vi.advanceTimersByTime(49);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["quick"]);
  vi.advanceTimersByTime(10);
  expect(expired).toEqual(["quick", "a"]);
  deadlines.remove(d, 100);
  begin("e", 100);
  vi.advanceTimersByTime(39);
  expect(expired).toEqual(["quick", "a"]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(["quick", "a", "c"]);
  vi.advanceTimersByTime(1000);
  expect(expired).toEqual(["quick", "a", "c", "e"]);
});

test("what is removed twice, or after it has expired, leaves the others as they are", () => {
  const { deadlines, expired, begin } = watching();
  const [a, b] = [begin("a", 100), begin("b", 100)];
  deadlines.remove(a, 100);
  deadlines.remove(a, 100);
  vi.advanceTimersByTime(100);
  deadlines.remove(b, 100);
  begin("c", 100);
  deadlines.remove(b, 100);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(["b", "c"]);
});

test("what expires may end others, and begin new ones", () => {
  const { deadlines, expired, begin } = watching();
  begin("a", 100, () => {
    deadlines.remove(b, 100);
    begin("again", 100);
  });
  const b = begin("b", 100);
  begin("c", 100);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(["a", "c"]);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(["a", "c", "again"]);
});

test("nothing is left of times that nobody has any more", () => {
  const { deadlines, begin } = watching();
  for (let ms = 1; ms <= 1000; ms++) deadlines.remove(begin("", ms), ms);
  expect(vi.getTimerCount()).toBe(1000);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});
