// The body of a request as it comes: kept for its reader, or thrown away once nobody wants it, and bounded either way.
import { ChunkReader, UnreadableRequest } from "../../http1-syntax/index.ts";
import type { ChunkSink } from "../../http1-syntax/index.ts";
import { BodyAborted, BodyTooLarge } from "../../../ports/http-server.ts";

const NONE = Buffer.alloc(0);

/** So much is kept before anybody asks for the body; then the client has to wait. */
const HELD_BYTES = 64 * 1024;

/** So many times as much as has come is set aside because the head says so: who announces much and sends nothing gets nothing. */
const TRUSTED_TIMES = 16;

interface Reader {
  /** The most that it takes, in bytes. */
  readonly limit: number;
  resolve(bytes: Buffer): void;
  reject(error: Error): void;
}

const unreadable = (reason: string): Error => new UnreadableRequest(reason);

/** Lets the client send, or has it wait. */
export interface Flow {
  pause(): void;
  resume(): void;
}

export class RequestBody implements ChunkSink {
  readonly #flow: Flow;
  readonly #chunks: ChunkReader | undefined;
  readonly #length: number | undefined;
  /** Bytes to come, where the head told their number. */
  #left: number;
  #bytes: Buffer = NONE;
  #size = 0;
  #reader: Reader | undefined;
  /** How much of it is taken once it is not wanted any more, in bytes. */
  #patience: number | undefined;
  /** How much more of it is thrown away, in bytes. */
  #discard: number | undefined;
  #isTooLarge = false;
  #isCut = false;

  /**
   * @param length in bytes; undefined for a body in chunks
   * @param overheadBytes the most that may stand around a chunk
   */
  constructor(length: number | undefined, overheadBytes: number, flow: Flow) {
    this.#flow = flow;
    this.#length = length;
    this.#left = length ?? 0;
    this.#chunks = length === undefined ? new ChunkReader(overheadBytes, false, unreadable) : undefined;
  }

  /** Whether its last byte has come. */
  get isWhole(): boolean {
    return this.#chunks === undefined ? this.#left === 0 : this.#chunks.isOver;
  }

  /** More of it has been thrown away than is patient. */
  get isTooMuch(): boolean {
    return this.#discard !== undefined && this.#discard < 0;
  }

  /** Takes what belongs to it. @returns how far that was @throws {UnreadableRequest} */
  read(buffer: Buffer, start: number, end: number): number {
    let at = start;
    if (this.#chunks === undefined) {
      at = Math.min(end, start + this.#left);
      this.#left -= at - start;
      this.data(buffer, start, at);
    } else {
      while (at < end && !this.#chunks.isOver) at = this.#chunks.read(buffer, at, end, this);
    }
    if (this.isWhole) {
      // So that the client's leaving is noticed.
      this.#flow.resume();
      this.#deliver();
    }
    return at;
  }

  /** The body, once it is whole. @throws {BodyTooLarge, BodyAborted} */
  collect(limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#reader = { limit, resolve, reject };
      if (this.#isCut) this.#fail(new BodyAborted(GONE));
      else if (this.#discard !== undefined) this.#fail(new BodyAborted(THROWN_AWAY));
      else if (this.#size > limit) this.#tooLarge(limit);
      else if (this.isWhole) this.#deliver();
      else this.#flow.resume();
    });
  }

  /** Throws away what nobody wants any more; what has a reader, when it is too large for him. @param limit so many bytes of it are taken */
  discard(limit: number): void {
    this.#patience = limit;
    if (this.#reader !== undefined || this.isWhole) return;
    this.#bytes = NONE;
    this.#discard = limit - this.#size;
    this.#flow.resume();
  }

  /** No more of it will come. */
  cut(): void {
    if (this.isWhole) return;
    this.#isCut = true;
    this.#bytes = NONE;
    this.#fail(new BodyAborted(GONE));
  }

  /** Of {@link ChunkSink}. */
  data(buffer: Buffer, start: number, end: number): void {
    if (this.#discard !== undefined) {
      this.#discard -= end - start;
      return;
    }
    const size = this.#size + end - start;
    const limit = this.#reader?.limit ?? Number.POSITIVE_INFINITY;
    if (size > limit) this.#tooLarge(limit);
    else if (!this.#isTooLarge) {
      if (size > this.#bytes.length) this.#grow(size);
      buffer.copy(this.#bytes, this.#size, start, end);
    }
    this.#size = size;
    if (this.#reader === undefined && size > HELD_BYTES && !this.isWhole) this.#flow.pause();
  }

  #grow(needed: number): void {
    const announced = Math.min(this.#length ?? 0, TRUSTED_TIMES * needed);
    const larger = Buffer.allocUnsafe(Math.max(needed, announced, this.#size === 0 ? 0 : 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }

  #deliver(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    this.#reader = undefined;
    const bytes = this.#size === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#size);
    this.#bytes = NONE;
    reader.resolve(bytes);
  }

  #tooLarge(limit: number): void {
    this.#bytes = NONE;
    this.#isTooLarge = true;
    // What is over the limit waits until it is known what becomes of it.
    this.#flow.pause();
    this.#fail(new BodyTooLarge(`The body has more than ${limit} bytes`));
    if (this.#patience !== undefined) this.discard(this.#patience);
  }

  #fail(error: Error): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.reject(error);
  }
}

const GONE = "The client went away before its body was complete";
const THROWN_AWAY = "The request was answered before its body was read";
