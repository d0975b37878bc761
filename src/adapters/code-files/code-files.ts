// Deployment packages in a directory: `packages/{sha256}.zip`, written durably, and `unpacked/{run}/{sha256}/`, which
// belongs to one run of the program. Only archives have to survive a power cut: each run unpacks what it needs anew.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CodeFile, FunctionCode } from "../../ports/function-code.ts";
import { unpackInto } from "./unpack.ts";

export interface CodeFilesOptions {
  /** Made when it is missing. */
  readonly directory: string;
  /** False removes the directory with all packages on {@link FunctionCode.close}. */
  readonly durable: boolean;
  /** Directories no function may read; none unless told otherwise. */
  readonly protectedDirectories?: readonly string[];
}

/** Opens the directory and removes what runs that are over have left in it. @throws {Error} when it cannot be written. */
export async function createCodeFiles({ directory, durable, protectedDirectories = [] }: CodeFilesOptions): Promise<FunctionCode> {
  const root = resolve(directory);
  const packages = join(root, "packages");
  const run = join(root, "unpacked", `${process.pid}-${randomBytes(4).toString("hex")}`);
  await mkdir(packages, { recursive: true, mode: 0o700 });
  await removeFormerRuns(join(root, "unpacked"), packages);
  await mkdir(run, { recursive: true });
  return new CodeFiles(packages, run, protectedDirectories, () => rm(durable ? run : root, { recursive: true, force: true }));
}

class CodeFiles implements FunctionCode {
  readonly #packages: string;
  readonly #run: string;
  readonly #protected: readonly string[];
  readonly #removeTemporary: () => Promise<void>;
  /** Work under way by hash, so that two callers never unpack or save the same package at once. */
  readonly #pending = new Map<string, Promise<unknown>>();

  constructor(packages: string, run: string, protectedDirectories: readonly string[], removeTemporary: () => Promise<void>) {
    this.#packages = packages;
    this.#run = run;
    this.#protected = protectedDirectories;
    this.#removeTemporary = removeTemporary;
  }

  save(sha256: string, archive: Uint8Array, files: AsyncIterable<CodeFile>): Promise<void> {
    return this.#alone(sha256, async () => {
      const path = this.#archivePath(sha256);
      if (await exists(path)) return;
      const directory = await this.#unpack(sha256, files);
      try {
        await writeDurably(this.#packages, path, archive);
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
    });
  }

  async archive(sha256: string): Promise<Buffer | undefined> {
    const path = this.#archivePath(sha256);
    if (!(await exists(path))) return undefined;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex") === sha256 ? readFile(path) : undefined;
  }

  async directory(sha256: string): Promise<string | undefined> {
    const path = join(this.#run, checkedHash(sha256));
    return (await exists(path)) ? path : undefined;
  }

  unpack(sha256: string, files: AsyncIterable<CodeFile>): Promise<string> {
    return this.#alone(sha256, () => this.#unpack(sha256, files));
  }

  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#packages);
    return names.filter((name) => /^[0-9a-f]{64}\.zip$/.test(name)).map((name) => name.slice(0, 64));
  }

  remove(sha256: string): Promise<void> {
    return this.#alone(sha256, async () => {
      await rm(this.#archivePath(sha256), { force: true });
      await rm(join(this.#run, sha256), { recursive: true, force: true });
    });
  }

  async isDirectory(path: string): Promise<boolean> {
    try {
      return (await stat(path)).isDirectory();
    } catch {
      return false;
    }
  }

  /** By where links lead, as the directory will be read. */
  async isProtected(path: string): Promise<boolean> {
    const real = await realpath(path);
    for (const directory of this.#protected) {
      const kept = await realpath(directory).catch(() => undefined);
      if (kept !== undefined && (real === kept || real.startsWith(`${kept}${sep}`))) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#pending.values());
    await this.#removeTemporary();
  }

  async #unpack(sha256: string, files: AsyncIterable<CodeFile>): Promise<string> {
    const directory = join(this.#run, checkedHash(sha256));
    if (await exists(directory)) return directory;
    const temporary = `${directory}.${randomBytes(4).toString("hex")}`;
    try {
      await unpackInto(temporary, files);
      await rename(temporary, directory);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    return directory;
  }

  #archivePath(sha256: string): string {
    return join(this.#packages, `${checkedHash(sha256)}.zip`);
  }

  /** Runs `task` after everything that is under way for the same package. */
  async #alone<T>(sha256: string, task: () => Promise<T>): Promise<T> {
    const before = this.#pending.get(sha256);
    const result = (before ?? Promise.resolve()).then(task, task);
    this.#pending.set(sha256, result);
    try {
      return await result;
    } finally {
      if (this.#pending.get(sha256) === result) this.#pending.delete(sha256);
    }
  }
}

/** Hashes become file names: nothing else may. */
function checkedHash(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${JSON.stringify(sha256)} is not a SHA-256 in hexadecimal`);
  return sha256;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Writes beside, syncs, renames, syncs the directory: the file is there whole or not at all, also after a power cut. */
async function writeDurably(directory: string, path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(directory);
}

/** Windows cannot open a directory for syncing, and does not need to. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** A killed process leaves its unpacked files and perhaps half an archive behind. */
async function removeFormerRuns(unpacked: string, packages: string): Promise<void> {
  await mkdir(unpacked, { recursive: true });
  for (const name of await readdir(unpacked)) {
    const pid = Number(name.split("-")[0]);
    if (Number.isInteger(pid) && pid > 0 && isAlive(pid)) continue;
    await rm(join(unpacked, name), { recursive: true, force: true });
  }
  for (const name of await readdir(packages)) {
    if (name.endsWith(".tmp")) await rm(join(packages, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
