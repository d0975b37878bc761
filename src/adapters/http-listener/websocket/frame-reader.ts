// Reads frames off a connection as a server does (RFC 6455, section 5), in whatever pieces they come, and puts messages
// together. What it holds of a message is bounded by what has come of it.
import { isUtf8 } from "node:buffer";
import { INVALID_PAYLOAD, PROTOCOL_ERROR, TOO_BIG } from "./close-codes.ts";
import { unmask } from "./mask.ts";
import { BINARY, CONTINUATION, PONG, TEXT, isControl } from "./opcodes.ts";

/** Who takes what is read. Payloads may be kept. */
export interface FrameSink {
  /** A whole message; a text is known to be UTF-8. */
  message(payload: Buffer, isText: boolean): void;
  /** A close frame, a ping or a pong. */
  control(opcode: number, payload: Buffer): void;
  /** The client has broken the protocol or a limit. Nothing is read any more. */
  failed(code: number, reason: string): void;
}

interface ReaderLimits {
  readonly messageBytes: number;
  readonly frameBytes: number;
}

const NONE = Buffer.alloc(0);
const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
/** Of a control frame's payload. */
const CONTROL_BYTES = 125;
/** The least that is set aside for a message in several pieces. */
const FIRST_BYTES = 1024;

export class FrameReader {
  readonly #sink: FrameSink;
  readonly #limits: ReaderLimits;
  /** Bytes that have not been read: part of a frame's head, a control frame that is not whole, whatever comes in a pause. */
  #bytes: Buffer = NONE;
  #at = 0;
  isPaused = false;
  #isStopped = false;
  #isReading = false;

  // The frame whose payload is coming.
  #opcode = 0;
  #isFinal = false;
  #mask = 0;
  #length = 0;
  #left = 0;

  // The message that it belongs to.
  #kind = 0;
  #message: Buffer = NONE;
  #size = 0;

  constructor(sink: FrameSink, limits: ReaderLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Takes the next bytes, which are its own from now on: masks are taken off in place. */
  read(chunk: Buffer): void {
    if (this.#isStopped) return;
    const left = this.#bytes.length - this.#at;
    this.#bytes = left === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
    this.#run();
  }

  /** What comes is kept, and read once it is resumed. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#run();
  }

  /** Reads nothing any more, and lets go of what it holds. */
  stop(): void {
    this.#isStopped = true;
    this.#bytes = this.#message = NONE;
    this.#at = 0;
  }

  #run(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    while (!this.isPaused && !this.#isStopped && (this.#left > 0 ? this.#readPart() : this.#readFrame()));
    this.#isReading = false;
    if (this.isPaused) return;
    // The beginning of a frame must not hold on to the whole chunk that it came in.
    this.#bytes = this.#at === this.#bytes.length ? NONE : Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = 0;
  }

  /** @returns whether to go on. */
  #readFrame(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const available = bytes.length - start;
    if (available < 2) return false;
    const first = bytes[start] as number;
    const second = bytes[start + 1] as number;
    const short = second & 0x7f;
    const fault = this.#faultOf(first, second);
    if (fault !== undefined) return this.#fail(PROTOCOL_ERROR, fault);
    const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
    const payload = start + 6 + lengthBytes;
    if (bytes.length < start + 2 + lengthBytes) return false;
    const length = lengthBytes === 0 ? short : longLength(bytes, start + 2, lengthBytes);
    if (length < 0) return this.#fail(PROTOCOL_ERROR, "Invalid payload length");
    const opcode = first & 0x0f;
    // Refused by its head, so that nothing that is too big is ever held.
    if (!isControl(opcode) && (length > this.#limits.frameBytes || this.#size + length > this.#limits.messageBytes)) {
      return this.#fail(TOO_BIG, "Message too big");
    }
    if (bytes.length < payload) return false;
    const isWhole = bytes.length >= payload + length;
    if (isControl(opcode) && !isWhole) return false;
    this.#mask = bytes.readInt32BE(payload - 4);
    this.#at = payload;
    this.#opcode = opcode;
    this.#isFinal = (first & FIN) !== 0;
    this.#length = this.#left = length;
    if (isControl(opcode)) return this.#takeControl();
    if (opcode !== CONTINUATION) this.#kind = opcode;
    if (isWhole && this.#isFinal && this.#size === 0) return this.#endMessage(this.#takeWhole());
    return length === 0 ? this.#endFrame() : true;
  }

  /** What is wrong with a frame by its first two bytes. */
  #faultOf(first: number, second: number): string | undefined {
    const opcode = first & 0x0f;
    if ((first & RESERVED) !== 0) return "Reserved bits are set";
    if ((opcode > BINARY && !isControl(opcode)) || opcode > PONG) return "Unknown opcode";
    if ((second & MASKED) === 0) return "A frame is not masked";
    if (isControl(opcode)) {
      if ((first & FIN) === 0) return "A control frame is fragmented";
      return (second & 0x7f) > CONTROL_BYTES ? "A control frame is too long" : undefined;
    }
    if (opcode === CONTINUATION) return this.#kind === 0 ? "There is no message to continue" : undefined;
    return this.#kind === 0 ? undefined : "A message is not complete";
  }

  #fail(code: number, reason: string): false {
    this.stop();
    this.#sink.failed(code, reason);
    return false;
  }

  #takeControl(): true {
    this.#sink.control(this.#opcode, this.#takeWhole());
    return true;
  }

  /** The payload that has come whole, without its mask. */
  #takeWhole(): Buffer {
    const start = this.#at;
    const end = start + this.#length;
    unmask(this.#bytes, start, end, this.#mask, 0);
    this.#at = end;
    this.#left = 0;
    return this.#bytes.subarray(start, end);
  }

  /** Adds what has come of a payload to its message. @returns whether to go on. */
  #readPart(): boolean {
    const start = this.#at;
    const count = Math.min(this.#left, this.#bytes.length - start);
    if (count === 0) return false;
    unmask(this.#bytes, start, start + count, this.#mask, this.#length - this.#left);
    this.#makeRoom(count);
    this.#bytes.copy(this.#message, this.#size, start, start + count);
    this.#size += count;
    this.#at = start + count;
    this.#left -= count;
    return this.#left > 0 || this.#endFrame();
  }

  #makeRoom(count: number): void {
    const needed = this.#size + count;
    if (needed <= this.#message.length) return;
    const room = Math.min(this.#limits.messageBytes, Math.max(needed, this.#message.length * 2, FIRST_BYTES));
    const message = Buffer.allocUnsafeSlow(room);
    this.#message.copy(message, 0, 0, this.#size);
    this.#message = message;
  }

  #endFrame(): boolean {
    return this.#isFinal ? this.#endMessage(this.#message.subarray(0, this.#size)) : true;
  }

  #endMessage(payload: Buffer): boolean {
    const isText = this.#kind === TEXT;
    this.#kind = this.#size = 0;
    this.#message = NONE;
    if (isText && !isUtf8(payload)) return this.#fail(INVALID_PAYLOAD, "Invalid UTF-8 in a text");
    this.#sink.message(payload, isText);
    return true;
  }
}

/** A length of 2 or 8 bytes; negative when it is none, or would have fitted into fewer. */
function longLength(bytes: Buffer, at: number, count: number): number {
  if (count === 2) {
    const length = bytes.readUInt16BE(at);
    return length < 126 ? -1 : length;
  }
  const high = bytes.readUInt32BE(at);
  const length = high * 2 ** 32 + bytes.readUInt32BE(at + 4);
  return high >= 2 ** 31 || length < 65_536 ? -1 : length;
}
