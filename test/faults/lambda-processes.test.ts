// Functions that hang, crash, eat memory, leave children behind or pry: the caller gets Lambda's own error, the next
// invocation is served, and nothing stays behind.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestFunctions } from "../harness/functions.ts";
import type { TestFunctions } from "../harness/functions.ts";
import { systemClock } from "../../src/adapters/system/index.ts";
import type { Clock } from "../../src/ports/clock.ts";

const FILES = {
  "index.js": `
    const fs = require("node:fs");
    const { spawn } = require("node:child_process");
    let count = 0;
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    exports.fine = async () => ++count;
    exports.sleep = async ({ ms }) => { console.log("asleep"); await pause(ms); return ++count; };
    exports.spin = async () => { for (;;); };
    exports.exit = async ({ status }) => process.exit(status);
    exports.signal = async ({ signal }) => { process.kill(process.pid, signal); await pause(5000); };
    exports.abort = async () => process.abort();
    exports.eat = async () => { const held = []; for (;;) { held.push(Buffer.alloc(8 << 20, 1)); await pause(10); } };
    exports.heap = async () => { const held = []; for (;;) held.push(new Array(1000).fill({}).map(() => ({ a: 1 }))); };
    exports.parent = async ({ marker }) => {
      spawn("/bin/sh", ["-c", "sleep 300; echo " + marker], { detached: true, stdio: "ignore" }).unref();
      return "left a child behind";
    };
    exports.read = async ({ path }) => { try { return fs.readFileSync(path, "utf8"); } catch (error) { return error.code; } };
    exports.list = async ({ path }) => { try { return fs.readdirSync(path); } catch (error) { return error.code; } };
    exports.write = async ({ path }) => { try { fs.writeFileSync(path, "x"); return "written"; } catch (error) { return error.code; } };
    exports.temporary = async () => { fs.writeFileSync("/tmp/mine", "x"); return fs.readdirSync("/tmp"); };
    exports.processes = async () => fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length;
    exports.user = async () => process.getuid();
    exports.address = async () => process.env.AWS_LAMBDA_RUNTIME_API;
    exports.peep = async ({ address }) => (await fetch("http://" + address + "/2018-06-01/runtime/invocation/next")).status;
  `,
  "slow-start.js": `
    const end = Date.now() + Number(process.env.START_MS);
    while (Date.now() < end);
    exports.handler = async () => "started";
  `,
  "exits.js": `process.exit(7);`,
  "app.py": `
import time
def sleep(event, context):
    time.sleep(event["ms"] / 1000)
def eat(event, context):
    held = []
    while True:
        held.append(b"x" * (8 << 20))
        time.sleep(0.01)
`,
};

let functions: TestFunctions;
let data: string;
let sandboxed: boolean;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "gatehouse-data-"));
  await writeFile(join(data, "secret"), "an API key", { mode: 0o644 });
  functions = await createTestFunctions(FILES, { protectedDirectories: [data] });
  await functions.invoke("index.fine");
  sandboxed = functions.told.some((line) => line.startsWith("Functions run in bubblewrap"));
});
afterAll(async () => {
  await functions[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
});

const failure = (errorType: string, requestId: string, message: string): string =>
  JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` });

describe.concurrent("time", () => {
  test.each([
    ["index.sleep", { ms: 60_000 }, "nodejs22.x"],
    ["index.spin", {}, "nodejs22.x"],
    ["app.sleep", { ms: 60_000 }, "python3.12"],
  ])("%s past its time-out is Sandbox.Timedout, and the next invocation has a new process", async (handler, event, runtime) => {
    if ((await functions.runtime.refusal(runtime)) !== undefined) return;
    const spec = { runtime, timeoutMs: 400, functionName: `slow-${handler.replace(".", "-")}` };
    const { text, error, requestId, log } = await functions.invoke(handler, event, spec);
    expect(error).toBe("Unhandled");
    expect(text).toBe(failure("Sandbox.Timedout", requestId, "Task timed out after 0.40 seconds"));
    expect(log).toMatch(new RegExp(`\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${requestId} Task timed out after 0\\.40 seconds\\n\\nEND RequestId: ${requestId}\\nREPORT .*\\tStatus: timeout\\n$`));
    if (handler !== "index.spin") expect((await functions.invoke(handler, { ms: 0 }, spec)).error).toBeUndefined();
  });

  test("what it wrote before is in the log", async () => {
    const { log } = await functions.invoke("index.sleep", { ms: 60_000 }, { timeoutMs: 800, functionName: "says" });
    expect(log).toContain("\tINFO\tasleep\n");
  });

  test("a slow start has its own time, not the function's", async () => {
    const { payload } = await functions.invoke("slow-start.handler", {}, { timeoutMs: 500, environment: { START_MS: "900" } });
    expect(payload).toBe("started");
  });

  test("a start past 10 seconds is tried once more on the function's time", async () => {
    const clock: Clock = { now: systemClock.now, after: (ms, task) => systemClock.after(ms === 10_000 ? 500 : ms, task) };
    await using own = await createTestFunctions(FILES, { clock });
    const { text, requestId, log } = await own.invoke("slow-start.handler", {}, { timeoutMs: 300, environment: { START_MS: "60000" } });
    expect(text).toBe(failure("Sandbox.Timedout", requestId, "Task timed out after 0.30 seconds"));
    expect(log).toMatch(/^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout\nINIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: timeout\nSTART /);
  });
});

describe.concurrent("ends", () => {
  test.each([
    ["exit", { status: 1 }, "Runtime exited with error: exit status 1"],
    ["exit", { status: 42 }, "Runtime exited with error: exit status 42"],
    ["exit", { status: 0 }, "Runtime exited without providing a reason"],
    ["signal", { signal: "SIGKILL" }, "Runtime exited with error: signal: killed"],
    ["signal", { signal: "SIGSEGV" }, "Runtime exited with error: signal: segmentation fault"],
    ["signal", { signal: "SIGTERM" }, "Runtime exited with error: signal: terminated"],
    ["abort", {}, "Runtime exited with error: signal: aborted"],
  ])("%s %j", async (handler, event, message) => {
    const name = `${handler}-${JSON.stringify(event).replace(/\W/g, "")}`;
    const { text, error, requestId, log } = await functions.invoke(`index.${handler}`, event, { functionName: name });
    expect(error).toBe("Unhandled");
    expect(text).toBe(failure("Runtime.ExitError", requestId, message));
    expect(log).toContain(`RequestId: ${requestId} Error: ${message}\nRuntime.ExitError\nEND RequestId: ${requestId}\nREPORT `);
    expect(log).toMatch(/\tStatus: error\tError Type: Runtime\.ExitError\n$/);
  });

  test("at the start", async () => {
    const { text, requestId } = await functions.invoke("exits.handler");
    expect(text).toBe(failure("Runtime.ExitError", requestId, "Runtime exited with error: exit status 7"));
  });

  test("after an uncaught error, the answer is the error and the log has both", async () => {
    await functions.write({ "uncaught.js": `exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 5000)); };` });
    const { payload, log } = await functions.invoke("uncaught.handler");
    expect(payload).toMatchObject({ errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: lost" });
    expect(log).toContain("Error: Runtime exited with error: exit status 128\nRuntime.ExitError\n");
  });
});

describe.concurrent("memory", () => {
  test.runIf(process.platform === "linux").each([
    ["index.eat", "nodejs22.x"],
    ["app.eat", "python3.12"],
  ])("%s past its memory is Runtime.OutOfMemory", async (handler, runtime) => {
    if ((await functions.runtime.refusal(runtime)) !== undefined) return;
    const { text, error, requestId, log } = await functions.invoke(handler, {}, { runtime, memorySizeMb: 128 });
    expect(error).toBe("Unhandled");
    expect(text).toBe(failure("Runtime.OutOfMemory", requestId, "Runtime exited with error: signal: killed"));
    expect(log).toMatch(/\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t(Init Duration: [\d.]+ ms\t)?Status: error\tError Type: Runtime\.OutOfMemory\n$/);
  });

  test("a heap that is full aborts", async () => {
    const { text, requestId } = await functions.invoke("index.heap", {}, { memorySizeMb: 2048, environment: { NODE_OPTIONS: "--max-old-space-size=32" } });
    expect(text).toBe(failure("Runtime.ExitError", requestId, "Runtime exited with error: signal: aborted"));
  });
});

describe.concurrent("isolation", () => {
  test("a function cannot look into the data directory", async ({ skip }) => {
    skip(!sandboxed, "no bubblewrap here");
    expect(readFileSync(join(data, "secret"), "utf8")).toBe("an API key");
    expect((await functions.invoke("index.read", { path: join(data, "secret") })).payload).toBe("ENOENT");
    expect((await functions.invoke("index.list", { path: data })).payload).toSatisfy((seen) => seen === "ENOENT" || (Array.isArray(seen) && seen.length === 0));
  });

  test("nor write anywhere but to its own /tmp, of which each process has one", async ({ skip }) => {
    skip(!sandboxed, "no bubblewrap here");
    for (const path of ["/var/task/index.js", "/usr/gatehouse-was-here", "/var/runtime/index.mjs", "/etc/gatehouse-was-here"]) {
      expect((await functions.invoke("index.write", { path })).payload).toMatch(/^(EROFS|EACCES)$/);
    }
    expect((await functions.invoke("index.temporary", {}, { functionName: "tmp-a" })).payload).toContain("mine");
    expect((await functions.invoke("index.list", { path: "/tmp" }, { functionName: "tmp-b" })).payload).not.toContain("mine");
  });

  test("nor see other processes", async ({ skip }) => {
    skip(!sandboxed, "no bubblewrap here");
    expect((await functions.invoke("index.processes")).payload).toBeLessThanOrEqual(3);
  });

  test("nor be root", async ({ skip }) => {
    skip(process.getuid?.() !== 0, "the tests are not root either");
    expect((await functions.invoke("index.user")).payload).toBe(65_534);
  });

  test("nor speak for another function, and neither can anybody else", async ({ skip }) => {
    skip(process.platform !== "linux", "only Linux tells whose a connection is");
    const address = (await functions.invoke("index.address", {}, { functionName: "victim" })).payload as string;
    expect((await functions.invoke("index.peep", { address }, { functionName: "thief" })).payload).toBe(403);
    expect((await fetch(`http://${address}/2018-06-01/runtime/invocation/next`)).status).toBe(403);
    expect((await functions.invoke("index.address", {}, { functionName: "victim" })).payload).toBe(address);
  });
});

describe.concurrent("what is left behind", () => {
  test("nothing: children of a process end with it", async ({ skip }) => {
    skip(process.platform !== "linux", "only Linux lists processes in /proc");
    await using own = await createTestFunctions({ "index.js": FILES["index.js"] });
    const marker = `marker-${process.pid}-close`;
    await own.invoke("index.parent", { marker });
    await vi.waitFor(() => expect(commandLines(marker)).not.toEqual([]));
    await own.runtime.close();
    // Without a sandbox, a child that left its process group is out of reach.
    if (sandboxed) await vi.waitFor(() => expect(commandLines(marker)).toEqual([]), { timeout: 3000 });
    expect(readdirSync(join(own.directory, "..")).filter((name) => name.startsWith("function-"))).toEqual([]);
  });

  test.for(["auto", "off"])("nothing, when Gatehouse is killed (sandbox %s)", async (sandbox, { onTestFinished }) => {
    const script = fileURLToPath(new URL("./lambda-victim.ts", import.meta.url));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, functions.directory, sandbox], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const pids = await new Promise<number[]>((resolve) => child.stdout.once("data", (line) => resolve(JSON.parse(String(line)) as number[])));
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.every(isAlive)).toBe(true);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 5000 });
  });
});

/** Command lines on this machine that hold the text. */
function commandLines(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return ""; // it ended meanwhile
      }
    })
    .filter((line) => line.includes(text));
}

/** A process that has ended and that nobody has waited for (there may be no init) is not alive. */
function isAlive(pid: number): boolean {
  if (existsSync("/proc/self/stat")) {
    try {
      return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a local directory as code", () => {
  test.for(["", "below", "link"])("is refused where no function may read: %s", async (part, { skip }) => {
    if (!sandboxed) skip("no bubblewrap");
    await mkdir(join(data, "below"), { recursive: true });
    await symlink(data, join(functions.directory, "link")).catch(() => undefined);
    const codeDirectory = part === "link" ? join(functions.directory, "link") : join(data, part);
    const environment = { NODE_OPTIONS: "--import=data:text/javascript,console.log(1)" };
    await expect(functions.invoke("index.list", {}, { codeDirectory, watch: true, environment, functionName: `in-${part}` })).rejects.toThrow(
      "The function's process could not be started: Error: functions may not read ",
    );
  });

  test("keeps covered what it holds of them", async ({ skip }) => {
    if (!sandboxed) skip("no bubblewrap");
    const project = await mkdtemp(join(tmpdir(), "gatehouse-project-"));
    await chmod(project, 0o755);
    const kept = join(project, ".gatehouse");
    await mkdir(kept);
    await writeFile(join(kept, "secret"), "an API key", { mode: 0o644 });
    await writeFile(join(project, "index.js"), FILES["index.js"]);
    await using own = await createTestFunctions({}, { protectedDirectories: [kept] });
    const spec = { codeDirectory: project, watch: true };
    expect((await own.invoke("index.list", { path: project }, spec)).payload).toEqual([".gatehouse", "index.js"]);
    expect((await own.invoke("index.list", { path: kept }, spec)).payload).toEqual([]);
    await rm(project, { recursive: true });
  });
});
