// A client that reads an answer while it arrives.
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { HOST } from "./gateway.ts";

export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** The next bytes as text; undefined at the end. @throws {Error} when the connection was cut. */
  next(): Promise<string | undefined>;
  /** All that is left, and whether the answer came to its proper end. */
  rest(): Promise<{ readonly text: string; readonly whole: boolean }>;
  /** Goes away. */
  leave(): void;
  readonly message: IncomingMessage;
}

/** Resolves when the head of the answer is there. */
export function openAnswer(port: number, path: string): Promise<OpenAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path: `/prod${path}`, headers: ["Host", HOST], agent: false });
    request.on("error", reject);
    request.on("response", (message) => {
      const chunks = message[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      const next = async (): Promise<string | undefined> => {
        const { done, value } = await chunks.next();
        return done === true ? undefined : value.toString("latin1");
      };
      resolve({
        status: message.statusCode as number,
        headers: message.headers,
        next,
        async rest() {
          let text = "";
          try {
            for (let more = await next(); more !== undefined; more = await next()) text += more;
            return { text, whole: true };
          } catch {
            return { text, whole: false };
          }
        },
        leave: () => request.destroy(),
        message,
      });
    });
    request.end();
  });
}
