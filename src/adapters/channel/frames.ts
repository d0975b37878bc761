// Messages as bytes on a socket: the length, then the value as V8 writes it, so that buffers stay buffers.
import { deserialize, serialize } from "node:v8";

/** What no message is larger than, in bytes: a package of function code and its envelope fit. */
const MAX_MESSAGE = 256 * 1024 * 1024;
const LENGTH_BYTES = 4;

export function frame(message: unknown): readonly [Buffer, Buffer] {
  const bytes = serialize(message);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32LE(bytes.length);
  return [length, bytes];
}

/** Puts messages together from the pieces they arrive in. @throws {Error} for bytes that are no message. */
export function messageReader(take: (message: unknown) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let wanted = LENGTH_BYTES;
  let isLength = true;
  return (piece) => {
    pieces.push(piece);
    size += piece.length;
    while (size >= wanted) {
      const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size);
      const own = bytes.subarray(0, wanted);
      const rest = bytes.subarray(wanted);
      pieces = rest.length === 0 ? [] : [rest];
      size = rest.length;
      if (isLength) {
        wanted = own.readUInt32LE();
        if (wanted > MAX_MESSAGE) throw new Error(`a message of ${wanted} bytes is larger than any`);
      } else {
        wanted = LENGTH_BYTES;
        take(deserialize(own));
      }
      isLength = !isLength;
    }
  };
}
