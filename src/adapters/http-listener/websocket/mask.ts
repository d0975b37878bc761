// Takes the mask off payloads (RFC 6455, section 5.3): in place, a word of four bytes at a time where there is enough of it.

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
/** Making a view of words costs as much as this many bytes do. */
const WORTH_WORDS = 64;

/**
 * Takes the mask off the bytes from `start` to before `end`, in place.
 * @param mask the key's four bytes, the first in the highest place
 * @param offset how many bytes of the payload came before
 */
export function unmask(bytes: Buffer, start: number, end: number, mask: number, offset: number): void {
  let at = start;
  let phase = offset & 3;
  if (end - start >= WORTH_WORDS) {
    while (((bytes.byteOffset + at) & 3) !== 0) {
      (bytes[at] as number) ^= mask >>> (24 - 8 * phase);
      at++;
      phase = (phase + 1) & 3;
    }
    const rotated = phase === 0 ? mask : (mask << (8 * phase)) | (mask >>> (32 - 8 * phase));
    const word = IS_LITTLE_ENDIAN ? swapped(rotated) : rotated;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >>> 2);
    for (let i = 0; i < words.length; i++) (words[i] as number) ^= word;
    at += words.length * 4;
  }
  for (; at < end; at++) {
    (bytes[at] as number) ^= mask >>> (24 - 8 * phase);
    phase = (phase + 1) & 3;
  }
}

function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
