// Generated and damaged frames against one listener, beside a plain reader that takes RFC 6455 at its word and beside ws:
// what is heard, what is answered and how it ends is the same. Then damaged handshakes.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { rawConnection } from "./raw-connection.ts";
import { HANDSHAKE, closeFrame, frame, rawWebSocket, serve } from "./websocket-clients.ts";
import type { RawWebSocket } from "./websocket-clients.ts";

const LIMITS = { frameBytes: 300, messageBytes: 700 };

interface Ended {
  /** What the server sends. */
  readonly got: string[];
  /** What its owner hears. */
  readonly heard: string[];
}

const quoted = (bytes: Uint8Array): string => JSON.stringify(Buffer.from(bytes).toString());

/** What must come of a client that says these bytes to one who echoes, and then hangs up. */
function readLiterally(bytes: Buffer): Ended {
  const got: string[] = [];
  const heard: string[] = [];
  let message: { isText: boolean; parts: Buffer[]; size: number } | undefined;
  let at = 0;
  const failed = (code: number, reason: string): Ended => ({
    got: [...got, `close ${code} "${reason}"`],
    heard: [...heard, `closed ${code} "${reason}" by server`],
  });
  const cutOff: Ended = { got, heard };
  for (;;) {
    const left = bytes.length - at;
    if (left < 2) break;
    const [first = 0, second = 0] = bytes.subarray(at);
    const [fin, opcode, short] = [(first & 0x80) !== 0, first & 15, second & 0x7f];
    const isControl = opcode >= 8;
    if ((first & 0x70) !== 0) return failed(1002, "Reserved bits are set");
    if (![0, 1, 2, 8, 9, 10].includes(opcode)) return failed(1002, "Unknown opcode");
    if ((second & 0x80) === 0) return failed(1002, "A frame is not masked");
    if (isControl && !fin) return failed(1002, "A control frame is fragmented");
    if (isControl && short > 125) return failed(1002, "A control frame is too long");
    if (opcode === 0 && message === undefined) return failed(1002, "There is no message to continue");
    if (!isControl && opcode !== 0 && message !== undefined) return failed(1002, "A message is not complete");
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (left < 2 + extra) break;
    const length = extra === 0 ? BigInt(short) : extra === 2 ? BigInt(bytes.readUInt16BE(at + 2)) : bytes.readBigUInt64BE(at + 2);
    const least = extra === 0 ? 0n : extra === 2 ? 126n : 65_536n;
    if (length < least || length >= 2n ** 63n) return failed(1002, "Invalid payload length");
    if (!isControl && (length > BigInt(LIMITS.frameBytes) || BigInt(message?.size ?? 0) + length > BigInt(LIMITS.messageBytes))) {
      return failed(1009, "Message too big");
    }
    const start = at + 2 + extra + 4;
    if (bytes.length < start + Number(length)) break;
    const mask = bytes.subarray(start - 4, start);
    const payload = Buffer.from(bytes.subarray(start, start + Number(length)).map((byte, i) => byte ^ (mask[i % 4] as number)));
    at = start + Number(length);
    if (opcode === 9) got.push(`pong ${quoted(payload)}`);
    if (opcode === 8) {
      if (payload.length === 0) return { got: [...got, "close"], heard: [...heard, 'closed 1005 "" by client'] };
      const code = payload.length === 1 ? 0 : payload.readUInt16BE();
      const isValid = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
      if (!isValid) return failed(1002, "Invalid close code");
      if (!isUtf8(payload.subarray(2))) return failed(1007, "Invalid UTF-8 in a close reason");
      return { got: [...got, `close ${code} ${quoted(payload.subarray(2))}`], heard: [...heard, `closed ${code} ${quoted(payload.subarray(2))} by client`] };
    }
    if (isControl) continue;
    message ??= { isText: opcode === 1, parts: [], size: 0 };
    message.parts.push(payload);
    message.size += payload.length;
    if (!fin) continue;
    const whole = Buffer.concat(message.parts);
    if (message.isText && !isUtf8(whole)) return failed(1007, "Invalid UTF-8 in a text");
    const told = message.isText ? `text ${quoted(whole)}` : `binary ${whole.toString("hex")}`;
    heard.push(told);
    if (whole.length <= LIMITS.frameBytes) got.push(told);
    else got.push(...inFrames(whole, message.isText));
    message = undefined;
  }
  return { ...cutOff, heard: [...heard, 'closed 1006 "" by client'] };
}

function inFrames(whole: Buffer, isText: boolean): string[] {
  const told: string[] = [];
  for (let at = 0; at < whole.length; at += LIMITS.frameBytes) {
    const part = whole.subarray(at, at + LIMITS.frameBytes);
    const name = `${at + LIMITS.frameBytes < whole.length ? "part of " : ""}${at > 0 ? "continuation" : isText ? "text" : "binary"}`;
    told.push(`${name} ${name.endsWith("binary") ? part.toString("hex") : quoted(part)}`);
  }
  return told;
}

const mask = fc.integer({ min: 0, max: 0xffffffff });
const text = fc.string({ unit: fc.constantFrom("a", "\u00e4", "\u20ac", "\u{1f600}"), maxLength: 60 }).map((value) => Buffer.from(value));
const bytes = fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value));

/** A message in frames, and control frames between them. */
const message = fc
  .tuple(fc.constantFrom("text", "binary"), text, bytes, fc.array(fc.nat({ max: 240 }), { maxLength: 4 }), mask, fc.array(fc.constantFrom("ping", "pong", ""), { maxLength: 4 }))
  .map(([kind, asText, asBytes, cuts, key, controls]) => {
    const payload = kind === "text" ? asText : asBytes;
    const ends = [...cuts.map((cut) => cut % (payload.length + 1)).toSorted((a, b) => a - b), payload.length];
    let from = 0;
    return Buffer.concat(
      ends.flatMap((end, i) => {
        const part = frame(i === 0 ? kind : "continuation", payload.subarray(from, end), { fin: i === ends.length - 1, mask: key });
        from = end;
        const control = controls[i] ?? "";
        return control === "" || i === ends.length - 1 ? [part] : [part, frame(control, "between", { mask: key })];
      }),
    );
  });

const control = fc.tuple(fc.constantFrom("ping", "pong"), fc.uint8Array({ maxLength: 125 }), mask).map(([kind, payload, key]) => frame(kind, payload, { mask: key }));
const ending = fc.oneof(
  fc.tuple(fc.constantFrom(1000, 1001, 1003, 1011, 3000, 4999), text.filter((reason) => reason.length < 120)).map(([code, reason]) => closeFrame(code, reason)),
  fc.constant(frame("close")),
);
const sound = fc.tuple(fc.array(fc.oneof(message, control), { maxLength: 6 }), ending).map(([parts, end]) => Buffer.concat([...parts, end]));

/** Any frame there can be. */
const wild = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom<string | number>("text", "continuation", "binary", "ping", "close") }, { weight: 1, arbitrary: fc.nat({ max: 15 }) }),
    fc.oneof(text, bytes, fc.constantFrom(Buffer.from([3, 0xe8]), Buffer.from([3]), Buffer.from([0xff, 0xff]), Buffer.alloc(299, "x"), Buffer.alloc(301, "x"))),
    fc.record({
      fin: fc.boolean(),
      mask,
      masked: fc.integer({ min: 0, max: 15 }).map((n) => n > 0),
      reserved: fc.integer({ min: 0, max: 30 }).map((n) => (n > 7 ? 0 : n)),
      lengthBytes: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 2 as const, 8 as const),
    }),
  )
  .map(([kind, payload, { lengthBytes, ...options }]) => frame(kind, payload, lengthBytes === undefined ? options : { ...options, lengthBytes }));

const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom("replace", "insert", "delete"), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });

function damaged(whole: Buffer, all: readonly (readonly [number, string, number])[]): Buffer {
  return all.reduce((so, [where, how, byte]) => {
    const at = so.length === 0 ? 0 : where % so.length;
    return Buffer.concat([so.subarray(0, at), how === "delete" ? Buffer.alloc(0) : Buffer.from([byte]), so.subarray(how === "insert" ? at : at + 1)]);
  }, whole);
}

const cuts = fc.array(fc.nat(), { maxLength: 5 });

/** Says bytes in pieces and hangs up; gives what came back. */
async function say(port: number, said: Buffer, at: readonly number[]): Promise<string[]> {
  const client: RawWebSocket = await rawWebSocket(port);
  let from = 0;
  for (const end of [...at.map((cut) => cut % (said.length + 1)).toSorted((a, b) => a - b), said.length]) {
    client.socket.write(said.subarray(from, end));
    from = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.socket.end();
  return client.rest();
}

test.each([
  ["sound traffic", sound, 150],
  ["wild frames", fc.array(wild, { maxLength: 8 }).map((frames) => Buffer.concat(frames)), 400],
  ["damaged traffic", fc.tuple(sound, damage).map(([whole, all]) => damaged(whole, all)), 300],
  ["any bytes", bytes, 50],
])("what is heard, answered and closed with is what a literal reader says: %s", async (_, input, numRuns) => {
  const served = await serve({ limits: LIMITS });
  await fc.assert(
    fc.asyncProperty(input, cuts, async (said, at) => {
      served.heard.length = 0;
      const got = await say(served.port, said, at);
      await served.until(() => served.heard.at(-1)?.startsWith("closed") === true);
      expect({ got, heard: served.heard.slice(1) }).toEqual(readLiterally(said));
    }),
    { seed: 6455, numRuns },
  );
  expect(served.errors()).toEqual([]);
  expect(served.connections.every(({ isOpen, queuedBytes }) => !isOpen && queuedBytes === 0)).toBe(true);
});

const other = createServer();
afterAll(() => void other.close());

test("ws hears and answers sound traffic in the same way", async () => {
  const served = await serve();
  const heard: string[] = [];
  new WebSocketServer({ server: other }).on("connection", (socket) => {
    socket.on("message", (data, isBinary) => {
      heard.push(isBinary ? `binary ${(data as Buffer).toString("hex")}` : `text ${quoted(data as Buffer)}`);
      socket.send(data, { binary: isBinary });
    });
    socket.on("close", (code, reason) => heard.push(`closed ${code} ${quoted(reason)} by client`));
  });
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await fc.assert(
    fc.asyncProperty(sound, cuts, async (said, at) => {
      heard.length = served.heard.length = 0;
      const [ours, theirs] = await Promise.all([say(served.port, said, at), say(port, said, at)]);
      await served.until(() => served.heard.at(-1)?.startsWith("closed") === true);
      await expect.poll(() => heard.at(-1), { interval: 1 }).toMatch(/^closed/);
      expect(ours).toEqual(theirs);
      expect(served.heard.slice(1)).toEqual(heard);
    }),
    { seed: 6455, numRuns: 100 },
  );
});

const handshakeDamage = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom("replace", "insert", "delete"), fc.constantFrom(...Buffer.from("\r\n\0 \t:,;=1/aQ\u00e4", "latin1"))),
  { minLength: 1, maxLength: 4 },
);

test("a damaged handshake is accepted with the proof of its key, or answered, or cut; nothing fails", async () => {
  const served = await serve();
  const statuses = new Set<string>();
  await fc.assert(
    fc.asyncProperty(handshakeDamage, async (all) => {
      const bytes = damaged(Buffer.from(HANDSHAKE), all);
      const connection = await rawConnection(served.port);
      connection.send(bytes);
      // Whatever is not whole is so for good.
      connection.socket.end();
      const answer = await connection.closed();
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? "none";
      statuses.add(status);
      expect(["101", "200", "400", "426"]).toContain(status);
      if (status !== "101") return;
      const key = /^sec-websocket-key:[ \t]*(\S+)[ \t]*\r?$/im.exec(bytes.toString("latin1"))?.[1] ?? "";
      const proof = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      expect(answer).toContain(`\r\nSec-WebSocket-Accept: ${proof}\r\n`);
    }),
    { seed: 6455, numRuns: 300 },
  );
  expect([...statuses].toSorted()).toEqual(["101", "200", "400", "426"]);
  await served.until(() => served.heard.filter((what) => what === "opened").length === served.heard.filter((what) => what.startsWith("closed")).length);
  expect(served.errors()).toEqual([]);
});
