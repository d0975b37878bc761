import { expect, test } from "vitest";
import { writeClose, writeMessage } from "./frame-writer.ts";
import { BINARY, TEXT } from "./opcodes.ts";

test.each([
  [0, "8200"],
  [125, "827d"],
  [126, "827e007e"],
  [65_535, "827effff"],
  [65_536, "827f0000000000010000"],
])("tells the length of %i bytes in as few bytes as can", (length, head) => {
  const payload = Buffer.alloc(length, "x");
  expect(writeMessage(BINARY, payload, 100_000)).toEqual(Buffer.concat([Buffer.from(head, "hex"), payload]));
});

test("puts what is too large for a frame into several, the last one as small as it comes", () => {
  expect(writeMessage(TEXT, "abcdefgh", 3).toString("hex")).toBe("0103616263000364656680026768");
  expect(writeMessage(TEXT, "abcdef", 3).toString("hex")).toBe("01036162638003646566");
  expect(writeMessage(TEXT, "\u20ac\u20ac", 3).toString("hex")).toBe("0103e282ac8003e282ac");
});

test("cuts the reason of a close frame between characters", () => {
  expect(writeClose(1001, "Going away").toString("hex")).toBe(`880c03e9${Buffer.from("Going away").toString("hex")}`);
  expect(writeClose(4000, "x".repeat(200))).toEqual(Buffer.concat([Buffer.from("887d0fa0", "hex"), Buffer.alloc(123, "x")]));
  expect(writeClose(4000, `xx${"\u20ac".repeat(50)}`).toString("utf8", 4)).toBe(`xx${"\u20ac".repeat(40)}`);
});
