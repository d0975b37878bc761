// Lists by page: 100 items unless asked for another number, and a marker for what follows
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html).
import type { Key, RecordKind } from "../../domain/record.ts";
import type { Store } from "../../ports/store.ts";
import { validationError } from "./errors.ts";

export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export interface ListedPage<T> {
  readonly items: readonly T[];
  readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string };
}

const DEFAULT_ITEMS = 100;
const LAST = { IsTruncated: false };

/** A page of the records under a prefix that pass. @throws {ServiceError} when the marker is not one that was given out */
export async function listPage<T>(
  store: Store, kind: RecordKind<T>, prefix: Key, request: PageRequest, passes: (record: T) => boolean = () => true,
): Promise<ListedPage<T>> {
  const limit = request.MaxItems ?? DEFAULT_ITEMS;
  const marker = readMarker(request);
  const items: T[] = [];
  let after: Key | undefined = marker === undefined ? undefined : [...prefix, marker];
  for (;;) {
    const page = await store.list(kind, { prefix, limit: DEFAULT_ITEMS, ...(after && { after }) });
    for (const { key, value } of page.items) {
      if (items.length === limit && passes(value)) return { items, rest: truncated(after) };
      if (passes(value)) items.push(value);
      after = key;
    }
    if (!page.more) return { items, rest: LAST };
  }
}

/** A page of what is at hand, in the order of a text that is each one's own. @throws {ServiceError} as {@link listPage} */
export function pageOf<T>(all: readonly T[], textOf: (item: T) => string, request: PageRequest): ListedPage<T> {
  const limit = request.MaxItems ?? DEFAULT_ITEMS;
  const marker = readMarker(request);
  const sorted = all.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1)).filter((item) => marker === undefined || textOf(item) > marker);
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, rest: sorted.length > limit && last !== undefined ? truncated([textOf(last)]) : LAST };
}

const truncated = (key: Key | undefined): ListedPage<never>["rest"] => ({
  IsTruncated: true,
  Marker: Buffer.from(JSON.stringify(key?.at(-1) ?? "")).toString("base64url"),
});

function readMarker({ Marker }: PageRequest): string | undefined {
  if (Marker === undefined) return undefined;
  try {
    const text: unknown = JSON.parse(Buffer.from(Marker, "base64url").toString());
    if (typeof text === "string") return text;
  } catch {
    // Not JSON: refused below.
  }
  throw validationError("Invalid Marker.");
}
