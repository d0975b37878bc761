// Lists by pages. A position is the key that a page ended with, so that pages stay right while records come and go.
import { badRequest } from "../../domain/errors.ts";
import type { Key, RecordKind } from "../../domain/record.ts";
import { scoped, unscoped } from "../../domain/record.ts";
import type { ListQuery, Store, Stored } from "../../ports/store.ts";

export interface PageRequest {
  readonly limit?: number;
  readonly position?: string;
  /** What the service calls the two. */
  readonly names?: { readonly limit: string; readonly position: string };
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
  return mergedPage(store, [kind], prefix, request);
}

/** The same of several kinds of records, as if they were one; no two of them may have one key. */
export async function mergedPage<T>(store: Store, kinds: readonly RecordKind<T>[], prefix: Key, request: PageRequest): Promise<ListedPage<T>> {
  const query = firstQuery(prefix, request);
  const pages = await Promise.all(kinds.map((kind) => store.list(kind, query)));
  const all = pages.flatMap(({ items }) => items);
  if (kinds.length > 1) all.sort((a, b) => (scoped(...a.key) < scoped(...b.key) ? -1 : 1));
  const items = all.slice(0, query.limit);
  const last = items.at(-1);
  const more = all.length > items.length || pages.some((each) => each.more);
  return more && last !== undefined ? { items, position: positionOf(last.key, prefix) } : { items };
}

/**
 * The same of things that are all at hand, in the order of a text that is each one's own.
 * @throws {ServiceError} BadRequestException as {@link page}
 */
export function pageOf<T>(
  all: readonly T[],
  textOf: (item: T) => string,
  request: PageRequest,
): { readonly items: readonly T[]; readonly position?: string } {
  const limit = limitOf(request);
  const [after] = request.position === undefined || request.position === "" ? [undefined] : keyOf(request, []);
  const sorted = all.map((item) => ({ item, text: textOf(item) })).sort((a, b) => (a.text < b.text ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter(({ text }) => text > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const page = { items: items.map(({ item }) => item) };
  return rest.length > limit && last !== undefined ? { ...page, position: positionOf([last.text], []) } : page;
}

function limitOf({ limit = DEFAULT_LIMIT, names }: PageRequest): number {
  if (!Number.isInteger(limit) || limit < 1) throw badRequest(`Invalid ${names?.limit ?? "limit"} specified: ${limit}. Must be at least 1`);
  return Math.min(limit, MAX_LIMIT);
}

/** Which records a list is made of. */
export interface Selection<T, Out> {
  readonly prefix: Key;
  readonly index?: NonNullable<ListQuery["index"]>;
  /** What the list shows of a record; undefined where it leaves the record out. */
  readonly show: (item: Stored<T>) => Out | undefined | Promise<Out | undefined>;
}

/**
 * A page of what a list shows of some records, like {@link page}. Records that are left out do not count, so that every
 * page but the last is full.
 * @throws {ServiceError} BadRequestException as {@link page}
 */
export async function selectedPage<T, Out>(
  store: Store,
  kind: RecordKind<T>,
  { prefix, index, show }: Selection<T, Out>,
  request: PageRequest,
): Promise<{ readonly items: readonly Out[]; readonly position?: string }> {
  const first = firstQuery(prefix, request);
  const chosen: { readonly key: Key; readonly shown: Out }[] = [];
  let query: ListQuery = { ...first, ...(index ? { index } : {}), limit: first.limit + 1 };
  for (;;) {
    const { items, more } = await store.list(kind, query);
    const all = await Promise.all(items.map(async (item) => ({ key: item.key, shown: await show(item) })));
    for (const { key, shown } of all) if (shown !== undefined) chosen.push({ key, shown });
    const shownItems = chosen.slice(0, first.limit);
    const lastShown = shownItems.at(-1);
    if (chosen.length > first.limit && lastShown !== undefined) {
      return { items: shownItems.map(({ shown }) => shown), position: positionOf(lastShown.key, prefix) };
    }
    const last = items.at(-1);
    if (!more || last === undefined) return { items: chosen.map(({ shown }) => shown) };
    query = { ...query, after: last.key, limit: MAX_LIMIT };
  }
}

function firstQuery(prefix: Key, request: PageRequest): ListQuery & { readonly limit: number } {
  const { position } = request;
  const limit = limitOf(request);
  return { prefix, ...(position === undefined || position === "" ? {} : { after: keyOf(request, prefix) }), limit };
}

/** Opaque to clients; only the part below the prefix, since the prefix follows from the request. */
function positionOf(key: Key, prefix: Key): string {
  return Buffer.from(scoped(...key.slice(prefix.length))).toString("base64url");
}

function keyOf({ position = "", names }: PageRequest, prefix: Key): Key {
  const parts = partsOf(position);
  if (parts === undefined || positionOf([...prefix, ...parts], prefix) !== position) {
    throw badRequest(`Invalid ${names?.position ?? "position"} parameter specified`);
  }
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
