// A backend's answer as the bytes that a cache keeps: open, or sealed with a key that only this process has.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { IntegrationAnswer } from "./integrations/integration.ts";

/**
 * "The maximum size of a response that can be cached is 1048576 bytes. Cache data encryption may increase the size of
 * the response when it is being cached."
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)
 */
export const MAX_CACHED_BYTES = 1_048_576;

/** What can be cached of an answer: not one that is streamed. */
export type CachedAnswer = Pick<IntegrationAnswer, "status" | "headers" | "body" | "functionError">;

export interface AnswerCodec {
  /** The bytes to keep under a key; undefined when they would be too many. */
  encode(answer: CachedAnswer, key: string, encrypted: boolean): Buffer | undefined;
  /** The answer that was kept under this key; undefined when the bytes are not one, or not of this process. */
  decode(bytes: Buffer, key: string): CachedAnswer | undefined;
}

const OPEN = 0;
const SEALED = 1;
const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const TAG = { authTagLength: TAG_BYTES };
/** What encryption adds to a response. */
const SEAL_BYTES = IV_BYTES + TAG_BYTES;

export function createAnswerCodec(): AnswerCodec {
  const secret = randomBytes(32);

  /** Bound to the key: an entry that is moved to another place does not open there. */
  function seal(plain: Buffer, key: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, secret, iv, TAG).setAAD(Buffer.from(key));
    const sealed = [cipher.update(plain), cipher.final()];
    return joined([Buffer.of(SEALED), iv, cipher.getAuthTag(), ...sealed]);
  }

  function unseal(bytes: Buffer, key: string): Buffer | undefined {
    const iv = bytes.subarray(1, 1 + IV_BYTES);
    const tag = bytes.subarray(1 + IV_BYTES, 1 + SEAL_BYTES);
    if (tag.length < TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, secret, iv, TAG).setAAD(Buffer.from(key)).setAuthTag(tag);
    const plain = decipher.update(bytes.subarray(1 + SEAL_BYTES));
    try {
      decipher.final();
      return plain;
    } catch {
      // Changed, moved, or sealed by another process: no entry of ours.
      return undefined;
    }
  }

  return {
    encode(answer, key, encrypted) {
      if (answer.body.length + (encrypted ? SEAL_BYTES : 0) > MAX_CACHED_BYTES) return undefined;
      const plain = serialized(answer);
      return encrypted ? seal(joined(plain), key) : joined([Buffer.of(OPEN), ...plain]);
    },
    decode(bytes, key) {
      const plain = bytes[0] === SEALED ? unseal(bytes, key) : bytes.subarray(1);
      return plain && parsed(plain);
    },
  };
}

/** The length of what follows as JSON, that, and the body. */
function serialized({ status, headers, body, functionError }: CachedAnswer): readonly Buffer[] {
  const head = Buffer.from(JSON.stringify([status, headers, functionError]));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return [length, head, body];
}

function parsed(plain: Buffer): CachedAnswer {
  const end = 4 + plain.readUInt32BE();
  const [status, headers, functionError] = JSON.parse(plain.toString("utf8", 4, end)) as [
    CachedAnswer["status"],
    CachedAnswer["headers"],
    "Handled" | "Unhandled" | null,
  ];
  return { status, headers, body: plain.subarray(end), functionError: functionError ?? undefined };
}

/** One buffer of its own memory: a slice of Node's pool would keep the whole of it. */
function joined(parts: readonly Buffer[]): Buffer {
  const all = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) at += part.copy(all, at);
  return all;
}
