// What an operation asks of IAM before it runs: actions, and what they are done to.
import type { Operation } from "../model/table.ts";
import type { Call } from "./call.ts";

export type Tags = Readonly<Record<string, string>>;

export interface Permission {
  /** `apigateway:POST` */
  readonly action: string;
  /** An ARN, or `*` for actions that are done to nothing in particular. */
  readonly resource: string;
  /** Other ways to write the same ARN: what is denied explicitly is denied in all of them. */
  readonly spellings?: readonly string[];
  /** What a refusal calls the resource, where not by its ARN. */
  readonly shownAs?: string;
  /** Condition keys of the request besides the global ones: values by lower-case names. */
  readonly keys?: ReadonlyMap<string, readonly string[]>;
  /** The resource's tags (undefined when there is no such resource); asked for only when a policy asks. */
  readonly tags?: () => Promise<Tags | undefined>;
  /** Condition keys that say what the resource is like (`apigateway:Resource/…`), by lower-case names; asked for as tags are. */
  readonly existing?: () => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Whether a condition key (lower case) is one that AWS sets for such a request and Gatehouse does not know yet. */
  readonly isUnknown?: (key: string) => boolean;
}

/** A call of an operation. */
export interface Asked {
  readonly operation: Operation;
  /** Decoded, and not validated yet. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: Call;
}

/** All the permissions that a call needs; none for what needs none. */
export type RequiredPermissions = (asked: Asked) => readonly Permission[] | Promise<readonly Permission[]>;

/** The keys that tags in a request set. @param names of tags that are named without a value */
export function requestTagKeys(tags: Tags = {}, names: readonly string[] = []): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  const all = [...Object.keys(tags), ...names];
  if (all.length > 0) keys.set("aws:tagkeys", all);
  for (const [name, value] of Object.entries(tags)) keys.set(`aws:requesttag/${name.toLowerCase()}`, [value]);
  return keys;
}

/** A member of an unvalidated input as text; undefined when it is none. */
export const textOf = (input: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
};

/** A member of an unvalidated input as tags, from a map of texts. */
export function tagsOf(value: unknown): Tags {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** A member of an unvalidated input as a list of texts. */
export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
