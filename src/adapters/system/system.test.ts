import { spawnSync } from "node:child_process";
import { setImmediate as turnsEnd } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { createLog } from "./log.ts";
import { systemClock } from "./clock.ts";
import { systemIds } from "./ids.ts";

function lines(options: { json?: boolean; isTTY?: boolean; level?: "debug" | "info" | "warn" | "error" } = {}) {
  const written: string[] = [];
  const stream = { isTTY: options.isTTY ?? false, write: (text: string) => (written.push(text), true) };
  const log = createLog({
    level: options.level ?? "debug",
    stream: stream as unknown as NodeJS.WritableStream,
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    ...(options.json === undefined ? {} : { json: options.json }),
  });
  return { log, written };
}

describe("a log that gathers", () => {
  const gathering = () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WritableStream;
    const log = createLog({ level: "debug", stream, now: () => 0, gathers: true });
    return { log, written };
  };
  const AT = "1970-01-01T00:00:00.000Z";

  test("writes what is said in a turn together, at its end", async () => {
    const { log, written } = gathering();
    log.info("a");
    log.debug("b");
    expect(written).toEqual([]);
    await turnsEnd();
    expect(written).toEqual([`${AT} info  a\n${AT} debug b\n`]);
    log.info("c");
    await turnsEnd();
    expect(written.slice(1)).toEqual([`${AT} info  c\n`]);
  });

  test.each(["warn", "error"] as const)("writes at once what is of level %s, after what was said before", async (level) => {
    const { log, written } = gathering();
    log.info("a");
    log[level]("b");
    expect(written).toEqual([`${AT} info  a\n${AT} ${level.padEnd(5)} b\n`]);
    await turnsEnd();
    expect(written.length).toBe(1);
  });

  test("gathers no more than 16 KiB and a line", () => {
    const { log, written } = gathering();
    for (let i = 0; i < 20; i++) log.info("x".repeat(1000));
    expect(written.map((text) => text.split("\n").length - 1)).toEqual([16]);
  });

  test("writes what is left when the process ends", () => {
    const script = `
      import { createLog } from ${JSON.stringify(new URL("log.ts", import.meta.url).href)};
      createLog({ level: "info", stream: process.stdout, now: () => 0, gathers: true }).info("last words");
      process.exit(3);`;
    const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 3, stdout: `${AT} info  last words\n` });
  });
});

describe("systemClock", () => {
  test("tells the time and runs tasks once, unless they are cancelled", () => {
    vi.useFakeTimers({ now: 1000 });
    try {
      const ran: string[] = [];
      systemClock.after(50, () => ran.push("kept"));
      const cancel = systemClock.after(50, () => ran.push("cancelled"));
      cancel();
      vi.advanceTimersByTime(49);
      expect(ran).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(ran).toEqual(["kept"]);
      expect(systemClock.now()).toBe(1050);
    } finally {
      vi.useRealTimers();
    }
  });

  test("waits longer than a Node timer can", () => {
    vi.useFakeTimers();
    try {
      const task = vi.fn<() => void>();
      const days = 30 * 24 * 3600 * 1000;
      systemClock.after(days, task);
      vi.advanceTimersByTime(days - 1);
      expect(task).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(task).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("systemIds", () => {
  test("gives ids of the length asked for, the first character a letter, all characters in use", () => {
    const seen = new Set<string>();
    const ids = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      const id = systemIds.alphanumeric(10);
      expect(id).toMatch(/^[a-z][a-z0-9]{9}$/);
      ids.add(id);
      for (const character of id) seen.add(character);
    }
    expect(ids.size).toBe(5000);
    expect(seen.size).toBe(36);
    expect(systemIds.alphanumeric(1)).toMatch(/^[a-z]$/);
    expect(systemIds.alphanumeric(0)).toBe("");
  });

  test("gives UUIDs in lower case", () => {
    expect(systemIds.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("createLog", () => {
  test("writes one readable line an event", () => {
    const { log, written } = lines();
    log.info("listening", { url: "http://127.0.0.1:4566", workers: 2, tls: false, absent: undefined, name: "a b" });
    expect(written).toEqual([
      '2026-01-02T03:04:05.006Z info  listening url=http://127.0.0.1:4566 workers=2 tls=false name="a b"\n',
    ]);
  });

  test("drops events below its level", () => {
    const { log, written } = lines({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(written.map((line) => line.slice(25))).toEqual(["warn  c\n", "error d\n"]);
  });

  test("a value cannot forge a line or steer a terminal", () => {
    const { log, written } = lines();
    log.warn("bad\r\n2026 info  forged", { path: '/a\n\u001b[31m\u2028"\\' });
    expect(written).toEqual([
      '2026-01-02T03:04:05.006Z warn  bad\\r\\n2026 info  forged path="/a\\n\\u001b[31m\\u2028\\"\\\\"\n',
    ]);
  });

  test("an error stands on its line with stack, code and causes", () => {
    const { log, written } = lines();
    const cause = Object.assign(new Error("refused\nby peer"), { code: "ECONNREFUSED" });
    log.error("cannot store", new TypeError("outer", { cause: new AggregateError([cause], "all failed") }), { id: 7 });
    expect(written).toHaveLength(1);
    const [line] = written as [string];
    expect(line.endsWith("\n")).toBe(true);
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(line).toMatch(/^\S+ error cannot store id=7 error="TypeError: outer \| at .*system\.test\.ts/);
    expect(line).toContain(" caused by: AggregateError: all failed | at ");
    expect(line).toContain(" caused by: Error: refused\\nby peer (ECONNREFUSED) | at ");
  });

  test("causes that run in a circle end", () => {
    const { log, written } = lines();
    const error = new Error("round");
    error.cause = error;
    log.error("x", error);
    expect(written[0]?.split("Error: round").length).toBe(9);
  });

  test("anything may be thrown", () => {
    const { log, written } = lines();
    log.error("x", "text");
    log.error("x", { a: 1 });
    log.error("x", 10n);
    log.error("x", null);
    expect(written.map((line) => line.slice(33))).toEqual([
      "error=text\n",
      'error="{\\"a\\":1}"\n',
      'error="[object BigInt]"\n',
      "error=null\n",
    ]);
  });

  test("writes JSON when asked to", () => {
    const { log, written } = lines({ json: true });
    log.error("failed\n", new Error("why"), { id: "a" });
    const event = JSON.parse(written[0] as string) as { error: string[] };
    expect(event).toEqual({
      time: "2026-01-02T03:04:05.006Z",
      level: "error",
      message: "failed\n",
      id: "a",
      error: [expect.stringMatching(/^Error: why \| at /)],
    });
  });

  test("colours the level on a terminal only", () => {
    const { log, written } = lines({ isTTY: true });
    log.error("x");
    expect(written).toEqual(["2026-01-02T03:04:05.006Z \u001b[31merror\u001b[0m x\n"]);
  });
});
