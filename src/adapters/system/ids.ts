// Identifiers from the machine's cryptographic randomness, which is asked for in batches: a call costs far more than a byte.
import { randomFillSync, randomUUID } from "node:crypto";
import type { Ids } from "../../ports/ids.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC = `${LETTERS}0123456789`;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** A character of `alphabet`, each equally likely: bytes past the last whole multiple of its length are thrown away. */
function pick(alphabet: string): string {
  const fair = 256 - (256 % alphabet.length);
  for (;;) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used++] as number;
    if (byte < fair) return alphabet[byte % alphabet.length] as string;
  }
}

export const systemIds: Ids = {
  alphanumeric(length) {
    let id = length > 0 ? pick(LETTERS) : "";
    while (id.length < length) id += pick(ALPHANUMERIC);
    return id;
  },
  uuid: () => randomUUID(),
};
