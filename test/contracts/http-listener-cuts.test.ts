// The same bytes in other pieces are the same requests: each of them is cut at every place, and sent byte by byte.
import { setImmediate as turnsEnd } from "node:timers/promises";
import { expect, test } from "vitest";
import { start } from "./http-listener-clients.ts";
import { rawConnection } from "./raw-connection.ts";

const HOST = "Host: h\r\n";
const CHUNKED = `POST /c HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
const NEXT = `GET /n HTTP/1.1\r\n${HOST}\r\n`;

const SOUND: Readonly<Record<string, string>> = {
  "no body": `GET /a?b=c HTTP/1.1\r\n${HOST}X:  1 \t\r\nX-Empty:\r\n\r\n${NEXT}`,
  "empty lines around": `\r\n\r\nGET / HTTP/1.1\r\n${HOST}\r\n\r\n\r\n${NEXT}\r\n`,
  "a length": `PUT /l HTTP/1.1\r\n${HOST}Content-Length: 13\r\n\r\nGET / HTTP\r\n\r${NEXT}`,
  chunks: `${CHUNKED}5\r\nhe\r\no\r\n00A;a="b"\r\n0123456789\r\n0\r\nX: 1\r\n\r\n${NEXT}`,
  "the last request": `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n${NEXT}`,
  "HTTP/1.0, kept": `GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /1 HTTP/1.0\r\n\r\n`,
  "an absolute target": `GET http://other/x HTTP/1.1\r\n${HOST}\r\n${NEXT}`,
  "an upgrade": `GET /u HTTP/1.1\r\n${HOST}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n${NEXT}`,
};

const UNSOUND: Readonly<Record<string, string>> = {
  "no request": "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
  "a bare LF": `GET / HTTP/1.1\nHost: h\n\n${NEXT}`,
  "a bare LF behind a header": `GET / HTTP/1.1\r\n${HOST}X: 1\n\r\n${NEXT}`,
  "a bare CR": `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n${NEXT}`,
  "a CR before a request": `\rGET / HTTP/1.1\r\n${HOST}\r\n`,
  "a folded line": `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n${NEXT}`,
  "a blank before the colon": `GET / HTTP/1.1\r\nHost : h\r\n\r\n${NEXT}`,
  "length and chunks": `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${NEXT}`,
  "two lengths": `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na${NEXT}`,
  "a chunk's size with a blank": `${CHUNKED}1 \r\na\r\n0\r\n\r\n${NEXT}`,
  "a chunk that is too long": `${CHUNKED}1\r\nab\r\n0\r\n\r\n${NEXT}`,
  "a chunk's end without CR": `${CHUNKED}1\r\na\n0\r\n\r\n${NEXT}`,
  "a bare CR in an extension": `${CHUNKED}1;a\rb\r\na\r\n0\r\n\r\n${NEXT}`,
  "a folded trailer": `${CHUNKED}0\r\nX: 1\r\n y\r\n\r\n${NEXT}`,
  "a trailer that frames": `${CHUNKED}0\r\nContent-Length: 1\r\n\r\n${NEXT}`,
  "half a head": `${NEXT}GET / HTTP/1.1\r\nHo`,
  "half a body": `${NEXT}PUT / HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\nhalf`,
  "half a chunk": `${NEXT}${CHUNKED}9\r\nhalf`,
  "CONNECT": `CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n${NEXT}`,
  "an expectation": `PUT / HTTP/1.1\r\n${HOST}Expect: much\r\nContent-Length: 1\r\n\r\na${NEXT}`,
};

interface Outcome {
  readonly seen: readonly string[];
  readonly answered: string;
}

/** A listener that tells apart what came over which connection. */
async function listening() {
  const seenBy = new Map<number, string[]>();
  const { port } = await start(async (request) => {
    const { method, target, headers, remotePort } = request;
    const body = await request.readBody(1000).then((bytes) => bytes.toString("latin1"), (error: unknown) => (error as Error).name);
    const seen = JSON.stringify([method, target, headers, body]);
    seenBy.get(remotePort)?.push(seen);
    return { status: 200, headers: [], body: target };
  });
  return async (pieces: readonly string[]): Promise<Outcome> => {
    const connection = await rawConnection(port);
    const seen: string[] = [];
    seenBy.set(connection.socket.localPort as number, seen);
    connection.socket.setNoDelay(true);
    await turnsEnd();
    for (const piece of pieces) {
      connection.send(piece);
      await turnsEnd();
    }
    for (let i = 0; i < 4; i++) await turnsEnd();
    connection.socket.end();
    const answered = (await connection.closed()).replaceAll(/Date: [^\r]*\r\n/g, "");
    return { seen, answered };
  };
}

test.each(Object.entries({ ...SOUND, ...UNSOUND }))("%s is the same, wherever it is cut", async (_, bytes) => {
  const give = await listening();
  const whole = await give([bytes]);
  const cut = Array.from({ length: bytes.length - 1 }, (_unused, i) => [bytes.slice(0, i + 1), bytes.slice(i + 1)]);
  const outcomes = await Promise.all([...cut, Array.from(bytes)].map((pieces) => give(pieces)));
  for (const [i, outcome] of outcomes.entries()) expect(outcome, `cut behind ${JSON.stringify(cut[i]?.[0] ?? "each byte")}`).toEqual(whole);
});

test.each(Object.keys(SOUND))("%s is answered", async (name) => {
  const give = await listening();
  const { seen, answered } = await give([SOUND[name] as string]);
  expect(seen.length).toBeGreaterThan(0);
  expect(answered.match(/HTTP\/1\.1 \d{3}/g)).toEqual(seen.map(() => "HTTP/1.1 200"));
});

test.each(Object.keys(UNSOUND))("%s is refused", async (name) => {
  const give = await listening();
  const { answered } = await give([UNSOUND[name] as string]);
  expect(answered.match(/HTTP\/1\.1 \d{3}/g)?.at(-1)).toMatch(/ 4\d\d$/);
});
