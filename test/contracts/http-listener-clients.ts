// The three ways in which a client speaks to a listener, behind one interface, and listeners to speak to.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import { listen } from "../../src/adapters/http-listener/index.ts";
import type { ListenerLimits, ListenOptions } from "../../src/adapters/http-listener/index.ts";
import type { HttpHandler, HttpListener } from "../../src/ports/http-server.ts";
import type { Log, LogFields } from "../../src/ports/log.ts";

export const pemFile = (name: string): string => fileURLToPath(new URL(`tls/${name}.pem`, import.meta.url));

export const TLS = { certificate: pemFile("localhost-cert"), key: pemFile("localhost-key") };

const open: HttpListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

export interface Recorded {
  readonly level: string;
  readonly message: string;
  readonly error?: unknown;
  readonly fields?: LogFields | undefined;
}

export interface Started {
  readonly port: number;
  readonly listener: HttpListener;
  readonly events: Recorded[];
  errors(): Recorded[];
}

/** Starts a listener on a free port; it is closed after the test. */
export async function start(
  handler: HttpHandler,
  limits: Partial<ListenerLimits> = {},
  options: Partial<ListenOptions> = {},
): Promise<Started> {
  const events: Recorded[] = [];
  const log: Log = {
    debug: (message, fields) => void events.push({ level: "debug", message, fields }),
    info: (message, fields) => void events.push({ level: "info", message, fields }),
    warn: (message, fields) => void events.push({ level: "warn", message, fields }),
    error: (message, error, fields) => void events.push({ level: "error", message, error, fields }),
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler, log, limits, ...options });
  open.push(listener);
  return { port: listener.port, listener, events, errors: () => events.filter(({ level }) => level === "error") };
}

export interface Asked {
  readonly method?: string;
  readonly target?: string;
  /** Besides the host. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Leave the request open after `body`. */
  readonly unfinished?: boolean;
  readonly onContinue?: () => void;
}

/** An answer whose head has arrived. */
export interface Head {
  readonly status: number;
  /** By lower-case name, without those of the connection. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable;
}

export interface Call {
  /** @throws when the connection or the stream ends before. */
  readonly head: Promise<Head>;
  /** Sends more of the body. */
  write(bytes: string | Buffer): void;
  /** Ends the request, with trailers. */
  end(trailers?: Readonly<Record<string, string>>): void;
  /** Goes away. */
  leave(): void;
}

export interface Client {
  readonly protocol: string;
  readonly encrypted: boolean;
  /** What the listener that it speaks to needs. */
  readonly listening: Partial<ListenOptions>;
  call(port: number, asked?: Asked): Call;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

/** A whole answer, its body one character a byte. @throws when it breaks off. */
export async function ask(client: Client, port: number, asked: Asked = {}): Promise<Answer> {
  const { status, headers, body } = await client.call(port, asked).head;
  return { status, headers, body: (await bytesOf(body)).toString("latin1") };
}

export async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const OF_THE_CONNECTION = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

function withoutConnection(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !OF_THE_CONNECTION.has(name) && !name.startsWith(":")) kept[name] = value;
  }
  return kept;
}

function overHttp1(send: typeof httpRequest, agent: () => HttpAgent): Client["call"] {
  return (port, { method = "GET", target = "/", headers = {}, body, unfinished = false, onContinue } = {}) => {
    const request: ClientRequest = send({ host: "localhost", port, method, path: target, headers, agent: agent() });
    if (onContinue !== undefined) request.on("continue", onContinue);
    const head = new Promise<Head>((resolve, reject) => {
      request.on("error", reject);
      request.on("response", (response: IncomingMessage) => {
        resolve({ status: response.statusCode as number, headers: withoutConnection(response.headers), body: response });
      });
    });
    head.catch(() => undefined);
    if (body !== undefined) request.write(body);
    if (!unfinished) request.end();
    return {
      head,
      write: (bytes) => void request.write(bytes),
      end(trailers = {}) {
        request.addTrailers(trailers);
        request.end();
      },
      leave: () => void request.destroy(),
    };
  };
}

const http2Call: Client["call"] = (port, { method = "GET", target = "/", headers = {}, body, unfinished = false, onContinue } = {}) => {
  const session = connectHttp2(`https://localhost:${port}`, { rejectUnauthorized: false });
  const isBare = body === undefined && !unfinished;
  const stream = session.request({ ":method": method, ":path": target, ...headers }, { endStream: isBare, waitForTrailers: true });
  if (onContinue !== undefined) stream.on("continue", onContinue);
  let trailersToSend: Readonly<Record<string, string>> = {};
  stream.on("wantTrailers", () => stream.sendTrailers(trailersToSend));
  stream.on("close", () => session.close());
  const head = new Promise<Head>((resolve, reject) => {
    session.on("error", reject);
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("the stream was closed")));
    stream.on("response", (answered) => {
      const { ":status": status = 0 } = answered;
      resolve({ status, headers: withoutConnection(answered), body: stream });
    });
  });
  head.catch(() => undefined);
  // A reset without an error still breaks an answer off.
  stream.on("aborted", () => stream.destroy(new Error("the stream was reset")));
  if (body !== undefined) stream.write(body);
  if (!unfinished && !isBare) stream.end();
  return {
    head,
    write: (bytes) => void stream.write(bytes),
    end(trailers = {}) {
      trailersToSend = trailers;
      stream.end();
    },
    leave() {
      stream.removeAllListeners("aborted");
      stream.close(constants.NGHTTP2_CANCEL);
    },
  };
};

const overTls = (options: Parameters<typeof httpsRequest>[0], ...rest: never[]): ClientRequest =>
  httpsRequest({ ...(options as object), rejectUnauthorized: false }, ...rest);

const plain = (listening: Partial<ListenOptions>): Client => ({
  protocol: "HTTP/1.1",
  encrypted: false,
  call: overHttp1(httpRequest, () => new HttpAgent()),
  listening,
});

const secured = (listening: Partial<ListenOptions>): Client => ({
  protocol: "HTTP/1.1",
  encrypted: true,
  call: overHttp1(overTls as typeof httpRequest, () => new HttpsAgent()),
  listening,
});

/** Every way in which a client may speak, by its name. */
export const CLIENTS: Readonly<Record<string, Client>> = {
  "HTTP/1.1": plain({}),
  "HTTP/1.1 over TLS": secured({ tls: TLS }),
  "HTTP/1.1, read by node:http": plain({ http1: "node" }),
  "HTTP/1.1 over TLS, read by node:http": secured({ tls: TLS, http1: "node" }),
  "HTTP/2": { protocol: "HTTP/2.0", encrypted: true, call: http2Call, listening: { tls: TLS } },
};
