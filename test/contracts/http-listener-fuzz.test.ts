// Generated and damaged requests against a listener, beside a small reader that takes RFC 9112 at its word: whatever the
// listener makes of the bytes, that reader makes of them too, and nothing more.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { start } from "./http-listener-clients.ts";
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

const HOST = "Host: h\r\n";

const body = fc.string({ unit: fc.constantFrom("a", "0", "\r", "\n", "G", " ", ":", "\xff"), maxLength: 40 });

const chunks = fc.array(body.filter((text) => text !== ""), { maxLength: 3 }).chain((parts) =>
  fc.tuple(fc.constantFrom("", ";a", ";a=b", ';a="b c"'), fc.constantFrom("", "X-Trailer: 1\r\n")).map(
    ([extension, trailer]) =>
      `${parts.map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`).join("")}0\r\n${trailer}\r\n`,
  ),
);

const extra = fc.constantFrom("", "X: 1\r\n", "X-Empty:\r\n", "x-blank: \t a b \t\r\n", "Cookie: a=1\r\nCookie: b=2\r\n", "X-Latin: \xe4\r\n");

/** A request that every reader takes for the same one. */
const sound = fc
  .tuple(fc.constantFrom("GET", "POST", "PUT", "HEAD", "DELETE"), fc.constantFrom("/", "/a/b?c=d", "/%zz", "/a:b@c"), extra)
  .chain(([method, target, header]) => {
    const head = `${method} ${target} HTTP/1.1\r\n${HOST}${header}`;
    return fc.oneof(
      fc.constant(`${head}\r\n`),
      body.map((text) => `${head}Content-Length: ${text.length}\r\n\r\n${text}`),
      chunks.map((text) => `${head}Transfer-Encoding: chunked\r\n\r\n${text}`),
    );
  });

/** Heads whose framing is in doubt, with a request hidden where one reading ends and another goes on. */
const doubtful = fc
  .tuple(
    fc.constantFrom("POST / HTTP/1.1\r\n", "POST / HTTP/1.0\r\n", "GET / HTTP/1.1\r\n"),
    fc.array(
      fc.constantFrom(
        "Host: other\r\n",
        "Content-Length: 4\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 4, 4\r\n",
        "Content-Length : 4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length:\t4\r\n",
        "Content-Length: 4\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding:chunked \r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: \x0bchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "X: 1\r\n Transfer-Encoding: chunked\r\n",
        "X: 1\rTransfer-Encoding: chunked\r\n",
        "X: 1\nTransfer-Encoding: chunked\n",
        "Connection: close\r\n",
        "Connection: upgrade\r\nUpgrade: h2c\r\n",
        "\0: 1\r\n",
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom("", "0\r\n\r\n", "4\r\nGET \r\n0\r\n\r\n", "GET ", "5c\r\n", "0\n\n"),
  )
  .map(([line, headers, rest]) => `${line}Host: h\r\n${headers.join("")}\r\n${rest}GET /hidden HTTP/1.1\r\n${HOST}\r\n`);

const damage = fc.tuple(
  fc.nat(),
  fc.constantFrom("replace", "insert", "delete"),
  fc.constantFrom("\r", "\n", "\0", " ", "\t", ":", ",", ";", "0", "1", "f", "a", "\x0b", "\xa0", "\r\n", "\r\n\r\n"),
);

function damaged(bytes: string, [where, how, what]: [number, string, string]): string {
  const at = bytes.length === 0 ? 0 : where % bytes.length;
  return `${bytes.slice(0, at)}${how === "delete" ? "" : what}${bytes.slice(how === "insert" ? at : at + 1)}`;
}

const cuts = fc.array(fc.nat(), { maxLength: 4 });

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
