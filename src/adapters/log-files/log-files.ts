// Access logs and execution logs in files. Events are kept in memory for a moment and written in batches; several processes
// write to the same files, each batch appended as a whole.
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import type { LogGroup } from "../../domain/log-group.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { LogSink } from "../../ports/log-sink.ts";
import { directoryOf, fileOf } from "./file-names.ts";
import { keepUnder } from "./retention.ts";

export interface LogFilesOptions {
  /** Made when it is first needed. */
  readonly directory: string;
  readonly clock: Clock;
  /** The operator's. */
  readonly log: Log;
  /** Events wait so long to be written together, in milliseconds: the most that is lost when the process is killed. */
  readonly flushMs?: number;
  /** Events that wait take so much memory at most, in bytes; others are dropped. */
  readonly bufferBytes?: number;
  /** A file that has reached this size, in bytes, is followed by another. */
  readonly fileBytes?: number;
  /** All files together, in bytes: the oldest are deleted beyond it. */
  readonly totalBytes?: number;
}

const FLUSH_MS = 250;
const BUFFER_BYTES = 16 * 2 ** 20;
const FILE_BYTES = 64 * 2 ** 20;
const TOTAL_BYTES = 2 ** 30;

/** The most that is written at once, in bytes: such a write is one step for the system, between those of other processes. */
const BATCH_BYTES = 2 ** 18;

/** So many groups are known at once; then those without waiting events are forgotten, and found again. */
const KNOWN_GROUPS = 10_000;

/** The events of a group that wait, and where they go. */
interface Waiting {
  readonly group: LogGroup;
  lines: string[];
  /** The file that was written to last. */
  day: string;
  part: number;
}

export function createLogFiles({
  directory,
  clock,
  log,
  flushMs = FLUSH_MS,
  bufferBytes = BUFFER_BYTES,
  fileBytes = FILE_BYTES,
  totalBytes = TOTAL_BYTES,
}: LogFilesOptions): LogSink {
  const groups = new Map<string, Waiting>();
  const withLines = new Set<Waiting>();
  const retention = keepUnder({ directory, totalBytes, checkEvery: Math.min(fileBytes, totalBytes / 8), log });
  /** Of events that have come since the last flush, and of those that it is writing. */
  let waitingBytes = 0;
  let takenBytes = 0;
  let written = 0;
  let dropped = 0;
  /** Whether the operator has been told of the drops that go on, or that nothing can be written. */
  let toldOfDrops = false;
  let toldOfFailure = false;
  let isScheduled = false;
  let flushing: Promise<void> = Promise.resolve();

  function write(group: LogGroup, at: number, message: string): void {
    // Kept as text: two bytes for a character at most, and what the string costs.
    const bytes = message.length * 2 + 64;
    if (waitingBytes + takenBytes + bytes > bufferBytes) return drop();
    const waiting = waitingFor(group);
    waiting.lines.push(`${new Date(at).toISOString()} ${oneLine(message)}\n`);
    waitingBytes += bytes;
    withLines.add(waiting);
    if (!isScheduled) schedule();
  }

  function drop(): void {
    dropped++;
    if (toldOfDrops) return;
    toldOfDrops = true;
    log.warn("events of access and execution logs are dropped: they come faster than they can be written", { directory });
  }

  function waitingFor(group: LogGroup): Waiting {
    const key = `${group.account} ${group.region} ${group.name}`;
    let waiting = groups.get(key);
    if (waiting === undefined) {
      if (groups.size >= KNOWN_GROUPS) for (const [known, { lines }] of groups) if (lines.length === 0) groups.delete(known);
      groups.set(key, (waiting = { group, lines: [], day: "", part: 0 }));
    }
    return waiting;
  }

  function schedule(): void {
    isScheduled = true;
    clock.after(flushMs, () => {
      flushing = flushing.then(flush);
    });
  }

  /** Never rejects. */
  async function flush(): Promise<void> {
    isScheduled = false;
    const taken = [...withLines];
    withLines.clear();
    takenBytes = waitingBytes;
    waitingBytes = 0;
    const before = dropped;
    let bytes = 0;
    for (const waiting of taken) {
      const { lines } = waiting;
      waiting.lines = [];
      bytes += await writeLines(waiting, lines);
    }
    takenBytes = 0;
    if (toldOfDrops && dropped === before) {
      toldOfDrops = false;
      log.warn("events of access and execution logs are written again", { dropped });
    }
    await retention.wrote(bytes);
  }

  /** Resolves to the bytes that were written. */
  async function writeLines(waiting: Waiting, lines: readonly string[]): Promise<number> {
    let bytes = 0;
    let from = 0;
    while (from < lines.length) {
      const day = (lines[from] as string).slice(0, DAY_LENGTH);
      let text = "";
      let to = from;
      while (to < lines.length && text.length < BATCH_BYTES / 3 && (lines[to] as string).startsWith(day)) text += lines[to++];
      try {
        const batch = Buffer.from(text, "utf8");
        await append(waiting, day, batch);
        bytes += batch.length;
        written += to - from;
        toldOfFailure = false;
      } catch (error) {
        dropped += to - from;
        if (!toldOfFailure) log.error("access and execution logs cannot be written", error, { directory });
        toldOfFailure = true;
      }
      from = to;
    }
    return bytes;
  }

  async function append(waiting: Waiting, day: string, batch: Buffer): Promise<void> {
    if (waiting.day !== day) Object.assign(waiting, { day, part: 0 });
    for (;;) {
      const file = await openFile(waiting);
      try {
        if ((await file.stat()).size < fileBytes) {
          await writeWhole(file, batch);
          return;
        }
      } finally {
        await file.close();
      }
      waiting.part++;
    }
  }

  async function openFile({ group, day, part }: Waiting): Promise<FileHandle> {
    const path = fileOf(directory, group, day, part);
    try {
      return await open(path, APPEND, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      await mkdir(directoryOf(directory, group), { recursive: true, mode: 0o700 });
      return open(path, APPEND, 0o600);
    }
  }

  return {
    write,
    usage: () => ({ written, dropped }),
    async close() {
      flushing = flushing.then(flush);
      await flushing;
    },
  };
}

/** Of `2026-11-22`, at a line's beginning. */
const DAY_LENGTH = 10;

const APPEND = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;

async function writeWhole(file: FileHandle, batch: Buffer): Promise<void> {
  let from = 0;
  // More than once only where the disk is full, which throws then.
  while (from < batch.length) from += (await file.write(batch, from)).bytesWritten;
}

/** Characters that could forge a line or steer a terminal; a tab does neither. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g;

function oneLine(message: string): string {
  return message.replace(CONTROL, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
