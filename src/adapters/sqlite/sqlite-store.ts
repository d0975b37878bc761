// The store in a SQLite database, whose work is done on a thread of its own: no flush to the disk holds up requests.
import { getCompileCacheDir } from "node:module";
import { Worker } from "node:worker_threads";
import type { Key, RecordKind } from "../../domain/record.ts";
import type { Log } from "../../ports/log.ts";
import type { Change, ListQuery, Page, Store, Stored } from "../../ports/store.ts";
import { UniqueViolation, VersionConflict } from "../../ports/store.ts";
import { decodeDocument, encodeChange, encodeKey, encodeQuery } from "../documents/index.ts";
import type {
  CloseRequest,
  CommitRequest,
  Durability,
  Numbered,
  Opening,
  ReadRequest,
  Refusal,
  Reply,
  Results,
  ThreadOptions,
} from "./protocol.ts";
import { StoreOpenError } from "./store-open-error.ts";

export interface SqliteStoreOptions {
  /** Where the database is kept; made when it is not there. One process at a time can have it. */
  readonly directory: string;
  readonly log?: Log;
  /** Called once when the store has failed for good: every call is refused from then on. The process should end. */
  readonly onFailure?: (error: Error) => void;
}

/** A {@link Store} that can say how it is set. */
export interface SqliteStore extends Store {
  /** The settings that decide whether a commit survives a power cut, read from the connection that writes. */
  durability(): Promise<Durability>;
}

/**
 * Opens the store of a data directory, and brings an older one up to date.
 * @throws {StoreOpenError} with one line for the operator: the directory cannot be made, read or written, belongs to
 * another process, or holds something else than a database of this version or an older one.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const workerData: ThreadOptions = { directory: options.directory };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData, env: threadEnvironment(), name: "store" });
  const opening = await firstMessage(worker);
  if (!opening.opened) throw new StoreOpenError(opening.reason);
  for (const step of opening.migrated) options.log?.info("brought the store up to date", { step, file: opening.file });
  return storeOnThread(worker, options);
}

/** The thread takes its compiled code from the same cache as the process, which halves the time it takes to start. */
function threadEnvironment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
}

function firstMessage(worker: Worker): Promise<Opening> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new StoreOpenError(`the store's thread did not start: ${error.message}`, { cause: error }));
    const ended = () => fail(new Error("it ended"));
    worker.once("error", fail);
    worker.once("exit", ended);
    worker.once("message", (opening: Opening) => {
      worker.off("error", fail);
      worker.off("exit", ended);
      resolve(opening);
    });
  });
}

/** The store that a thread with an open database serves. */
export function storeOnThread(worker: Worker, options: Pick<SqliteStoreOptions, "log" | "onFailure">): SqliteStore {
  return new ThreadStore(worker, options);
}

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

class ThreadStore implements SqliteStore {
  readonly #worker: Worker;
  readonly #options: Pick<SqliteStoreOptions, "log" | "onFailure">;
  readonly #waiting = new Map<number, Waiting>();
  /** Settles when the thread has ended, with the store's failure if it has one. */
  readonly #exited: Promise<Error | undefined>;
  /** Requests of this turn of the event loop, sent together. */
  #outbox: (Numbered<ReadRequest | CommitRequest> | CloseRequest)[] = [];
  #lastId = 0;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, options: Pick<SqliteStoreOptions, "log" | "onFailure">) {
    this.#worker = worker;
    this.#options = options;
    worker.on("message", (replies: readonly Reply[]) => replies.forEach((reply) => this.#settle(reply)));
    worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#exited = new Promise((resolve) => {
      worker.once("exit", () => {
        if (this.#closing === undefined || this.#waiting.size > 0) this.#fail(new Error("its thread ended"));
        resolve(this.#failure);
      });
    });
  }

  async get<T>(kind: RecordKind<T>, key: Key): Promise<Stored<T> | undefined> {
    const document = await this.#call({ op: "get", kind: kind.name, key: encodeKey(key) });
    return document && decodeDocument<T>(document);
  }

  async getAll<T>(kind: RecordKind<T>, keys: readonly Key[]): Promise<readonly (Stored<T> | undefined)[]> {
    const documents = await this.#call({ op: "getAll", kind: kind.name, keys: keys.map(encodeKey) });
    return documents.map((each) => each && decodeDocument<T>(each));
  }

  async list<T>(kind: RecordKind<T>, query: ListQuery): Promise<Page<T>> {
    const { items, more } = await this.#call({ op: "list", query: encodeQuery(kind, query) });
    return { items: items.map((each) => decodeDocument<T>(each)), more };
  }

  async count(kind: RecordKind<never>, query: Pick<ListQuery, "prefix" | "index">): Promise<number> {
    return await this.#call({ op: "count", query: encodeQuery(kind, query) });
  }

  async commit(changes: readonly Change[]): Promise<number> {
    return await this.#call({ op: "commit", changes: changes.map(encodeChange) });
  }

  async durability(): Promise<Durability> {
    return await this.#call({ op: "durability" });
  }

  async close(): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  /** Everything asked before is still answered. What has failed has told so, and needs no closing. */
  async #close(): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#send({ op: "close" });
    const failure = await this.#exited;
    if (failure !== undefined) throw failure;
  }

  #call<R extends ReadRequest | CommitRequest>(request: R): Promise<Results[R["op"]]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closing !== undefined) return Promise.reject(new Error("the store is closed"));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#send({ ...request, id });
    });
  }

  #send(request: Numbered<ReadRequest | CommitRequest> | CloseRequest): void {
    if (this.#outbox.push(request) > 1) return;
    queueMicrotask(() => {
      this.#worker.postMessage(this.#outbox);
      this.#outbox = [];
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    // Too late: the call was refused when the store failed.
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    if ("refusal" in reply) waiting.reject(errorFor(reply.refusal));
    else waiting.resolve(reply.result as never);
  }

  #fail(cause: Error): void {
    if (this.#failure !== undefined) return;
    const failure = new Error(`the store has failed: ${cause.message}`, { cause });
    this.#failure = failure;
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
    this.#options.log?.error("the store has failed", cause);
    this.#options.onFailure?.(failure);
  }
}

function errorFor(refusal: Refusal): Error {
  switch (refusal.type) {
    case "VersionConflict":
      return new VersionConflict(refusal.kind, refusal.key);
    case "UniqueViolation":
      return new UniqueViolation(refusal.kind, refusal.index, refusal.value);
    case "Error":
      return new Error(`the store refused: ${refusal.message}`);
  }
}
