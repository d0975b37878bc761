import { expect, test } from "vitest";
import { HeadScanner, REQUEST_HEAD } from "./head-scanner.ts";
import type { RequestHead } from "./request-head.ts";
import { RequestHeadReader } from "./request-head-reader.ts";

const LIMIT = 32 * 1024;

/** Counts what it is shown. */
class CountingScanner extends HeadScanner {
  shown = 0;

  override scan(bytes: Uint8Array, start: number, end: number): number {
    this.shown += end - start;
    return super.scan(bytes, start, end);
  }
}

/** Reads bytes piece by piece, from a buffer in which other bytes stand afterwards. */
function readInPieces(text: string, size: number, scanner: HeadScanner): RequestHead | undefined {
  const reader = new RequestHeadReader(scanner);
  const buffer = Buffer.alloc(size + 2);
  for (let at = 0; at < text.length; at += size) {
    const piece = text.slice(at, at + size);
    buffer.fill("?").write(piece, 1, "latin1");
    const head = reader.read(buffer, 1, 1 + piece.length);
    if (head !== undefined) return head;
    if (reader.behind !== 1 + piece.length) throw new Error("a piece was not read to its end");
  }
  return undefined;
}

test.each([
  ["one long line", `GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(LIMIT - 40)}\r\n\r\n`],
  ["many short lines", `GET / HTTP/1.1\r\nHost: h\r\n${"a:\r\n".repeat(LIMIT / 4 - 20)}\r\n`],
])("a head that comes byte by byte is looked at a bounded number of times: %s", (_, text) => {
  const scanner = new CountingScanner(LIMIT, REQUEST_HEAD);
  const whole = readInPieces(text, text.length, scanner);
  expect(scanner.shown).toBe(text.length);
  for (const size of [1, 2, 7, 1000]) {
    scanner.shown = 0;
    expect(readInPieces(text, size, scanner)).toEqual(whole);
    // Up to 1 KiB with each piece, then whenever it has doubled, and at its end.
    expect(scanner.shown).toBeLessThan(1024 ** 2 / 2 / size + 3 * LIMIT + 2048);
  }
});

test("a head without an end is refused as soon as it has too many bytes, whatever its pieces", () => {
  const text = `GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(LIMIT)}`;
  for (const size of [1, 1000, 20_000, text.length]) {
    expect(() => readInPieces(text, size, new HeadScanner(LIMIT, REQUEST_HEAD))).toThrow(`a head of more than ${LIMIT} bytes`);
    expect(readInPieces(text.slice(0, LIMIT - 1), size, new HeadScanner(LIMIT, REQUEST_HEAD))).toBeUndefined();
  }
});

test("what follows a head in the same piece is not read", () => {
  const reader = new RequestHeadReader(new HeadScanner(LIMIT, REQUEST_HEAD));
  const bytes = Buffer.from("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\nbody");
  for (const cut of Array.from({ length: 30 }, (_, i) => i + 1)) {
    expect(reader.read(bytes, 0, cut)).toBeUndefined();
    expect(reader.hasBegun).toBe(cut > 4);
    expect(reader.read(bytes, cut, bytes.length)?.method).toBe("GET");
    expect(reader.behind).toBe(bytes.length - 4);
    expect(reader.hasBegun).toBe(false);
  }
});
