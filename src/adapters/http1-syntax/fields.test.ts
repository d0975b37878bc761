// Names of headers, each looked at once.
import { describe, expect, it } from "vitest";
import { nameIn, nameKinds } from "./fields.ts";

describe("the name of a header in a head", () => {
  it("is what stands there, whatever stands around it", () => {
    const head = "Host: h\r\nX-Api-Key: 1\r\nx-api-key: 2\r\nX-Api-Kez: 3\r\n";
    for (const name of ["Host", "X-Api-Key", "x-api-key", "X-Api-Kez"]) {
      const start = head.indexOf(name);
      for (let i = 0; i < 3; i++) expect(nameIn(head, start, start + name.length)).toBe(name);
    }
  });

  it("is told from others of its length and its ends, however many there are", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `x${String(i).padStart(6, "0")}y`);
    for (let i = 0; i < 2; i++) for (const name of names) expect(nameIn(`${name}: 1`, 0, name.length)).toBe(name);
  });

  it("is none without characters, or with those that a name cannot have", () => {
    for (const text of ["", " ", "a b", "a\t", "a:", "\xe4", "a\r\n", "\0"]) expect(nameIn(text, 0, text.length)).toBeUndefined();
    expect(nameIn("abc", 2, 1)).toBeUndefined();
  });
});

describe("the kind of a header", () => {
  it("is told in any case, and of names that are none", () => {
    const kindOf = nameKinds(new Map([["content-length", "own"]]));
    for (let i = 0; i < 2; i++) {
      expect(["Content-Length", "CONTENT-length", "X", "a b", ""].map(kindOf)).toEqual(["own", "own", "plain", undefined, undefined]);
    }
  });
});
