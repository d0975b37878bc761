// Keeps the log files under a bound: beyond it the oldest are deleted. Several processes may do so at once.
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports/log.ts";

export interface RetentionOptions {
  readonly directory: string;
  readonly totalBytes: number;
  /** Looks when it begins, and each time that so many bytes have been written. */
  readonly checkEvery: number;
  readonly log: Log;
}

export interface Retention {
  /** Never rejects. */
  wrote(bytes: number): Promise<void>;
}

export function keepUnder({ directory, totalBytes, checkEvery, log }: RetentionOptions): Retention {
  let sinceCheck = checkEvery;
  return {
    async wrote(bytes) {
      sinceCheck += bytes;
      if (bytes === 0 || sinceCheck < checkEvery) return;
      sinceCheck = 0;
      try {
        await deleteOldest(directory, totalBytes);
      } catch (error) {
        log.error("old access and execution logs cannot be deleted", error, { directory });
      }
    },
  };
}

async function deleteOldest(directory: string, totalBytes: number): Promise<void> {
  const files = await filesIn(directory);
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.toSorted((a, b) => a.changedAt - b.changedAt)) {
    if (bytes <= totalBytes) return;
    await unlink(path).catch(unlessGone);
    bytes -= size;
  }
}

interface FoundFile {
  readonly path: string;
  readonly size: number;
  readonly changedAt: number;
}

async function filesIn(directory: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: FoundFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".log")) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(unlessGone);
    if (found !== undefined) files.push({ path, size: found.size, changedAt: found.mtimeMs });
  }
  return files;
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
