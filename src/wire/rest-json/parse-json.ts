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

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** How deeply brackets are nested; strings are skipped. */
function depth(body: Uint8Array): number {
  let deepest = 0;
  let level = 0;
  let inString = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (inString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_MAP) deepest = Math.max(deepest, (level += 1));
    else if (byte === CLOSE_LIST || byte === CLOSE_MAP) level -= 1;
  }
  return deepest;
}
