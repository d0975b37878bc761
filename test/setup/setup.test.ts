// scripts/setup.mjs as a user meets it: in a folder with a space in its name, with real npm installs of one tiny package
// and of the pinned Node.js. They come from npm's cache or its registry.
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const repository = join(import.meta.dirname, "..", "..");
const dependency = "tslib";
const installing = "gatehouse: installing the locked dependencies\n";

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const { packages: allLocked } = readJson(join(repository, "package-lock.json"));
const locked: { version: string; integrity: string } = allLocked[`node_modules/${dependency}`];

let checkout: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "gatehouse set-up "));
  mkdirSync(join(checkout, "scripts"));
  for (const part of ["setup.mjs", "node"]) {
    cpSync(join(repository, "scripts", part), join(checkout, "scripts", part), { recursive: true });
  }
  const devDependencies = { [dependency]: locked.version };
  const { version, integrity } = locked;
  const packages = { "": { devDependencies }, [`node_modules/${dependency}`]: { version, integrity, dev: true } };
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ private: true, type: "module", devDependencies }));
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await once(child, "exit");
  }
  rmSync(checkout, { recursive: true, force: true });
});

/** Writes a script into the checkout, in TypeScript, so that it runs only where the set-up chose a new enough Node.js. */
function script(name: string, lines: string): string {
  writeFileSync(join(checkout, "scripts", name), `const typed: string = "ok";\n${lines}\n`);
  return `scripts/${name}`;
}

/** Makes the checkout one that needs no package, so that nothing is installed. */
function withoutDependencies(): void {
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ packages: {} }));
  mkdirSync(join(checkout, "node_modules"));
  writeFileSync(join(checkout, "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));
}

/** Prints the arguments and the installed package's version. */
const report = () =>
  script(
    "report.ts",
    `import dependency from "${dependency}/package.json" with { type: "json" };
     const [major, minor] = process.versions.node.split(".").map(Number);
     const newEnough = major > 24 || (major === 24 && minor >= 9);
     console.log(JSON.stringify([typed, newEnough, dependency.version, process.argv.slice(2)]));
     process.exitCode = 7;`,
  );
const reported = (...args: string[]): string => `${JSON.stringify(["ok", true, locked.version, args])}\n`;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], { node = process.execPath, env = {} }: { node?: string; env?: NodeJS.ProcessEnv } = {}) {
  // What the test run itself was given must not decide what happens here.
  const { NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...inherited } = process.env;
  const child = spawn(node, ["scripts/setup.mjs", ...args], {
    cwd: checkout,
    env: { ...inherited, npm_config_prefer_offline: "true", npm_config_update_notifier: "false", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const ended = Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]): Ended => ({ code, signal, stdout, stderr }),
  );
  return { child, ended };
}

const setup = (...given: Parameters<typeof start>): Promise<Ended> => start(...given).ended;

const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ENETUNREACH)\b/;

/** Skips the test where the registry cannot be reached and npm has the package in no cache. */
function needsRegistry({ skip }: { skip: (note: string) => void }, { stderr }: Ended): void {
  const reason = unreachable.exec(stderr)?.[1];
  if (reason !== undefined) skip(`npm's registry cannot be reached: ${reason}`);
}

/** A Node.js of this machine that is older than what Gatehouse needs. */
function olderNode(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  return folders
    .map((folder) => join(folder, "node"))
    .find((node) => /^v2[0-3]\./.test(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout ?? ""));
}

test("the first run installs, the second does not, and the script's arguments and exit code pass through", async (context) => {
  const path = report();
  const env = { npm_config_ignore_scripts: "true", NODE_ENV: "production", npm_config_omit: "dev" };
  const first = await setup([path, "a", "b c", ""], { env });
  needsRegistry(context, first);
  expect(first).toEqual({ code: 7, signal: null, stdout: reported("a", "b c", ""), stderr: installing });
  expect(await setup([path], { env })).toEqual({ code: 7, signal: null, stdout: reported(), stderr: "" });
  expect(readdirSync(join(checkout, ".node"))).toEqual([]);
});

test("on an older Node.js the pinned one is installed once, and runs the script", { timeout: 120_000 }, async (context) => {
  const node = olderNode();
  if (node === undefined) return context.skip("no Node.js older than 24 is on this machine");
  const path = report();
  const first = await setup([path], { node });
  needsRegistry(context, first);
  const { version } = /Node\.js (?<version>[\d.]+) into/.exec(first.stderr)?.groups ?? {};
  const pinned: Record<string, string> = readJson(join(checkout, "scripts", "node", "package.json")).optionalDependencies;
  expect(Object.values(pinned)).toContain(version);
  const old = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  const line = `gatehouse: installing Node.js ${version} into .node, as this is ${old}\n`;
  expect(first).toEqual({ code: 7, signal: null, stdout: reported(), stderr: installing + line });
  expect(await setup([path], { node })).toEqual({ code: 7, signal: null, stdout: reported(), stderr: "" });
  expect(readdirSync(join(checkout, ".node"))).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
});

test("what is pinned is new enough on every platform", () => {
  const { optionalDependencies }: { optionalDependencies: Record<string, string> } = readJson(join(checkout, "scripts", "node", "package.json"));
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    expect([name, major > 24 || (major === 24 && minor >= 9)]).toEqual([name, true]);
  }
});

test("a changed lock, an interrupted install and another machine's packages each lead to one install", async (context) => {
  const path = report();
  const record = join(checkout, "node_modules", ".package-lock.json");
  needsRegistry(context, await setup([path]));
  const damages: (() => void)[] = [
    () => rmSync(record),
    () => writeFileSync(record, readFileSync(record, "utf8").slice(0, 40)),
    () => writeFileSync(record, readFileSync(record, "utf8").replace(locked.version, "0.0.1")),
    () => writeFileSync(record, readFileSync(record, "utf8").replace('"dev": true', '"dev": true, "os": ["aix"]')),
    () => rmSync(join(checkout, "node_modules"), { recursive: true }),
  ];
  for (const damage of damages) {
    damage();
    expect(await setup([path])).toEqual({ code: 7, signal: null, stdout: reported(), stderr: installing });
    expect(await setup([path])).toMatchObject({ code: 7, stderr: "" });
  }
});

test("what a user installed with npm counts as installed", async (context) => {
  const path = report();
  const npm = spawnSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: checkout, encoding: "utf8" });
  needsRegistry(context, { code: npm.status, signal: npm.signal, stdout: npm.stdout, stderr: npm.stderr });
  expect(await setup([path])).toEqual({ code: 7, signal: null, stdout: reported(), stderr: "" });
});

test("what runs from src/ starts where the development packages were left out", async () => {
  mkdirSync(join(checkout, "node_modules"));
  mkdirSync(join(checkout, "src"));
  writeFileSync(join(checkout, "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));
  writeFileSync(join(checkout, "src", "main.ts"), `console.log("started");`);
  expect(await setup(["src/main.ts"])).toEqual({ code: 0, signal: null, stdout: "started\n", stderr: "" });
});

test("of two set-ups at the same time one installs and both run the script", async (context) => {
  const path = report();
  const both = await Promise.all([setup([path, "one"]), setup([path, "two"])]);
  for (const ended of both) needsRegistry(context, ended);
  expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
    [7, reported("one")],
    [7, reported("two")],
  ]);
  expect(both.filter(({ stderr }) => stderr.includes(installing))).toHaveLength(1);
});

test("the lock of a killed set-up is broken, one whose npm still runs is waited for", async (context) => {
  const path = report();
  const lock = join(checkout, ".node", "lock");
  const hold = (setupPid: number, npmPid: number | string): void => {
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, "owner"), [hostname(), setupPid, npmPid].join("\n"));
  };
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  hold(gone, "");
  const broken = await setup([path]);
  needsRegistry(context, broken);
  expect(broken).toEqual({ code: 7, signal: null, stdout: reported(), stderr: installing });

  rmSync(join(checkout, "node_modules"), { recursive: true });
  hold(gone, process.pid);
  const { child, ended } = start([path]);
  const [line] = await once(child.stderr.setEncoding("utf8"), "data");
  expect(line).toBe("gatehouse: waiting for another set-up of this checkout to end\n");
  expect(existsSync(join(checkout, "node_modules"))).toBe(false);
  rmSync(lock, { recursive: true });
  expect(await ended).toMatchObject({ code: 7, stdout: reported() });
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s goes on to the script, whose exit code counts", async (signal) => {
  withoutDependencies();
  const path = script(
    "wait.ts",
    `process.on("${signal}", () => process.exit(3));
     setInterval(() => {}, 1000);
     console.log(typed);`,
  );
  const { child, ended } = start([path]);
  await once(child.stdout, "data");
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 3, signal: null, stderr: "" });
});

test("a SIGTERM to npm, which only its shell gets, ends the script in order", async () => {
  withoutDependencies();
  const path = script(
    "wait.ts",
    `import { writeFileSync } from "node:fs";
     process.on("SIGTERM", () => { writeFileSync("ended", "in order"); process.exit(0); });
     setInterval(() => {}, 1000);
     console.log(typed);`,
  );
  const manifest = { private: true, type: "module", scripts: { start: `node scripts/setup.mjs ${path}` } };
  writeFileSync(join(checkout, "package.json"), JSON.stringify(manifest));
  const npm = spawn("npm", ["start", "--silent"], { cwd: checkout, stdio: ["ignore", "pipe", "inherit"] });
  started.push(npm);
  await once(npm.stdout, "data");
  npm.kill("SIGTERM");
  expect(await vi.waitUntil(() => existsSync(join(checkout, "ended")), { timeout: 10_000 })).toBe(true);
});

test("a script that a signal ended gives 128 and the signal's number", async () => {
  withoutDependencies();
  const path = script("kill.ts", `process.kill(process.pid, "SIGKILL");`);
  expect(await setup([path])).toEqual({ code: 137, signal: null, stdout: "", stderr: "" });
});

test("an install that fails shows what npm printed, then one line, and the script does not run", async () => {
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ private: true, dependencies: { "not-in-the-lock": "1.0.0" } }));
  const { code, stdout, stderr } = await setup([report()], { env: { npm_config_offline: "true" } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.startsWith(installing)).toBe(true);
  expect(stderr).toContain("npm error");
  const line = "gatehouse: installing the dependencies failed: npm ci ended with exit code 1, its output is above";
  expect(stderr.split("\n").slice(-2)).toEqual([line, ""]);
  expect(readdirSync(join(checkout, ".node"))).toEqual([]);
});

test("a package that is not what the lock says is refused", async (context) => {
  const lock = join(checkout, "package-lock.json");
  writeFileSync(lock, readFileSync(lock, "utf8").replace(locked.integrity, `sha512-${"A".repeat(86)}==`));
  const ended = await setup([report()]);
  needsRegistry(context, ended);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toContain("EINTEGRITY");
});

test("without npm the set-up says so in one line", async () => {
  const ended = await setup([report()], { env: { PATH: join(checkout, "nothing"), npm_execpath: undefined } });
  const line = "gatehouse: installing the dependencies failed: npm cannot be run (spawn npm ENOENT)\n";
  expect(ended).toEqual({ code: 1, signal: null, stdout: "", stderr: installing + line });
});

test("without a script the set-up says how it is called", async () => {
  const line = "gatehouse: usage: node scripts/setup.mjs <script> [args...]\n";
  expect(await setup([])).toEqual({ code: 2, signal: null, stdout: "", stderr: line });
});

test("a signal during an install ends npm and gives the lock back", async () => {
  // An npm that reports and then waits to be stopped.
  const npm = join(checkout, "npm-cli.js");
  writeFileSync(npm, `import { writeFileSync } from "node:fs"; writeFileSync("npm-runs", ""); setInterval(() => {}, 1000);`);
  const { child, ended } = start([report()], { env: { npm_execpath: npm } });
  await vi.waitUntil(() => existsSync(join(checkout, "npm-runs")), { timeout: 20_000 });
  child.kill("SIGTERM");
  const line = "gatehouse: installing the dependencies was stopped by SIGTERM\n";
  expect(await ended).toEqual({ code: 143, signal: null, stdout: "", stderr: installing + line });
  expect(readdirSync(join(checkout, ".node"))).toEqual([]);
});
