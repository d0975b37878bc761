// Calls between two processes over a socket, both ways: each side answers what the other asks. An answer may be followed by
// bytes, which are taken no faster than they are read.
import type { Socket } from "node:net";
import { frame, messageReader } from "./frames.ts";
import { InboundStream } from "./inbound-stream.ts";

/** What a call gives: a value, and perhaps bytes that follow it. */
export interface Answer {
  readonly value: unknown;
  readonly body?: AsyncIterable<Uint8Array>;
  /** What is known after the last byte; rejects when the body breaks off. */
  readonly trailer?: Promise<unknown>;
}

/** Answers calls of one name. What it throws is thrown at the caller, made anew by {@link ErrorForm}. */
export type CallHandler = (value: unknown, signal: AbortSignal) => Answer | Promise<Answer>;
export type CallHandlers = Readonly<Record<string, CallHandler>>;

/** How errors travel that callers tell apart; all others arrive as plain errors with the message. */
export interface ErrorForm {
  /** Undefined for errors of other kinds. */
  encode(error: unknown): unknown;
  decode(form: unknown): Error;
}

export interface ChannelOptions {
  readonly handlers: CallHandlers;
  readonly errors?: ErrorForm;
}

export interface Channel {
  /** @throws {ChannelClosed} when the other side is gone before it has answered; whatever its handler threw */
  call(name: string, value: unknown, signal?: AbortSignal): Promise<Answer>;
  /** Resolves when the channel has ended, for whatever reason. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The other side is gone. */
export class ChannelClosed extends Error {
  override readonly name = "ChannelClosed";
}

type Message =
  | { readonly type: "call"; readonly id: number; readonly name: string; readonly value: unknown }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown; readonly hasBody: boolean }
  | { readonly type: "error"; readonly id: number; readonly message: string; readonly form: unknown }
  /** The caller does not want the answer, or the rest of the bytes, any more. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "bytes"; readonly id: number; readonly bytes: Uint8Array }
  /** The reader has taken what was sent; more may come. */
  | { readonly type: "more"; readonly id: number }
  | { readonly type: "end"; readonly id: number; readonly trailer: unknown };

/** So many bytes may be on their way before their reader has asked for more. */
const WINDOW_BYTES = 256 * 1024;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly forget: () => void;
}

/** A call of the other side that is being answered. */
interface Answering {
  readonly aborter: AbortController;
  /** Called when the reader asks for more, and when there is nobody any more to read. */
  wake: () => void;
  waitingBytes: number;
}

/** Makes a channel of a connected socket. */
export function openChannel(socket: Socket, { handlers, errors }: ChannelOptions): Channel {
  const pending = new Map<number, Pending>();
  const inbound = new Map<number, InboundStream>();
  const answering = new Map<number, Answering>();
  let nextId = 1;
  let isClosed = false;

  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      isClosed = true;
      const gone = new ChannelClosed("the other process is gone");
      for (const { reject, forget } of pending.values()) {
        forget();
        reject(gone);
      }
      for (const stream of inbound.values()) stream.fail(gone);
      for (const { aborter, wake } of answering.values()) {
        aborter.abort(gone);
        wake();
      }
      pending.clear();
      inbound.clear();
      resolve();
    });
  });
  // An error is followed by "close", which is told to all who wait.
  socket.on("error", () => undefined);

  function send(message: Message): void {
    if (isClosed) return;
    const [length, bytes] = frame(message);
    socket.cork();
    socket.write(length);
    socket.write(bytes);
    socket.uncork();
  }

  const read = messageReader((message) => received(message as Message));
  socket.on("data", (piece: Buffer) => {
    try {
      read(piece);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });

  function received(message: Message): void {
    const { id } = message;
    switch (message.type) {
      case "call":
        answer(message.id, message.name, message.value).then(undefined, (error: unknown) => socket.destroy(error as Error));
        break;
      case "answer":
        settled(id)?.resolve(message.hasBody ? answerWithBody(id, message.value) : { value: message.value });
        break;
      case "error":
        if (inbound.has(id)) inbound.get(id)?.fail(errorOf(message.form, message.message));
        else settled(id)?.reject(errorOf(message.form, message.message));
        inbound.delete(id);
        break;
      case "bytes":
        inbound.get(id)?.push(message.bytes);
        break;
      case "end":
        inbound.get(id)?.end(message.trailer);
        inbound.delete(id);
        break;
      case "more":
        wakeUp(answering.get(id));
        break;
      case "cancel":
        answering.get(id)?.aborter.abort();
        wakeUp(answering.get(id));
        break;
    }
  }

  function wakeUp(call: Answering | undefined): void {
    if (call === undefined) return;
    call.waitingBytes = 0;
    call.wake();
  }

  function settled(id: number): Pending | undefined {
    const call = pending.get(id);
    pending.delete(id);
    call?.forget();
    return call;
  }

  function answerWithBody(id: number, value: unknown): Answer {
    const body = bodyOf(id);
    return { value, body, trailer: body.trailer };
  }

  function bodyOf(id: number): InboundStream {
    const stream = new InboundStream({
      more: () => send({ type: "more", id }),
      cancel: () => {
        inbound.delete(id);
        send({ type: "cancel", id });
      },
    });
    inbound.set(id, stream);
    return stream;
  }

  const errorOf = (form: unknown, message: string): Error => (form === undefined || errors === undefined ? new Error(message) : errors.decode(form));

  async function answer(id: number, name: string, value: unknown): Promise<void> {
    const call: Answering = { aborter: new AbortController(), wake: () => undefined, waitingBytes: 0 };
    answering.set(id, call);
    try {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (handler === undefined) throw new Error(`nobody answers ${name} here`);
      const { value: given, body, trailer } = await handler(value, call.aborter.signal);
      send({ type: "answer", id, value: given, hasBody: body !== undefined });
      if (body === undefined) return;
      await sendBody(id, call, body);
      if (!call.aborter.signal.aborted) send({ type: "end", id, trailer: await trailer });
    } catch (error) {
      send({ type: "error", id, message: error instanceof Error ? error.message : String(error), form: errors?.encode(error) });
    } finally {
      answering.delete(id);
    }
  }

  async function sendBody(id: number, call: Answering, body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of body) {
      if (isClosed || call.aborter.signal.aborted) return;
      send({ type: "bytes", id, bytes });
      call.waitingBytes += bytes.length;
      while (call.waitingBytes >= WINDOW_BYTES && !isClosed && !call.aborter.signal.aborted) {
        await new Promise<void>((resolve) => (call.wake = resolve));
      }
    }
  }

  return {
    closed,
    close: () => void socket.end(),
    call: (name, value, signal) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new ChannelClosed("the other process is gone");
        signal?.throwIfAborted();
        const id = nextId++;
        const cancel = (): void => {
          settled(id);
          send({ type: "cancel", id });
          reject(signal?.reason as Error);
        };
        signal?.addEventListener("abort", cancel, { once: true });
        pending.set(id, { resolve, reject, forget: () => signal?.removeEventListener("abort", cancel) });
        send({ type: "call", id, name, value });
      }),
  };
}
