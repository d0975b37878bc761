// One stream of an HTTP/2 connection.
import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { ListenerLimits } from "../limits.ts";
import { StreamedExchange } from "../streamed-exchange.ts";
import { breakOff } from "./answer.ts";
import type { Http2Head } from "./head.ts";

export class Http2Exchange extends StreamedExchange {
  readonly stream: ServerHttp2Stream;
  readonly method: string;
  readonly protocol = "HTTP/2.0";
  readonly encrypted = true;
  /** When its request began, on the process's clock, in milliseconds. */
  readonly since: number;
  /** When its answer last had to wait for the client to read, on the same clock. */
  waitingSince: number | undefined;
  readonly #socket: Socket;

  constructor(stream: ServerHttp2Stream, socket: Socket, head: Http2Head, since: number, limits: ListenerLimits) {
    super(head, head.expectsContinue, limits);
    this.stream = stream;
    this.method = head.method;
    this.since = since;
    this.#socket = socket;
  }

  /** A reset ends the reading too: what a stream that is closed has given may be a part only. */
  get isWhole(): boolean {
    const { stream } = this;
    return !this.hasBody || (!stream.closed && (stream.readableEnded || stream.state.remoteClose === 1));
  }

  protected get socket(): Socket {
    return this.#socket;
  }

  protected get incoming(): ServerHttp2Stream {
    return this.stream;
  }

  protected sendContinue(): void {
    if (!this.stream.closed && !this.stream.headersSent) this.stream.additionalHeaders({ ":status": 100 });
  }

  protected cutBody(): void {
    // The answer is whole when it is only the client's body that goes on.
    if (this.stream.writableEnded) this.stream.close();
    else breakOff(this.stream, "too much of a body that nobody reads");
  }
}
