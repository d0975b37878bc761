// WebSockets of Gatehouse, through a mock and through a function, and of its listener alone, beside those of a bare ws server: messages
// a second, latency, processor time, and memory of connections that are idle. node bench/websocket.ts [ROUNDS] [SECONDS]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CORES, cpuTime, descendants, moveToCore, residentBytes, start } from "./children.ts";
import type { Child } from "./children.ts";
import { startGatehouse } from "./gatehouse.ts";
import { median } from "./measure.ts";
import { lambdaApi, MESSAGE, mockApi } from "./websocket-apis.ts";
import { closeAll, openWebSockets, webSocketLoad } from "./websocket-load.ts";

const CONNECTIONS = 100;
const IDLE = 10_000;
/** Connections that are opened before: what they have the process set aside is not an idle connection's. */
const FIRST = 500;
/** An account may open 500 a second; servers without accounts are treated alike. */
const PER_SECOND = 450;

interface Round {
  readonly messagesPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Processor time of the server, and of functions behind it, in microseconds. */
  readonly cpuPerMessage: number;
}

interface Served {
  readonly child: Child;
  readonly url: string;
  stop(): Promise<void>;
}

const echo = (kind: string) => async (): Promise<Served> => {
  const child = start(process.execPath, ["bench/websocket-echo.ts", kind], CORES.subject);
  return { child, url: `ws://127.0.0.1:${await child.printed(/listening on port (\d+)/)}/`, stop: () => child.stop() };
};

const gatehouse = (newApi: (url: string) => Promise<string>) => async (): Promise<Served> => {
  const directory = await mkdtemp(join(tmpdir(), "gatehouse-bench-"));
  const { child, url } = await startGatehouse(directory, { core: CORES.subject });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { child, url: await newApi(url), stop };
};

const subjects: Readonly<Record<string, () => Promise<Served>>> = {
  mock: gatehouse(mockApi),
  lambda: gatehouse(lambdaApi),
  listener: echo("listener"),
  ws: echo("ws"),
};

/** Bytes of resident memory for a connection that says nothing. */
async function idleBytes(serve: () => Promise<Served>): Promise<number> {
  const { child, url, stop } = await serve();
  const first = await openWebSockets(url, FIRST, PER_SECOND);
  await wait(1_000);
  const before = residentBytes(child.pid);
  const idle = await openWebSockets(url, IDLE, PER_SECOND);
  await wait(3_000);
  const bytes = (residentBytes(child.pid) - before) / IDLE;
  closeAll([...first, ...idle]);
  await stop();
  return bytes;
}

const [rounds = 5, seconds = 3] = process.argv.slice(2).map(Number);
moveToCore(process.pid, CORES.load);
const names = Object.keys(subjects);
const servers = await Promise.all(Object.values(subjects).map((serve) => serve()));
const seen = names.map((): Round[] => []);
// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (const [i, { child, url }] of servers.entries()) {
    const cpu = (): number => cpuTime([child.pid, ...descendants(child.pid)]);
    const before = cpu();
    const load = await webSocketLoad({ url, seconds, connections: CONNECTIONS, message: MESSAGE });
    if (round > 0) seen[i]?.push({ ...load, cpuPerMessage: (cpu() - before) / load.messages });
  }
}
await Promise.all(servers.map(({ stop }) => stop()));

const rateOf = (i: number): number => median((seen[i] as Round[]).map(({ messagesPerSecond }) => messagesPerSecond));
const bare = rateOf(names.indexOf("ws"));
for (const [i, name] of names.entries()) {
  const of = (pick: (round: Round) => number): number => median((seen[i] as Round[]).map(pick));
  // Behind an idle connection there is no backend.
  const idle = name === "lambda" ? "" : `, ${((await idleBytes(subjects[name] as () => Promise<Served>)) / 1024).toFixed(1)} KiB an idle connection`;
  console.log(
    `${name.padEnd(10)} ${rateOf(i).toFixed(0)} messages/s (${(rateOf(i) / bare).toFixed(2)} of ws), p50 ${of(({ p50 }) => p50).toFixed(2)} ms, ` +
      `p99 ${of(({ p99 }) => p99).toFixed(2)} ms, ${of(({ cpuPerMessage }) => cpuPerMessage).toFixed(1)} us of processor time a message${idle}`,
  );
}
