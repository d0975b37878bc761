// Compresses and decompresses payloads. Large ones are zlib's work in a thread of its pool, not the event loop's.
import { promisify } from "node:util";
import { createGunzip, createInflate, deflate, deflateSync, gzip, gzipSync } from "node:zlib";
import type { ContentCoding } from "../plan/index.ts";

/** Up to this size a payload is compressed at once, in some hundred microseconds: a thread would be no faster. */
const SMALL_BYTES = 4096;

const AT_ONCE = { gzip: gzipSync, deflate: deflateSync } as const;
const IN_A_THREAD = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;
const DECODERS = { gzip: createGunzip, deflate: createInflate } as const;

/** The payload in a coding; a promise only for a large one. `deflate` is zlib's format (RFC 9110, 8.4.1.2). */
export function compress(payload: Uint8Array, coding: ContentCoding): Buffer | Promise<Buffer> {
  return payload.length <= SMALL_BYTES ? AT_ONCE[coding](payload) : IN_A_THREAD[coding](payload);
}

/** The payload is not what its coding says. */
export class WrongCoding extends Error {
  override readonly name = "WrongCoding";
}

/**
 * The payload without its coding.
 * @param take told the size of each piece before it is kept; what it throws ends the work
 * @throws {WrongCoding} also for a payload that is cut off
 */
export async function decompress(payload: Uint8Array, coding: ContentCoding, take: (bytes: number) => void): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const decoder = DECODERS[coding]();
  decoder.end(payload);
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      take(piece.length);
      pieces.push(piece);
    }
  } catch (error) {
    throw isZlibError(error) ? new WrongCoding(`The payload is not ${coding}: ${error.message}`, { cause: error }) : error;
  }
  return Buffer.concat(pieces);
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && (error as NodeJS.ErrnoException).code?.startsWith("Z_") === true;
}
