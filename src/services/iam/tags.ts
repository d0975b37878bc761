// Tags of users, roles and managed policies.
import type { Call } from "../../domain/call.ts";
import type { IamOperations, Tag } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { type EntityKind, newTags, replace, requireEntity, ROLE, tagList, USER } from "./entities.ts";
import { quotaExceeded } from "./errors.ts";
import { requireOwn } from "./managed-policies.ts";
import { pageOf, type PageRequest } from "./paging.ts";
import { type EntityRecord, policies } from "../../domain/identity-records.ts";

type Names =
  | "TagUser" | "UntagUser" | "ListUserTags" | "TagRole" | "UntagRole" | "ListRoleTags" | "TagPolicy" | "UntagPolicy" | "ListPolicyTags";

type Tags = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TAGS_PER_RESOURCE = 50;

export function tagOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  async function change<T extends EntityRecord>(entity: EntityKind<T>, call: Call, name: string, changes: (tags: Tags) => Tags) {
    const stored = await requireEntity(context, entity, await context.accountOf(call), name);
    await replace(context, entity, stored, { ...stored.value, tags: changes(stored.value.tags) });
    return {};
  }
  async function changePolicy(call: Call, arn: string, changes: (tags: Tags) => Tags) {
    const { key, version, value } = await requireOwn(context, call, arn);
    await context.commit([put(policies, key, { ...value, tags: changes(value.tags) }, version)]);
    return {};
  }
  async function list<T extends EntityRecord>(entity: EntityKind<T>, call: Call, name: string, request: PageRequest) {
    const { value } = await requireEntity(context, entity, await context.accountOf(call), name);
    return page(value.tags, request);
  }
  return {
    TagUser: async ({ UserName, Tags }, call) => change(USER, call, UserName, adding(Tags)),
    UntagUser: async ({ UserName, TagKeys }, call) => change(USER, call, UserName, removing(TagKeys)),
    ListUserTags: async ({ UserName, ...request }, call) => list(USER, call, UserName, request),
    TagRole: async ({ RoleName, Tags }, call) => change(ROLE, call, RoleName, adding(Tags)),
    UntagRole: async ({ RoleName, TagKeys }, call) => change(ROLE, call, RoleName, removing(TagKeys)),
    ListRoleTags: async ({ RoleName, ...request }, call) => list(ROLE, call, RoleName, request),
    TagPolicy: async ({ PolicyArn, Tags }, call) => changePolicy(call, PolicyArn, adding(Tags)),
    UntagPolicy: async ({ PolicyArn, TagKeys }, call) => changePolicy(call, PolicyArn, removing(TagKeys)),
    ListPolicyTags: async ({ PolicyArn, ...request }, call) => page((await requireOwn(context, call, PolicyArn)).value.tags, request),
  };
}

const adding = (added: readonly Tag[]) => (tags: Tags): Tags => {
  const all = { ...tags, ...newTags(added) };
  if (Object.keys(all).length > TAGS_PER_RESOURCE) throw quotaExceeded("TagsPerResource", TAGS_PER_RESOURCE);
  return all;
};

const removing = (keys: readonly string[]) => (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

function page(tags: Tags, request: PageRequest) {
  const { items, rest } = pageOf(tagList(tags).Tags ?? [], ({ Key }) => Key, request);
  return { Tags: items, ...rest };
}
