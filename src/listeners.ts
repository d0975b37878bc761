// Composition of listeners: where the program listens, plain and with TLS.
import { listen, type ListenOptions } from "./adapters/http-listener/index.ts";
import { systemClock } from "./adapters/system/index.ts";
import type { Config } from "./config/index.ts";
import type { HttpHandler, HttpListener } from "./ports/http-server.ts";
import type { Log } from "./ports/log.ts";
import type { WebSocketHandler } from "./ports/websocket.ts";

type ListenerConfig = Pick<Config, "host" | "http-listener" | "port" | "tls-cert" | "tls-key" | "tls-port">;

/** One port, plain or with TLS; with `tls-port`, a plain one and one with TLS. */
function addresses({ host, port, "tls-cert": certificate, "tls-key": key, "tls-port": tlsPort }: ListenerConfig): Pick<ListenOptions, "host" | "port" | "tls">[] {
  if (certificate === "") return [{ host, port }];
  const tls = { certificate, key };
  return tlsPort === "" ? [{ host, port, tls }] : [{ host, port }, { host, port: tlsPort, tls }];
}

/** The ports that the settings name, in order; 0 takes a free one. */
export const portsOf = (config: ListenerConfig): readonly number[] => addresses(config).map(({ port }) => port);

/** Where the program is reached: `http://127.0.0.1:4566`. @param ports those that are listened on, in the order of {@link portsOf} */
export function urlsOf(config: ListenerConfig, ports: readonly number[]): readonly string[] {
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return addresses(config).map(({ tls }, i) => `${tls === undefined ? "http" : "https"}://${host}:${ports[i]}`);
}

export interface Listening {
  readonly config: ListenerConfig;
  readonly handler: HttpHandler;
  readonly webSockets: WebSocketHandler;
  readonly log: Log;
  /** In place of those of the settings. */
  readonly ports?: readonly number[];
  /** Other processes listen on the same ports. */
  readonly reusePort?: boolean;
}

/** Starts to listen everywhere, or nowhere. @throws {ListenError} */
export async function listenEverywhere({ config, handler, webSockets, log, ports = portsOf(config), reusePort = false }: Listening): Promise<readonly HttpListener[]> {
  const listeners: HttpListener[] = [];
  const shared = { http1: config["http-listener"], reusePort, handler, webSockets: { handler: webSockets, clock: systemClock }, log };
  try {
    for (const [i, address] of addresses(config).entries()) {
      listeners.push(await listen({ ...address, port: ports[i] ?? address.port, ...shared }));
    }
    return listeners;
  } catch (error) {
    await closeListeners(listeners, 0);
    throw error;
  }
}

/** Lets requests under way finish and WebSockets' `$disconnect` be delivered, for so many milliseconds at most. */
export async function closeListeners(listeners: readonly HttpListener[], graceMs: number): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close(graceMs)));
}
