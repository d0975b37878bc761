// Clients of WebSocket APIs that read nothing or vanish, through the started program: they cost a bounded amount, and nobody else.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { createWhoApi, type Known, type WhoApi } from "../harness/who-api.ts";

/** The largest message that a callback may send. */
const LARGEST = "x".repeat(128 * 1024);

let gatehouse: Gatehouse;
let api: WhoApi;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  api = await createWhoApi(gatehouse);
});
afterAll(() => gatehouse.stop());

test("a client that reads nothing is cut off, and others are served meanwhile", async () => {
  const [deaf, other] = [await api.newcomer(), await api.newcomer()];
  deaf.socket.pause();
  let outcome = "sent";
  for (let i = 0; outcome === "sent" && i < 500; i++) {
    outcome = await api.post(deaf.id, LARGEST);
    expect(await api.post(other.id, `${i}`)).toBe("sent");
    expect(await other.next()).toBe(`${i}`);
  }
  expect(outcome).toBe("GoneException");
  deaf.socket.resume();
  expect((await deaf.closed).code).toBe(1006);
  await other.leave();
}, 30_000);

test("a client that vanishes is gone, while others talk", async () => {
  const [vanishing, other] = [await api.newcomer(), await api.newcomer()];
  vanishing.socket.terminate();
  await expect.poll(() => api.post(vanishing.id, "are you there?")).toBe("GoneException");
  expect(await api.post(other.id, "hello")).toBe("sent");
  expect(await other.next()).toBe("hello");
  await other.leave();
});

test("hundreds that leave at once are all forgotten", async () => {
  const crowd = await Promise.all(Array.from({ length: 200 }, () => api.newcomer()));
  for (const { socket } of crowd) socket.terminate();
  await Promise.all(crowd.map(({ closed }) => closed));
  for (const { id } of crowd) await expect.poll(() => api.post(id, "are you there?")).toBe("GoneException");
}, 30_000);

test("when the primary dies, workers reach their own clients and say of others' that they cannot; the next primary brings them together", async () => {
  const first = await startGatehouse({ args: ["--workers", "2"] });
  const { workers } = (await (await fetch(`${first.url}/_gatehouse/health`)).json()) as { workers: { pid: number }[] };
  onTestFailed(() => workers.forEach(({ pid }) => spawnSync("kill", ["-9", String(pid)])));
  const { newcomer, post } = await createWhoApi(first);
  const clients: Known[] = [await newcomer(), await newcomer()];
  while (new Set(clients.map(({ holder }) => holder)).size < 2) clients.push(await newcomer());
  /** Each attempt comes to whichever worker. */
  const outcomes = async (): Promise<string[]> => {
    const all = await Promise.all(clients.flatMap(({ id }) => Array.from({ length: 12 }, () => post(id, "hello"))));
    return [...new Set(all)].toSorted();
  };
  expect(await outcomes()).toEqual(["sent"]);

  const exit = once(first.child, "exit");
  first.child.kill("SIGKILL");
  await exit;
  await expect.poll(outcomes).toEqual(["ServiceUnavailableException", "sent"]);

  const second = await startGatehouse({ dataDir: first.dataDir, args: ["--workers", "2", "--port", String(first.port)] });
  expect(await outcomes()).toEqual(["sent"]);
  const stopped = second.stop();
  for (const { closed } of clients) expect(await closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await stopped).toBe(0);
  await removeDirectory(first.dataDir);
}, 60_000);
