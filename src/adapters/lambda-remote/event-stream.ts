// Reads the application/vnd.amazon.eventstream encoding (https://smithy.io/2.0/aws/amazon-eventstream.html).
import { crc32 } from "node:zlib";

/** A message. Headers of other types than text are left out: none matters here. */
export interface EventMessage {
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** The bytes are not a stream of events, or it was cut off. */
export class BadEventStream extends Error {
  override readonly name = "BadEventStream";
}

const PRELUDE = 12;
const TRAILER = 4;
/** The encoding's own: 16 MB of payload and 128 KB of headers. */
const MESSAGE_LIMIT = 16 * 1_024 * 1_024 + 128 * 1_024 + PRELUDE + TRAILER;
const STRING = 7;
/** Bytes that a value takes, by its type: booleans, numbers, byte arrays and text (length before), timestamp, UUID. */
const FIXED_SIZES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** The messages in a stream of bytes, as soon as each is complete. @throws {BadEventStream} */
export async function* readMessages(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<EventMessage> {
  let pending: Buffer[] = [];
  let length = 0;
  let needed = PRELUDE;
  for await (const piece of bytes) {
    pending.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    length += piece.length;
    if (length < needed) continue;
    let rest = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
    for (needed = messageLength(rest); rest.length >= needed && needed > PRELUDE; needed = messageLength(rest)) {
      yield readMessage(rest.subarray(0, needed));
      rest = rest.subarray(needed);
    }
    pending = rest.length === 0 ? [] : [rest];
    length = rest.length;
  }
  if (length > 0) throw new BadEventStream("the stream ends within an event");
}

/** The length of the message that begins here, or of the prelude that would tell. */
function messageLength(bytes: Buffer): number {
  if (bytes.length < PRELUDE) return PRELUDE;
  const total = bytes.readUInt32BE(0);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw new BadEventStream("an event's beginning is damaged");
  if (total < PRELUDE + TRAILER || total > MESSAGE_LIMIT) throw new BadEventStream(`an event of ${total} bytes`);
  return total;
}

function readMessage(message: Buffer): EventMessage {
  const end = message.length - TRAILER;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) throw new BadEventStream("an event is damaged");
  const headersEnd = PRELUDE + message.readUInt32BE(4);
  if (headersEnd > end) throw new BadEventStream("an event's headers are longer than the event");
  return { headers: readHeaders(message.subarray(PRELUDE, headersEnd)), payload: message.subarray(headersEnd, end) };
}

function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new BadEventStream("an event's headers are cut off");
    at += size;
    return bytes.subarray(at - size, at);
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString();
    const type = take(1).readUInt8();
    const size = FIXED_SIZES[type] ?? (type === 6 || type === STRING ? take(2).readUInt16BE() : undefined);
    if (size === undefined) throw new BadEventStream(`a header of type ${type}`);
    const value = take(size);
    if (type === STRING) headers.set(name, value.toString());
  }
  return headers;
}
