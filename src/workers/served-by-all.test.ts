// What a worker that joins is told, while what is served changes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CallHandlers, connectLocally, listenLocally, openChannel } from "../adapters/channel/index.ts";
import type { IdentityChange } from "../ports/identity-lookup.ts";
import type { PackedStage } from "../publish/index.ts";
import type { StageAddress } from "./messages.ts";
import { createServedByAll, type Member } from "./served-by-all.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const done = { value: undefined };

/** A stage of more than half of what is told at once. */
const stage = (apiId: string, version: string): PackedStage => ({ apiId, stageName: "prod", cacheBytes: 0, contents: Buffer.alloc(700_000, version) });

async function member(handlers: CallHandlers): Promise<Member> {
  const directory = await mkdtemp(join(tmpdir(), "served-"));
  cleanUps.push(() => rm(directory, { recursive: true }));
  const { promise, resolve } = Promise.withResolvers<Member>();
  const place = await listenLocally(join(directory, "socket"), (socket) =>
    resolve({ pid: 1, channel: openChannel(socket, { handlers: {} }), kill: () => socket.destroy() }),
  );
  cleanUps.push(() => place.close());
  const socket = await connectLocally(join(directory, "socket"));
  if (socket === undefined) throw new Error("nobody listens");
  openChannel(socket, { handlers });
  return promise;
}

test("a worker is told of stages a part at a time, and never of what a stage was after what it has become", async () => {
  const { gateways, add } = createServedByAll(log);
  for (const apiId of ["a", "b", "c", "d"]) await gateways.put(stage(apiId, "1"));
  const has = new Map<string, string>();
  const held: (() => void)[] = [];
  let mostAtOnce = 0;
  const joining = await member({
    keepOnly: () => done,
    replaceKeys: () => done,
    replaceIdentities: () => done,
    drop(value) {
      has.delete((value as StageAddress).apiId);
      return done;
    },
    async put(value) {
      for (const { apiId, contents } of value as readonly PackedStage[]) has.set(apiId, String.fromCharCode(contents[0] as number));
      if ((value as readonly PackedStage[])[0]?.contents[0] === "1".charCodeAt(0)) {
        const until = new Promise<void>((resolve) => held.push(resolve));
        mostAtOnce = Math.max(mostAtOnce, held.length);
        await until;
      }
      return done;
    },
  });
  const added = add(joining);
  await expect.poll(() => held.length).toBe(1);
  // While it has the first and nothing else: two change, one goes, one comes.
  await Promise.all([gateways.put(stage("a", "2")), gateways.put(stage("c", "2")), gateways.drop("b", "prod"), gateways.put(stage("e", "2"))]);
  expect(Object.fromEntries(has)).toEqual({ a: "2", c: "2", e: "2" });
  const letGo = setInterval(() => held.shift()?.(), 1);
  await added;
  clearInterval(letGo);
  expect(Object.fromEntries(has)).toEqual({ a: "2", c: "2", d: "1", e: "2" });
  expect(mostAtOnce).toBe(1);
});

test("identities are changed once every worker has changed them, and a worker that joins is told of all that are left", async () => {
  const { gateways, add } = createServedByAll(log);
  const told: unknown[] = [];
  const held = Promise.withResolvers<void>();
  const handlers: CallHandlers = {
    ...Object.fromEntries(["keepOnly", "replaceKeys"].map((name) => [name, () => done])),
    replaceIdentities: (part) => (told.push(part), done),
  };
  const key = (name: string): IdentityChange => ({ type: "accessKey", name, value: { accessKeyId: name, secretAccessKey: "s", userId: "u" } });
  await add(await member({ ...handlers, changeIdentities: () => done }));
  await gateways.changeIdentities([key("a"), key("b")]);
  await add(await member({ ...handlers, changeIdentities: () => held.promise.then(() => done) }));
  let isChanged = false;
  const changing = Promise.resolve(gateways.changeIdentities([{ type: "accessKey", name: "a" }])).then(() => (isChanged = true));
  // The other worker has answered by now, which takes two turns of the sockets.
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  expect(isChanged).toBe(false);
  held.resolve();
  await changing;
  await add(await member(handlers));
  expect(told).toEqual([[], [key("a"), key("b")], [key("b")]].map((changes) => ({ changes, isFirst: true, isLast: true })));
});
