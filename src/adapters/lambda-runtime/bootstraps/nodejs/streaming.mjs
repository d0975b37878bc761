// Response streaming: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
import { finished, Writable } from "node:stream";
import { createContext } from "./invocation.mjs";
import { markStreaming } from "./handler.mjs";
import { logError, RuntimeError, toErrorObject, unsettledPromise } from "./report.mjs";

const HTTP_INTEGRATION = "application/vnd.awslambda.http-integration-response";
/** Eight NUL bytes part the metadata from the body. */
const DELIMITER = Buffer.alloc(8);

/** The `awslambda` global of the Node.js runtimes. */
export const awslambda = {
  streamifyResponse: (handler) => markStreaming(handler),
  HttpResponseStream: {
    /** `stream` with the status, headers and cookies of `metadata` before its first byte. */
    from(stream, metadata) {
      stream.setContentType(HTTP_INTEGRATION);
      const prelude = JSON.stringify(metadata);
      stream._onBeforeFirstWrite = (write) => {
        write(prelude);
        write(DELIMITER);
      };
      return stream;
    },
  },
};

/** The stream a handler writes its response to. Nothing is sent before the first write or the end. */
function createResponseStream(api, id) {
  let contentType = "application/octet-stream";
  let response;
  const begin = () => (response ??= api.stream(id, contentType));
  const stream = new Writable({
    write(chunk, _encoding, done) {
      begin().write(chunk, done);
    },
    final(done) {
      void begin()
        .end()
        .then(() => done());
    },
  });

  const write = stream.write.bind(stream);
  let written = false;
  stream.setContentType = (type) => {
    if (written) throw new RuntimeError("InvalidStreamingOperation", "Cannot set content-type, too late.");
    contentType = type;
  };
  stream.write = (chunk, ...rest) => {
    if (!written) {
      written = true;
      stream._onBeforeFirstWrite?.((part) => write(part));
    }
    return write(toBytes(chunk), ...rest);
  };
  const end = stream.end.bind(stream);
  stream.end = (chunk, ...rest) => {
    if (typeof chunk === "function" || chunk === undefined || chunk === null) return end(chunk, ...rest);
    stream.write(chunk, typeof rest[0] === "string" ? rest[0] : undefined);
    return end(...rest.filter((argument) => typeof argument === "function"));
  };
  return { stream, fail: (error) => begin().end(error) };
}

/** Anything but text and bytes is sent as JSON. */
function toBytes(chunk) {
  return typeof chunk === "string" || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
}

/** Runs a streaming handler; resolves when its response is complete. */
export function invokeStreaming(api, handler, { id, headers, body }, { whenIdle }) {
  const { stream, fail } = createResponseStream(api, id);
  return new Promise((resolve) => {
    let over = false;
    const settle = async (error) => {
      if (over) return;
      over = true;
      whenIdle(undefined);
      if (error !== undefined) {
        logError("Invoke Error", error);
        stream.destroy(); // first, so that nothing it still holds is written after the end
        await fail(toErrorObject(error));
      }
      resolve();
    };
    stream.on("error", (error) => void settle(error));
    whenIdle(() => void settle(unsettledPromise()));
    try {
      const result = handler(JSON.parse(body.toString()), stream, createContext(headers));
      if (typeof result?.then !== "function") return void settle("Streaming does not support non-async handlers.");
      result.then(
        (value) => {
          if (value !== undefined) console.warn("Streaming handlers ignore return values.");
          finished(stream, { readable: false }, (error) => void settle(error ?? undefined));
        },
        (error) => void settle(error),
      );
    } catch (error) {
      void settle(error);
    }
  });
}
