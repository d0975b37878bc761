// Calls between the two ends of a real socket.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CallHandlers, type Channel, ChannelClosed, connectLocally, type ErrorForm, listenLocally, openChannel } from "./index.ts";

class Refused extends Error {
  override readonly name = "Refused";
}
const errors: ErrorForm = {
  encode: (error) => (error instanceof Refused ? { refused: error.message } : undefined),
  decode: (form) => new Refused((form as { refused: string }).refused),
};

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Two ends: what one calls, the other's handlers answer. */
async function ends(here: CallHandlers, there: CallHandlers): Promise<[Channel, Channel]> {
  const directory = await mkdtemp(join(tmpdir(), "channel-"));
  cleanUps.push(() => rm(directory, { recursive: true }));
  const path = join(directory, "socket");
  const { promise, resolve } = Promise.withResolvers<Channel>();
  const place = await listenLocally(path, (socket) => resolve(openChannel(socket, { handlers: there, errors })));
  cleanUps.push(() => place.close());
  const socket = await connectLocally(path);
  if (socket === undefined) throw new Error("nobody listens");
  return [openChannel(socket, { handlers: here, errors }), await promise];
}

async function collected(body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("both sides ask, many at once, and each gets its own answer", async () => {
  const twice = { twice: async (value: unknown) => ({ value: (value as number) * 2 }) };
  const [here, there] = await ends(twice, twice);
  const asked = Array.from({ length: 100 }, (_, at) => at);
  const answers = await Promise.all(asked.flatMap((at) => [here.call("twice", at), there.call("twice", at)]));
  expect(answers.map(({ value }) => value)).toEqual(asked.flatMap((at) => [2 * at, 2 * at]));
});

test("values keep their kinds, and bytes their length", async () => {
  const [here] = await ends({}, { echo: (value) => ({ value }) });
  const value = { bytes: Buffer.alloc(3_000_000, "abc"), map: new Map([[1, undefined]]), text: "\ud800ä" };
  const { value: echoed } = await here.call("echo", value);
  expect(Buffer.from((echoed as typeof value).bytes).equals(value.bytes)).toBe(true);
  expect({ ...(echoed as typeof value), bytes: null }).toEqual({ ...value, bytes: null });
});

test("errors arrive as what they are when they are told apart, and as plain ones otherwise", async () => {
  const [here] = await ends(
    {},
    {
      refuse: () => Promise.reject(new Refused("not you")),
      fail: () => {
        throw new TypeError("a bug");
      },
    },
  );
  await expect(here.call("refuse", 1)).rejects.toThrow(new Refused("not you"));
  await expect(here.call("fail", 1)).rejects.toThrow(new Error("a bug"));
  await expect(here.call("constructor", 1)).rejects.toThrow(new Error("nobody answers constructor here"));
});

test("bytes follow an answer no faster than they are read", async () => {
  let sent = 0;
  async function* bytes() {
    for (let i = 0; i < 64; i++) {
      sent++;
      yield Buffer.alloc(64 * 1024, i);
    }
  }
  const [here] = await ends({}, { read: () => ({ value: "head", body: bytes() }) });
  const { value, body } = await here.call("read", undefined);
  expect(value).toBe("head");
  let before = -1;
  await expect.poll(() => [before, (before = sent)], { interval: 50 }).toSatisfy(([a, b]: number[]) => a === b);
  expect(sent).toBeLessThan(16);
  const all = await collected(body);
  expect([all.length, all.at(0), all.at(-1), sent]).toEqual([64 * 64 * 1024, 0, 63, 64]);
});

test("what is known after the last byte comes after it", async () => {
  async function* bytes() {
    yield Buffer.from("one");
  }
  const [here] = await ends({}, { read: () => ({ value: 1, body: bytes(), trailer: Promise.resolve({ log: "done" }) }) });
  const { body, trailer } = await here.call("read", undefined);
  expect((await collected(body)).toString()).toBe("one");
  expect(await trailer).toEqual({ log: "done" });
});

test("bytes that break off fail where they do", async () => {
  async function* bytes() {
    yield Buffer.from("one");
    throw new Refused("no more");
  }
  const [here] = await ends({}, { read: () => ({ value: 1, body: bytes() }) });
  const { body } = await here.call("read", undefined);
  const reader = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  expect(Buffer.from((await reader.next()).value as Uint8Array).toString()).toBe("one");
  await expect(reader.next()).rejects.toThrow(new Refused("no more"));
});

test("who does not want bytes any more says so, and their source is ended", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* bytes() {
    try {
      for (;;) yield Buffer.alloc(100_000);
    } finally {
      resolve();
    }
  }
  const [here] = await ends({}, { read: () => ({ value: 1, body: bytes() }) });
  const { body } = await here.call("read", undefined);
  for await (const chunk of body ?? []) {
    expect(chunk.length).toBe(100_000);
    break;
  }
  await promise;
});

test("a call that is given up is given up on the other side, too", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const [here] = await ends(
    {},
    {
      wait: (_, signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => resolve());
        }),
    },
  );
  const aborter = new AbortController();
  const call = here.call("wait", undefined, aborter.signal);
  aborter.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
  await promise;
});

test("who waits for a process that goes is told, and so is who asks afterwards", async () => {
  const aborted = Promise.withResolvers<unknown>();
  const [here, there] = await ends(
    {},
    { wait: (_, signal) => new Promise(() => signal.addEventListener("abort", () => aborted.resolve(signal.reason))) },
  );
  const waiting = here.call("wait", undefined);
  here.close();
  await expect(waiting).rejects.toThrow(ChannelClosed);
  await there.closed;
  expect(await aborted.promise).toBeInstanceOf(ChannelClosed);
  await expect(here.call("wait", undefined)).rejects.toThrow(ChannelClosed);
});

test("nobody at a path is nobody", async () => {
  expect(await connectLocally(join(tmpdir(), "no-such-directory", "socket"))).toBeUndefined();
});
