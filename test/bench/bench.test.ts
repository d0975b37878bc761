// The benchmark itself: that its parts read and reckon rightly, and that a short run of it comes to an end with figures.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { availableParallelism } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { cpuTime, residentBytes, running, versionOf } from "../../bench/children.ts";
import { keepAsking } from "../../bench/clients.ts";
import { type Command, readCommand, USAGE } from "../../bench/command.ts";
import { measureTemplates, measureValidation } from "../../bench/engines.ts";
import { median, medians } from "../../bench/measure.ts";
import { answerReader, pacedLoad, percentile } from "../../bench/paced-load.ts";
import { goalsOf } from "../../bench/goals.ts";
import { PAGE, partFor, replacePart } from "../../bench/record.ts";
import { report } from "../../bench/report.ts";
import { needsServers, type Results, ROW_NAMES } from "../../bench/run.ts";
import { clientPortsOf } from "../../bench/sockets.ts";
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

/** Nothing of what is not given. */
const resultsOf = (parts: Partial<Results>): Results => ({
  rows: [],
  paced: undefined,
  start: undefined,
  deployments: undefined,
  scale: undefined,
  templates: undefined,
  validation: undefined,
  ...parts,
});

test("the tables are of Markdown", () => {
  const figures = { requestsPerSecond: 20_000, p50: 1.234, p99: 5.678, coreShare: 0.99 };
  const templates = [{ name: "example", compile: 100, run: 2, baseline: 8, ratio: 4 }];
  const rows = [
    {
      name: "AWS_PROXY",
      connections: 8,
      goal: { cpu: 150 },
      gatehouse: { ...figures, cpuPerRequest: 50, childCpuPerRequest: 30.04 },
      beside: undefined,
      nginx: { ...figures, cpuPerRequest: 20, childCpuPerRequest: undefined },
      ratio: 0.4,
    },
  ];
  const paced = { rate: 2000, gatehouse: { p50: 0.5, p99: 1.5, max: 3, late: 0.2 }, nginx: { p50: 0.4, p99: 1, max: 2, late: 0.1 }, ratio: 1.5 };
  expect(report(resultsOf({ rows, paced, start: { starts: [401.2, 399, 450], median: 401.2 }, templates, validation: [] }))).toBe(
    [
      "| row       | who       | connections | CPU us/request | ratio |   goal | requests/s | p50 ms | p99 ms | core busy | functions' CPU us/request |",
      "|-----------|-----------|------------:|---------------:|------:|-------:|-----------:|-------:|-------:|----------:|--------------------------:|",
      "| AWS_PROXY | Gatehouse |           8 |           50.0 |  0.40 | 150 us |      20000 |   1.23 |   5.68 |       99% |                      30.0 |",
      "|           | nginx     |           8 |           20.0 |  1.00 |        |      20000 |   1.23 |   5.68 |       99% |                           |",
      "",
      "| at 2000 requests/s | p50 ms | p99 ms | longest ms | load late p99 ms |",
      "|--------------------|-------:|-------:|-----------:|-----------------:|",
      "| Gatehouse          |   0.50 |   1.50 |       3.00 |             0.20 |",
      "| nginx              |   0.40 |   1.00 |       2.00 |             0.10 |",
      "",
      "start to first answer: 401 ms (median of 401, 399, 450)",
      "",
      "| template | compile us | render us | velocityjs us | ratio |",
      "|----------|-----------:|----------:|--------------:|------:|",
      "| example  |     100.00 |      2.00 |          8.00 |  4.00 |",
      "",
      "| body | compile us | validate us | JSON.parse us | ratio |",
      "|------|-----------:|------------:|--------------:|------:|",
      "",
      "| what                          | goal                    | measured                            | met |",
      "|-------------------------------|-------------------------|-------------------------------------|-----|",
      "| AWS_PROXY: own CPU a request  | under 150 us            | 50 us                               | yes |",
      "| p99 at 2000 requests a second | at most 2 times nginx's | 1.50 times (1.50 ms, nginx 1.00 ms) | yes |",
    ].join("\n"),
  );
});

test("figures are recorded in place of those before, and the page has a place for them", () => {
  const page = "a\n<!-- figures of one process -->\nold\n<!-- end of the figures of one process -->\nb";
  expect(replacePart(page, partFor(1), "new")).toBe(
    "a\n<!-- figures of one process -->\n\nnew\n\n<!-- end of the figures of one process -->\nb",
  );
  expect(() => replacePart(page, partFor(2), "new")).toThrow("docs/performance.md has no place for the figures of several processes");
  for (const workers of [1, 2]) expect(replacePart(readFileSync(PAGE, "utf8"), partFor(workers), "new")).toContain("\n\nnew\n\n");
});

describe("goals", () => {
  const figures = { cpuPerRequest: 10, childCpuPerRequest: undefined, requestsPerSecond: 1, p50: 1, p99: 1, coreShare: 1 };
  const paced = (p99: number, late: number) => {
    const ours = { p50: 1, p99, max: p99, late };
    return resultsOf({ paced: { rate: 2000, gatehouse: ours, nginx: { ...ours, p99: 1, late: 0.1 }, ratio: p99 } });
  };
  const met = (results: Results) => goalsOf(results).map(({ what, isMet }) => [what, isMet]);

  test("are met or not", () => {
    const row = { name: "MOCK", connections: 1, goal: { ratio: 0.4 }, gatehouse: figures, beside: undefined, nginx: figures };
    expect(met(resultsOf({ rows: [{ ...row, ratio: 0.4 }, { ...row, ratio: 0.39 }] }))).toEqual([
      ["MOCK: ratio", true],
      ["MOCK: ratio", false],
    ]);
    expect(met(paced(2, 0.1))).toEqual([["p99 at 2000 requests a second", true]]);
    expect(met(paced(2.1, 0.1))).toEqual([["p99 at 2000 requests a second", false]]);
  });

  test("of a row beside another are told by what took turns with it", () => {
    const keyed = (cpuPerRequest: number) => ({
      name: "REST-KEY",
      connections: 1,
      goal: { beside: "HTTP_PROXY", dearerUs: 15 },
      gatehouse: { ...figures, cpuPerRequest },
      beside: { ...figures, cpuPerRequest: 10 },
      nginx: figures,
      ratio: 1,
    });
    const goal = { what: "REST-KEY: own CPU a request beside HTTP_PROXY, in turn with it", goal: "at most 15 us more" };
    expect(goalsOf(resultsOf({ rows: [keyed(25), keyed(25.1)] }))).toEqual([
      { ...goal, figure: "15.0 us more (25.0 us, HTTP_PROXY 10.0 us)", isMet: true },
      { ...goal, figure: "15.1 us more (25.1 us, HTTP_PROXY 10.0 us)", isMet: false },
    ]);
  });

  test("are not told where the load itself was late", () => {
    expect(met(paced(2, 1.1))).toEqual([["p99 at 2000 requests a second", undefined]]);
  });

  test("of deployments and of many APIs", () => {
    const live = { median: 49.9, longest: 80 };
    const killing = { answered: 10, held: 2, failed: 2, othersFailed: 0, replacedAfter: 500 };
    const deployments = { apis: 1000, workers: 2, live, deploying: { deployments: 100, answered: 10, failed: 1 }, killing };
    const starts = [{ what: "1 API", milliseconds: 2000, cpuMilliseconds: 900, resident: [1024 * 1024, 2 * 1024 * 1024] }];
    const cpuPerRequest = { alone: 100, amongMany: 105, lastOfResources: 106 };
    const scale = { apis: 10_000, starts, cpuPerRequest, first: { p50: 1, p99: 2, max: 3 }, residentAfterAll: [1024 * 1024, 2 * 1024 * 1024] };
    expect(goalsOf(resultsOf({ deployments, scale }))).toEqual([
      { what: "UpdateStage, until live in 2 workers, 1000 APIs", goal: "under 50 ms", figure: "49.9 ms, longest 80.0 ms", isMet: true },
      { what: "failed requests during 100 deployments", goal: "0", figure: "1 of 11", isMet: false },
      {
        what: "failed requests when a worker is killed, but for those it held",
        goal: "0",
        figure: "0 of 12; of 2 it held 2; replaced after 500 ms",
        isMet: true,
      },
      { what: "start to first answer, 1 API", goal: "under 2 s", figure: "2000 ms, of processor time 900 ms", isMet: false },
      { what: "CPU a request, 10000 APIs", goal: "within 5 % of 1 API's", figure: "105.0 us against 100.0 us (+5.0 %)", isMet: true },
      { what: "CPU a request, the last of many resources", goal: "within 5 % of 1 API's", figure: "106.0 us against 100.0 us (+6.0 %)", isMet: false },
      { what: "resident memory, 1 API", goal: "reported", figure: "1 MB + 2 MB", isMet: undefined },
      { what: "resident memory once all were called, once and twice", goal: "reported", figure: "1 MB, then 2 MB", isMet: undefined },
      { what: "first request to a stage", goal: "reported", figure: "1.00 ms, p99 2.00 ms, longest 3.0 ms", isMet: undefined },
    ]);
  });
});

describe("a load at a constant rate", () => {
  test("keeps to its schedule, and charges a stall with all who would have asked meanwhile", { timeout: 30_000 }, async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      // The 50th answer is late by 300 ms, and with it all of its one connection that were due meanwhile.
      setTimeout(() => response.end("ok"), ++asked === 50 ? 300 : 0);
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const load = await pacedLoad({ url, rate: 100, seconds: 1, connections: 1 });
    expect([load.requests, asked]).toEqual([100, 100]);
    // Of those 30 the last waited little, and the first the whole stall.
    expect(load.p99).toBeGreaterThan(250);
    expect(load.late).toBeGreaterThan(250);
    expect(load.max).toBeGreaterThanOrEqual(load.p99);
  });

  test("counts for nothing where an answer is an error", async () => {
    const server = createServer((_request, response) => response.writeHead(500).end("no")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(pacedLoad({ url, rate: 100, seconds: 1, connections: 2 })).rejects.toThrow(`${url}: the answer is HTTP/1.1 500 Internal Server Error`);
  });

  test("reads answers however they are cut", () => {
    const answers = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\ncontent-length: 0\r\nA: b\r\n\r\n";
    for (let size = 1; size <= answers.length * 3; size++) {
      let ended = 0;
      const read = answerReader(() => ended++);
      const bytes = Buffer.from(answers.repeat(3));
      for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
      expect([size, ended]).toEqual([size, 6]);
    }
    expect(() => answerReader(() => undefined)(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"))).toThrow("the answer has no Content-Length");
  });

  test("percentiles are the nearest ranks", () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(values, 50), percentile(values, 99), percentile(values, 100), percentile([7], 50)]).toEqual([50, 99, 100, 7]);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});

test.runIf(process.platform === "linux")("processor time and memory are what this process has taken", () => {
  const usage = process.cpuUsage();
  const took = usage.user + usage.system;
  expect(Math.abs(cpuTime([process.pid]) - took)).toBeLessThan(200_000);
  expect(cpuTime([2 ** 30])).toBe(0);
  expect(Math.abs(residentBytes(process.pid) - process.memoryUsage.rss())).toBeLessThan(64 * 1024 * 1024);
  expect(residentBytes(2 ** 30)).toBe(0);
  expect(running("node", [process.pid, 2 ** 30])).toEqual([process.pid]);
});

test.runIf(process.platform === "linux")("the connections of a process are told from others'", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = connect(port, "127.0.0.1");
  onTestFinished(() => void client.destroy());
  await Promise.all([once(client, "connect"), once(server, "connection")]);
  expect([...clientPortsOf(process.pid, port)]).toEqual([client.localPort]);
  expect([...clientPortsOf(process.ppid, port)]).toEqual([]);
  expect([...clientPortsOf(process.pid, port + 1)]).toEqual([]);
});

test("clients note what fails, with the connection that it went over, and go on", async () => {
  const seen: (number | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.socket.remotePort);
    if (seen.length === 3) request.socket.destroy();
    else response.end("ok");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const clients = keepAsking(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 1);
  await expect.poll(() => clients.answered()).toBeGreaterThan(5);
  const { answered, failures } = await clients.stop();
  expect(answered).toBe(seen.length - 1);
  expect(failures).toEqual([{ port: seen[2], reason: "the connection was closed" }]);
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

test("the rows of templates and validation need no servers", { timeout: 30_000 }, () => {
  const plan = readCommand(["--rounds", "1", "--rows", "VTL,validation"]) as Command;
  expect(needsServers(plan)).toBe(false);
  const said: string[] = [];
  const [templates, validation] = [measureTemplates, measureValidation].map((measured) =>
    measured({ rounds: plan.rounds, roundUs: 8000 }, (progress) => said.push(progress)),
  );
  const positive = expect.toSatisfy((value: unknown) => typeof value === "number" && value > 0);
  const figures = { compile: positive, run: positive, baseline: positive, ratio: positive };
  expect(templates?.map(({ name }) => name)).toContain("models-mappings");
  expect(validation?.map(({ name }) => name)).toEqual([
    "order of 3 lines (325 bytes)",
    "order of 500 lines (33418 bytes)",
    "order of 500 lines, prices as 19.90 (33418 bytes)",
  ]);
  for (const one of [...(templates ?? []), ...(validation ?? [])]) expect(one).toEqual({ name: one.name, ...figures });
  expect(said).toContain("VTL: example-photos-output");
});

describe("the command", () => {
  test.each([
    [["--rounds", "0"], "--rounds must be a whole number, 1 or more"],
    [["--rows", "MOCK,NONE"], `no such row: NONE. There are ${ROW_NAMES.join(", ")}`],
    [["--workers", "0"], "--workers must be a whole number, 1 or more"],
    [["--fast"], "Unknown option '--fast'"],
  ])("refuses %j", (args, message) => {
    expect(() => readCommand(args)).toThrow(message);
  });

  test("says what it refuses, and ends", { timeout: 30_000 }, async () => {
    const { code, out, err } = await bench("--rounds", "0");
    expect({ code, out, err }).toEqual({ code: 2, out: "", err: `--rounds must be a whole number, 1 or more\n\n${USAGE}\n` });
  });

  const title = lack.length === 0 ? "" : ` (skipped: it needs ${lack.join(", ")})`;
  test.skipIf(lack.length > 0)(`short runs, of one process and of two workers, give figures${title}`, { timeout: 120_000 }, async () => {
    const args = (connections: string, rows: string) => ["--rounds", "1", "--seconds", "1", "--connections", connections, "--rows", rows, "--json"];
    // Both at once: they wait for the most part.
    const workersRun = bench(...args("4", "64KB"), "--workers", "2");
    const { code, out, err } = await bench(...args("2", "AWS_PROXY,p99,start"));
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("AWS_PROXY: round 1 of 1, nginx") });
    const positive = expect.toSatisfy((value: unknown) => typeof value === "number" && value > 0);
    const figures = { cpuPerRequest: positive, requestsPerSecond: positive, p50: positive, p99: positive, coreShare: positive };
    const row = { connections: 2, gatehouse: figures, nginx: figures, ratio: positive };
    const latencies = { p50: positive, p99: positive, max: positive, late: positive };
    const goal = (what: string) => expect.objectContaining({ what });
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
      workers: 1,
      load: expect.any(Number),
      rows: [
        { ...row, name: "AWS_PROXY", goal: { cpu: 150 }, gatehouse: { ...figures, childCpuPerRequest: positive } },
      ],
      paced: { rate: 2000, gatehouse: latencies, nginx: latencies, ratio: positive },
      start: { starts: [positive], median: positive },
      goals: [goal("AWS_PROXY: own CPU a request"), goal("p99 at 2000 requests a second")],
    });

    const { workers, rows } = twoWorkers(await workersRun);
    expect([workers, rows.map(({ name }) => name)]).toEqual([2, ["64KB"]]);
    // The workers are part of what is measured.
    expect(rows[0]?.gatehouse).toEqual(expect.objectContaining({ cpuPerRequest: expect.toSatisfy((value: number) => value > 1) }));
  });

  function twoWorkers({ code, out, err }: Awaited<ReturnType<typeof bench>>) {
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("64KB: round 1 of 1, nginx") });
    return JSON.parse(out) as { workers: number; rows: { name: string; gatehouse: object }[] };
  }
});
