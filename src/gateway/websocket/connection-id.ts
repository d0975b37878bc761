// Connection ids, in the form of AWS's (`L0SM9cOFvHcCIhw=`: eleven bytes in base64), which also say who holds the connection.
// They travel in paths, and so are of base64's alphabet for URLs.
import { randomFillSync } from "node:crypto";

const ID_BYTES = 11;
/** The last ones; those before them are random. */
const HOLDER_BYTES = 2;
const HOLDER_AT = ID_BYTES - HOLDER_BYTES;
const FORM = /^[\w-]{15}=$/;

/** The largest number that a holder can have. */
export const MAX_HOLDER = 0xff_ff;

/**
 * A new id.
 * @param holder the worker that holds the connection, by its number; 0 of a process that has no siblings
 * @throws {RangeError} for a number that no id can hold
 */
export function newConnectionId(holder: number): string {
  const bytes = randomFillSync(Buffer.allocUnsafe(ID_BYTES));
  bytes.writeUInt16BE(holder, HOLDER_AT);
  return `${bytes.toString("base64url")}=`;
}

/** The number of who holds a connection; undefined of what is no connection id. */
export function holderOf(connectionId: string): number | undefined {
  if (!FORM.test(connectionId)) return undefined;
  const bytes = Buffer.from(connectionId, "base64url");
  // Not every text of the form is what eleven bytes come to.
  return bytes.length === ID_BYTES && `${bytes.toString("base64url")}=` === connectionId ? bytes.readUInt16BE(HOLDER_AT) : undefined;
}
