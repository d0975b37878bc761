// Why a store cannot be opened.

/** The data directory cannot be used. The message is one line, for the operator. */
export class StoreOpenError extends Error {
  override readonly name = "StoreOpenError";
}
