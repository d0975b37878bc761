// A service as the control plane sees it: its table, its handlers, and what is its own about the wire.
import type { Call } from "../domain/call.ts";
import type { Handlers, OperationTable } from "../model/table.ts";
import { createRouter } from "./route.ts";
import type { Router } from "./route.ts";
import { plainWording } from "./wording.ts";
import type { Wording } from "./wording.ts";

export interface ServiceOptions<Types> {
  readonly table: OperationTable;
  /** Operations without a handler answer 501 and name themselves. */
  readonly handlers: Partial<Handlers<Types, Call>>;
  readonly wording?: Wording;
  /** The largest body in bytes; 10 MiB unless told, by operation where one differs. */
  readonly bodyLimit?: number;
  readonly bodyLimits?: Readonly<Partial<Record<keyof Types, number>>>;
  /** The content type of payloads of bytes whose shape has no member for it; `application/octet-stream` unless told. */
  readonly payloadType?: string;
  /**
   * What is wrong with a request that leaves out a JSON body that its operation reads; an empty one is `{}` when absent.
   */
  readonly missingBody?: () => Error;
}

export type AnyHandler = (input: unknown, call: Call) => Promise<unknown>;

export interface Service {
  readonly table: OperationTable;
  readonly route: Router;
  readonly wording: Wording;
  readonly payloadType: string;
  readonly missingBody: (() => Error) | undefined;
  handler(operation: string): AnyHandler | undefined;
  /** Bytes. */
  bodyLimit(operation: string): number;
}

const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024;

/** Makes a service of a table and handlers. @throws {Error} for a protocol that wire does not speak */
export function createService<Types>(options: ServiceOptions<Types>): Service {
  const { table, bodyLimit = DEFAULT_BODY_LIMIT } = options;
  if (table.protocol !== "restJson1") throw new Error(`${table.service}: the protocol ${table.protocol} is not built`);
  const handlers = options.handlers as Readonly<Record<string, AnyHandler | undefined>>;
  const limits = (options.bodyLimits ?? {}) as Readonly<Record<string, number | undefined>>;
  return {
    table,
    route: createRouter(table),
    wording: options.wording ?? plainWording,
    payloadType: options.payloadType ?? "application/octet-stream",
    missingBody: options.missingBody,
    handler: (operation) => (Object.hasOwn(handlers, operation) ? handlers[operation] : undefined),
    bodyLimit: (operation) => limits[operation] ?? bodyLimit,
  };
}
