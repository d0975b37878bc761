// A service as the control plane sees it: its table, its handlers, and what is its own about the wire.
import type { RequiredPermissions } from "../domain/access.ts";
import type { Call } from "../domain/call.ts";
import type { Handlers, Operation, OperationTable } from "../model/table.ts";
import { createRouter } from "./route.ts";
import type { Router } from "./route.ts";
import { plainWording } from "./wording.ts";
import type { Wording } from "./wording.ts";

/** What is a service's own about the wire, beside its model. */
export interface Dialect {
  readonly wording?: Wording;
  /** The largest body in bytes; 10 MiB unless told. */
  readonly bodyLimit?: number;
  /** The same for operations whose body is one payload of bytes. */
  readonly payloadLimit?: number;
  /** What errors call operations whose name there is not their own. */
  readonly operationNames?: Readonly<Record<string, string>>;
  /** The content type of payloads of bytes whose shape has no member for it; `application/octet-stream` unless told. */
  readonly payloadType?: string;
  /** What is wrong with a request without the JSON body that its operation reads; when absent it is as good as `{}`. */
  readonly missingBody?: () => Error;
}

export interface ServiceOptions<Types> extends Dialect {
  readonly table: OperationTable;
  /** Operations without a handler answer 501 and name themselves. */
  readonly handlers: Partial<Handlers<Types, Call>>;
  /** What a call needs where callers are known; without it, nobody may call anything there. */
  readonly permissions?: RequiredPermissions;
}

export type AnyHandler = (input: unknown, call: Call) => Promise<unknown>;

export interface Service {
  readonly table: OperationTable;
  readonly route: Router;
  readonly wording: Wording;
  readonly payloadType: string;
  readonly missingBody: (() => Error) | undefined;
  readonly permissions: RequiredPermissions | undefined;
  handler(operation: string): AnyHandler | undefined;
  /** What errors call the operation. */
  nameInErrors(operation: string): string;
  /** Bytes; of any operation where the body says which one it is. */
  bodyLimit(operation: Operation | undefined): number;
}

const DEFAULT_BODY_LIMIT = 10 * 1024 * 1024;

/** Makes a service of a table and handlers. @throws {Error} for a protocol that wire does not speak */
export function createService<Types>(options: ServiceOptions<Types>): Service {
  const { table, bodyLimit = DEFAULT_BODY_LIMIT, payloadLimit = bodyLimit } = options;
  if (table.protocol !== "restJson1" && table.protocol !== "awsQuery") throw new Error(`${table.service}: the protocol ${table.protocol} is not built`);
  const handlers = options.handlers as Readonly<Record<string, AnyHandler | undefined>>;
  return {
    table,
    // The operations of awsQuery are told apart by their form: its one path means nothing without a signature.
    route: table.protocol === "awsQuery" ? () => undefined : createRouter(table),
    wording: options.wording ?? plainWording,
    payloadType: options.payloadType ?? "application/octet-stream",
    missingBody: options.missingBody,
    permissions: options.permissions,
    nameInErrors: (operation) => options.operationNames?.[operation] ?? operation,
    handler: (operation) => (Object.hasOwn(handlers, operation) ? handlers[operation] : undefined),
    bodyLimit: (operation) => (operation !== undefined && hasPayload(table, operation.input) ? payloadLimit : bodyLimit),
  };
}

function hasPayload(table: OperationTable, input: string): boolean {
  const shape = table.shapes[input];
  return shape?.type === "structure" && Object.values(shape.members).some((member) => member.in === "payload");
}
