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
  /** Events wait so long at most to be written together, in milliseconds: what is lost when the process is killed. */
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
const BATCH_BYTES = 2 ** 20;

/** Events that wait are written before their time when they take this part of the memory that they may take. */
const EARLY = 1 / 8;

/** How often the operator is told that events are lost, in milliseconds. */
const TELL_EVERY_MS = 60_000;

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
  /** When the operator was last told that there is no room, and that nothing can be written. */
  let toldOfDrops = -Infinity;
  let toldOfFailure = -Infinity;
  let cancelFlush: (() => void) | undefined;
  let isFlushing = false;
  let lastAt = Number.NaN;
  let lastTime = "";
  let flushing: Promise<void> = Promise.resolve();

  function write(group: LogGroup, at: number, message: string): void {
    // Kept as text: two bytes for a character at most, and what the string costs.
    const bytes = message.length * 2 + 64;
    if (waitingBytes + takenBytes + bytes > bufferBytes) return drop();
    const waiting = waitingFor(group);
    waiting.lines.push(`${timeOf(at)} ${oneLine(message)}\n`);
    waitingBytes += bytes;
    withLines.add(waiting);
    cancelFlush ??= clock.after(flushMs, startFlush);
    if (waitingBytes > bufferBytes * EARLY && !isFlushing) startFlush();
  }

  /** Many events have the same time. */
  function timeOf(at: number): string {
    if (at !== lastAt) {
      lastAt = at;
      lastTime = new Date(at).toISOString();
    }
    return lastTime;
  }

  function drop(): void {
    dropped++;
    if (clock.now() - toldOfDrops < TELL_EVERY_MS) return;
    toldOfDrops = clock.now();
    log.warn("events of access and execution logs are dropped: they come faster than they can be written", { directory, dropped });
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

  function startFlush(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    isFlushing = true;
    flushing = flushing.then(flush);
  }

  /** Never rejects. */
  async function flush(): Promise<void> {
    const taken = [...withLines];
    withLines.clear();
    takenBytes = waitingBytes;
    waitingBytes = 0;
    let bytes = 0;
    for (const waiting of taken) {
      const { lines } = waiting;
      waiting.lines = [];
      bytes += await writeLines(waiting, lines);
    }
    takenBytes = 0;
    await retention.wrote(bytes);
    isFlushing = false;
  }

  /** Resolves to the bytes that were written. */
  async function writeLines(waiting: Waiting, lines: readonly string[]): Promise<number> {
    let bytes = 0;
    let from = 0;
    let file: FileHandle | undefined;
    try {
      while (from < lines.length) {
        const { day, text, to } = nextBatch(lines, from);
        const batch = Buffer.from(text, "utf8");
        file = await fileWithRoom(waiting, day, file);
        await writeWhole(file, batch);
        bytes += batch.length;
        written += to - from;
        from = to;
      }
      toldOfFailure = -Infinity;
    } catch (error) {
      dropped += lines.length - from;
      if (clock.now() - toldOfFailure >= TELL_EVERY_MS) log.error("access and execution logs cannot be written", error, { directory, dropped });
      toldOfFailure = clock.now();
    } finally {
      await file?.close();
    }
    return bytes;
  }

  /** The file that is open, unless it is another day's or full: then it is closed, and the next one is opened. */
  async function fileWithRoom(waiting: Waiting, day: string, open: FileHandle | undefined): Promise<FileHandle> {
    if (waiting.day !== day) {
      Object.assign(waiting, { day, part: 0 });
      await open?.close();
      open = undefined;
    }
    for (;;) {
      open ??= await openFile(waiting);
      if ((await open.stat()).size < fileBytes) return open;
      await open.close();
      open = undefined;
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
      startFlush();
      await flushing;
    },
  };
}

/** Of `2026-11-22`, at a line's beginning. */
const DAY_LENGTH = 10;

/** Lines of one day, as many as are written at once. */
function nextBatch(lines: readonly string[], from: number): { readonly day: string; readonly text: string; readonly to: number } {
  const day = (lines[from] as string).slice(0, DAY_LENGTH);
  let text = "";
  let to = from;
  // Three bytes for a character at most.
  while (to < lines.length && text.length < BATCH_BYTES / 3 && (lines[to] as string).startsWith(day)) text += lines[to++];
  return { day, text, to };
}

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
