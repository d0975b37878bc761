// Runs what waits as one: commits that came together share one transaction and so one flush to the disk, each in a
// savepoint of its own, all or nothing by itself. Runs on the store's thread.
import type { DatabaseSync } from "node:sqlite";
import { UniqueViolation, VersionConflict } from "../../ports/store.ts";
import type { CommitRequest, Outcome, ReadRequest, Refusal, Reply, Request } from "./protocol.ts";
import {
  sqliteCode,
  SQLITE_BUSY,
  SQLITE_CANTOPEN,
  SQLITE_CORRUPT,
  SQLITE_IOERR,
  SQLITE_NOTADB,
  SQLITE_READONLY,
} from "./sqlite-codes.ts";
import { Tables } from "./tables.ts";

/** After these nobody can tell what the disk holds: the process must start again and recover. */
const FATAL = new Set([SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB]);

/**
 * Gives the function that answers requests, in their order. Its commits are on the disk when it returns.
 * It throws when the database has failed for good; nothing that it was given may be acknowledged then.
 */
export function createBatchRunner(database: DatabaseSync): (requests: readonly Request[]) => Reply[] {
  const tables = new Tables(database);
  let lastVersion = tables.lastCommit();

  function run(requests: readonly Request[]): Reply[] {
    try {
      return transaction(requests);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      if (FATAL.has(sqliteCode(error) ?? 0)) throw error;
      // One of them may be too much (for a disk that is almost full, say) where the others are not.
      if (requests.length > 1 && sqliteCode(error) !== SQLITE_BUSY) return requests.flatMap((each) => run([each]));
      return answerAll(requests, () => ({ refusal: refusalFor(error) }));
    }
  }

  /** The transaction begins with the first commit: reads alone need none. */
  function transaction(requests: readonly Request[]): Reply[] {
    let version = lastVersion;
    const replies = answerAll(requests, (request) => {
      if (!database.isTransaction) database.exec("BEGIN IMMEDIATE");
      const outcome = commit(request, version + 1);
      if ("result" in outcome) version += 1;
      return outcome;
    });
    if (version !== lastVersion) tables.setLastCommit(version);
    if (database.isTransaction) database.exec("COMMIT");
    lastVersion = version;
    return replies;
  }

  /** @throws what is no refusal: the whole transaction is lost then. */
  function commit({ changes }: CommitRequest, version: number): Outcome {
    database.exec("SAVEPOINT one");
    try {
      tables.write(changes, version);
      database.exec("RELEASE one");
      return { result: version };
    } catch (error) {
      if (!(error instanceof VersionConflict || error instanceof UniqueViolation)) throw error;
      database.exec("ROLLBACK TO one; RELEASE one");
      return { refusal: refusalFor(error) };
    }
  }

  function answerAll(requests: readonly Request[], onCommit: (request: CommitRequest) => Outcome): Reply[] {
    return requests.map((each) => ({ id: each.id, ...(each.op === "commit" ? onCommit(each) : read(tables, each)) }));
  }

  return run;
}

function read(tables: Tables, request: ReadRequest): Outcome {
  try {
    return { result: readResult(tables, request) };
  } catch (error) {
    return { refusal: refusalFor(error) };
  }
}

function readResult(tables: Tables, request: ReadRequest) {
  switch (request.op) {
    case "get":
      return tables.get(request.kind, request.key);
    case "getAll":
      return request.keys.map((key) => tables.get(request.kind, key));
    case "list":
      return tables.list(request.query);
    case "count":
      return tables.count(request.query);
    case "durability":
      return tables.durability();
  }
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof VersionConflict) return { type: "VersionConflict", kind: error.kind, key: error.key };
  if (error instanceof UniqueViolation) {
    return { type: "UniqueViolation", kind: error.kind, index: error.index, value: error.value };
  }
  return { type: "Error", message: error instanceof Error ? error.message : String(error) };
}
