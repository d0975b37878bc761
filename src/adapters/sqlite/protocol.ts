// What the store and its thread say to each other. Messages are lists, so that one hop carries all that waits.
import type { Key } from "../../domain/record.ts";
import type { Document, DocumentChange, DocumentQuery } from "../documents/index.ts";

/** What the thread is started with. */
export interface ThreadOptions {
  readonly directory: string;
}

/** The thread's first message: whether the store is open. */
export type Opening =
  | { readonly opened: true; readonly file: string; readonly migrated: readonly string[] }
  | { readonly opened: false; readonly reason: string };

export type ReadRequest =
  | { readonly op: "get"; readonly kind: string; readonly key: string }
  | { readonly op: "getAll"; readonly kind: string; readonly keys: readonly string[] }
  | { readonly op: "list"; readonly query: DocumentQuery }
  | { readonly op: "count"; readonly query: DocumentQuery }
  | { readonly op: "durability" };
export type CommitRequest = { readonly op: "commit"; readonly changes: readonly DocumentChange[] };
/** The last request. It is answered by the end of the thread. */
export type CloseRequest = { readonly op: "close" };

/** What each request is answered with. */
export interface Results {
  readonly get: Document | undefined;
  readonly getAll: readonly (Document | undefined)[];
  readonly list: { readonly items: readonly Document[]; readonly more: boolean };
  readonly count: number;
  readonly durability: Durability;
  readonly commit: number;
}

/** How the connection that writes is set, as SQLite itself reports it. */
export interface Durability {
  /** `wal` */
  readonly journalMode: string;
  /** 2 is FULL. */
  readonly synchronous: number;
}

export type Numbered<R> = R & { readonly id: number };
export type Request = Numbered<ReadRequest | CommitRequest>;
export type Outcome = { readonly result: Results[keyof Results] } | { readonly refusal: Refusal };
export type Reply = Numbered<Outcome>;

/** An error that can be sent. */
export type Refusal =
  | { readonly type: "VersionConflict"; readonly kind: string; readonly key: Key }
  | { readonly type: "UniqueViolation"; readonly kind: string; readonly index: string; readonly value: string }
  | { readonly type: "Error"; readonly message: string };
