// The beginning of a streamed function's output: metadata in JSON, eight NUL bytes, then the payload as it is
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html).

/** What has been read when the payload begins. */
export interface StreamHead {
  readonly metadata: Buffer;
  /** The first bytes of the payload: those that came together with the delimiter. */
  readonly rest: Uint8Array;
}

const DELIMITER = Buffer.alloc(8);
/** Metadata and delimiter together, in bytes. */
const HEAD_LIMIT = 16 * 1024;

/** Reads up to the delimiter. `ended`: before there was one; `tooLong`: there is none within the first 16 KB. */
export async function readStreamHead(chunks: AsyncIterator<Uint8Array>): Promise<StreamHead | "ended" | "tooLong"> {
  const head = Buffer.allocUnsafe(HEAD_LIMIT);
  let length = 0;
  for (;;) {
    const { done, value: chunk } = await chunks.next();
    if (done === true) return "ended";
    const taken = Math.min(chunk.length, HEAD_LIMIT - length);
    head.set(chunk.subarray(0, taken), length);
    const searched = Math.max(0, length - DELIMITER.length + 1);
    const end = head.subarray(0, length + taken).indexOf(DELIMITER, searched);
    if (end >= 0) {
      const payloadAt = end + DELIMITER.length - length;
      return { metadata: Buffer.from(head.subarray(0, end)), rest: chunk.subarray(payloadAt) };
    }
    length += taken;
    if (length === HEAD_LIMIT) return "tooLong";
  }
}
