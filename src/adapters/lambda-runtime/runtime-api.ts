// The Lambda Runtime API for one process: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// A loopback port of its own, which answers nobody but that process where the system can tell.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { RESPONSE_LIMIT, STREAM_LIMIT } from "./failures.ts";

/** One invocation as its process gets it. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly invokedArn: string;
  readonly traceId?: string | undefined;
  readonly clientContext?: string | undefined;
}

/** What a process answered an invocation with. */
export type RuntimeAnswer =
  | { readonly kind: "response"; readonly contentType: string; readonly payload: Buffer }
  | { readonly kind: "error"; readonly payload: Buffer }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "stream"; readonly contentType: string; readonly stream: ResponseStream };

/** How a streamed response ended. `cut`: the process went away, or wrote too much. */
export type StreamEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "error"; readonly errorType: string; readonly errorBody: string }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "cut" };

export interface ResponseStream {
  /** May be read once. */
  readonly chunks: AsyncIterable<Buffer>;
  readonly end: Promise<StreamEnd>;
  /** Throws the rest away, so that the function never waits for a reader that left. */
  discard(): void;
}

/** What the process does, as it happens. */
export interface RuntimeListener {
  /** Whether the connection from this port is the process's own; undefined where nobody can tell. */
  isOwnConnection(peerPort: number): boolean | undefined;
  /** It is ready for an invocation, and so done with the one before. */
  onReady(): void;
  onInitError(payload: Buffer): void;
  onAnswer(requestId: string, answer: RuntimeAnswer): void;
}

const PREFIX = "/2018-06-01/runtime/";
/** A runtime needs one or two. */
const MOST_CONNECTIONS = 64;
/** Up to this size a payload is part of the head's own string, a character a byte: one write of one piece. */
const JOINED_BYTES = 16 * 1024;
const OCTETS = "application/octet-stream";
/** States, by the names AWS's messages call them. */
type State = "Started" | "Ready" | "Running" | "ResponseSent" | "InitError";

/** Serves one process. `address` is its AWS_LAMBDA_RUNTIME_API. */
export class RuntimeApi {
  readonly #listener: RuntimeListener;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #own = new WeakSet<Socket>();
  #state: State = "Started";
  #requestId: string | undefined;
  #waiting: ServerResponse | undefined;
  #event: RuntimeEvent | undefined;

  private constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on("request", (request, response) => this.#serve(request, response));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Listens; the process may be started when it resolves. */
  static async listen(listener: RuntimeListener): Promise<RuntimeApi> {
    const api = new RuntimeApi(listener);
    await new Promise<void>((resolve, reject) => {
      api.#server.once("error", reject);
      api.#server.listen(0, "127.0.0.1", resolve);
    });
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Hands the process its next invocation: at once when it waits, else when it asks. */
  deliver(event: RuntimeEvent): void {
    this.#event = event;
    if (this.#waiting !== undefined) this.#send(this.#waiting);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isStranger(request)) {
      return answer(response, 403, "AccessDenied", "This Runtime API belongs to another process.");
    }
    const path = request.url ?? "";
    const [, id, verb] = /^invocation\/([^/]+)\/(response|error)$/.exec(path.slice(PREFIX.length)) ?? [];
    if (!path.startsWith(PREFIX)) return answer(response, 404, "NotFound", `There is no ${path} here.`);
    if (request.method === "GET" && path === `${PREFIX}invocation/next`) return this.#next(response);
    if (request.method === "POST" && path === `${PREFIX}init/error`) return this.#initError(request, response);
    if (request.method === "POST" && id !== undefined) {
      return this.#answered(id, verb === "error", request, response);
    }
    return answer(response, 404, "NotFound", `There is no ${request.method} ${path} here.`);
  }

  /** A web page (browsers say so in headers that a page cannot set), or another process of this machine. */
  #isStranger({ headers, socket }: IncomingMessage): boolean {
    if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) return true;
    if (this.#own.has(socket)) return false;
    if (this.#listener.isOwnConnection(socket.remotePort ?? 0) === false) return true;
    this.#own.add(socket);
    return false;
  }

  #next(response: ServerResponse): void {
    if (this.#waiting !== undefined || this.#state === "Running" || this.#state === "InitError") {
      return this.#refuse(response, "Ready");
    }
    this.#state = "Ready";
    this.#waiting = response;
    response.on("close", () => {
      if (this.#waiting === response) this.#waiting = undefined;
    });
    if (this.#event !== undefined) this.#send(response);
    else this.#listener.onReady();
  }

  #send(response: ServerResponse): void {
    const event = this.#event as RuntimeEvent;
    this.#event = undefined;
    this.#waiting = undefined;
    this.#state = "Running";
    this.#requestId = event.requestId;
    const { payload } = event;
    const headers = [
      "Content-Type", "application/json",
      "Content-Length", String(payload.byteLength),
      "Lambda-Runtime-Aws-Request-Id", event.requestId,
      "Lambda-Runtime-Deadline-Ms", String(event.deadlineMs),
      "Lambda-Runtime-Invoked-Function-Arn", event.invokedArn,
    ];
    if (event.traceId !== undefined) headers.push("Lambda-Runtime-Trace-Id", headerText(event.traceId));
    if (event.clientContext !== undefined) headers.push("Lambda-Runtime-Client-Context", headerText(event.clientContext));
    response.sendDate = false;
    response.writeHead(200, headers);
    if (payload.byteLength > JOINED_BYTES) response.end(payload);
    else response.end(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("latin1"), "latin1");
  }

  #initError(request: IncomingMessage, response: ServerResponse): void {
    if (this.#state !== "Started") return this.#refuse(response, "RuntimeInitError");
    this.#state = "InitError";
    void readBody(request).then((payload) => {
      accept(response);
      if (payload !== undefined) this.#listener.onInitError(payload);
    });
  }

  #answered(id: string, isError: boolean, request: IncomingMessage, response: ServerResponse): void {
    if (id !== this.#requestId) return answer(response, 400, "InvalidRequestID", "Invalid request ID");
    if (this.#state !== "Running") return this.#refuse(response, isError ? "InvocationErrorResponse" : "InvocationResponse");
    this.#state = "ResponseSent";
    if (!isError && request.headers["lambda-runtime-function-response-mode"] === "streaming") {
      return this.#streamed(id, request, response);
    }
    const contentType = request.headers["content-type"] ?? OCTETS;
    void readBody(request).then((payload) => {
      if (payload === undefined) {
        const message = `Exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
        answer(response, 413, "RequestEntityTooLarge", message);
        return this.#listener.onAnswer(id, { kind: "tooLarge" });
      }
      accept(response);
      this.#listener.onAnswer(id, isError ? { kind: "error", payload } : { kind: "response", contentType, payload });
    });
  }

  #streamed(id: string, request: IncomingMessage, response: ServerResponse): void {
    const stream = readStream(request);
    const contentType = request.headers["content-type"] ?? OCTETS;
    void stream.end.then((end) => (end.kind === "cut" ? undefined : accept(response)));
    this.#listener.onAnswer(id, { kind: "stream", contentType, stream });
  }

  #refuse(response: ServerResponse, to: string): void {
    const message = `State transition from ${this.#state} to ${to} failed for runtime. Error: State transition is not allowed`;
    answer(response, 403, "InvalidStateTransition", message);
  }
}

/** The whole body; undefined when it is past the limit (the rest is read and thrown away) or was cut off. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= RESPONSE_LIMIT) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on("end", () => resolve(size <= RESPONSE_LIMIT ? Buffer.concat(chunks) : undefined));
    // A process that went away is reported by its exit.
    request.on("error", () => undefined);
  });
}

function readStream(request: IncomingMessage): ResponseStream {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  let discarded = false;
  let wake = (): void => undefined;
  let settle!: (end: StreamEnd) => void;
  const end = new Promise<StreamEnd>((resolve) => {
    settle = resolve;
  });
  const stop = (how: StreamEnd): void => {
    over = true;
    settle(how);
    wake();
  };
  const discard = (): void => {
    discarded = true;
    chunks.length = 0;
    request.resume();
    wake();
  };

  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > STREAM_LIMIT) {
      discard();
      return stop({ kind: "tooLarge" });
    }
    if (discarded) return;
    chunks.push(chunk);
    request.pause(); // until it is read
    wake();
  });
  request.on("end", () => stop(streamEnd(request)));
  request.on("error", () => stop({ kind: "cut" }));
  request.on("close", () => stop({ kind: "cut" }));

  async function* read(): AsyncGenerator<Buffer> {
    try {
      while (!discarded) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
        } else if (over) {
          return;
        } else {
          const more = new Promise<void>((resolve) => {
            wake = resolve;
          });
          request.resume();
          await more;
        }
      }
    } finally {
      discard();
    }
  }
  return { chunks: { [Symbol.asyncIterator]: read }, end, discard };
}

/** Errors after the first byte come as trailers, the body in Base64. */
function streamEnd({ trailers, complete }: IncomingMessage): StreamEnd {
  if (!complete) return { kind: "cut" };
  const errorType = trailers["lambda-runtime-function-error-type"];
  if (errorType === undefined) return { kind: "complete" };
  const body = trailers["lambda-runtime-function-error-body"] ?? "";
  return { kind: "error", errorType, errorBody: Buffer.from(body, "base64").toString() };
}

/** UTF-8 bytes as a header carries them, on one line. */
function headerText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they would end the header
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}

function accept(response: ServerResponse): void {
  send(response, 202, ACCEPTED);
}

function answer(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  send(response, status, JSON.stringify({ errorMessage, errorType }));
}

const ACCEPTED = '{"status":"OK"}';

function send(response: ServerResponse, status: number, text: string): void {
  response.sendDate = false;
  response.writeHead(status, ["Content-Type", "application/json", "Content-Length", String(Buffer.byteLength(text))]);
  response.end(text);
}
