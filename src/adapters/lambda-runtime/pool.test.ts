// Which process an invocation gets: reuse, concurrency, limits, revisions, reload, idle ends.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createTestFunctions, newInvocation } from "../../../test/harness/functions.ts";
import type { TestFunctions } from "../../../test/harness/functions.ts";
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError } from "../../ports/functions.ts";
import { systemClock } from "../system/index.ts";

const CODE = `
  const id = require("node:crypto").randomUUID();
  let count = 0;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  exports.handler = async ({ ms = 0 }) => { await pause(ms); return { id, count: ++count }; };
`;

interface Served {
  readonly id: string;
  readonly count: number;
}

function start(options: Parameters<typeof createTestFunctions>[1] = {}): Promise<TestFunctions> {
  return createTestFunctions({ "index.js": CODE }, options);
}

async function served(functions: TestFunctions, event: object = {}, changes = {}): Promise<Served> {
  const { payload, error } = await functions.invoke("index.handler", event, changes);
  expect(error).toBeUndefined();
  return payload as Served;
}

describe.concurrent("the pool", () => {
  test("a warm process serves one invocation after another", async () => {
    await using functions = await start();
    const first = await served(functions);
    for (let count = 2; count <= 20; count++) expect(await served(functions)).toEqual({ id: first.id, count });
  });

  test("without waiting for the log, too", async () => {
    await using functions = await start();
    const spec = functions.spec("index.handler", { maxConcurrency: 1 });
    for (let count = 1; count <= 50; count++) {
      const { payload } = await functions.runtime.invoke(spec, { requestId: randomUUID(), payload: Buffer.from("{}"), tailLog: false });
      expect(JSON.parse(payload.toString())).toMatchObject({ count });
    }
  });

  test("parallel invocations get a process each, and those are used again", async () => {
    await using functions = await start();
    const all = await Promise.all([1, 2, 3].map(() => served(functions, { ms: 300 })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    const again = await Promise.all([1, 2, 3].map(() => served(functions, { ms: 300 })));
    expect(new Set([...all, ...again].map(({ id }) => id)).size).toBe(3);
  });

  test("past a function's concurrency the answer is TooManyRequestsException", async () => {
    await using functions = await start();
    const busy = served(functions, { ms: 400 }, { maxConcurrency: 1 });
    const refused = served(functions, {}, { maxConcurrency: 1 });
    await expect(refused).rejects.toThrow(new FunctionCallError("TooManyRequestsException", "Rate Exceeded."));
    await expect(refused).rejects.toMatchObject({ code: "TooManyRequestsException" });
    expect(await busy).toMatchObject({ count: 1 });
    expect(await served(functions, {}, { maxConcurrency: 1 })).toMatchObject({ count: 2 });
  });

  test("at the limit of all processes, an idle one of another function makes room, a busy one does not", async () => {
    await using functions = await start({ limits: { processes: 1, memoryMb: 10_000 } });
    const first = await served(functions, {}, { functionName: "a" });
    await served(functions, {}, { functionName: "b" });
    const anew = await served(functions, {}, { functionName: "a" });
    expect(anew.id).not.toBe(first.id);
    const busy = served(functions, { ms: 300 }, { functionName: "a" });
    await expect(served(functions, {}, { functionName: "b" })).rejects.toThrow("Rate Exceeded.");
    await busy;
  });

  test("the memory of all processes is limited as well", async () => {
    await using functions = await start({ limits: { processes: 10, memoryMb: 500 } });
    const busy = served(functions, { ms: 300 }, { functionName: "a", memorySizeMb: 256 });
    await expect(served(functions, {}, { functionName: "b", memorySizeMb: 256 })).rejects.toThrow("Rate Exceeded.");
    await busy;
    expect(await served(functions, {}, { functionName: "b", memorySizeMb: 256 })).toMatchObject({ count: 1 });
  });

  test("a new revision gets new processes; the old ones finish what they do", async () => {
    await using functions = await start();
    const old = await served(functions);
    const running = served(functions, { ms: 200 });
    const changed = await served(functions, {}, { revision: "2" });
    expect(changed).toMatchObject({ count: 1 });
    expect(changed.id).not.toBe(old.id);
    expect(await running).toEqual({ id: old.id, count: 2 });
    expect(await served(functions, {}, { revision: "2" })).toEqual({ id: changed.id, count: 2 });
  });

  test("versions have processes of their own", async () => {
    await using functions = await start();
    const latest = await served(functions);
    const one = await served(functions, {}, { version: "1" });
    expect(one.id).not.toBe(latest.id);
    expect(await served(functions)).toEqual({ id: latest.id, count: 2 });
  });

  test("retire ends what is idle at once and what is busy once it is done", async () => {
    await using functions = await start();
    const idle = await served(functions, {}, { version: "1" });
    const busy = served(functions, { ms: 300 });
    let done = false;
    void busy.then(() => (done = true));
    await vi.waitFor(() => expect(functions.lines.filter(({ message }) => message.startsWith("START"))).toHaveLength(2), { timeout: 5000 });
    await functions.runtime.retire("000000000000", "eu-central-1", "index-handler");
    expect(done).toBe(true);
    expect(await busy).toMatchObject({ count: 1 });
    expect((await served(functions, {}, { version: "1" })).id).not.toBe(idle.id);
  });

  test("retire of one version leaves the others", async () => {
    await using functions = await start();
    const [latest, one] = [await served(functions), await served(functions, {}, { version: "1" })];
    await functions.runtime.retire("000000000000", "eu-central-1", "index-handler", "1");
    expect(await served(functions)).toEqual({ id: latest.id, count: 2 });
    expect((await served(functions, {}, { version: "1" })).id).not.toBe(one.id);
  });

  test("an idle process ends after its time", async () => {
    const due: { ms: number; task: () => void }[] = [];
    const clock: Clock = {
      now: systemClock.now,
      after(ms, task) {
        if (ms !== 123_456) return systemClock.after(ms, task);
        const timer = { ms, task };
        due.push(timer);
        return () => void due.splice(due.indexOf(timer), 1);
      },
    };
    await using functions = await start({ clock, idleMs: 123_456 });
    const first = await served(functions);
    expect(await served(functions)).toEqual({ id: first.id, count: 2 });
    await vi.waitFor(() => expect(due).toHaveLength(1), { timeout: 5000 });
    due[0]?.task();
    expect((await served(functions)).id).not.toBe(first.id);
  });

  test("a watched directory: a change anywhere in it starts the function anew", async () => {
    await using functions = await start();
    const watch = { watch: true };
    await functions.write({ "lib/value.js": `module.exports = "old";`, "watched.js": `exports.handler = async () => require("./lib/value.js");` });
    expect((await functions.invoke("watched.handler", {}, watch)).payload).toBe("old");
    await functions.write({ "lib/value.js": `module.exports = "new";` });
    await vi.waitFor(async () => expect((await functions.invoke("watched.handler", {}, watch)).payload).toBe("new"), { timeout: 5000 });
    // Broken, then mended.
    await functions.write({ "watched.js": `exports.handler = ` });
    await vi.waitFor(async () => expect((await functions.invoke("watched.handler", {}, watch)).error).toBe("Unhandled"), { timeout: 5000 });
    await functions.write({ "watched.js": `exports.handler = async () => require("./added/more.js");`, "added/more.js": `module.exports = 1;` });
    await vi.waitFor(async () => expect((await functions.invoke("watched.handler", {}, watch)).payload).toBe(1), { timeout: 5000 });
    await writeFile(join(functions.directory, "added", "more.js"), "module.exports = 2;");
    await vi.waitFor(async () => expect((await functions.invoke("watched.handler", {}, watch)).payload).toBe(2), { timeout: 5000 });
  });

  test("a caller that went away before its invocation began is not served; later it is", async () => {
    await using functions = await start();
    const spec = functions.spec("index.handler");
    const gone = { ...newInvocation(), signal: AbortSignal.abort(new Error("gone")) };
    await expect(functions.runtime.invoke(spec, gone)).rejects.toThrow("gone");
    const abort = new AbortController();
    const leaving = functions.runtime.invoke(spec, { ...newInvocation({ ms: 200 }), signal: abort.signal });
    await vi.waitFor(() => expect(functions.lines.some(({ message }) => message.startsWith("START"))).toBe(true), { timeout: 5000 });
    abort.abort();
    expect(JSON.parse((await leaving).payload.toString())).toMatchObject({ count: 1 });
  });

  test("close ends everything; what was running is told so", async () => {
    await using functions = await start();
    const running = served(functions, { ms: 10_000 });
    const outcome = running.catch((error: unknown) => error);
    await vi.waitFor(() => expect(functions.lines.some(({ message }) => message.startsWith("START"))).toBe(true), { timeout: 5000 });
    await functions.runtime.close();
    expect(await outcome).toMatchObject({ code: "ServiceException", message: expect.stringContaining("shutting down") });
    await expect(served(functions)).rejects.toMatchObject({ code: "ServiceException" });
  });
});

describe.concurrent("runtimes", () => {
  test("what cannot run is refused with a sentence", async () => {
    await using functions = await start();
    for (const runtime of ["nodejs16.x", "nodejs20.x", "nodejs24.x", "provided.al2023", "provided.al2", "provided", "go1.x"]) {
      expect(await functions.runtime.refusal(runtime)).toBeUndefined();
    }
    for (const runtime of ["java21", "dotnet8", "ruby3.3", "nodejs12.x", "python2.7", "nonsense"]) {
      expect(await functions.runtime.refusal(runtime)).toBe(
        `Functions of runtime ${runtime} cannot run here: the runtimes that can are Node.js (from nodejs16.x), Python 3 and custom runtimes (provided.al2023, provided.al2).`,
      );
    }
    await expect(served(functions, {}, { runtime: "java21" })).rejects.toMatchObject({ code: "ServiceException" });
  });

  test("Python is refused where there is none", async () => {
    await using functions = await start({ searchPath: "/nowhere" });
    expect(await functions.runtime.refusal("python3.12")).toBe("Functions of Python runtimes cannot run here: there is no python3 on the PATH.");
  });

  test("the operator is told once which sandbox there is and which version stands in", async () => {
    await using functions = await start();
    await served(functions, {}, { runtime: "nodejs18.x" });
    await served(functions, {}, { runtime: "nodejs18.x", functionName: "second" });
    expect(functions.told).toEqual([
      "Functions of runtime nodejs18.x run on the version that is here",
      expect.stringMatching(/^Functions run (in bubblewrap|as )/),
    ]);
  });
});
