import { describe, expect, it } from "vitest";
import { holderOf, MAX_HOLDER, newConnectionId } from "./connection-id.ts";

describe("a connection id", () => {
  it("has AWS's form, and needs no encoding but of its last character", () => {
    for (let i = 0; i < 200; i++) expect(newConnectionId(i)).toMatch(/^[A-Za-z0-9_-]{15}=$/);
  });

  it("is another one each time", () => {
    expect(new Set(Array.from({ length: 1000 }, () => newConnectionId(3))).size).toBe(1000);
  });

  it.each([0, 1, 255, 256, MAX_HOLDER])("says that %i holds the connection", (holder) => {
    expect(holderOf(newConnectionId(holder))).toBe(holder);
  });

  it("is not made for a holder that it cannot name", () => {
    expect(() => newConnectionId(MAX_HOLDER + 1)).toThrow(RangeError);
    expect(() => newConnectionId(-1)).toThrow(RangeError);
  });

  it.each(["", "L0SM9cOFvHcCIhw", "L0SM9cOFvHcCIhw==", "L0SM9cOF/HcCIhw=", "L0SM9cOFvHcCIhx=", "L0SM9cOFvHcCIh =", "../../../../../=", "L0SM9cOFvHcCIhw=\n"])(
    "is not %j",
    (text) => {
      expect(holderOf(text)).toBeUndefined();
    },
  );
});
