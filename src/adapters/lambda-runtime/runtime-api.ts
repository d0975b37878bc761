// The Lambda Runtime API for one process: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// A loopback port of its own, which answers nobody but that process where the system can tell.
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { header } from "../../ports/http-server.ts";
import { RESPONSE_LIMIT } from "./failures.ts";
import { ProcessConnection } from "./process-connection.ts";
import type { BodyTaker } from "./process-connection.ts";
import type { ProcessRequest } from "./process-request.ts";
import { streamedBody, wholeBody } from "./response-stream.ts";
import type { ResponseStream } from "./response-stream.ts";

/** One invocation as its process gets it. */
export interface RuntimeEvent {
  readonly requestId: string;
  readonly payload: Uint8Array;
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
const NEXT = `${PREFIX}invocation/next`;
/** A runtime needs one or two. */
const MOST_CONNECTIONS = 64;
const OCTETS = "application/octet-stream";
const ACCEPTED = '{"status":"OK"}';
/** States, by the names AWS's messages call them. */
type State = "Started" | "Ready" | "Running" | "ResponseSent" | "InitError";

/** Serves one process. `address` is its AWS_LAMBDA_RUNTIME_API. */
export class RuntimeApi {
  readonly #listener: RuntimeListener;
  readonly #server: Server;
  readonly #connections = new Set<ProcessConnection>();
  readonly #serve = (request: ProcessRequest): BodyTaker | undefined => this.#answer(request);
  #state: State = "Started";
  #requestId: string | undefined;
  /** Where the answer to the current request goes. */
  #responseTarget: string | undefined;
  #waiting: ProcessRequest | undefined;
  #event: RuntimeEvent | undefined;
  #deadlineMs = 0;

  private constructor(listener: RuntimeListener) {
    this.#listener = listener;
    // A process that has sent its last is answered all the same.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#connect(socket, false));
    this.#server.maxConnections = MOST_CONNECTIONS;
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

  /** Serves over a pipe that the process was started with, too: nobody else has its other end. */
  adopt(pipe: Socket): void {
    this.#connect(pipe, true);
  }

  /** Hands the process its next invocation: at once when it waits, else when it asks. @param deadlineMs milliseconds since the epoch */
  deliver(event: RuntimeEvent, deadlineMs: number): void {
    this.#event = event;
    this.#deadlineMs = deadlineMs;
    if (this.#waiting !== undefined) this.#send(this.#waiting);
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.close();
  }

  #connect(socket: Socket, isOwn: boolean): void {
    const connection = new ProcessConnection(socket, isOwn, this.#serve);
    this.#connections.add(connection);
    socket.on("close", () => this.#connections.delete(connection));
  }

  #answer(request: ProcessRequest): BodyTaker | undefined {
    const { method, target } = request;
    if (this.#isStranger(request)) {
      return answer(request, 403, "AccessDenied", "This Runtime API belongs to another process.");
    }
    if (method === "GET" && target === NEXT) return this.#next(request);
    if (method === "POST" && target.startsWith(PREFIX)) {
      if (target === this.#responseTarget) return this.#answered(this.#requestId as string, false, request);
      if (target === `${PREFIX}init/error`) return this.#initError(request);
      const [, id, verb] = /^invocation\/([^/]+)\/(response|error)$/.exec(target.slice(PREFIX.length)) ?? [];
      if (id !== undefined) return this.#answered(id, verb === "error", request);
    }
    const what = target.startsWith(PREFIX) ? `${method} ${target}` : target;
    return answer(request, 404, "NotFound", `There is no ${what} here.`);
  }

  /** A web page (browsers say so in headers that a page cannot set), or another process of this machine. */
  #isStranger({ headers, connection }: ProcessRequest): boolean {
    if (header(headers, "origin") !== undefined || header(headers, "sec-fetch-site") !== undefined) return true;
    if (connection.isOwn) return false;
    if (this.#listener.isOwnConnection(connection.remotePort) === false) return true;
    connection.isOwn = true;
    return false;
  }

  #next(request: ProcessRequest): undefined {
    if (this.#waiting !== undefined || this.#state === "Running" || this.#state === "InitError") {
      return this.#refuse(request, "Ready");
    }
    this.#state = "Ready";
    this.#waiting = request;
    request.isParked = true;
    request.onGone = () => {
      if (this.#waiting === request) this.#waiting = undefined;
    };
    if (this.#event !== undefined) this.#send(request);
    else this.#listener.onReady();
    return undefined;
  }

  #send(request: ProcessRequest): void {
    const event = this.#event as RuntimeEvent;
    this.#event = undefined;
    this.#waiting = undefined;
    this.#state = "Running";
    this.#requestId = event.requestId;
    this.#responseTarget = `${PREFIX}invocation/${event.requestId}/response`;
    const { clientContext, traceId } = event;
    const trace = traceId === undefined ? "" : `Lambda-Runtime-Trace-Id: ${headerText(traceId)}\r\n`;
    const client = clientContext === undefined ? "" : `Lambda-Runtime-Client-Context: ${headerText(clientContext)}\r\n`;
    request.answer(
      200,
      event.payload,
      `Lambda-Runtime-Aws-Request-Id: ${event.requestId}\r\nLambda-Runtime-Deadline-Ms: ${this.#deadlineMs}\r\n` +
        `Lambda-Runtime-Invoked-Function-Arn: ${event.invokedArn}\r\n${trace}${client}`,
    );
  }

  #initError(request: ProcessRequest): BodyTaker | undefined {
    if (this.#state !== "Started") return this.#refuse(request, "RuntimeInitError");
    this.#state = "InitError";
    return wholeBody((payload) => {
      accept(request);
      if (payload !== undefined) this.#listener.onInitError(payload);
    });
  }

  #answered(id: string, isError: boolean, request: ProcessRequest): BodyTaker | undefined {
    if (id !== this.#requestId) return answer(request, 400, "InvalidRequestID", "Invalid request ID");
    if (this.#state !== "Running") return this.#refuse(request, isError ? "InvocationErrorResponse" : "InvocationResponse");
    this.#state = "ResponseSent";
    if (!isError && header(request.headers, "lambda-runtime-function-response-mode") === "streaming") {
      return this.#streamed(id, request);
    }
    const contentType = header(request.headers, "content-type") ?? OCTETS;
    return wholeBody((payload) => {
      if (payload === undefined) {
        const message = `Exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
        answer(request, 413, "RequestEntityTooLarge", message);
        return this.#listener.onAnswer(id, { kind: "tooLarge" });
      }
      // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: a process that has asked for its next
      // invocation may be frozen until that is there. What it is told of the last one can come with it.
      request.isPatient = true;
      accept(request);
      this.#listener.onAnswer(id, isError ? { kind: "error", payload } : { kind: "response", contentType, payload });
    });
  }

  #streamed(id: string, request: ProcessRequest): BodyTaker {
    const body = streamedBody(request.connection);
    const contentType = header(request.headers, "content-type") ?? OCTETS;
    void body.stream.end.then((end) => (end.kind === "cut" ? undefined : accept(request)));
    this.#listener.onAnswer(id, { kind: "stream", contentType, stream: body.stream });
    return body;
  }

  #refuse(request: ProcessRequest, to: string): undefined {
    const message = `State transition from ${this.#state} to ${to} failed for runtime. Error: State transition is not allowed`;
    return answer(request, 403, "InvalidStateTransition", message);
  }
}

/** UTF-8 bytes as a header carries them, on one line. */
function headerText(text: string): string {
  if (PLAIN.test(text)) return text;
  // oxlint-disable-next-line no-control-regex -- they would end the header
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}

const PLAIN = /^[\x20-\x7e]*$/;

function accept(request: ProcessRequest): void {
  request.answer(202, ACCEPTED);
}

function answer(request: ProcessRequest, status: number, errorType: string, errorMessage: string): undefined {
  request.answer(status, JSON.stringify({ errorMessage, errorType }));
}
