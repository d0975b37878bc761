// Bodies that go through as they are stand in memory that is used again. Here it is overwritten as soon as it was given back:
// whoever is shown a byte of it too late, or of somebody else's body, shows.
import { Agent, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createMemoryCache } from "../../src/adapters/memory/index.ts";
import { rawConnection } from "../contracts/raw-connection.ts";
import { startBackend } from "../harness/backend.ts";
import { HOST, NOW, startGateway } from "../harness/gateway.ts";
import { HTTP_HOST, httpStage, startHttpApi } from "../harness/http-api.ts";
import { planOf, settingOf } from "../harness/rest-api.ts";
import type { PlanParts } from "../harness/rest-api.ts";

/** What the backend answers at `/{name}/{size}`: every few bytes say whose they are. */
const bodyOf = (name: string, size: number): string => `${name}.`.repeat(size / (name.length + 1) + 1).slice(0, size);

/** At `/cut/...` it breaks off in the middle. */
const startSource = () =>
  startBackend((response, { url = "" }) => {
    const [, way = "", name = "", size = ""] = url.split("/");
    const body = bodyOf(name, Number(size));
    response.setHeader("Content-Type", "text/plain");
    response.setHeader("Content-Length", body.length);
    if (way === "cut") response.write(body.slice(0, body.length / 2), () => response.destroy());
    else response.end(body);
  });

const methods = (url: string) => ({
  "ANY /{proxy+}": {
    requestParameters: { "method.request.path.proxy": true },
    integration: {
      type: "HTTP_PROXY" as const,
      uri: `${url}/{proxy}`,
      requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
      cacheKeyParameters: ["method.request.path.proxy"],
    },
  },
});

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The APIs that hand bodies on, and what they answer where a backend breaks off. */
const APIS = {
  "a REST API": { start: (url: string) => startGateway([planOf(methods(url))]), host: HOST, stage: "/prod", cutStatus: 504 },
  "an HTTP API": { start: (url: string) => startHttpApi([httpStage({ routes: { $default: url } })]), host: HTTP_HOST, stage: "", cutStatus: 503 },
};

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("latin1");
}

it.each(Object.entries(APIS))("no client of %s sees a byte of another's body, whatever becomes of others' connections", { timeout: 30_000 }, async (_name, api) => {
  await using source = await startSource();
  await using gate = await api.start(source.url);
  const agent = new Agent({ keepAlive: true });
  const pick = numbers(1);
  const wrong: string[] = [];
  let asked = 0;
  const counts = { whole: 0, slow: 0, left: 0, cut: 0 };

  const get = (path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = { host: "127.0.0.1", port: gate.port, path: `${api.stage}${path}`, headers: { Host: api.host }, agent };
      httpRequest(request, resolve).on("error", reject).end();
    });

  async function one(name: string): Promise<void> {
    const size = 1 + pick(pick(4) === 0 ? 400_000 : 70_000);
    const way = (["whole", "whole", "slow", "left", "cut"] as const)[pick(5)] ?? "whole";
    const response = await get(`/${way}/${name}/${size}`);
    counts[way]++;
    if (way === "left" && pick(2) === 0) {
      response.on("error", () => undefined).destroy();
      return;
    }
    if (way === "slow") {
      response.pause();
      const until = asked + 5;
      await expect.poll(() => asked >= Math.min(until, 400), { interval: 1 }).toBe(true);
    }
    const text = await textOf(response);
    const isRight = way === "cut" ? response.statusCode === api.cutStatus : response.statusCode === 200 && text === bodyOf(name, size);
    if (!isRight) wrong.push(`${way} ${name} ${size}: ${response.statusCode} ${text.slice(0, 100)}`);
  }

  const caller = async (): Promise<void> => {
    while (asked < 400) await one(`n${asked++}`);
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  agent.destroy();
  expect(wrong).toEqual([]);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(30);
});

it.each(Object.entries(APIS))("a client of %s that reads late gets what was written for it, not what stands there by then", async (_name, api) => {
  await using source = await startSource();
  await using gate = await api.start(source.url);
  const count = 16;
  const size = 1_000_000;
  const request = (name: string): string => `GET ${api.stage}/whole/${name}/${size} HTTP/1.1\r\nHost: ${api.host}\r\n\r\n`;
  const late = await rawConnection(gate.port);
  late.socket.pause();
  // More than sockets take while nobody reads.
  late.send(Array.from({ length: count }, (_, i) => request(`late${i}`)).join(""));
  for (let i = 0; i < 20; i++) {
    const { body } = await gate.ask({ target: `${api.stage}/whole/other${i}/${size}`, headers: ["Host", api.host] });
    expect(body === bodyOf(`other${i}`, size)).toBe(true);
  }
  late.socket.resume();
  await expect.poll(() => late.received().length > count * size && late.received().endsWith(bodyOf(`late${count - 1}`, size))).toBe(true);
  const bodies = late.received().split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/).slice(1);
  expect(bodies.map((body, i) => body === bodyOf(`late${i}`, size))).toEqual(Array.from({ length: count }, () => true));
  late.socket.destroy();
});

describe("what reads a body beside the client, or later, has it to itself", () => {
  const SETTING = settingOf();

  const stages: Record<string, PlanParts["stage"]> = {
    "a cache": { cacheClusterEnabled: true, cacheClusterSize: "0.5", methodSettings: { "*/*": { ...SETTING, cachingEnabled: true } } },
    "an execution log": { methodSettings: { "*/*": { ...SETTING, loggingLevel: "INFO", dataTraceEnabled: true } } },
  };

  it.each(Object.keys(stages))("%s", async (reader) => {
    await using source = await startSource();
    const cache = createMemoryCache({ clock: { now: () => NOW, after: () => () => undefined }, limitBytes: 2 ** 26 });
    const lines: string[] = [];
    const logs = { write: (_group: unknown, _at: number, line: string) => void lines.push(line) };
    await using gate = await startGateway([planOf(methods(source.url), { stage: stages[reader] ?? {} })], { cache, logs: logs as never });
    const names = ["a", "b", "c", "a", "b", "c"];
    for (const name of names) expect((await gate.ask({ path: `/whole/${name}/40000` })).body).toBe(bodyOf(name, 40_000));
    if (reader === "a cache") expect(source.reached.length).toBe(3);
    else {
      const payloads = lines.filter((line) => line.includes("Endpoint response body before transformations"));
      expect(payloads.map((line) => /: (\w\.\w\.)/.exec(line)?.[1])).toEqual(names.map((name) => `${name}.${name}.`));
    }
  });

  it("compression", async () => {
    await using source = await startSource();
    await using gate = await startGateway([planOf(methods(source.url), { snapshot: { minimumCompressionSize: 0 } })]);
    const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
    const answers = await Promise.all(names.map((name) => gate.ask({ path: `/whole/${name}/200000`, headers: ["Accept-Encoding", "gzip"] })));
    expect(answers.map(({ bytes }) => gunzipSync(bytes).toString())).toEqual(names.map((name) => bodyOf(name, 200_000)));
  });
});
