// SQLite's result codes, as far as the store tells them apart (https://www.sqlite.org/rescode.html).

export const SQLITE_BUSY = 5;
export const SQLITE_READONLY = 8;
export const SQLITE_IOERR = 10;
export const SQLITE_CORRUPT = 11;
export const SQLITE_CANTOPEN = 14;
export const SQLITE_CONSTRAINT_UNIQUE = 2067;
export const SQLITE_NOTADB = 26;

/** The primary result code of an error that node:sqlite threw; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const code = extendedSqliteCode(error);
  return code === undefined ? undefined : code & 0xff;
}

/** The extended result code, which says what kind of constraint failed and the like. */
export function extendedSqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}
