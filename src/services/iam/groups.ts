// Groups of users, and who is in them.
import type { Call } from "../../domain/call.ts";
import type { Group, IamOperations } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, remove } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { checkFree, checkNew, entityArn, GROUP, requireEntity, USER } from "./entities.ts";
import { deleteConflict, quotaExceeded } from "./errors.ts";
import { byId } from "./identities.ts";
import { uniqueId } from "./ids.ts";
import { checkName, checkPath, checkPathPrefix } from "./names.ts";
import { listPage, pageOf } from "./paging.ts";
import { type GroupRecord, groups, users } from "../../domain/identity-records.ts";
import { checkDeletable } from "./users.ts";

type Names =
  | "CreateGroup" | "GetGroup" | "ListGroups" | "UpdateGroup" | "DeleteGroup" | "AddUserToGroup" | "RemoveUserFromGroup" | "ListGroupsForUser";

const GROUPS_PER_USER = 10;

export function groupOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const { store, clock } = context;
  const members = async (group: GroupRecord) => (await store.list(users, { index: { name: "group", value: group.id } })).items;

  async function setMembership(call: Call, groupName: string, userName: string, isMember: boolean) {
    const account = await context.accountOf(call);
    const group = await requireEntity(context, GROUP, account, groupName);
    const user = await requireEntity(context, USER, account, userName);
    const others = user.value.groups.filter((id) => id !== group.value.id);
    if (isMember && others.length >= GROUPS_PER_USER) throw quotaExceeded("GroupsPerUser", GROUPS_PER_USER);
    await context.commit([
      // Written unchanged, so that whoever deletes it meanwhile looks again at who is in it.
      put(groups, group.key, group.value, group.version),
      put(users, user.key, { ...user.value, groups: isMember ? [...others, group.value.id] : others }, user.version),
    ]);
    return {};
  }

  return {
    async CreateGroup({ GroupName, Path = "/" }, call) {
      const account = await context.accountOf(call);
      await checkNew(context, GROUP, account, GroupName, Path);
      const group: GroupRecord = {
        account, name: GroupName, path: Path, id: uniqueId("AGPA"), createDate: clock.now(), tags: {}, inlinePolicies: {}, attachedPolicies: [],
      };
      await context.commit([put(groups, [account, GroupName], group, "absent")]);
      return { Group: view(group) };
    },

    async GetGroup({ GroupName, ...request }, call) {
      const { value } = await requireEntity(context, GROUP, await context.accountOf(call), GroupName);
      const { items, rest } = pageOf(await members(value), (user) => user.value.name, request);
      const list = items.map(({ value: user }) => ({
        Path: user.path, UserName: user.name, UserId: user.id, Arn: entityArn("user", user), CreateDate: user.createDate,
      }));
      return { Group: view(value), Users: list, ...rest };
    },

    async ListGroups({ PathPrefix, ...request }, call) {
      checkPathPrefix(PathPrefix);
      const passes = ({ path }: GroupRecord): boolean => path.startsWith(PathPrefix ?? "/");
      const { items, rest } = await listPage(store, groups, [await context.accountOf(call)], request, passes);
      return { Groups: items.map(view), ...rest };
    },

    async UpdateGroup({ GroupName, NewGroupName = GroupName, NewPath }, call) {
      const account = await context.accountOf(call);
      const { key, version, value } = await requireEntity(context, GROUP, account, GroupName);
      checkName("newGroupName", NewGroupName);
      if (NewPath !== undefined) checkPath("newPath", NewPath);
      if (NewGroupName.toLowerCase() !== GroupName.toLowerCase()) await checkFree(store, GROUP, account, NewGroupName);
      const moved = NewGroupName === GroupName ? [] : [remove(groups, key, version)];
      const group = { ...value, name: NewGroupName, path: NewPath ?? value.path };
      await context.commit([...moved, put(groups, [account, NewGroupName], group, moved.length > 0 ? "absent" : version)]);
      return {};
    },

    async DeleteGroup({ GroupName }, call) {
      const { key, version, value } = await requireEntity(context, GROUP, await context.accountOf(call), GroupName);
      if ((await members(value)).length > 0) throw deleteConflict("Cannot delete entity, must remove users from group first.");
      checkDeletable(value);
      await context.commit([remove(groups, key, version)]);
      return {};
    },

    AddUserToGroup: async ({ GroupName, UserName }, call) => setMembership(call, GroupName, UserName, true),
    RemoveUserFromGroup: async ({ GroupName, UserName }, call) => setMembership(call, GroupName, UserName, false),

    async ListGroupsForUser({ UserName, ...request }, call) {
      const { value } = await requireEntity(context, USER, await context.accountOf(call), UserName);
      const found = await Promise.all(value.groups.map((id) => byId(store, groups, id)));
      const { items, rest } = pageOf(found.filter((group) => group !== undefined), ({ name }) => name, request);
      return { Groups: items.map(view), ...rest };
    },
  };
}

const view = (group: GroupRecord): Group => ({
  Path: group.path, GroupName: group.name, GroupId: group.id, Arn: entityArn("group", group), CreateDate: group.createDate,
});
