// Callbacks between workers, over real channels: a worker that asks, the primary in the middle, and a worker that holds connections.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CallHandlers, type Channel, connectLocally, listenLocally, openChannel } from "../adapters/channel/index.ts";
import { type CallbackOutcome, type ConnectionCallback, HolderUnreachable } from "../ports/connections.ts";
import { askingHandlers, heldHandlers, holdersOver } from "./callbacks.ts";
import { errorForm } from "./messages.ts";

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Both ends of a channel: the primary's, then the worker's. */
async function channel(ofPrimary: CallHandlers, ofWorker: CallHandlers): Promise<readonly [Channel, Channel]> {
  const directory = await mkdtemp(join(tmpdir(), "callbacks-"));
  const path = join(directory, "primary.sock");
  const met = Promise.withResolvers<Channel>();
  const place = await listenLocally(path, (socket) => met.resolve(openChannel(socket, { handlers: ofPrimary, errors: errorForm })));
  const socket = await connectLocally(path);
  if (socket === undefined) throw new Error("nobody listens");
  const worker = openChannel(socket, { handlers: ofWorker, errors: errorForm });
  cleanUps.push(async () => {
    worker.close();
    await place.close();
    await rm(directory, { recursive: true });
  });
  return [await met.promise, worker];
}

const CALLBACK: ConnectionCallback = { operation: "PostToConnection", apiId: "a", stageName: "prod", connectionId: "L0SM9cOFvHcCIhw=", data: Buffer.from([0, 255]) };
const never = (): AbortSignal => new AbortController().signal;
const HOLDER = 7;

/** A worker that asks of another, number {@link HOLDER}, which answers as it is told to. */
async function workers(answer: (callback: ConnectionCallback) => CallbackOutcome | Promise<CallbackOutcome>, { areKnown = true, answerMs = 5_000 } = {}) {
  const held: CallHandlers = { answerCallback: async (callback) => ({ value: await answer(callback as ConnectionCallback) }) };
  const [toHolder, holder] = await channel({}, held);
  const asking = askingHandlers({ find: (number) => (number === HOLDER ? toHolder : undefined), areKnown: () => areKnown });
  const [, toPrimary] = await channel(asking, {});
  return { holders: holdersOver(() => toPrimary, answerMs), holder, toPrimary };
}

test("whoever holds a connection is asked, and its outcome comes back", async () => {
  const asked: ConnectionCallback[] = [];
  const info = { connectedAt: 1, lastActiveAt: 2, identity: { sourceIp: "127.0.0.1", userAgent: undefined } };
  const { holders } = await workers((callback) => (asked.push(callback), { kind: "done", info }));
  expect(await holders.ask(HOLDER, CALLBACK, never())).toEqual({ kind: "done", info });
  expect(asked.map(({ data, ...rest }) => ({ ...rest, data: Buffer.from(data) }))).toEqual([CALLBACK]);
});

test("a worker answers what it is asked by what it holds", async () => {
  const handlers = heldHandlers(({ connectionId }) => ({ kind: connectionId === "mine" ? "done" : "gone" }));
  const [primary] = await channel({}, handlers);
  expect((await primary.call("answerCallback", { ...CALLBACK, connectionId: "mine" })).value).toEqual({ kind: "done" });
  expect((await primary.call("answerCallback", CALLBACK)).value).toEqual({ kind: "gone" });
});

test("a worker that is gone has taken its connections along", async () => {
  const { holders } = await workers(() => ({ kind: "done" }));
  expect(await holders.ask(HOLDER + 1, CALLBACK, never())).toEqual({ kind: "gone" });
});

test("a worker that goes while it is asked has taken its connections along", async () => {
  const asked = Promise.withResolvers<void>();
  const { holders, holder } = await workers(() => (asked.resolve(), new Promise<CallbackOutcome>(() => undefined)));
  const outcome = holders.ask(HOLDER, CALLBACK, never());
  await asked.promise;
  holder.close();
  expect(await outcome).toEqual({ kind: "gone" });
});

test("before the workers are met, nobody can say what is gone", async () => {
  const { holders } = await workers(() => ({ kind: "done" }), { areKnown: false });
  await expect(holders.ask(HOLDER + 1, CALLBACK, never())).rejects.toEqual(new HolderUnreachable("the workers are just being met"));
  expect(await holders.ask(HOLDER, CALLBACK, never())).toEqual({ kind: "done" });
});

test("a worker that does not answer is waited for as long as is said, and no longer than the caller waits", async () => {
  const silent = () => new Promise<CallbackOutcome>(() => undefined);
  const { holders } = await workers(silent, { answerMs: 20 });
  await expect(holders.ask(HOLDER, CALLBACK, never())).rejects.toEqual(new HolderUnreachable("it has not answered within 20 ms"));
  const caller = new AbortController();
  const { holders: patient } = await workers(silent);
  const outcome = patient.ask(HOLDER, CALLBACK, caller.signal);
  caller.abort();
  await expect(outcome).rejects.toEqual(new HolderUnreachable("the caller has left"));
});

test("without a primary nobody can be asked", async () => {
  await expect(holdersOver(() => undefined).ask(HOLDER, CALLBACK, never())).rejects.toEqual(new HolderUnreachable("the primary process is gone"));
  const { holders, toPrimary } = await workers(() => new Promise<CallbackOutcome>(() => undefined));
  const outcome = holders.ask(HOLDER, CALLBACK, never());
  toPrimary.close();
  await expect(outcome).rejects.toEqual(new HolderUnreachable("the primary process is gone"));
});
