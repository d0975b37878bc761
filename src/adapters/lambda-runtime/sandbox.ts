// What keeps a function's process apart from the rest of the machine: bubblewrap where it works, else another user when
// this process is root, else nothing. The decision and its reasons: docs/decisions/0004-functions-are-processes.md
import { spawn } from "node:child_process";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Log } from "../../ports/log.ts";
import { findCommand } from "./languages.ts";
import type { Language } from "./languages.ts";

/** A command line, and where its process finds things. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Whether a signal that ended the process shows as the exit status 128 + its number. */
  readonly signalsAsStatus: boolean;
}

/** What is to be run, in paths of this machine. */
export interface Workload {
  readonly language: Language;
  readonly codeDirectory: string;
  /** Run the code where it lies, not under /var/task: links that lead out of a developer's directory keep working. */
  readonly inPlace: boolean;
}

export interface Sandbox {
  /** For the operator's log. */
  readonly description: string;
  /** Whether the process has a /tmp of its own. */
  readonly privateTmp: boolean;
  /** LAMBDA_TASK_ROOT and LAMBDA_RUNTIME_DIR as the process will see them. */
  paths(workload: Workload): { readonly taskRoot: string; readonly runtimeDirectory: string };
  /** The user that files made for the process should belong to. */
  readonly owner: Owner | undefined;
  launch(workload: Workload, command: readonly string[], env: Readonly<Record<string, string>>): Promise<Launch>;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface SandboxOptions {
  readonly mode: "auto" | "off";
  /** Directories no function may look into. */
  readonly protectedDirectories: readonly string[];
  readonly searchPath: string;
  readonly log: Log;
}

/** `nobody`, which owns nothing. */
const NOBODY: Owner = { uid: 65_534, gid: 65_534 };
const TASK_ROOT = "/var/task";
const RUNTIME_DIRECTORY = "/var/runtime";
/** 512 MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html) */
const TMP_BYTES = 512 * 1024 * 1024;

/** Finds out, by trying, what this machine offers. */
export async function findSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = options.mode === "off" ? plainProcess(undefined, undefined, options.log) : await bestSandbox(options);
  options.log.info(`Functions run ${sandbox.description}`);
  return sandbox;
}

async function bestSandbox({ protectedDirectories, searchPath, log }: SandboxOptions): Promise<Sandbox> {
  const isRoot = process.getuid?.() === 0;
  const isLinux = process.platform === "linux";
  const setpriv = isLinux ? await findCommand("setpriv", searchPath) : undefined;
  const bwrap = isLinux ? await findCommand("bwrap", searchPath) : undefined;
  if (bwrap !== undefined) {
    const root = await rootEntries();
    const drop = isRoot ? setpriv : undefined;
    for (const sized of [true, false]) {
      const sandbox = bubblewrap({ bwrap, drop, isRoot, sized, root, protectedDirectories, log });
      if (await works(sandbox)) return sandbox;
    }
  }
  return plainProcess(setpriv, isRoot ? NOBODY : undefined, log);
}

/** The entries of the file system's root and of /var, each of which is mounted by itself. */
async function rootEntries(): Promise<string[]> {
  const own = new Set(["/proc", "/dev", "/tmp", "/var", "/lost+found"]);
  const below = async (folder: string): Promise<string[]> =>
    (await readdir(folder)).map((name) => `${folder === "/" ? "" : folder}/${name}`);
  const top = (await below("/")).filter((path) => !own.has(path));
  const variable = (await below("/var")).filter((path) => path !== TASK_ROOT && path !== RUNTIME_DIRECTORY);
  return [...top, ...variable.filter((path) => path !== "/var/tmp")];
}

interface Bubblewrap {
  readonly bwrap: string;
  /** `setpriv`, to become `nobody` inside; undefined to stay who we are. */
  readonly drop: string | undefined;
  readonly isRoot: boolean;
  /** Whether this bubblewrap can limit the size of a tmpfs. */
  readonly sized: boolean;
  readonly root: readonly string[];
  readonly protectedDirectories: readonly string[];
  readonly log: Log;
}

function bubblewrap(options: Bubblewrap): Sandbox {
  const { bwrap, drop, isRoot, protectedDirectories } = options;
  const paths = (workload: Workload): { taskRoot: string; runtimeDirectory: string } => ({
    taskRoot: workload.inPlace ? workload.codeDirectory : TASK_ROOT,
    runtimeDirectory: RUNTIME_DIRECTORY,
  });
  return {
    description: drop === undefined ? "in bubblewrap" : "in bubblewrap, as nobody",
    privateTmp: true,
    owner: undefined,
    paths,
    async launch(workload, command, env) {
      const { language, codeDirectory } = workload;
      const { taskRoot } = paths(workload);
      const kept = await existing(protectedDirectories);
      const masks = [...kept, ...(drop === undefined ? [] : await existing(["/root"]))];
      const code = await realpath(codeDirectory);
      if (workload.inPlace) refuseProtected(code, kept);
      const bind = (from: string, to: string): string[] => [...foldersAbove(to, masks, options.sized), "--ro-bind", from, to];
      const binds = [
        ...bind(code, taskRoot),
        // A directory of code that holds a protected one (a project with its data directory) would uncover it.
        ...cover(masks.filter((mask) => liesIn(mask, code)).map((mask) => join(taskRoot, relative(code, mask))), options.sized),
        ...language.needs.flatMap((path) => bind(path, path)),
        ...(language.runtimeDirectory === undefined ? [] : bind(language.runtimeDirectory, RUNTIME_DIRECTORY)),
      ];
      const args = [...FIXED, ...fileSystem(options, masks), ...binds, "--chdir", taskRoot];
      const open = drop !== undefined && (await isOpenToAll(codeDirectory));
      if (drop === undefined || !open) {
        if (drop !== undefined) warnOnce(options.log, codeDirectory);
        return { file: bwrap, args: [...args, ...(isRoot ? ["--cap-drop", "ALL"] : []), "--", ...command], env, signalsAsStatus: true };
      }
      const { safe, late } = partByDanger(env);
      const user = [drop, `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, "--clear-groups", "--"];
      return { file: bwrap, args: [...args, "--", ...user, "/usr/bin/env", ...late, ...command], env: safe, signalsAsStatus: true };
    },
  };
}

const FIXED = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"];

function fileSystem({ root, sized }: Bubblewrap, masks: readonly string[]): string[] {
  const size = sized ? ["--perms", "1777", "--size", String(TMP_BYTES)] : [];
  return [
    ...(sized ? ["--perms", "0755", "--dir", "/var"] : []),
    ...root.flatMap((path) => ["--ro-bind-try", path, path]),
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...size,
    "--tmpfs",
    "/tmp",
    ...cover(masks, sized),
  ];
}

/** Puts an empty directory over each. */
function cover(masks: readonly string[], sized: boolean): string[] {
  return masks.flatMap((path) => [...(sized ? ["--perms", "0755"] : []), "--tmpfs", path]);
}

/** Code is mounted over what covers it, so a protected directory cannot be code. @throws when it is, or lies in one. */
function refuseProtected(code: string, kept: readonly string[]): void {
  const owner = kept.find((directory) => liesIn(code, directory));
  if (owner !== undefined) throw new Error(`functions may not read ${owner}, so that no code can be run from ${code}`);
}

const liesIn = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);

/** Folders to make in what was masked, so that any user can get to what is mounted below it. */
function foldersAbove(path: string, masks: readonly string[], canSetMode: boolean): string[] {
  const mask = ["/tmp", "/var", ...masks].find((masked) => path.startsWith(`${masked}/`));
  if (mask === undefined || !canSetMode) return [];
  const names = path.slice(mask.length + 1).split("/").slice(0, -1);
  return names.flatMap((_, i) => ["--perms", "0755", "--dir", `${mask}/${names.slice(0, i + 1).join("/")}`]);
}

/**
 * A dynamic linker reads some variables before the program runs. As root, before it has become `nobody`, a program must
 * not see a function's own: they are handed to the next one, on its command line.
 */
function partByDanger(env: Readonly<Record<string, string>>): { safe: Record<string, string>; late: string[] } {
  const dangerous =
    /^(LD_|GLIBC_|MALLOC_)|^(GCONV_PATH|GETCONF_DIR|HOSTALIASES|LOCALDOMAIN|LOCPATH|NIS_PATH|NLSPATH|RESOLV_HOST_CONF|RES_OPTIONS|TMPDIR|TZDIR)$/;
  const entries = Object.entries(env);
  return {
    safe: Object.fromEntries(entries.filter(([name]) => !dangerous.test(name))),
    late: entries.filter(([name]) => dangerous.test(name)).map(([name, value]) => `${name}=${value}`),
  };
}

/** A process like any other. `setpriv` has the kernel end it with this one, and lets it gain no privileges. */
function plainProcess(setpriv: string | undefined, owner: Owner | undefined, log: Log): Sandbox {
  const as = owner === undefined ? "as this user" : "as nobody";
  return {
    description: `${as}, without a sandbox: they can read what that user can (install bubblewrap to keep them apart)`,
    privateTmp: false,
    owner,
    paths: ({ codeDirectory, language }) => ({
      taskRoot: codeDirectory,
      runtimeDirectory: language.runtimeDirectory ?? codeDirectory,
    }),
    async launch({ codeDirectory, language }, command, env) {
      const reachable = await Promise.all([codeDirectory, ...language.needs].map(isReachable));
      const user = owner !== undefined && reachable.every(Boolean) ? owner : {};
      if (owner !== undefined && user !== owner) warnOnce(log, codeDirectory);
      const launcher = setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--"];
      const [file, ...args] = [...launcher, ...command];
      return { file: file as string, args, env, ...user, signalsAsStatus: false };
    },
  };
}

/** Runs `true` in the sandbox. */
async function works(sandbox: Sandbox): Promise<boolean> {
  const language: Language = { interpreter: undefined, needs: [], runtimeDirectory: undefined, takesPipe: false, arguments: () => [] };
  const { file, args, env } = await sandbox.launch({ language, codeDirectory: "/usr", inPlace: false }, ["/bin/true"], {});
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: "ignore" });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

const warned = new Set<string>();

function warnOnce(log: Log, codeDirectory: string): void {
  if (warned.has(codeDirectory)) return;
  warned.add(codeDirectory);
  log.warn("A function runs as root: its code or its interpreter cannot be read by other users", { codeDirectory });
}

/** Those of the paths that are there, without symbolic links. */
async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)));
  return found.filter((path) => path !== undefined);
}

/** Whether any user may read the directory (mounted elsewhere, the folders above it do not matter). */
async function isOpenToAll(directory: string): Promise<boolean> {
  return (((await modeOf(directory)) ?? 0) & 0o005) === 0o005;
}

/** Whether any user may get to the path and read it. */
async function isReachable(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await modeOf(folder)) ?? 0) % 2 === 0) return false;
    if (folder === sep || folder === dirname(folder)) break;
  }
  return (((await modeOf(path)) ?? 0) & 0o005) === 0o005;
}

async function modeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mode }) => mode,
    () => undefined,
  );
}
