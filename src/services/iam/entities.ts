// What operations on users, roles and groups have in common: finding one, and writing it back.
import { type EntityType, iamArn } from "../../domain/identity-arn.ts";
import { type RecordKind, scoped } from "../../domain/record.ts";
import type { Tag } from "../../model/iam.gen.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { alreadyExists, noSuchEntity, quotaExceeded } from "./errors.ts";
import { checkName, checkPath } from "./names.ts";
import { type EntityRecord, type GroupRecord, groups, type RoleRecord, roles, type UserRecord, users } from "../../domain/identity-records.ts";

/** A kind of entity and what differs between them. */
export interface EntityKind<T extends EntityRecord> {
  readonly type: EntityType;
  readonly kind: RecordKind<T>;
  /** What messages about values call the name. */
  readonly nameMember: string;
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  readonly quotas: {
    readonly perAccount: number;
    readonly attached: number;
    /** Characters of all inline policies together. */
    readonly inline: number;
  };
}

export const USER: EntityKind<UserRecord> = {
  type: "user", kind: users, nameMember: "userName", quotas: { perAccount: 5_000, attached: 10, inline: 2_048 },
};
export const ROLE: EntityKind<RoleRecord> = {
  type: "role", kind: roles, nameMember: "roleName", quotas: { perAccount: 1_000, attached: 10, inline: 10_240 },
};
export const GROUP: EntityKind<GroupRecord> = {
  type: "group", kind: groups, nameMember: "groupName", quotas: { perAccount: 300, attached: 10, inline: 5_120 },
};

export const capitalized = (type: EntityType): string => type.charAt(0).toUpperCase() + type.slice(1);

export const entityArn = (type: EntityType, { account, path, name }: EntityRecord): string => iamArn(account, type, path, name);

/** @throws {ServiceError} NoSuchEntity */
export async function requireEntity<T extends EntityRecord>(
  { store }: IamContext, { type, kind }: EntityKind<T>, account: string, name: string,
): Promise<Stored<T>> {
  const stored = await store.get(kind, [account, name]);
  if (stored === undefined) throw noSuchEntity(`The ${type} with name ${name} cannot be found.`);
  return stored;
}

/** Writes an entity that was read. @throws {VersionConflict} when it has changed since */
export const replace = <T extends EntityRecord>(
  { commit }: IamContext, { kind }: EntityKind<T>, { key, version }: Stored<T>, value: T, changes: readonly Change[] = [],
): Promise<void> => commit([...changes, put(kind, key, value, version)]);

/** Checks a new entity's name and path, and that there is room for it. @throws {ServiceError} */
export async function checkNew<T extends EntityRecord>(
  { store }: IamContext, entity: EntityKind<T>, account: string, name: string, path: string,
): Promise<void> {
  checkName(entity.nameMember, name);
  checkPath("path", path);
  await checkFree(store, entity, account, name);
  const { perAccount } = entity.quotas;
  const quota = `${capitalized(entity.type)}sPerAccount`;
  if ((await store.count(entity.kind, { prefix: [account] })) >= perAccount) throw quotaExceeded(quota, perAccount);
}

/** @throws {ServiceError} EntityAlreadyExists; the words are Terraform's users' for roles: "Role with name x already exists." */
export async function checkFree<T extends EntityRecord>(
  store: IamContext["store"], { type, kind }: EntityKind<T>, account: string, name: string,
): Promise<void> {
  const taken = await store.count(kind, { index: { name: "name", value: scoped(account, name.toLowerCase()) } });
  if (taken > 0) throw alreadyExists(`${capitalized(type)} with name ${name} already exists.`);
}

export const newTags = (tags: readonly Tag[] = []): Record<string, string> => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Absent when there are none, as in answers about users and roles. */
export const tagList = (tags: Readonly<Record<string, string>>): { readonly Tags?: Tag[] } =>
  Object.keys(tags).length === 0 ? {} : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
