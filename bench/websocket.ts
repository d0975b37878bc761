// WebSockets of the listener beside those of a bare ws server: messages a second, latency, processor time, and memory of
// connections that are idle. node bench/websocket.ts [ROUNDS] [SECONDS]
import { setTimeout as wait } from "node:timers/promises";
import { CORES, cpuTime, moveToCore, residentBytes, start } from "./children.ts";
import type { Child } from "./children.ts";
import { median } from "./measure.ts";
import { closeAll, openWebSockets, webSocketLoad } from "./websocket-load.ts";

const CONNECTIONS = 100;
const IDLE = 10_000;
/** Connections that are opened before: what they have the process set aside is not an idle connection's. */
const FIRST = 500;
const MESSAGE = JSON.stringify({ action: "echo", text: "x".repeat(100) });

interface Round {
  readonly messagesPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Processor time of the server, in microseconds. */
  readonly cpuPerMessage: number;
}

const [rounds = 5, seconds = 3] = process.argv.slice(2).map(Number);
moveToCore(process.pid, CORES.load);
const echo = async (kind: string): Promise<{ child: Child; url: string }> => {
  const child = start(process.execPath, ["bench/websocket-echo.ts", kind], CORES.subject);
  return { child, url: `ws://127.0.0.1:${await child.printed(/listening on port (\d+)/)}/` };
};

/** Bytes of resident memory for a connection that says nothing. */
async function idleBytes(kind: string): Promise<number> {
  const { child, url } = await echo(kind);
  const first = await openWebSockets(url, FIRST);
  await wait(1_000);
  const before = residentBytes(child.pid);
  const idle = await openWebSockets(url, IDLE);
  await wait(3_000);
  const bytes = (residentBytes(child.pid) - before) / IDLE;
  closeAll([...first, ...idle]);
  await child.stop();
  return bytes;
}

const kinds = ["listener", "ws"];
const servers = await Promise.all(kinds.map(echo));
const seen = kinds.map((): Round[] => []);
// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (const [i, { child, url }] of servers.entries()) {
    const before = cpuTime([child.pid]);
    const load = await webSocketLoad({ url, seconds, connections: CONNECTIONS, message: MESSAGE });
    if (round > 0) seen[i]?.push({ ...load, cpuPerMessage: (cpuTime([child.pid]) - before) / load.messages });
  }
}
await Promise.all(servers.map(({ child }) => child.stop()));

for (const [i, kind] of kinds.entries()) {
  const of = (pick: (round: Round) => number): number => median((seen[i] as Round[]).map(pick));
  console.log(
    `${kind.padEnd(10)} ${of((round) => round.messagesPerSecond).toFixed(0)} messages/s, p50 ${of((round) => round.p50).toFixed(2)} ms, ` +
      `p99 ${of((round) => round.p99).toFixed(2)} ms, ${of((round) => round.cpuPerMessage).toFixed(1)} us of processor time a message, ` +
      `${((await idleBytes(kind)) / 1024).toFixed(1)} KiB an idle connection`,
  );
}
