// Lists by pages. A position is the key that a page ended with, so that pages stay right while records come and go.
import { badRequest } from "../../domain/errors.ts";
import type { Key, RecordKind } from "../../domain/record.ts";
import { scoped, unscoped } from "../../domain/record.ts";
import type { Store, Stored } from "../../ports/store.ts";

export interface PageRequest {
  readonly limit?: number;
  readonly position?: string;
}

export interface ListedPage<T> {
  readonly items: readonly Stored<T>[];
  /** Where the next page begins; absent on the last one. */
  readonly position?: string;
}

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;

/**
 * A page of the records under a prefix, in the order of their keys: 25 unless asked for another number, 500 at most.
 * @throws {ServiceError} BadRequestException for a limit below 1 and a position that no page of this list gave.
 */
export async function page<T>(store: Store, kind: RecordKind<T>, prefix: Key, request: PageRequest): Promise<ListedPage<T>> {
  const { limit = DEFAULT_LIMIT, position } = request;
  if (!Number.isInteger(limit) || limit < 1) throw badRequest(`Invalid limit specified: ${limit}. Must be at least 1`);
  const after = position === undefined || position === "" ? {} : { after: keyOf(position, prefix) };
  const { items, more } = await store.list(kind, { prefix, ...after, limit: Math.min(limit, MAX_LIMIT) });
  const last = items.at(-1);
  return more && last !== undefined ? { items, position: positionOf(last.key, prefix) } : { items };
}

/** Opaque to clients; only the part below the prefix, since the prefix follows from the request. */
function positionOf(key: Key, prefix: Key): string {
  return Buffer.from(scoped(...key.slice(prefix.length))).toString("base64url");
}

function keyOf(position: string, prefix: Key): Key {
  const parts = partsOf(position);
  if (parts === undefined || positionOf([...prefix, ...parts], prefix) !== position) throw badRequest("Invalid position parameter specified");
  return [...prefix, ...parts];
}

function partsOf(position: string): Key | undefined {
  try {
    return unscoped(Buffer.from(position, "base64url").toString());
  } catch (error) {
    // The only failure is a percent sign that encodes nothing: not a position.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
