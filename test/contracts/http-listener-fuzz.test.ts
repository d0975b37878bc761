// Generated and damaged requests against a listener, beside a small reader that takes RFC 9112 at its word: whatever the
// listener makes of the bytes, that reader makes of them too, and nothing more.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { start } from "./http-listener-clients.ts";
import { cuts, damage, damaged, doubtful, sound } from "./http1-bytes.ts";
import { rawConnection } from "./raw-connection.ts";

interface Read {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
/** Several blanks between its words are one (RFC 9112, section 3). */
const REQUEST_LINE = new RegExp(`^(${TOKEN}) +([\\x21-\\x7e]+) +HTTP/1\\.([01])$`);
const FIELD = new RegExp(`^(${TOKEN}):[ \\t]*((?:[\\x21-\\x7e\\x80-\\xff](?:[\\t\\x20-\\x7e\\x80-\\xff]*[\\x21-\\x7e\\x80-\\xff])?)?)[ \\t]*$`);
const CHUNK = /^([0-9a-f]+)(?:;[^\r\n\0]*)?$/i;

/** The requests that stand whole in the bytes, up to the first that is none, is not whole, or is the last of its connection. */
function readLiterally(bytes: string): Read[] {
  const found: Read[] = [];
  let at = 0;
  const line = (): string | undefined => {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const text = bytes.slice(at, end);
    at = end + 2;
    return text;
  };
  const fieldLines = (): string[] | undefined => {
    const list: string[] = [];
    for (;;) {
      const text = line();
      if (text === "") return list;
      const field = text === undefined ? null : FIELD.exec(text);
      if (field === null) return undefined;
      list.push(field[1] as string, field[2] as string);
    }
  };
  const take = (length: number): string | undefined => {
    if (at + length > bytes.length) return undefined;
    at += length;
    return bytes.slice(at - length, at);
  };
  const chunked = (): string | undefined => {
    let body = "";
    for (;;) {
      const size = CHUNK.exec(line() ?? "")?.[1];
      if (size === undefined) return undefined;
      const length = Number.parseInt(size, 16);
      if (length === 0) return fieldLines() === undefined ? undefined : body;
      const data = take(length);
      if (data === undefined || take(2) !== "\r\n") return undefined;
      body += data;
    }
  };
  for (;;) {
    // Empty lines before a request are passed over (section 2.2); llhttp does so with every CR and LF there.
    while (bytes[at] === "\r" || bytes[at] === "\n") at++;
    const request = REQUEST_LINE.exec(line() ?? "");
    const headers = request === null ? undefined : fieldLines();
    if (request === null || headers === undefined) return found;
    const [, method = "", target = "", minor] = request;
    const valuesOf = (name: string): string[] => headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name);
    const [lengths, codings, hosts] = [valuesOf("content-length"), valuesOf("transfer-encoding"), valuesOf("host")];
    if (hosts.length > 1 || (minor === "1" && hosts.length === 0)) return found;
    if (lengths.length + codings.length > 1 || (codings.length === 1 && minor === "0")) return found;
    let body: string | undefined = "";
    if (codings.length === 1) body = codings[0]?.toLowerCase() === "chunked" ? chunked() : undefined;
    else if (lengths.length === 1) body = /^\d+$/.test(lengths[0] as string) ? take(Number(lengths[0])) : undefined;
    if (body === undefined) return found;
    found.push({ method, target, headers, body });
    const options = valuesOf("connection").flatMap((value) => value.toLowerCase().split(",").map((option) => option.trim()));
    if (options.includes("close") || (minor === "0" && !options.includes("keep-alive")) || valuesOf("upgrade").length > 0) return found;
  }
}

/** A listener, and what it hands its handler of the bytes of one connection. */
async function fuzzed(http1: "own" | "node") {
  let seen: Promise<Read | undefined>[] = [];
  const listener = await start((request) => {
    const { method, target, headers } = request;
    const whole = request.readBody(1_000_000).then(
      (bytes): Read => ({ method, target, headers, body: bytes.toString("latin1") }),
      () => undefined,
    );
    seen.push(whole);
    return whole.then(() => ({ status: 204, headers: [], body: "" }));
  }, {}, { http1 });
  const give = async (bytes: string, at: readonly number[]): Promise<Read[]> => {
    seen = [];
    const connection = await rawConnection(listener.port);
    connection.socket.setNoDelay(true);
    const ends = [...new Set(at.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
    let from = 0;
    for (const end of [...ends, bytes.length]) {
      connection.send(bytes.slice(from, end));
      from = end;
      await new Promise((resolve) => setImmediate(resolve));
    }
    connection.socket.end();
    await connection.closed();
    const all = await Promise.all(seen);
    return all.filter((read) => read !== undefined);
  };
  return { give, errors: listener.errors };
}

describe.each(["own", "node"] as const)("HTTP/1.1, read by: %s", (http1) => {
  test("sound requests are read as they are, however their bytes arrive", async () => {
    const { give, errors } = await fuzzed(http1);
    await fc.assert(
      fc.asyncProperty(fc.array(sound, { minLength: 1, maxLength: 4 }), cuts, async (requests, at) => {
        const bytes = requests.join("");
        const literal = readLiterally(bytes);
        expect(literal).toHaveLength(requests.length);
        expect(await give(bytes, at)).toEqual(literal);
      }),
      { numRuns: 150 },
    );
    expect(errors()).toEqual([]);
  });

  test.each([
    ["doubtful framing", doubtful, 300],
    ["damaged bytes", fc.tuple(fc.array(sound, { minLength: 1, maxLength: 3 }), fc.array(damage, { minLength: 1, maxLength: 3 })).map(([requests, all]) => all.reduce(damaged, requests.join(""))), 400],
    ["damaged doubtful framing", fc.tuple(doubtful, damage).map(([bytes, one]) => damaged(bytes, one)), 200],
  ])("nothing is read that a strict reader would not read, and no connection hangs: %s", async (_, input, numRuns) => {
    const { give, errors } = await fuzzed(http1);
    await fc.assert(
      fc.asyncProperty(input, cuts, async (bytes, at) => {
        const literal = readLiterally(bytes);
        const read = await give(bytes, at);
        expect(read).toEqual(literal.slice(0, read.length));
      }),
      { numRuns },
    );
    expect(errors()).toEqual([]);
  });
});
