// A process that owns a store, for tests that kill it: `store-writer.ts {directory} {writes}`. It says `open`, then the
// number of each write once it is acknowledged.
import { writeSync } from "node:fs";
import { openSqliteStore } from "../../src/adapters/sqlite/index.ts";
import { recordKind } from "../../src/domain/record.ts";
import { put } from "../../src/ports/store.ts";

export interface Half {
  readonly write: number;
}

/** Every write puts two of them in one commit: `["left", write]` and `["right", write]`. */
export const halves = recordKind<Half>("half", { write: { unique: false, values: (half) => [String(half.write)] } });
export const WRITERS = 8;

async function main(directory: string, writes: number): Promise<void> {
  const store = await openSqliteStore({ directory });
  writeSync(1, "open\n");
  let next = 0;
  const writer = async () => {
    while (next < writes) {
      const write = next++;
      await store.commit(["left", "right"].map((side) => put(halves, [side, String(write)], { write }, "absent")));
      writeSync(1, `${write}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

if (import.meta.main) await main(process.argv[2] as string, Number(process.argv[3]));
