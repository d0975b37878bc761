// The benchmark itself: that its parts read and reckon rightly, and that a short run of it comes to an end with figures.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { cpuTime, versionOf } from "../../bench/children.ts";
import { median, medians } from "../../bench/measure.ts";
import { table } from "../../bench/report.ts";
import { readReport } from "../../bench/wrk.ts";

const REPORT = `Running 5s test @ http://127.0.0.1:1/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.57ms    1.30ms  37.98ms   95.92%
    Req/Sec    18.24k     1.05k   19.29k    90.00%
  Latency Distribution
     50%  980.00us
     75%    3.63ms
     90%    3.89ms
     99%    1.02s
  90772 requests in 5.02s, 118.25MB read
Requests/sec:  18093.71
Transfer/sec:     23.57MB
`;

describe("the report of the load", () => {
  test("is read in milliseconds", () => {
    expect(readReport(REPORT, "http://x")).toEqual({ requests: 90_772, requestsPerSecond: 18_093.71, p50: 0.98, p99: 1020 });
  });

  test("is not confused by a spread that ends in the same digits", () => {
    const report = REPORT.replace("95.92%", "97.50%").replace("90.00%", "89.99%");
    expect(readReport(report, "http://x")).toMatchObject({ p50: 0.98, p99: 1020 });
  });

  test.each(["  Non-2xx or 3xx responses: 3", "  Socket errors: connect 0, read 2, write 0, timeout 0"])(
    "that tells of errors counts for nothing: %s",
    (line) => {
      expect(() => readReport(REPORT.replace("Requests/sec", `${line}\nRequests/sec`), "http://x")).toThrow(
        `http://x: ${line.trim()}`,
      );
    },
  );

  test("that is not whole is an error", () => {
    expect(() => readReport("Running 5s test", "http://x")).toThrow("wrk's report has no");
  });
});

test("medians are the middle of the rounds, figure by figure", () => {
  expect([median([3, 1, 2]), median([4, 1]), median([7])]).toEqual([2, 2.5, 7]);
  expect(() => median([])).toThrow(RangeError);
  const round = (cpuPerRequest: number, p50: number) => ({
    cpuPerRequest,
    childCpuPerRequest: undefined,
    requestsPerSecond: 10,
    p50,
    p99: 5,
    coreShare: 1,
  });
  expect(medians([round(1, 9), round(2, 8), round(3, 7)])).toEqual(round(2, 8));
});

test("the table is one of Markdown", () => {
  const figures = { requestsPerSecond: 20_000, p50: 1.234, p99: 5.678, coreShare: 0.99 };
  const templates = [{ name: "example", compile: 100, run: 2, baseline: 8, ratio: 4 }];
  const rows = [
    {
      name: "AWS_PROXY",
      connections: 8,
      gatehouse: { ...figures, cpuPerRequest: 50, childCpuPerRequest: 30.04 },
      nginx: { ...figures, cpuPerRequest: 20, childCpuPerRequest: undefined },
      ratio: 0.4,
    },
  ];
  expect(table({ rows, start: { starts: [401.2, 399, 450], median: 401.2 }, templates, validation: [] })).toBe(
    [
      "| row       | who       | connections | CPU us/request | ratio | requests/s | p50 ms | p99 ms | core busy | functions' CPU us/request |",
      "|-----------|-----------|------------:|---------------:|------:|-----------:|-------:|-------:|----------:|--------------------------:|",
      "| AWS_PROXY | Gatehouse |           8 |           50.0 |  0.40 |      20000 |   1.23 |   5.68 |       99% |                      30.0 |",
      "|           | nginx     |           8 |           20.0 |  1.00 |      20000 |   1.23 |   5.68 |       99% |                           |",
      "",
      "start to first answer: 401 ms (median of 401, 399, 450)",
      "",
      "| template | compile us | render us | velocityjs us | ratio |",
      "|----------|-----------:|----------:|--------------:|------:|",
      "| example  |     100.00 |      2.00 |          8.00 |  4.00 |",
      "",
      "| body | compile us | validate us | JSON.parse us | ratio |",
      "|------|-----------:|------------:|--------------:|------:|",
    ].join("\n"),
  );
});

test.runIf(process.platform === "linux")("processor time is what this process has taken", () => {
  const usage = process.cpuUsage();
  const took = usage.user + usage.system;
  expect(Math.abs(cpuTime([process.pid]) - took)).toBeLessThan(200_000);
  expect(cpuTime([2 ** 30])).toBe(0);
});

const lack = [
  process.platform === "linux" ? "" : "Linux",
  availableParallelism() > 1 ? "" : "a second core",
  ...[
    ["wrk", "-v"],
    ["nginx", "-v"],
    ["taskset", "--version"],
  ].map(([command = "", option = ""]) => (versionOf(command, option) === undefined ? command : "")),
].filter((name) => name !== "");

function bench(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../bench/main.ts"), ...args]);
    onTestFinished(() => void child.kill());
    let out = "";
    let err = "";
    child.stdout.on("data", (part) => (out += part));
    child.stderr.on("data", (part) => (err += part));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("the command", () => {
  test.each([
    [["--rounds", "0"], "--rounds must be a whole number, 1 or more"],
    [["--rows", "MOCK,NONE"], "no such row: NONE. There are MOCK, HTTP_PROXY, HTTP, AWS_PROXY, start, VTL, validation"],
    [["--fast"], "Unknown option '--fast'"],
  ])("refuses %j", async (args, message) => {
    const { code, err } = await bench(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test("the rows of templates and validation need no servers", { timeout: 120_000 }, async () => {
    const { code, out, err } = await bench("--rounds", "1", "--rows", "VTL,validation", "--json");
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("VTL: example-photos-output") });
    const positive = expect.toSatisfy((value: unknown) => typeof value === "number" && value > 0);
    const figures = { compile: positive, run: positive, baseline: positive, ratio: positive };
    const { rows, templates, validation } = JSON.parse(out) as Record<string, { readonly name: string }[]>;
    expect(rows).toEqual([]);
    expect(templates?.map(({ name }) => name)).toContain("models-mappings");
    expect(validation?.map(({ name }) => name)).toEqual([
      "order of 3 lines (325 bytes)",
      "order of 500 lines (33418 bytes)",
      "order of 500 lines, prices as 19.90 (33418 bytes)",
    ]);
    for (const one of [...(templates ?? []), ...(validation ?? [])]) expect(one).toEqual({ name: one.name, ...figures });
  });

  const title = lack.length === 0 ? "" : ` (skipped: it needs ${lack.join(", ")})`;
  test.skipIf(lack.length > 0)(`a short run gives figures${title}`, { timeout: 120_000 }, async () => {
    const args = ["--rounds", "1", "--seconds", "1", "--connections", "2", "--rows", "MOCK,AWS_PROXY,start", "--json"];
    const { code, out, err } = await bench(...args);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("AWS_PROXY: round 1 of 1, nginx") });
    const positive = expect.toSatisfy((value: unknown) => typeof value === "number" && value > 0);
    const figures = { cpuPerRequest: positive, requestsPerSecond: positive, p50: positive, p99: positive, coreShare: positive };
    expect(JSON.parse(out)).toEqual({
      date: expect.any(String),
      processor: expect.any(String),
      cores: positive,
      node: process.version,
      nginx: expect.stringMatching(/^nginx\//),
      wrk: expect.stringMatching(/^wrk /),
      rounds: 1,
      seconds: 1,
      connections: 2,
      rows: [
        { name: "MOCK", connections: 2, gatehouse: figures, nginx: figures, ratio: positive },
        { name: "AWS_PROXY", connections: 2, gatehouse: { ...figures, childCpuPerRequest: positive }, nginx: figures, ratio: positive },
      ],
      start: { starts: [positive], median: positive },
    });
  });
});
