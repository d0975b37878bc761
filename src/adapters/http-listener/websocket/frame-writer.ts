// Puts messages and control frames into bytes, as a server does: not masked (RFC 6455, section 5.2).
import { CLOSE, CONTINUATION } from "./opcodes.ts";

const FIN = 0x80;
/** A close frame's payload is 125 bytes at most, and two of them are the code. */
const REASON_BYTES = 123;

/** A message in one piece of memory; in several frames where one would be larger than `frameBytes`. */
export function writeMessage(opcode: number, message: string | Uint8Array, frameBytes: number): Buffer {
  const length = typeof message === "string" ? Buffer.byteLength(message) : message.length;
  if (length > frameBytes) return inFrames(opcode, typeof message === "string" ? Buffer.from(message) : message, frameBytes);
  const start = headBytes(length);
  const bytes = Buffer.allocUnsafe(start + length);
  writeHead(bytes, 0, FIN | opcode, length);
  if (typeof message === "string") bytes.write(message, start);
  else bytes.set(message, start);
  return bytes;
}

function inFrames(opcode: number, payload: Uint8Array, frameBytes: number): Buffer {
  const count = Math.ceil(payload.length / frameBytes);
  const last = payload.length - (count - 1) * frameBytes;
  const bytes = Buffer.allocUnsafe((count - 1) * headBytes(frameBytes) + headBytes(last) + payload.length);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const part = payload.subarray(i * frameBytes, (i + 1) * frameBytes);
    at = writeHead(bytes, at, (i === count - 1 ? FIN : 0) | (i === 0 ? opcode : CONTINUATION), part.length);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A close frame. A reason that is too long is cut between characters. */
export function writeClose(code: number, reason: string): Buffer {
  const bytes = Buffer.alloc(4 + REASON_BYTES);
  // Nothing is written of a character that does not fit.
  const written = bytes.write(reason, 4);
  bytes[0] = FIN | CLOSE;
  bytes[1] = 2 + written;
  bytes.writeUInt16BE(code, 2);
  return bytes.subarray(0, 4 + written);
}

function headBytes(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** @returns where the payload begins. */
function writeHead(bytes: Buffer, at: number, first: number, length: number): number {
  bytes[at] = first;
  if (length < 126) {
    bytes[at + 1] = length;
    return at + 2;
  }
  if (length < 65_536) {
    bytes[at + 1] = 126;
    return bytes.writeUInt16BE(length, at + 2);
  }
  bytes[at + 1] = 127;
  bytes.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2);
  return bytes.writeUInt32BE(length % 2 ** 32, at + 6);
}
