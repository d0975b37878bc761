// However requests are cut into pieces on their way, what is read of them is the same, and so are the answers.
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { ProcessConnection } from "./process-connection.ts";

const ROUNDS = 200;

/** Numbers from 0 to below 1, the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
}

/** A request and what is to be read of it. */
function makeRequest(number: number, random: () => number): { bytes: string; read: string } {
  const below = (limit: number): number => Math.floor(random() * limit);
  const before = below(5) === 0 ? "\r\n" : "";
  const body = "b".repeat(below(200));
  const line = (method: string): string => `${before}${method} /${number} HTTP/1.1\r\nHost: a\r\n`;
  const kind = below(3);
  if (kind === 0) return { bytes: `${line("GET")}\r\n`, read: `GET /${number} |` };
  if (kind === 1) return { bytes: `${line("POST")}Content-Length: ${body.length}\r\n\r\n${body}`, read: `POST /${number} ${body}|` };
  let chunks = "";
  for (let left = body.length; left > 0; ) {
    const size = 1 + below(left);
    chunks += `${size.toString(16)}${below(2) === 0 ? "" : ";x=y"}\r\n${"b".repeat(size)}\r\n`;
    left -= size;
  }
  const hasTrailer = below(2) === 0;
  const bytes = `${line("POST")}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${hasTrailer ? "A: 1\r\nB:2\r\n" : ""}\r\n`;
  return { bytes, read: `POST /${number} ${body}|${hasTrailer ? "A,1,B,2" : ""}` };
}

test("requests in pieces of any size are read as they are, and answered in order", async () => {
  const random = randomNumbers(1);
  for (let round = 0; round < ROUNDS; round++) {
    let written = "";
    const socket = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        written += bytes.toString("latin1");
        done();
      },
    });
    const read: string[] = [];
    // oxlint-disable-next-line no-new -- it listens
    new ProcessConnection(socket as Socket, true, (request) => {
      const number = read.push(`${request.method} ${request.target} `) - 1;
      return {
        data: (bytes) => (read[number] += bytes.toString()),
        end(trailers) {
          read[number] += `|${trailers.join(",")}`;
          request.answer(200, `answer ${number};`);
        },
        cut: () => (read[number] += "cut"),
      };
    });
    const requests = Array.from({ length: 1 + Math.floor(random() * 30) }, (_, number) => makeRequest(number, random));
    const bytes = Buffer.from(requests.map((request) => request.bytes).join(""));
    for (let at = 0; at < bytes.length; ) {
      const size = [1, 2, 3, 10, 100, 1000][Math.floor(random() * 6)] as number;
      socket.push(bytes.subarray(at, at + size));
      at += size;
      if (random() < 0.2) await new Promise(setImmediate);
    }
    const answers = (): string[] => [...written.matchAll(/answer \d+;/g)].map(([answer]) => answer);
    await expect.poll(answers, { interval: 1 }).toEqual(requests.map((_, number) => `answer ${number};`));
    expect(read).toEqual(requests.map((request) => request.read));
  }
});
