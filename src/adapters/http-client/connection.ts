// One connection to an origin: carries one request at a time, and knows how far it has come.
import { connect as connectTcp, isIP, Socket } from "node:net";
import type { OnReadOpts } from "node:net";
import { checkServerIdentity, connect as connectTls } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { atTurnsEnd, type Departure } from "../turn/index.ts";
import { refusedLiteral } from "../upstream/index.ts";
import { ConnectionClosed, ConnectTimeout, type Stage } from "./failures.ts";
import type { Route } from "./route.ts";
import { type ResponseParts, ResponseReader } from "./response-reader.ts";

/** Who has a request on a connection. */
export interface Sender extends ResponseParts {
  readonly head: string;
  readonly body: Uint8Array | undefined;
  readonly isHead: boolean;
  /** The connection is gone, or has brought something that is no response. */
  broken(error: Error): void;
}

/** Up to this size a body goes out in the same piece as its head. */
const JOINED_BYTES = 16 * 1024;

/**
 * What is read goes here first, whoever's it is: it is handed on, or copied, before the next read. A connection that waits
 * holds no buffer of its own.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(128 * 1024);

export class Connection implements Departure {
  readonly #reader: ResponseReader;
  readonly #onGone: (connection: Connection) => void;
  readonly #forgetName: () => void;
  readonly #socket: Socket;
  #sender: Sender | undefined;
  #connecting: NodeJS.Timeout | undefined;
  #fault: Error | undefined;
  #isPaused = false;
  /** A request is to be written at the end of the turn. */
  #isDeparting = false;
  /** Requests that have been written. */
  used = 0;
  /** Whether anything has come since the last request was written. */
  hasAnswered = false;
  stage: Stage = "connect";
  /** When an idle connection is to be closed, by `performance.now()`. */
  idleUntil = 0;

  /** @param onGone is called once, when the connection has ended */
  constructor(route: Route, onGone: (connection: Connection) => void) {
    this.#reader = new ResponseReader(route.scanner);
    this.#onGone = onGone;
    this.#forgetName = route.forgetName;
    const onread: OnReadOpts = { buffer: READ_BUFFER, callback: (size, buffer) => this.#received(buffer as Buffer, size) };
    this.#connecting = setTimeout(() => this.#fail(new ConnectTimeout("the connection took too long to make")), route.connectTimeoutMs);
    const refused = refusedLiteral(route.host, route.isRefused);
    if (refused !== undefined) this.#socket = new Socket();
    else this.#socket = route.encrypted ? this.#encrypted(route, onread) : connectTcp({ ...destination(route), onread });
    this.#socket.setNoDelay(true);
    this.#socket.once("connect", () => this.#connected(route));
    this.#socket.on("end", () => this.#ended());
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new ConnectionClosed("the connection was closed")));
    if (refused !== undefined) process.nextTick(() => this.#fail(refused));
  }

  get isOpen(): boolean {
    return this.#fault === undefined;
  }

  /** Whether it may carry another request: the response was whole, and so was the request. */
  get isReusable(): boolean {
    return this.isOpen && this.#reader.isReusable && this.#socket.writableLength === 0;
  }

  /** Whether its request is still being written, as far as the socket says. */
  get isSending(): boolean {
    return this.isOpen && this.#socket.writableLength > 0;
  }

  /** For how long the server said it keeps the connection, in milliseconds. */
  get keptMs(): number | undefined {
    return this.#reader.keptMs;
  }

  /** Whether the request that it has is yet to be written, though it could be. */
  get isUnsent(): boolean {
    return this.#isDeparting;
  }

  /** Writes a request, as soon as there is a connection, at the end of the loop's turn. */
  send(sender: Sender): void {
    this.#sender = sender;
    if (this.stage === "open") this.#departSoon();
  }

  #departSoon(): void {
    this.#isDeparting = true;
    atTurnsEnd(this);
  }

  depart(): void {
    const sender = this.#sender;
    // It may have ended, or been given up, meanwhile.
    if (sender === undefined) return;
    this.#isDeparting = false;
    this.#write(sender);
  }

  /** The request is over; nothing of it is handed on any more, and whatever comes next is noticed. */
  free(): void {
    this.#sender = undefined;
    this.resume();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  /** Ends the connection now, without telling whoever has a request on it. */
  destroy(): void {
    this.#sender = undefined;
    this.#fail(new ConnectionClosed("the connection was given up"));
  }

  #encrypted(route: Route, onread: OnReadOpts): Socket {
    const { certified, identity } = route;
    const session = route.session();
    // Its type leaves `onread` out, which it hands on as the documentation of tls.connect() says.
    const options: ConnectionOptions & { readonly onread: OnReadOpts } = {
      ...destination(route),
      onread,
      ALPNProtocols: ["http/1.1"],
      rejectUnauthorized: !route.insecure,
      // The certificate is checked against the origin's name, whatever the Host header says. SNI takes no addresses.
      servername: isIP(certified) === 0 ? certified : "",
      checkServerIdentity: (_, certificate) => checkServerIdentity(certified, certificate),
      ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey() }),
      ...(session === undefined ? {} : { session }),
    };
    const socket = connectTls(options);
    socket.on("session", route.keepSession);
    return socket;
  }

  #connected(route: Route): void {
    if (!route.encrypted) {
      this.#opened();
      return;
    }
    this.stage = "tls";
    const socket = this.#socket as TLSSocket;
    socket.once("secureConnect", () => {
      const fault = route.insecure ? faultOf(socket, route.certified) : undefined;
      if (fault === undefined) this.#opened();
      else this.#fail(fault);
    });
  }

  #opened(): void {
    if (!this.isOpen) return;
    clearTimeout(this.#connecting);
    this.stage = "open";
    if (this.#sender !== undefined) this.#departSoon();
  }

  #write(sender: Sender): void {
    const { head, body } = sender;
    this.used++;
    this.hasAnswered = false;
    this.#reader.expect(sender, sender.isHead);
    if (body === undefined || body.length === 0) this.#socket.write(head, "latin1");
    else if (body.length <= JOINED_BYTES) this.#socket.write(joined(head, body));
    else {
      this.#socket.cork();
      this.#socket.write(head, "latin1");
      this.#socket.write(body);
      this.#socket.uncork();
    }
  }

  #received(buffer: Buffer, size: number): boolean {
    this.hasAnswered = true;
    try {
      this.#reader.read(buffer, size);
    } catch (error) {
      this.#fail(error as Error);
    }
    return true;
  }

  #ended(): void {
    if (!this.#reader.readEnd()) this.#fail(new ConnectionClosed("the connection was closed"));
  }

  #fail(error: Error): void {
    if (this.#fault !== undefined) return;
    this.#fault = error;
    clearTimeout(this.#connecting);
    if (this.stage === "connect") this.#forgetName();
    this.#reader.stop();
    this.#socket.destroy();
    const sender = this.#sender;
    this.#sender = undefined;
    // In this order: whoever tries again keeps the pool from being given up as empty.
    sender?.broken(error);
    this.#onGone(this);
  }
}

const destination = ({ host, port, lookup }: Route) => ({ host, port, lookup });

function joined(head: string, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 0, "latin1");
  bytes.set(body, head.length);
  return bytes;
}

/**
 * What is wrong with a certificate besides who vouches for it, which is all that `insecure` lets pass: the dates and the
 * name still count (the API model's documentation of insecureSkipVerification).
 */
function faultOf(socket: TLSSocket, host: string): Error | undefined {
  const certificate = socket.getPeerCertificate();
  const now = Date.now();
  if (now < Date.parse(certificate.valid_from)) return new Error("the certificate is not valid yet");
  if (now > Date.parse(certificate.valid_to)) return new Error("the certificate has expired");
  return checkServerIdentity(host, certificate);
}
