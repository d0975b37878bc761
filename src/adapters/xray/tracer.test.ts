// Where segments go: over real sockets to a daemon that is there, gone, back again or out of reach; to the logs; nowhere.
import { afterEach, describe, expect, it } from "vitest";
import { startXrayDaemon, type XrayDaemon } from "../../../test/harness/xray-daemon.ts";
import type { LogSink } from "../../ports/log-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { Segment, Tracer } from "../../ports/tracer.ts";
import { systemClock } from "../system/index.ts";
import { createDaemonDestination, type Destination } from "./daemon.ts";
import { createTracer } from "./tracer.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function recorder() {
  const told: [string, Record<string, unknown> | undefined][] = [];
  const warn = (message: string, fields?: Record<string, unknown>) => void told.push([message, fields]);
  const log: Log = { debug: () => undefined, info: () => undefined, warn, error: warn };
  return { told, log };
}

const GROUP = { account: "123456789012", region: "us-east-1", name: "API-Gateway-Traces_a1/prod" };
const segment = (document: string): Segment => ({ group: GROUP, at: 7, document });

async function daemon(port = 0): Promise<XrayDaemon> {
  const started = await startXrayDaemon(port);
  cleanUps.push(async () => started[Symbol.asyncDispose]());
  return started;
}

/** A clock whose tasks run when they are told to. */
function manual() {
  const tasks: (() => void)[] = [];
  const clock = { now: () => Date.now(), after: (_ms: number, task: () => void) => (tasks.push(task), () => undefined) };
  return { clock, run: () => tasks.splice(0).forEach((task) => task()), waits: () => tasks.length > 0 };
}

function destination(port: number, parts: Partial<Parameters<typeof createDaemonDestination>[0]> = {}): Destination & { told: ReturnType<typeof recorder>["told"] } {
  const { log, told } = recorder();
  const created = createDaemonDestination({ daemon: { host: "127.0.0.1", port }, clock: systemClock, log, ...parts });
  cleanUps.push(() => created.close());
  return { ...created, told };
}

describe("xray-api-sendingdata: a daemon", () => {
  it("gets a datagram for each segment, with the header before it", async () => {
    const { next, port } = await daemon();
    const { close, record, usage } = destination(port);
    record(segment('{"id":"1"}'));
    record(segment('{"id":"é"}'));
    expect([await next(), await next()]).toEqual(['{"format": "json", "version": 1}\n{"id":"1"}', '{"format": "json", "version": 1}\n{"id":"é"}']);
    await close();
    expect(usage()).toEqual({ recorded: 2, dropped: 0 });
  });

  it("is found by its name", async () => {
    const { next, port } = await daemon();
    const { close, record, usage } = destination(port, { daemon: { host: "localhost", port } });
    record(segment("{}"));
    // Where localhost is ::1, nobody is there; what is sent is gone either way.
    await Promise.race([next(), close()]);
    await close();
    expect(usage()).toEqual({ recorded: 1, dropped: 0 });
  });

  it("gets all that waits before the end", async () => {
    const { next, port } = await daemon();
    const { close, record, usage } = destination(port);
    for (let i = 0; i < 200; i++) record(segment(`{"id":"${i}"}`));
    await close();
    expect(usage()).toEqual({ recorded: 200, dropped: 0 });
    const arrived: string[] = [];
    for (let i = 0; i < 200; i++) arrived.push(await next());
    expect(arrived.map((datagram) => datagram.split("\n")[1])).toEqual(Array.from({ length: 200 }, (_, i) => `{"id":"${i}"}`));
  });

  it("gets no segment that is larger than a datagram, and the operator is told", async () => {
    const { next, port } = await daemon();
    const { close, record, told, usage } = destination(port);
    const largest = `"${"x".repeat(65_507 - 33 - 2)}"`;
    record(segment(largest));
    record(segment(`${largest} `));
    record(segment(`${largest}  `));
    expect(await next()).toBe(`{"format": "json", "version": 1}\n${largest}`);
    await close();
    expect(usage()).toEqual({ recorded: 1, dropped: 2 });
    expect(told).toEqual([["a segment of 65475 bytes is dropped: a datagram holds 65474", { daemon: `127.0.0.1:${port}`, dropped: 1 }]]);
  });

  it("gets none beyond what may wait, and the operator is told", async () => {
    const { port } = await daemon();
    const { close, record, told, usage } = destination(port, { bufferBytes: 10 });
    for (let i = 0; i < 4; i++) record(segment("12345"));
    await close();
    expect(usage()).toEqual({ recorded: 2, dropped: 2 });
    expect(told).toEqual([["segments are dropped: they come faster than they can be sent", { daemon: `127.0.0.1:${port}`, dropped: 1 }]]);
  });

  it("that is gone costs nothing but segments, and gets them once it is back", async () => {
    const first = await startXrayDaemon();
    const { clock, run, waits } = manual();
    const { record, told, usage } = destination(first.port, { clock });
    record(segment('{"id":"1"}'));
    await first.next();
    await first[Symbol.asyncDispose]();
    // The system tells of one that found nobody with a later one, or a moment after it.
    for (let i = 0; i < 20 && !waits(); i++) {
      record(segment('{"id":"lost"}'));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(told.map(([message, fields]) => [message, fields?.["daemon"], fields?.["reason"]])).toEqual([
      ["segments cannot be sent to the X-Ray daemon", `127.0.0.1:${first.port}`, expect.stringMatching(/ECONNREFUSED/)],
    ]);
    const second = await daemon(first.port);
    record(segment('{"id":"2"}'));
    run();
    let last = "";
    while (!last.includes('"2"')) last = await second.next();
    expect(usage().recorded).toBeGreaterThan(1);
  });

  it("whose name leads nowhere costs nothing but segments", async () => {
    const { clock, run, waits } = manual();
    const { close, record, told, usage } = destination(2000, { daemon: { host: "nowhere.invalid", port: 2000 }, clock });
    record(segment("{}"));
    await expect.poll(() => told.length).toBe(1);
    expect(told).toEqual([["segments cannot be sent to the X-Ray daemon", { daemon: "nowhere.invalid:2000", dropped: 0, reason: expect.stringMatching(/nowhere\.invalid/) }]]);
    expect(waits()).toBe(true);
    run();
    record(segment("{}"));
    await expect.poll(waits).toBe(true);
    await close();
    expect(usage()).toEqual({ recorded: 0, dropped: 2 });
  });

  it("is not needed for the end", async () => {
    const { close, usage } = destination(1);
    await close();
    await close();
    expect(usage()).toEqual({ recorded: 0, dropped: 0 });
  });
});

describe("a tracer", () => {
  const clock = systemClock;

  it("with a daemon records what clients have sampled, on any stage", async () => {
    const { next, port } = await daemon();
    const tracer = createTracer({ daemon: { host: "127.0.0.1", port }, logs: undefined, clock, log: recorder().log });
    cleanUps.push(() => tracer.close());
    expect(tracer.recordsUntraced).toBe(true);
    tracer.record(segment("{}"));
    expect(await next()).toMatch(/\n\{\}$/);
  });

  it("without one writes segments of traced stages to their stage's log", () => {
    const written: unknown[] = [];
    const logs: LogSink = { write: (...args) => void written.push(args), usage: () => ({ written: 1, dropped: 0 }), close: () => Promise.resolve() };
    const tracer = createTracer({ daemon: undefined, logs, clock, log: recorder().log });
    tracer.record(segment('{"id":"1"}'));
    expect(written).toEqual([[GROUP, 7, '{"id":"1"}']]);
    expect([tracer.recordsUntraced, tracer.usage()]).toEqual([false, { recorded: 1, dropped: 0 }]);
  });

  it("without logs, too, counts what is lost and tells the operator once", () => {
    const { log, told } = recorder();
    const tracer: Tracer = createTracer({ daemon: undefined, logs: undefined, clock, log });
    tracer.record(segment("{}"));
    tracer.record(segment("{}"));
    expect(tracer.usage()).toEqual({ recorded: 0, dropped: 2 });
    expect(told).toEqual([["segments of traced stages are dropped: there is no X-Ray daemon (--xray-daemon), and no logs are written (--logs)", { dropped: 1 }]]);
  });
});
