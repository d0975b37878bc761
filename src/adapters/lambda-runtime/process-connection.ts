// One connection of a function's process to its Runtime API: reads requests (RFC 9112), and writes their answers in order.
// What is ready leaves in one write at the end of the event loop's turn.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ChunkReader, HeadScanner, REQUEST_HEAD, RequestHeadReader, UnreadableRequest } from "../http1-syntax/index.ts";
import type { ChunkSink, RequestHead } from "../http1-syntax/index.ts";
import { atTurnsEnd } from "../turn/index.ts";
import type { Departure } from "../turn/index.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { ProcessRequest } from "./process-request.ts";

/** Who takes a request's body as it comes. */
export interface BodyTaker {
  data(bytes: Buffer): void;
  /** The last byte has come, and the trailers of a body in chunks. */
  end(trailers: HeaderList): void;
  /** It will never be whole: the connection is gone. */
  cut(): void;
}

/** Gives who takes the body; nobody does where it gives undefined. */
export type Serve = (request: ProcessRequest) => BodyTaker | undefined;

/** The cause of an error comes in a header of almost a megabyte: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
const HEAD_BYTES = 1024 * 1024 + 64 * 1024;
/** So many requests of a connection wait for their answers at most; then the client waits. */
const MOST_WAITING = 16;
const SCANNER = new HeadScanner(HEAD_BYTES, REQUEST_HEAD);
const NO_TRAILERS: HeaderList = [];
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/** Why nothing is read for now. */
const FOR_BODY = 1;
const FOR_ANSWERS = 2;
const FOR_ROOM = 4;

export class ProcessConnection implements Departure, ChunkSink {
  /** Whether it is known to be the process's own. */
  isOwn: boolean;
  readonly #socket: Socket;
  readonly #serve: Serve;
  /** Requests that are not answered, in their order. */
  #waiting: ProcessRequest[] = [];
  readonly #heads = new RequestHeadReader(SCANNER);
  /** The body that is being read: bytes that are missing, or its chunks. */
  #left = 0;
  #chunks: ChunkReader | undefined;
  #taker: BodyTaker | undefined;
  /** What was read and has to wait. */
  #rest: Buffer | undefined;
  #pauses = 0;
  #isArranged = false;
  /** No request follows the one that is being read. */
  #isLast = false;
  /** Nothing more is read. */
  #isOver = false;

  constructor(socket: Socket, isOwn: boolean, serve: Serve) {
    this.#socket = socket;
    this.#serve = serve;
    this.isOwn = isOwn;
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#closed());
    socket.on("drain", () => this.#unpause(FOR_ROOM));
    // Followed by `close`.
    socket.on("error", () => undefined);
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Has the process wait before it sends more of the body. */
  pauseBody(): void {
    this.#pause(FOR_BODY);
  }

  resumeBody(): void {
    this.#unpause(FOR_BODY);
  }

  /** Something is ready to be written. */
  arrange(bytes: number): void {
    if (this.#isArranged) return;
    this.#isArranged = true;
    atTurnsEnd(this, bytes);
  }

  depart(): void {
    this.#isArranged = false;
    const waiting = this.#waiting;
    let text = "";
    let count = 0;
    let isLast = false;
    while (count < waiting.length && !isLast) {
      const request = waiting[count] as ProcessRequest;
      if (request.text === undefined || (request.isPatient && !this.#isOver && isUnansweredParked(waiting[count + 1]))) break;
      text += request.text;
      count++;
      isLast = !request.isKept;
      if (request.bytes !== undefined) {
        this.#write(text, request.bytes);
        text = "";
      }
    }
    if (count === 0) return;
    if (text !== "") this.#write(text, undefined);
    if (isLast) this.#socket.end();
    waiting.splice(0, count);
    this.#unpause(FOR_ANSWERS);
  }

  #write(text: string, bytes: Uint8Array | undefined): void {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return;
    let hasRoom;
    if (bytes === undefined) {
      hasRoom = socket.write(text, "latin1");
    } else {
      socket.cork();
      socket.write(text, "latin1");
      hasRoom = socket.write(bytes);
      socket.uncork();
    }
    if (!hasRoom) this.#pause(FOR_ROOM);
  }

  #pause(why: number): void {
    if (this.#pauses === 0) this.#socket.pause();
    this.#pauses |= why;
  }

  #unpause(why: number): void {
    if ((this.#pauses & why) === 0) return;
    this.#pauses &= ~why;
    if (this.#pauses !== 0) return;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#take(rest);
    if (this.#pauses === 0) this.#socket.resume();
  }

  #take(bytes: Buffer): void {
    // A pipe whose process has ended is read to its end, paused or not.
    if (this.#rest !== undefined) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      return;
    }
    try {
      let at = 0;
      while (at < bytes.length && !this.#isOver) {
        if (this.#left > 0 || this.#chunks !== undefined) {
          at = this.#readBody(bytes, at);
        } else if (this.#waiting.length < MOST_WAITING) {
          at = this.#readHead(bytes, at);
        } else {
          this.#rest = bytes.subarray(at);
          return this.#pause(FOR_ANSWERS);
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableRequest)) throw error;
      this.#refuse(error);
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const head = this.#heads.read(bytes, at, bytes.length);
    const { behind } = this.#heads;
    if (head !== undefined) this.#begin(head);
    return behind;
  }

  #begin(head: RequestHead): void {
    const request = new ProcessRequest(head, this);
    this.#waiting.push(request);
    this.#isLast = !head.isKept;
    // Behind others it would be taken for a part of their answers.
    if (head.expectsContinue && this.#waiting.length === 1) this.#write(CONTINUE, undefined);
    this.#taker = this.#serve(request);
    const { hasBody, length } = head.fields;
    if (!hasBody) this.#endBody(NO_TRAILERS);
    else if (length === undefined) this.#chunks = new ChunkReader(HEAD_BYTES, true, (reason) => new UnreadableRequest(reason));
    else this.#left = length;
  }

  #readBody(bytes: Buffer, at: number): number {
    const chunks = this.#chunks;
    if (chunks === undefined) {
      const end = Math.min(bytes.length, at + this.#left);
      this.#left -= end - at;
      this.#taker?.data(bytes.subarray(at, end));
      if (this.#left === 0) this.#endBody(NO_TRAILERS);
      return end;
    }
    const end = chunks.read(bytes, at, bytes.length, this);
    if (chunks.isOver) {
      this.#chunks = undefined;
      this.#endBody(chunks.trailers);
    }
    return end;
  }

  /** A part of a body in chunks. */
  data(bytes: Buffer, start: number, end: number): void {
    this.#taker?.data(bytes.subarray(start, end));
  }

  #endBody(trailers: HeaderList): void {
    const taker = this.#taker;
    this.#taker = undefined;
    this.#isOver = this.#isLast;
    taker?.end(trailers);
  }

  #refuse({ status }: UnreadableRequest): void {
    this.#isOver = true;
    this.#cut();
    this.depart();
    this.#write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`, undefined);
    this.#socket.end();
  }

  /** The process sends no more; what is ready still goes to it. */
  #end(): void {
    this.#isOver = true;
    this.#cut();
    this.depart();
    this.#abandon();
    this.#socket.end();
  }

  #closed(): void {
    this.#cut();
    this.#abandon();
  }

  /** Those that are not answered will not be. */
  #abandon(): void {
    for (const request of this.#waiting) request.onGone?.();
    this.#waiting = [];
  }

  #cut(): void {
    const taker = this.#taker;
    this.#taker = undefined;
    taker?.cut();
  }
}

const isUnansweredParked = (request: ProcessRequest | undefined): boolean => request?.isParked === true && request.text === undefined;
