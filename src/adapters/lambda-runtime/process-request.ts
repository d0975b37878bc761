// One request of a function's process to its Runtime API, until its answer is written.
import { STATUS_CODES } from "node:http";
import type { HeaderList } from "../../ports/http-server.ts";
import type { RequestHead } from "../http1-syntax/index.ts";
import type { ProcessConnection } from "./process-connection.ts";

/** Up to this size a payload is part of the head's own string, a character a byte: one write of one piece. */
const JOINED_BYTES = 16 * 1024;

export class ProcessRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly connection: ProcessConnection;
  readonly isKept: boolean;
  /** Its answer may take its time: the process waits for nothing else. */
  isParked = false;
  /** It need not be answered before a parked request that follows it. */
  isPatient = false;
  /** Called when its connection closes before it is answered. */
  onGone: (() => void) | undefined;
  /** The answer: its head, and what is too large to be a part of that. */
  text: string | undefined;
  bytes: Uint8Array | undefined;

  constructor({ method, fields: { target, headers }, isKept }: RequestHead, connection: ProcessConnection) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.isKept = isKept;
    this.connection = connection;
  }

  /** Answers with JSON. @param headers lines of the head, each with its end */
  answer(status: number, payload: Uint8Array | string, headers = ""): void {
    const size = typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength;
    const connection = this.isKept ? "keep-alive" : "close";
    const head =
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n` +
      `${headers}Connection: ${connection}\r\n\r\n`;
    if (this.method === "HEAD") {
      this.text = head;
    } else if (size <= JOINED_BYTES) {
      const bytes = typeof payload === "string" ? Buffer.from(payload) : Buffer.from(payload.buffer, payload.byteOffset, size);
      this.text = head + bytes.toString("latin1");
    } else {
      this.text = head;
      this.bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    }
    this.connection.arrange(size);
  }
}
