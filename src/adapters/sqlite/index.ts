// The door of the SQLite adapter.
export { openSqliteStore } from "./sqlite-store.ts";
export type { SqliteStore, SqliteStoreOptions } from "./sqlite-store.ts";
export { StoreOpenError } from "./store-open-error.ts";
