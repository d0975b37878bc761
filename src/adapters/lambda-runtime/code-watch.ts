// Tells when anything under a developer's directory changes. One watch for each folder: Node's own recursive watch opens
// one for each file on Linux, and reads the tree in one go.
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../ports/log.ts";

export interface CodeWatch {
  close(): void;
}

/** Folders past this many are not watched. */
const MOST_FOLDERS = 10_000;
const RECURSIVE = process.platform === "darwin" || process.platform === "win32";

/** Calls `onChange` at each change; resolves when the whole tree is watched. */
export async function watchCode(directory: string, onChange: () => void, log: Log): Promise<CodeWatch> {
  const watchers = new Map<string, FSWatcher>();
  let closed = false;
  let full = false;

  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  const open = (folder: string): boolean => {
    if (closed || watchers.has(folder)) return false;
    if (watchers.size >= MOST_FOLDERS) {
      if (!full) log.warn("A function's directory has too many folders to watch them all", { directory });
      full = true;
      return false;
    }
    try {
      const watcher = watch(folder, { recursive: RECURSIVE, persistent: false }, (event) => {
        onChange();
        // A name appeared or went: it may be a folder.
        if (event === "rename" && !RECURSIVE) void add(folder, true);
      });
      watcher.on("error", () => drop(folder));
      watchers.set(folder, watcher);
      return true;
    } catch (error) {
      log.warn("A function's folder cannot be watched", { folder, reason: String(error) });
      return false;
    }
  };

  const add = async (folder: string, isOpen = open(folder)): Promise<void> => {
    if (!isOpen || RECURSIVE) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return drop(folder); // gone again
    await Promise.all(entries.filter((entry) => entry.isDirectory()).map((entry) => add(join(folder, entry.name))));
  };

  await add(directory);
  return {
    close() {
      closed = true;
      for (const folder of watchers.keys()) drop(folder);
    },
  };
}
