// Tags of what an ARN names, for both of API Gateway's control planes.
import { parseApiGatewayArn } from "../../domain/arn.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import type { RecordKind } from "../../domain/record.ts";
import type { Tags } from "../../domain/rest-api.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import { checkedTags } from "./tag-rules.ts";

/** Something that has tags, and the change that gives it others. */
export interface Tagged {
  readonly tags: Tags;
  readonly retagged: (tags: Tags) => Change;
}

/** Finds what an ARN's path names; `names` stand in the places of `{}`, in their order. */
export type FindTagged<Context> = (context: Context, names: readonly string[], call: Call) => Promise<Tagged>;

export const tagged = <T extends { readonly tags: Tags }>(kind: RecordKind<T>, { key, value, version }: Stored<T>): Tagged => ({
  tags: value.tags,
  retagged: (tags) => put(kind, key, { ...value, tags }, version),
});

/**
 * Finds what an ARN names among the patterns of paths that can have tags, `{}` standing for each name.
 * @throws {ServiceError} BadRequestException when the ARN names nothing in this region that can have tags; NotFoundException
 */
export async function findTagged<Context>(
  taggable: Readonly<Record<string, FindTagged<Context>>>,
  context: Context,
  resourceArn: string,
  call: Call,
): Promise<Tagged> {
  const { account, region, path } = parseApiGatewayArn(resourceArn) ?? { account: "", region: "", path: [] };
  const [pattern, find] = Object.entries(taggable).find(([each]) => namesOf(each, path)) ?? [];
  const names = pattern && namesOf(pattern, path);
  if (!find || !names || region !== call.region || !["", call.account].includes(account)) throw badRequest(`Invalid ARN specified: ${resourceArn}`);
  return find(context, names, call);
}

/** A change that adds tags. @throws {ServiceError} BadRequestException when they may not be set together */
export const addTags = ({ tags, retagged }: Tagged, added: Tags | undefined, limits: Pick<RestApiLimits, "tagsPerResource">): Change =>
  retagged(checkedTags({ ...tags, ...added }, limits));

/** A change that takes tags away. */
export const dropTags = ({ tags, retagged }: Tagged, keys: readonly string[]): Change =>
  retagged(Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))));

/** What stands in the places of `{}`; undefined when the path is not the pattern's. */
function namesOf(pattern: string, path: readonly string[]): readonly string[] | undefined {
  const parts = pattern.split("/");
  if (parts.length !== path.length || !parts.every((part, place) => part === "{}" || part === path[place])) return undefined;
  return path.filter((_, place) => parts[place] === "{}");
}
