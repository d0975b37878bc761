// The program as an operator meets it: start, health, refusals with exit code 2, and an orderly end.
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { call, callApi, removeDirectory, runGatehouse, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const directories: string[] = [];
async function directory(): Promise<string> {
  const path = await temporaryDirectory();
  directories.push(path);
  return path;
}
afterAll(() => Promise.all(directories.map(removeDirectory)));

const { version } = manifest;

describe("a running Gatehouse", () => {
  it("says that it is ready, and what it is to whoever calls nothing in particular", async () => {
    await using stack = new AsyncDisposableStack();
    const gatehouse = await startGatehouse({ dataDir: await directory() });
    stack.defer(async () => void (await gatehouse.stop()));
    const health = await call(`${gatehouse.url}/_gatehouse/health`);
    expect([health.status, health.headers["content-type"], JSON.parse(health.body)]).toEqual([
      200,
      "application/json",
      { status: "ready", version, cache: { entries: 0, bytes: 0, limitBytes: 268_435_456 } },
    ]);
    const nothing = await call(`${gatehouse.url}/`);
    expect(nothing.status).toBe(404);
    expect(JSON.parse(nothing.body)).toEqual({
      message:
        `This is Gatehouse ${version}, an open, self-hosted Amazon API Gateway. No API, and no signed AWS request, ` +
        "is addressed by this URL and Host.",
    });
    const unknown = await call(`${gatehouse.url}/_gatehouse/nothing`);
    expect([unknown.status, JSON.parse(unknown.body)]).toEqual([404, { message: "Gatehouse has no page /_gatehouse/nothing." }]);
  });

  it("takes only what it has: HEAD and GET on its health", async () => {
    await using stack = new AsyncDisposableStack();
    const gatehouse = await startGatehouse({ args: ["--in-memory"] });
    stack.defer(async () => void (await gatehouse.stop()));
    expect(await call(`${gatehouse.url}/_gatehouse/health`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    const refused = await call(`${gatehouse.url}/_gatehouse/health`, { method: "DELETE" });
    expect([refused.status, refused.headers["allow"], refused.body]).toEqual([405, "GET, HEAD", '{"message":"Method Not Allowed"}']);
  });

  it("finishes what is in flight on SIGTERM, takes nothing new, and exits 0", async () => {
    await using stack = new AsyncDisposableStack();
    const gatehouse = await startGatehouse({ dataDir: await directory() });
    const arrived = Promise.withResolvers<() => void>();
    const backend = createServer((_request, response) => arrived.resolve(() => response.end("late but whole")));
    await listening(backend);
    stack.defer(() => void backend.close());
    const apiId = await proxyTo(gatehouse, `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`);
    const answer = callApi(gatehouse, apiId, "/test/");
    const release = await arrived.promise;
    const exit = gatehouse.stop();
    await refusesConnections(gatehouse.port);
    release();
    expect(await answer).toMatchObject({ status: 200, body: "late but whole" });
    expect(await exit).toBe(0);
  });

  it("keeps what was deployed over a restart", async () => {
    const dataDir = await directory();
    const backend = createServer((_request, response) => response.end("hello"));
    await listening(backend);
    const first = await startGatehouse({ dataDir });
    const apiId = await proxyTo(first, `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`);
    expect(await first.stop()).toBe(0);
    const second = await startGatehouse({ dataDir });
    expect(await callApi(second, apiId, "/test/")).toMatchObject({ status: 200, body: "hello" });
    expect(await second.stop("SIGINT")).toBe(0);
    backend.close();
  });

  it("forgets everything with --in-memory and leaves no directory behind", async () => {
    const dataDir = join(await directory(), "never-made");
    const gatehouse = await startGatehouse({ dataDir, args: ["--in-memory"] });
    await gatehouse.apiGateway().send(new CreateRestApiCommand({ name: "brief" }));
    expect(await gatehouse.stop()).toBe(0);
    await expect(import("node:fs/promises").then(({ stat }) => stat(dataDir))).rejects.toThrow("ENOENT");
  });
});

describe("what cannot start ends with one line and exit code 2:", () => {
  async function refusal(...args: string[]): Promise<[number | string, string]> {
    const run = runGatehouse(args);
    return [await run.exit, run.output()];
  }

  it("a bad option", async () => {
    expect(await refusal("--port", "http")).toEqual([
      2,
      'gatehouse: --port must be a port number from 0 to 65535, not "http"\n',
    ]);
  });

  it("a port in use", async () => {
    const taken = createServer();
    await listening(taken);
    const { port } = taken.address() as AddressInfo;
    expect(await refusal("--port", String(port), "--data-dir", await directory())).toEqual([
      2,
      `gatehouse: Cannot listen on 127.0.0.1:${port}: the port is in use\n`,
    ]);
    taken.close();
  });

  it("a data directory that is a file", async () => {
    const path = join(await directory(), "file");
    await writeFile(path, "");
    const [code, output] = await refusal("--port", "0", "--data-dir", path);
    expect(code).toBe(2);
    expect(output).toMatch(/^gatehouse: [^\n]*\n$/);
    expect(output).toContain(path);
  });

  it("a data directory of another running Gatehouse", async () => {
    const dataDir = await directory();
    const gatehouse = await startGatehouse({ dataDir });
    const [code, output] = await refusal("--port", "0", "--data-dir", dataDir);
    expect(code).toBe(2);
    expect(output).toMatch(/^gatehouse: [^\n]*is in use by another Gatehouse process[^\n]*\n$/);
    await gatehouse.stop();
  });

  it("a store that is not one", async () => {
    const dataDir = await directory();
    const gatehouse = await startGatehouse({ dataDir });
    await gatehouse.stop();
    const files = (await import("node:fs")).readdirSync(dataDir).filter((name) => name.endsWith(".db") || name.endsWith(".sqlite"));
    expect(files.length).toBeGreaterThan(0);
    await mkdir(dataDir, { recursive: true });
    await Promise.all(files.map((name) => writeFile(join(dataDir, name), "this is no database, however long it is ".repeat(100))));
    const [code, output] = await refusal("--port", "0", "--data-dir", dataDir);
    expect(code).toBe(2);
    expect(output).toMatch(/^gatehouse: [^\n]*\n$/);
  });
});

it("--version and --help print and exit 0", async () => {
  const asked = runGatehouse(["--version"]);
  expect([await asked.exit, asked.output()]).toEqual([0, `${version}\n`]);
  const help = runGatehouse(["--help"]);
  expect([await help.exit, help.output().split("\n")[0]]).toEqual([0, "Gatehouse: an open, self-hosted Amazon API Gateway."]);
});

/** A deployed API whose root passes GET on to a backend. */
async function proxyTo(gatehouse: Awaited<ReturnType<typeof startGatehouse>>, uri: string): Promise<string> {
  const client = gatehouse.apiGateway();
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "proxy" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  return restApiId as string;
}

const listening = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

/** Resolves once nobody listens on the port any more. */
async function refusesConnections(port: number): Promise<void> {
  for (;;) {
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(false)).once("error", () => resolve(true));
      socket.once("close", () => resolve(true));
      socket.unref();
      socket.once("connect", () => socket.destroy());
    });
    if (refused) return;
  }
}
