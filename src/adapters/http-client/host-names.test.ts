// Addresses of names are kept for their time, shared among those who ask at once, and forgotten on failure.
import type { LookupAddress } from "node:dns";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keptHostNames } from "./host-names.ts";

const FOUND: readonly LookupAddress[] = [
  { address: "192.0.2.1", family: 4 },
  { address: "2001:db8::1", family: 6 },
];

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** Names over a lookup that counts, and finds what it is told to. */
function counted() {
  const asked: string[] = [];
  let answer: readonly LookupAddress[] | Error = FOUND;
  const names = keptHostNames((hostname, _options, callback) => {
    asked.push(hostname);
    const given = answer;
    setImmediate(() => (given instanceof Error ? callback(given, []) : callback(null, [...given])));
  }, 1_000);
  const find = (hostname: string, all = true): Promise<unknown> =>
    new Promise((resolve) => names.lookup(hostname, { all }, (error, addresses, family) => resolve(error ?? (all ? addresses : [addresses, family]))));
  return { asked, names, find, answerWith: (next: readonly LookupAddress[] | Error) => (answer = next) };
}

test("a name is looked up once in its time, and once by those who ask together", async () => {
  const { asked, find } = counted();
  expect(await Promise.all([find("a"), find("a"), find("b")])).toEqual([FOUND, FOUND, FOUND]);
  expect(await find("a", false)).toEqual(["192.0.2.1", 4]);
  vi.advanceTimersByTime(999);
  await find("a");
  expect(asked).toEqual(["a", "b"]);
  vi.advanceTimersByTime(1);
  await find("a");
  expect(asked).toEqual(["a", "b", "a"]);
});

test("failures are not kept, and forgotten names are looked up again", async () => {
  const { asked, names, find, answerWith } = counted();
  answerWith(new Error("no such name"));
  expect(await find("a")).toEqual(new Error("no such name"));
  answerWith(FOUND);
  expect(await find("a")).toEqual(FOUND);
  names.forget("a");
  expect(await find("a")).toEqual(FOUND);
  expect(asked).toEqual(["a", "a", "a"]);
});
