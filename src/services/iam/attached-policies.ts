// Managed policies attached to users, roles and groups, and what a policy is attached to.
import type { Call } from "../../domain/call.ts";
import { type RecordKind, scoped } from "../../domain/record.ts";
import type { IamOperations, ListEntitiesForPolicyRequest } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, type Store } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { capitalized, type EntityKind, GROUP, replace, requireEntity, ROLE, USER } from "./entities.ts";
import { noSuchEntity, quotaExceeded } from "./errors.ts";
import { checkPathPrefix, checkPolicyArn } from "./names.ts";
import { pageOf, type PageRequest } from "./paging.ts";
import { findPolicy, holding } from "./policy-lookup.ts";
import type { EntityRecord } from "../../domain/identity-records.ts";

type Names =
  | "AttachUserPolicy" | "DetachUserPolicy" | "ListAttachedUserPolicies"
  | "AttachRolePolicy" | "DetachRolePolicy" | "ListAttachedRolePolicies"
  | "AttachGroupPolicy" | "DetachGroupPolicy" | "ListAttachedGroupPolicies"
  | "ListEntitiesForPolicy";

export function attachmentOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const user = verbs(context, USER);
  const role = verbs(context, ROLE);
  const group = verbs(context, GROUP);
  return {
    AttachUserPolicy: async ({ UserName, PolicyArn }, call) => user.attach(call, UserName, PolicyArn),
    DetachUserPolicy: async ({ UserName, PolicyArn }, call) => user.detach(call, UserName, PolicyArn),
    ListAttachedUserPolicies: async ({ UserName, ...request }, call) => user.list(call, UserName, request),

    AttachRolePolicy: async ({ RoleName, PolicyArn }, call) => role.attach(call, RoleName, PolicyArn),
    DetachRolePolicy: async ({ RoleName, PolicyArn }, call) => role.detach(call, RoleName, PolicyArn),
    ListAttachedRolePolicies: async ({ RoleName, ...request }, call) => role.list(call, RoleName, request),

    AttachGroupPolicy: async ({ GroupName, PolicyArn }, call) => group.attach(call, GroupName, PolicyArn),
    DetachGroupPolicy: async ({ GroupName, PolicyArn }, call) => group.detach(call, GroupName, PolicyArn),
    ListAttachedGroupPolicies: async ({ GroupName, ...request }, call) => group.list(call, GroupName, request),

    ListEntitiesForPolicy: (input, call) => listEntities(context, input, call),
  };
}

/** What the operations on one kind of entity do. */
function verbs<T extends EntityRecord>(context: IamContext, entity: EntityKind<T>) {
  const require = async (call: Call, name: string) => requireEntity(context, entity, await context.accountOf(call), name);
  return {
    async attach(call: Call, name: string, arn: string) {
      checkPolicyArn(arn);
      const stored = await require(call, name);
      const { account, attachedPolicies } = stored.value;
      const found = await findPolicy(context.store, arn);
      const own = found?.policy.account === account || found?.policy.account === "aws";
      // Quoted in pulumi/pulumi#7419.
      if (found === undefined || !own) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
      if (attachedPolicies.includes(arn)) return {};
      const limit = entity.quotas.attached;
      if (attachedPolicies.length >= limit) throw quotaExceeded(`PoliciesPer${capitalized(entity.type)}`, limit);
      const value = { ...stored.value, attachedPolicies: [...attachedPolicies, arn] };
      await context.commit([...holding(found), put(entity.kind, stored.key, value, stored.version)]);
      return {};
    },
    async detach(call: Call, name: string, arn: string) {
      checkPolicyArn(arn);
      const stored = await require(call, name);
      const attachedPolicies = stored.value.attachedPolicies.filter((attached) => attached !== arn);
      if (attachedPolicies.length === stored.value.attachedPolicies.length) throw noSuchEntity(`Policy ${arn} was not found.`);
      await replace(context, entity, stored, { ...stored.value, attachedPolicies });
      return {};
    },
    async list(call: Call, name: string, { PathPrefix, ...request }: PageRequest & { readonly PathPrefix?: string }) {
      checkPathPrefix(PathPrefix);
      const { value } = await require(call, name);
      const found = await Promise.all(value.attachedPolicies.map((arn) => findPolicy(context.store, arn)));
      const attached = value.attachedPolicies
        .map((arn, i) => ({ PolicyName: nameIn(arn), PolicyArn: arn, path: found[i]?.policy.path ?? "/" }))
        .filter(({ path }) => path.startsWith(PathPrefix ?? "/"));
      const { items, rest } = pageOf(attached, ({ PolicyArn }) => PolicyArn, request);
      return { AttachedPolicies: items.map(({ PolicyName, PolicyArn }) => ({ PolicyName, PolicyArn })), ...rest };
    },
  };
}

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** How many entities of an account have a policy: attached, or as their boundary. */
export async function countUses(store: Store, account: string, arn: string, index: "policy" | "boundary"): Promise<number> {
  const query = { index: { name: index, value: scoped(account, arn) } };
  const counts = await Promise.all([USER.kind, ROLE.kind, GROUP.kind].map((kind: RecordKind<never>) => store.count(kind, query)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function listEntities(context: IamContext, input: ListEntitiesForPolicyRequest, call: Call) {
  const { PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter, ...request } = input;
  checkPolicyArn(PolicyArn);
  checkPathPrefix(PathPrefix);
  const account = await context.accountOf(call);
  if ((await findPolicy(context.store, PolicyArn)) === undefined) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
  const index = PolicyUsageFilter === "PermissionsBoundary" ? "boundary" : "policy";
  const value = scoped(account, PolicyArn);
  const entities = await Promise.all(
    [GROUP, ROLE, USER].map(async ({ type, kind }) => {
      const isMeant = EntityFilter === undefined || EntityFilter.toLowerCase() === type;
      const { items } = isMeant ? await context.store.list<EntityRecord>(kind, { index: { name: index, value } }) : { items: [] };
      return items.filter(({ value: { path } }) => path.startsWith(PathPrefix ?? "/")).map(({ value: { name, id } }) => ({ type, name, id }));
    }),
  );
  const { items, rest } = pageOf(entities.flat(), ({ type, name }) => `${type}/${name}`, request);
  const of = (wanted: string) => items.filter(({ type }) => type === wanted);
  return {
    PolicyGroups: of("group").map(({ name, id }) => ({ GroupName: name, GroupId: id })),
    PolicyUsers: of("user").map(({ name, id }) => ({ UserName: name, UserId: id })),
    PolicyRoles: of("role").map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    ...rest,
  };
}
