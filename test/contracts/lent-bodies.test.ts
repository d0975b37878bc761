// Bodies in memory that is lent (src/ports/loan.ts): a listener gives it back when no byte of it will be read any more, once, and
// never before, since somebody else's bytes stand there next. What is given back is overwritten here at once.
import { setImmediate as turnsEnd } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { HttpResponse } from "../../src/ports/http-server.ts";
import { ask, bytesOf, CLIENTS, start } from "./http-listener-clients.ts";
import { rawConnection } from "./raw-connection.ts";

interface LentAnswer extends HttpResponse {
  /** How often it has been given back. */
  returned: number;
}

function lent(text: string, size: number, status = 200): LentAnswer {
  const body = Buffer.alloc(size, text);
  const answer: LentAnswer = {
    status,
    headers: ["Content-Type", "text/plain"],
    body,
    returned: 0,
    loan: {
      giveBack() {
        answer.returned++;
        body.fill("!");
      },
    },
  };
  return answer;
}

const isAll = (bytes: Buffer, text: string, size: number): boolean => bytes.equals(Buffer.alloc(size, text));

/** More than sockets take while their client reads nothing. */
const HUGE = 16 * 1024 * 1024;

describe.each(Object.entries(CLIENTS))("%s", (_name, client) => {
  /** A listener of HTTP/2 may leave what is lent to the garbage collector. */
  const once = client.protocol === "HTTP/2.0" ? [0, 1] : [1];
  const serve = (answer: () => HttpResponse | Promise<HttpResponse>) => start(answer, {}, client.listening);

  test.each([1, 5000, 16 * 1024, 65_536, 700_000])("a body of %i bytes arrives whole, and is given back", async (size) => {
    const answers: LentAnswer[] = [];
    const { port } = await serve(() => answers[answers.push(lent(`answer ${answers.length} `, size)) - 1] as LentAnswer);
    for (let i = 0; i < 3; i++) {
      const { body } = await ask(client, port);
      expect(isAll(Buffer.from(body, "latin1"), `answer ${i} `, size)).toBe(true);
    }
    await expect.poll(() => answers.every(({ returned }) => once.includes(returned))).toBe(true);
  });

  test.each([["HEAD", 200], ["GET", 204], ["GET", 304]] as const)("one that %s %i leaves out is given back, too", async (method, status) => {
    const answer = lent("a", 5000, status);
    const { port } = await serve(() => answer);
    expect((await ask(client, port, { method })).body).toBe("");
    await expect.poll(() => once.includes(answer.returned)).toBe(true);
  });

  test("one that its client takes slowly is not given back before the last of it is taken", async () => {
    const slow = lent("slow", HUGE);
    const { port } = await serve(() => (slow.returned === 0 && answered++ === 0 ? slow : lent("fast", 100_000)));
    let answered = 0;
    const { body } = await client.call(port).head;
    body.pause();
    for (let i = 0; i < 5; i++) expect(isAll(Buffer.from((await ask(client, port)).body, "latin1"), "fast", 100_000)).toBe(true);
    expect(slow.returned).toBe(0);
    expect(isAll(await bytesOf(body), "slow", HUGE)).toBe(true);
    await expect.poll(() => once.includes(slow.returned)).toBe(true);
  });

  test("one that its client leaves is given back once", async () => {
    const left = lent("a", HUGE);
    const { port, errors } = await serve(() => left);
    const call = client.call(port);
    const { body } = await call.head;
    body.on("error", () => undefined).pause();
    expect(left.returned).toBe(0);
    call.leave();
    await expect.poll(() => once.includes(left.returned)).toBe(true);
    expect(errors()).toEqual([]);
  });

  test("one whose client has left before is given back once", async () => {
    const late = lent("a", 100_000);
    let isHere = false;
    let isGone = false;
    const { port } = await start(
      (request) => {
        isHere = true;
        return new Promise((resolve) => {
          request.signal.addEventListener("abort", () => {
            isGone = true;
            resolve(late);
          });
        });
      },
      {},
      client.listening,
    );
    const call = client.call(port);
    await expect.poll(() => isHere).toBe(true);
    call.leave();
    await expect.poll(() => isGone && once.includes(late.returned)).toBe(true);
  });
});

test("answers that wait for those before them keep what they are lent (node:http, which asks for them all at once)", async () => {
  const answers = ["one.", "two.", "three."].map((text) => lent(text, 50_000));
  const ready: (() => void)[] = [];
  const { port } = await start(() => {
    const answer = answers[ready.length] as LentAnswer;
    return new Promise((resolve) => ready.push(() => resolve(answer)));
  }, {}, { http1: "node" });
  const connection = await rawConnection(port);
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
  await expect.poll(() => ready.length).toBe(3);
  ready[2]?.();
  ready[1]?.();
  for (let i = 0; i < 5; i++) await turnsEnd();
  expect(answers.map(({ returned }) => returned)).toEqual([0, 0, 0]);
  expect(connection.received()).toBe("");
  ready[0]?.();
  await expect.poll(() => connection.received().length).toBeGreaterThan(150_000);
  await expect.poll(() => answers.map(({ returned }) => returned)).toEqual([1, 1, 1]);
  const bodies = connection.received().split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/).slice(1);
  expect(bodies).toEqual(["one.", "two.", "three."].map((text) => Buffer.alloc(50_000, text).toString()));
  connection.socket.destroy();
});

test("answers that wait for those before them when their connection ends are not read again (node:http)", async () => {
  const first = lent("one.", HUGE);
  const second = lent("two.", 50_000);
  let asked = 0;
  const { port, errors } = await start(() => (asked++ === 0 ? first : second), {}, { http1: "node" });
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));
  await expect.poll(() => asked).toBe(2);
  for (let i = 0; i < 5; i++) await turnsEnd();
  expect([first.returned, second.returned]).toEqual([0, 0]);
  connection.socket.resetAndDestroy();
  await expect.poll(() => first.returned).toBe(1);
  expect(second.returned).toBeLessThanOrEqual(1);
  expect(errors()).toEqual([]);
});
