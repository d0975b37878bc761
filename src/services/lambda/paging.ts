// Lists by page: at most 50 items, and a marker for what follows.
import type { Key, RecordKind } from "../../domain/record.ts";
import type { Store, Stored } from "../../ports/store.ts";
import { invalidParameter } from "./errors.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html: more may be asked for and is not given. */
const PAGE_LIMIT = 50;

export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** How many items a page has. */
export const pageLimit = ({ MaxItems = PAGE_LIMIT }: PageRequest): number => Math.min(MaxItems, PAGE_LIMIT);

/** A page of the records under a prefix. @throws {ServiceError} when the marker is not one that was given out. */
export async function listPage<T>(
  store: Store, kind: RecordKind<T>, prefix: Key, request: PageRequest,
): Promise<{ items: readonly Stored<T>[]; NextMarker?: string }> {
  const marker = readMarker(request);
  const page = await store.list(kind, { prefix, limit: pageLimit(request), ...(marker ? { after: [...prefix, ...marker] } : {}) });
  const last = page.items.at(-1);
  return { items: page.items, ...(page.more && last ? { NextMarker: writeMarker(last.key.slice(prefix.length)) } : {}) };
}

/** Where the page before ended; undefined for the first page. @throws {ServiceError} when the marker is not one of ours. */
export function readMarker({ Marker = "" }: PageRequest): Key | undefined {
  if (Marker === "") return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(Marker, "base64url").toString());
    if (Array.isArray(key) && key.length > 0 && key.every((part) => typeof part === "string")) return key;
  } catch {
    // Not JSON: refused below.
  }
  throw invalidParameter("Invalid value for Marker.");
}

/** The marker of a page that ends with the item of this key. */
export const writeMarker = (key: Key): string => Buffer.from(JSON.stringify(key)).toString("base64url");
