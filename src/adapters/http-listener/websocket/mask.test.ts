import { expect, test } from "vitest";
import { unmask } from "./mask.ts";

const MASK = 0x9a3c01f7;
const KEY = [0x9a, 0x3c, 0x01, 0xf7];

test("takes a mask off at every alignment, length and place in the payload", () => {
  for (let start = 0; start < 5; start++) {
    for (const length of [0, 1, 3, 4, 63, 64, 65, 66, 67, 200]) {
      for (let offset = 0; offset < 9; offset++) {
        const bytes = Buffer.from(Array.from({ length: start + length + 5 }, (_, i) => (i * 7) & 0xff));
        const expected = bytes.map((byte, i) => (i < start || i >= start + length ? byte : byte ^ (KEY[(i - start + offset) & 3] as number)));
        unmask(bytes, start, start + length, MASK, offset);
        expect([start, length, offset, bytes.toString("hex")]).toEqual([start, length, offset, Buffer.from(expected).toString("hex")]);
      }
    }
  }
});
