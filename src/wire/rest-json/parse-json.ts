// JSON from the wire: bounded in depth before anything is built from it.
import { serializationError } from "../failures.ts";

/** Deeper than any shape of the models; documents are bounded by it too. */
const MAX_DEPTH = 100;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Parses a body. @throws {ServiceError} when it is not JSON in UTF-8, or nested too deeply */
export function parseJson(body: Uint8Array): unknown {
  if (depth(body) > MAX_DEPTH) throw serializationError(`The request body is nested more than ${String(MAX_DEPTH)} levels deep.`);
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw serializationError("The request body is not valid UTF-8.");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw serializationError("The request body is not valid JSON.");
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** How deeply brackets are nested; strings are skipped. */
function depth(body: Uint8Array): number {
  let deepest = 0;
  let level = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === QUOTE) i = endOfString(body, i);
    else if (byte === OPEN_LIST || byte === OPEN_MAP) deepest = Math.max(deepest, (level += 1));
    else if (byte === CLOSE_LIST || byte === CLOSE_MAP) level -= 1;
  }
  return deepest;
}

/** Where the string that begins at `start` has its closing quote: one after an even number of backslashes. */
function endOfString(body: Uint8Array, start: number): number {
  for (let end = body.indexOf(QUOTE, start + 1); end > 0; end = body.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (body[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return body.length;
}
