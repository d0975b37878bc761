// Responses as they come off a connection, whole and in pieces, and those that are refused.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeadScanner } from "../http1-syntax/index.ts";
import { InvalidResponse } from "./failures.ts";
import { RESPONSE_HEAD } from "./response-head.ts";
import { ResponseReader } from "./response-reader.ts";

interface Read {
  readonly status: number;
  readonly headers: readonly string[];
  readonly length: number | undefined;
  readonly body: string;
  readonly isReusable: boolean;
}

interface How {
  readonly isHead?: boolean;
  readonly headerBytes?: number;
  /** Where the bytes are cut. */
  readonly cuts?: readonly number[];
  /** The connection ends after them. */
  readonly ends?: boolean;
}

/** What a reader makes of bytes: a response, why not, or that more has to come. */
function read(bytes: string, { isHead = false, headerBytes = 1000, cuts = [], ends = false }: How = {}): Read | string {
  let result: { status: number; headers: readonly string[]; length: number | undefined } | undefined;
  let body = "";
  let isWhole = false;
  const reader = new ResponseReader(new HeadScanner(headerBytes, RESPONSE_HEAD));
  const parts = {
    begin: (status: number, headers: readonly string[], length: number | undefined) => void (result = { status, headers, length }),
    data: (buffer: Buffer, start: number, end: number) => void (body += buffer.toString("latin1", start, end)),
    end: () => void (isWhole = true),
  };
  reader.expect(parts, isHead);
  const buffer = Buffer.alloc(bytes.length + 10, "\r\n\r\n");
  try {
    let from = 0;
    for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
      // What earlier reads have left in the buffer lies past what is read.
      const size = buffer.write(bytes.slice(from, cut), "latin1");
      reader.read(buffer, size);
      from = Math.max(from, cut);
    }
    if (ends) reader.readEnd();
  } catch (error) {
    if (!(error instanceof InvalidResponse)) throw error;
    if (!isWhole) return error.message;
  }
  if (!isWhole || result === undefined) return "more has to come";
  return { ...result, body, isReusable: reader.isReusable };
}

const OK = "HTTP/1.1 200 OK\r\n";

describe("a response", () => {
  test.each<[string, string, How, Partial<Read>]>([
    ["with a length", `${OK}Content-Length: 3\r\n\r\nabc`, {}, { body: "abc", length: 3, isReusable: true }],
    ["without a reason", "HTTP/1.1 204\r\n\r\n", {}, { status: 204, body: "", isReusable: true }],
    ["with an empty reason", "HTTP/1.1 299 \r\ncontent-length:0\r\n\r\n", {}, { status: 299, isReusable: true }],
    ["of values with spaces around them", `${OK}A: \t b c \t\r\nContent-Length:  0 \r\n\r\n`, {}, { headers: ["A", "b c", "Content-Length", "0"] }],
    ["in chunks", `${OK}Transfer-Encoding: Chunked\r\n\r\n00a ;x="y"\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\n`, {}, { body: "0123456789x", length: undefined, isReusable: true }],
    ["in chunks with a trailer", `${OK}Transfer-Encoding: chunked\r\n\r\n0;a\r\nX: 1\r\nY: 2\r\n\r\n`, {}, { body: "", isReusable: true }],
    ["to its connection's end", `${OK}\r\nabc`, { ends: true }, { body: "abc", length: undefined, isReusable: false }],
    ["to HEAD", `${OK}Content-Length: 3\r\n\r\n`, { isHead: true }, { body: "", length: 0, isReusable: false }],
    ["to HEAD, in chunks that do not come", `${OK}Transfer-Encoding: chunked\r\n\r\n`, { isHead: true }, { body: "", isReusable: false }],
    ["after which the connection ends", `${OK}Connection: x, Close\r\nContent-Length: 0\r\n\r\n`, {}, { isReusable: false }],
    ["with a token that only ends like close", `${OK}Connection: not-close\r\nContent-Length: 0\r\n\r\n`, {}, { isReusable: true }],
    ["of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", {}, { isReusable: false }],
    ["of HTTP/1.0 that keeps its connection", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", {}, { isReusable: true }],
    ["after interim ones", `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`, {}, { status: 200, body: "x" }],
    ["with bytes behind it", `${OK}Content-Length: 1\r\n\r\nxy`, {}, { body: "x", isReusable: false }],
  ])("%s", (_, bytes, how, expected) => {
    expect(read(bytes, how)).toMatchObject(expected);
  });

  test.each<[string, string, string]>([
    ["no HTTP", "SSH-2.0-x\r\n", "what does not begin with HTTP/1."],
    ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "what does not begin with HTTP/1."],
    ["a line that ends too early", "HT\r\na: 1 200 x\r\n\r\n", "what does not begin with HTTP/1."],
    ["a line that ends too early, before the rest has come", "HT\r", "what does not begin with HTTP/1."],
    ["an empty line", "\r\nHTTP/1.1 200 OK\r\n\r\n", "what does not begin with HTTP/1."],
    ["an empty line, before the rest has come", "\r\n", "what does not begin with HTTP/1."],
    ["a first line that ends before the minor version", "HTTP/1.\r\na: 1 200 x\r\n\r\n", "no status line of HTTP/1"],
    ["HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "no status line of HTTP/1"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "a status that is none"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "a status that is none"],
    ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n", "a status that is none"],
    ["a control in the reason", "HTTP/1.1 200 O\x07K\r\n\r\n", "a character that may not stand there"],
    ["an upgrade", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "an upgrade that nobody asked for"],
    ["a line without a colon", `${OK}abc\r\n\r\n`, "a line that is no header"],
    ["a space before the colon", `${OK}A : b\r\n\r\n`, "a line that is no header"],
    ["a folded line", `${OK}A: b\r\n c: d\r\n\r\n`, "a line that is no header"],
    ["no name", `${OK}: b\r\n\r\n`, "a line that is no header"],
    ["a line feed in a value", `${OK}A: b\nC: d\r\n\r\n`, "a character that may not stand there"],
    ["a carriage return in a value", `${OK}A: b\rC: d\r\n\r\n`, "a carriage return without a line feed"],
    ["a length twice", `${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`, "more than one Content-Length"],
    ["a list of lengths", `${OK}Content-Length: 1, 1\r\n\r\nx`, "a Content-Length that is no number"],
    ["a signed length", `${OK}Content-Length: +1\r\n\r\nx`, "a Content-Length that is no number"],
    ["an empty length", `${OK}Content-Length:\r\n\r\nx`, "a Content-Length that is no number"],
    ["a length past all bounds", `${OK}Content-Length: 1234567890123456\r\n\r\nx`, "a Content-Length that is no number"],
    ["two codings", `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, "more than one Transfer-Encoding"],
    ["another coding", `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, "a transfer coding other than chunked"],
    ["a coding of HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding before HTTP/1.1"],
    ["a length and a coding", `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, "both Content-Length and Transfer-Encoding"],
    ["a chunk without a size", `${OK}Transfer-Encoding: chunked\r\n\r\n\r\n`, "a chunk has no size"],
    ["a chunk whose size is no number", `${OK}Transfer-Encoding: chunked\r\n\r\n1g\r\n`, "a chunk's size is no number"],
    ["a chunk that is negative", `${OK}Transfer-Encoding: chunked\r\n\r\n-1\r\n`, "a chunk has no size"],
    ["a chunk past all bounds", `${OK}Transfer-Encoding: chunked\r\n\r\n00000000000001\r\n`, "a chunk is too large"],
    ["a size that ends in a line feed", `${OK}Transfer-Encoding: chunked\r\n\r\n1\nx`, "a chunk's size is no number"],
    ["a chunk that is longer than its size", `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n`, "a chunk does not end where it should"],
    ["a line feed in an extension", `${OK}Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx`, "a control character among chunks"],
    ["a line feed in a trailer", `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX: 1\n\r\n`, "a control character among chunks"],
    ["a head without an end", `${OK}A: ${"a".repeat(2000)}`, "a head of more than 1000 bytes"],
    ["interim responses without an end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100), "heads of more than 1000 bytes"],
    ["an interim response and a head without an end", `HTTP/1.1 103 Early\r\nA: ${"a".repeat(600)}\r\n\r\n${OK}A: ${"a".repeat(400)}`, "heads of more than 1000 bytes"],
    ["an extension without an end", `${OK}Transfer-Encoding: chunked\r\n\r\n1;${"a".repeat(2000)}`, "what stands around a chunk has more than 1000 bytes"],
    ["a trailer without an end", `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${"A: b\r\n".repeat(400)}`, "what stands around a chunk has more than 1000 bytes"],
  ])("is refused for %s", (_, bytes, why) => {
    expect(read(bytes)).toBe(why);
  });

  test.each([
    ["in its head", `${OK}Content-Le`],
    ["in its body", `${OK}Content-Length: 3\r\n\r\nab`],
    ["in a chunk", `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nab`],
    ["before its last line", `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`],
  ])("that ends %s is not whole", (_, bytes) => {
    expect(read(bytes, { ends: true })).toBe("more has to come");
  });
});

const piece = fc.constantFrom(
  OK,
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.0 200 OK\r\n",
  "Content-Length: 3\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Connection: close\r\n",
  "X-A: b\r\n",
  "\r\n",
  "\n",
  "abc",
  "3\r\nabc\r\n",
  "0\r\n\r\n",
  "\0",
  " ",
);
const responses = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.array(piece, { maxLength: 8 }).map((pieces) => OK + pieces.join("")),
  fc.string({ unit: "binary-ascii", maxLength: 60 }),
);

describe("any bytes", () => {
  test("are read the same however they are cut", () => {
    fc.assert(
      fc.property(responses, fc.array(fc.nat(80), { maxLength: 20 }), fc.boolean(), fc.boolean(), (bytes, cuts, isHead, ends) => {
        const whole = read(bytes, { isHead, ends });
        const cut = read(bytes, { isHead, ends, cuts: cuts.filter((at) => at <= bytes.length) });
        // Whether something follows a response is only known when it comes.
        if (typeof whole === "object" && typeof cut === "object") expect({ ...cut, isReusable: whole.isReusable }).toEqual(whole);
        else expect(whole === cut || (typeof whole === "string" && typeof cut === "string")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
