// What answers have in common, whichever protocol carries them.
import type { HeaderList, HttpResponse } from "../../ports/http-server.ts";

/** @throws {RangeError} for what is not the status of an answer. */
export function checkStatus(status: number): void {
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    throw new RangeError(`${status} is not the status of an answer`);
  }
}

export function neverHasBody(status: number): boolean {
  return status === 204 || status === 304;
}

/** A HEAD answer may tell the length that GET would have. */
export function announcedLength(headers: HeaderList): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() === "content-length" && /^\d+$/.test(headers[i + 1] as string)) {
      return headers[i + 1];
    }
  }
  return undefined;
}

export function isStream(body: HttpResponse["body"]): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Lets a stream that is not wanted release what it holds. */
export function cancel(body: HttpResponse["body"]): void {
  if (isStream(body)) end(body[Symbol.asyncIterator]());
}

/** Ends an iteration before its time. */
export function end(chunks: AsyncIterator<Uint8Array>): void {
  // Its own failure to stop concerns nobody any more: the answer is over.
  chunks.return?.().then(undefined, () => undefined);
}

interface Sink {
  readonly destroyed: boolean;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  on(event: "drain" | "close", listener: () => void): this;
  off(event: "drain" | "close", listener: () => void): this;
}

/** Writes chunks no faster than the sink takes them; `waits` is called whenever the client's reading is waited for. */
export async function pump(sink: Sink, chunks: AsyncIterator<Uint8Array>, waits: () => void): Promise<void> {
  for (;;) {
    const { done, value } = await chunks.next();
    if (sink.destroyed) return;
    if (done === true) break;
    if (value.length > 0 && !sink.write(value)) {
      waits();
      await drained(sink);
      if (sink.destroyed) return;
    }
  }
  sink.end();
  waits();
}

function drained(sink: Sink): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off("drain", done).off("close", done);
      resolve();
    };
    sink.on("drain", done).on("close", done);
  });
}
