// What a listener makes of frames, and which it sends: messages, limits, errors, and the end of a connection from either side.
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { closeFrame, frame, rawWebSocket, serve } from "./websocket-clients.ts";

/** Has a client say something, and gives what it gets and what the owner hears until the connection has ended. */
async function conversation(...said: readonly (Buffer | string)[]): Promise<{ got: string[]; heard: string[] }> {
  const { port, heard, until } = await serve();
  const client = await rawWebSocket(port);
  client.send(...said);
  const got = await client.rest();
  await until(() => heard.at(-1)?.startsWith("closed") === true);
  return { got, heard: heard.slice(1) };
}

/** Says something and then ends the connection as a good client does. */
const echoed = async (...said: readonly (Buffer | string)[]): Promise<string[]> => {
  const { got, heard } = await conversation(...said, closeFrame(1000));
  expect(got.pop()).toBe('close 1000 ""');
  expect(heard.pop()).toBe('closed 1000 "" by client');
  return got;
};

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const hex = (bytes: Uint8Array): string => `binary ${Buffer.from(bytes).toString("hex")}`;

describe("messages", () => {
  test.each<[string, (Buffer | string)[], string[]]>([
    ["a text", ["hello"], ['text "hello"']],
    ["a text of every width of UTF-8", ["a\u00e4\u20ac\u{1f600}\0"], ['text "a\u00e4\u20ac\u{1f600}\\u0000"']],
    ["an empty text", [""], ['text ""']],
    ["every byte", [frame("binary", EVERY_BYTE)], [hex(EVERY_BYTE)]],
    ["no bytes", [frame("binary")], ["binary "]],
    ["several at once", ["a", frame("binary", "b"), "c"], ['text "a"', "binary 62", 'text "c"']],
    ["a mask of zeros", [frame("text", "hello", { mask: 0 })], ['text "hello"']],
    ["126 bytes, whose length takes two more", [frame("binary", EVERY_BYTE.subarray(0, 126))], [hex(EVERY_BYTE.subarray(0, 126))]],
  ])("come as they were sent: %s", async (_, said, expected) => {
    expect(await echoed(...said)).toEqual(expected);
  });

  test.each<[string, Buffer[], string[]]>([
    ["two frames", [frame("text", "hel", { fin: false }), frame("continuation", "lo")], ['text "hello"']],
    ["a character over two frames", [frame("text", Buffer.from("\u20ac").subarray(0, 1), { fin: false }), frame("continuation", Buffer.from("\u20ac").subarray(1))], ['text "\u20ac"']],
    ["empty frames", [frame("text", "", { fin: false }), frame("continuation", "", { fin: false }), frame("continuation")], ['text ""']],
    ["empty frames around it", [frame("binary", "", { fin: false }), frame("continuation", "a", { fin: false }), frame("continuation")], ["binary 61"]],
    ["an empty first frame", [frame("binary", "", { fin: false }), frame("continuation", "ab")], ["binary 6162"]],
    ["pings between them", [frame("text", "a", { fin: false }), frame("ping", "1"), frame("continuation", "b", { fin: false }), frame("ping", "2"), frame("continuation", "c")], ['pong "1"', 'pong "2"', 'text "abc"']],
  ])("are put together of %s", async (_, said, expected) => {
    expect(await echoed(...said)).toEqual(expected);
  });

  test("come whole in whatever pieces their bytes arrive", async () => {
    const { port, heard, until } = await serve();
    const client = await rawWebSocket(port);
      const bytes = Buffer.concat([
      frame("binary", EVERY_BYTE.subarray(0, 130)),
      frame("ping", "p"),
      frame("text", "a\u20ac", { fin: false }),
      frame("continuation", "b".repeat(200)),
      closeFrame(1000, "bye"),
    ]);
    for (const byte of bytes) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.rest()).toEqual([hex(EVERY_BYTE.subarray(0, 130)), 'pong "p"', `text "a\u20ac${"b".repeat(200)}"`, 'close 1000 "bye"']);
    await until(() => heard.length === 4);
    expect(heard.at(-1)).toBe('closed 1000 "bye" by client');
  });

  test("a ping is answered with its payload, a pong with nothing", async () => {
    expect(await echoed(frame("ping"), frame("ping", EVERY_BYTE.subarray(0, 125)), frame("pong", "unasked"), "x")).toEqual([
      'pong ""',
      `pong ${JSON.stringify(EVERY_BYTE.subarray(0, 125).toString())}`,
      'text "x"',
    ]);
  });

  test("a text that is sent with half a character in it goes out with the character that stands for none", async () => {
    const { port } = await serve({ message: (_data, connection) => void connection.send("a\ud800b") });
    const client = await rawWebSocket(port);
    client.send("x");
    expect(await client.next(1)).toEqual(['text "a\ufffdb"']);
    client.socket.destroy();
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
describe("frames of 32 KB and messages of 128 KB", () => {
  const full = Buffer.alloc(32_768, "x");
  const part = (kind: string, payload: Uint8Array = full): Buffer => frame(kind, payload, { fin: false });
  const TOO_BIG = 'close 1009 "Message too big"';

  test("a frame of 32 KB is taken", async () => {
    expect(await echoed(frame("text", full))).toEqual(["text of 32768 bytes"]);
  });

  test("a message of 128 KB is taken, and goes out in frames of 32 KB", async () => {
    const four = [part("text"), part("continuation"), part("continuation"), frame("continuation", full)];
    expect(await echoed(...four)).toEqual([
      "part of text of 32768 bytes",
      "part of continuation of 32768 bytes",
      "part of continuation of 32768 bytes",
      "continuation of 32768 bytes",
    ]);
  });

  test.each([
    ["a frame of a byte more", [frame("binary", Buffer.alloc(32_769))]],
    ["its head alone", [frame("text", "", { length: 32_769 })]],
    ["a head that tells more than there can be", [frame("text", "", { length: 2 ** 52 })]],
    ["a message of a byte more", [part("text"), part("continuation"), part("continuation"), part("continuation"), frame("continuation", "x")]],
    ["a message of a byte more in frames of any size", [part("text", Buffer.alloc(1)), part("continuation"), part("continuation"), part("continuation"), frame("continuation", "", { length: 32_768 })]],
  ])("1009 for %s", async (_, said) => {
    expect(await conversation(...said)).toEqual({ got: [TOO_BIG], heard: ['closed 1009 "Message too big" by server'] });
  });

  test("a message that comes in 131,072 frames is one message, of 128 KB", async () => {
    const one = frame("continuation", "x", { fin: false });
    const many = Buffer.concat([part("text", Buffer.from("x")), ...Array.from({ length: 131_070 }, () => one), frame("continuation", "x")]);
    const { port, heard, until } = await serve();
    const client = await rawWebSocket(port);
    client.socket.write(many);
    await until(() => heard.length === 2);
    expect(heard[1]).toBe(`text "${"x".repeat(131_072)}"`);
    client.socket.destroy();
  });

  test("ws, which splits nothing by itself, gets 1009 for a frame that is too large", async () => {
    const { port } = await serve();
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    await once(client, "open");
    client.send(Buffer.alloc(100_000));
    const [code, reason] = (await once(client, "close")) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1009, "Message too big"]);
  });
});

describe("what breaks the protocol is closed", () => {
  test.each<[number, string, (Buffer | string)[]]>([
    [1002, "A frame is not masked", [frame("text", "a", { masked: false })]],
    [1002, "A frame is not masked", [frame("ping", "a", { masked: false })]],
    [1002, "Reserved bits are set", [frame("text", "a", { reserved: 4 })]],
    [1002, "Reserved bits are set", [frame("text", "a", { reserved: 2 })]],
    [1002, "Reserved bits are set", [frame("ping", "a", { reserved: 1 })]],
    [1002, "Unknown opcode", [frame(3, "a")]],
    [1002, "Unknown opcode", [frame(7, "a")]],
    [1002, "Unknown opcode", [frame(11, "a")]],
    [1002, "Unknown opcode", [frame(15, "a")]],
    [1002, "A control frame is fragmented", [frame("ping", "a", { fin: false })]],
    [1002, "A control frame is fragmented", [frame("close", "", { fin: false })]],
    [1002, "A control frame is too long", [frame("ping", EVERY_BYTE.subarray(0, 126))]],
    [1002, "A control frame is too long", [frame("close", EVERY_BYTE.subarray(0, 126))]],
    [1002, "There is no message to continue", [frame("continuation", "a")]],
    [1002, "There is no message to continue", ["a", frame("continuation", "a", { fin: false })]],
    [1002, "A message is not complete", [frame("text", "a", { fin: false }), "b"]],
    [1002, "A message is not complete", [frame("binary", "", { fin: false }), frame("binary", "b")]],
    [1002, "Invalid payload length", [frame("text", "a", { lengthBytes: 2 })]],
    [1002, "Invalid payload length", [frame("text", EVERY_BYTE, { lengthBytes: 8 })]],
    [1002, "Invalid payload length", [Buffer.from("81ff8000000000000001", "hex")]],
    [1007, "Invalid UTF-8 in a text", [frame("text", Buffer.from([0x61, 0xff]))]],
    [1007, "Invalid UTF-8 in a text", [frame("text", Buffer.from([0xe2, 0x82]))]],
    [1007, "Invalid UTF-8 in a text", [frame("text", Buffer.from([0xed, 0xa0, 0x80]))]],
    [1007, "Invalid UTF-8 in a text", [frame("text", Buffer.from([0xe2]), { fin: false }), frame("continuation", Buffer.from([0x28, 0xac]))]],
    [1002, "Invalid close code", [frame("close", Buffer.from([3]))]],
    [1007, "Invalid UTF-8 in a close reason", [closeFrame(1000, Buffer.from([0xc0, 0x80]))]],
  ])("%i %s", async (code, reason, said) => {
    const { got, heard } = await conversation(...said, "never heard");
    expect(got.filter((each) => each !== 'text "a"')).toEqual([`close ${code} "${reason}"`]);
    expect(heard.filter((each) => each !== 'text "a"')).toEqual([`closed ${code} "${reason}" by server`]);
  });
});

describe("the end of a connection", () => {
  const SENT = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
  const NEVER_SENT = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

  test.each(SENT)("a client closes with %i, and gets its code and reason back", async (code) => {
    expect(await conversation(closeFrame(code, "\u00e4 reason"), "never heard")).toEqual({
      got: [`close ${code} "\u00e4 reason"`],
      heard: [`closed ${code} "\u00e4 reason" by client`],
    });
  });

  test.each(NEVER_SENT)("a client closes with %i, which no frame may carry", async (code) => {
    expect(await conversation(closeFrame(code))).toEqual({
      got: ['close 1002 "Invalid close code"'],
      heard: ['closed 1002 "Invalid close code" by server'],
    });
  });

  test("a client closes without a code, in the middle of a message", async () => {
    expect(await conversation(frame("text", "a", { fin: false }), frame("close"))).toEqual({ got: ["close"], heard: ['closed 1005 "" by client'] });
  });

  test.each<[string, (client: Awaited<ReturnType<typeof rawWebSocket>>) => unknown]>([
    ["hangs up", ({ socket }) => socket.end()],
    ["resets the connection", ({ socket }) => socket.resetAndDestroy()],
    ["leaves in the middle of a frame", ({ socket }) => socket.end(frame("text", "hello").subarray(0, 8))],
  ])("a client that %s has closed with 1006", async (_, leave) => {
    const { port, heard, until, connections } = await serve();
    const client = await rawWebSocket(port);
    leave(client);
    await until(() => heard.length === 2);
    expect(heard[1]).toBe('closed 1006 "" by client');
    expect([connections[0]?.isOpen, connections[0]?.send("x")]).toEqual([false, false]);
  });

  test.each(SENT)("the owner closes with %i; it is closed once the client has answered", async (code) => {
    const { port, heard, until, connections } = await serve();
    const client = await rawWebSocket(port);
    await until(() => heard.length === 1);
    const [connection] = connections;
    connection?.close(code, "bye");
    connection?.close(1000, "again");
    expect([connection?.isOpen, connection?.send("x")]).toEqual([false, false]);
    expect(await client.next(1)).toEqual([`close ${code} "bye"`]);
    expect(heard).toEqual(["opened"]);
    client.send("never heard", frame("ping"), closeFrame(code));
    expect(await client.rest()).toEqual([]);
    await until(() => heard.length === 2);
    expect(heard[1]).toBe(`closed ${code} "bye" by server`);
  });

  test("the owner may close with no other code, and a long reason is cut between characters", async () => {
    const { port, heard, until, connections } = await serve();
    const client = await rawWebSocket(port);
    await until(() => heard.length === 1);
    for (const code of [...NEVER_SENT, 1000.5, Number.NaN]) {
      expect(() => connections[0]?.close(code)).toThrow(new RangeError(`${code} is not the code of a close frame`));
    }
    connections[0]?.close(4000, "\u20ac".repeat(42));
    expect(await client.next(1)).toEqual([`close 4000 "${"\u20ac".repeat(41)}"`]);
    client.socket.destroy();
  });

  test("the owner cuts the connection without a word", async () => {
    const { port, heard, until, connections } = await serve({ message: (_data, connection) => connection.terminate() });
    const client = await rawWebSocket(port);
    client.send("a", "never heard");
    expect(await client.rest()).toEqual([]);
    await until(() => heard.length === 3);
    expect(heard.slice(1)).toEqual(['text "a"', 'closed 1006 "" by server']);
    expect(connections[0]?.isOpen).toBe(false);
  });

  test("the owner closes while a message is read: what comes behind it is not heard", async () => {
    const { port, heard, until } = await serve({ message: (_data, connection) => connection.close(1003, "Unsupported") });
    const client = await rawWebSocket(port);
    client.send(frame("binary", "a"), "never heard");
    expect(await client.next(1)).toEqual(['close 1003 "Unsupported"']);
    client.send(closeFrame(1003));
    await until(() => heard.length === 3);
    expect(heard.slice(1)).toEqual(["binary 61", 'closed 1003 "Unsupported" by server']);
  });

  test("both close at once: the first close frame counts", async () => {
    const { port, heard, until, connections } = await serve();
    const client = await rawWebSocket(port);
    await until(() => heard.length === 1);
    connections[0]?.close(1000, "server");
    client.send(closeFrame(4000, "client"));
    expect(await client.rest()).toEqual(['close 1000 "server"']);
    await until(() => heard.length === 2);
    expect(heard[1]).toBe('closed 1000 "server" by server');
  });

  test.each<[string, () => void | Promise<void>]>([
    ["throws", () => { throw new Error("broken"); }],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ])("an owner that %s over a message closes with 1011, its cause in the log", async (_, message) => {
    const { port, errors } = await serve({ message });
    const client = await rawWebSocket(port);
    client.send("a");
    expect(await client.next(1)).toEqual(['close 1011 "Internal server error"']);
    client.send(closeFrame(1011));
    await client.rest();
    expect(errors()).toMatchObject([{ message: "a WebSocket's message was not handled", error: new Error("broken") }]);
  });

  test.each<[string, () => void | Promise<void>]>([
    ["throws", () => { throw new Error("broken"); }],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ])("an owner that %s over the end is in the log", async (_, closed) => {
    const { port, errors } = await serve({ closed });
    const client = await rawWebSocket(port);
    client.send(closeFrame(1000));
    expect(await client.rest()).toEqual(['close 1000 ""']);
    await expect.poll(errors).toMatchObject([{ message: "the end of a WebSocket was not handled", error: new Error("broken") }]);
  });
});
