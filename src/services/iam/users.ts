// CreateUser, GetUser, ListUsers, UpdateUser and DeleteUser.
import type { Call } from "../../domain/call.ts";
import { rootArn } from "../../domain/identity-arn.ts";
import type { IamOperations, User } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, remove } from "../../ports/store.ts";
import { boundaryView, checkBoundary } from "./boundaries.ts";
import type { IamContext } from "./context.ts";
import { checkFree, checkNew, entityArn, newTags, requireEntity, tagList, USER } from "./entities.ts";
import { deleteConflict, validationError } from "./errors.ts";
import { uniqueId } from "./ids.ts";
import { checkName, checkPath, checkPathPrefix } from "./names.ts";
import { listPage } from "./paging.ts";
import { accessKeys, type UserRecord, users } from "../../domain/identity-records.ts";

type Names = "CreateUser" | "GetUser" | "ListUsers" | "UpdateUser" | "DeleteUser";

export function userOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const { store, clock } = context;

  return {
    async CreateUser({ UserName, Path = "/", PermissionsBoundary, Tags }, call) {
      const account = await context.accountOf(call);
      await checkNew(context, USER, account, UserName, Path);
      const { member, changes } = await checkBoundary(context, account, PermissionsBoundary);
      const user: UserRecord = {
        account, name: UserName, path: Path, id: uniqueId("AIDA"), createDate: clock.now(), tags: newTags(Tags),
        inlinePolicies: {}, attachedPolicies: [], groups: [],
        ...member,
      };
      await context.commit([...changes, put(users, [account, UserName], user, "absent")]);
      return { User: view(user) };
    },

    async GetUser({ UserName }, call) {
      const account = await context.accountOf(call);
      const name = UserName ?? (await callersName(context, call));
      if (name === undefined) return { User: rootView(account) };
      return { User: view((await requireEntity(context, USER, account, name)).value) };
    },

    async ListUsers({ PathPrefix, ...request }, call) {
      checkPathPrefix(PathPrefix);
      const passes = ({ path }: UserRecord): boolean => path.startsWith(PathPrefix ?? "/");
      const { items, rest } = await listPage(store, users, [await context.accountOf(call)], request, passes);
      return { Users: items.map(summary), ...rest };
    },

    async UpdateUser({ UserName, NewUserName = UserName, NewPath }, call) {
      const account = await context.accountOf(call);
      const { key, version, value } = await requireEntity(context, USER, account, UserName);
      checkName("newUserName", NewUserName);
      if (NewPath !== undefined) checkPath("newPath", NewPath);
      const user = { ...value, name: NewUserName, path: NewPath ?? value.path };
      if (NewUserName.toLowerCase() !== UserName.toLowerCase()) await checkFree(store, USER, account, NewUserName);
      const moved = NewUserName === UserName ? [] : [remove(users, key, version)];
      await context.commit([...moved, put(users, [account, NewUserName], user, moved.length > 0 ? "absent" : version)]);
      return {};
    },

    async DeleteUser({ UserName }, call) {
      const account = await context.accountOf(call);
      const { key, version, value } = await requireEntity(context, USER, account, UserName);
      if ((await store.count(accessKeys, { index: { name: "user", value: value.id } })) > 0) {
        throw deleteConflict("Cannot delete entity, must delete access keys first.");
      }
      checkDeletable(value);
      if (value.groups.length > 0) throw deleteConflict("Cannot delete entity, must remove users from group first.");
      await context.commit([remove(users, key, version)]);
      return {};
    },
  };
}

/** @throws {ServiceError} DeleteConflict while an entity has policies */
export function checkDeletable({ attachedPolicies, inlinePolicies }: Pick<UserRecord, "attachedPolicies" | "inlinePolicies">): void {
  if (attachedPolicies.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
  if (Object.keys(inlinePolicies).length > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
}

/** The name of the user who calls; undefined for the account itself. @throws {ServiceError} for a role's session */
export async function callersName({ identities }: IamContext, { accessKeyId }: Call): Promise<string | undefined> {
  const principal = (await identities.find(accessKeyId))?.principal;
  if (principal?.type === "AssumedRole") throw validationError("Must specify userName when calling with non-User credentials");
  return principal?.userName;
}

const view = (user: UserRecord): User => ({ ...summary(user), ...boundaryView(user), ...tagList(user.tags) });

/** What lists have: "This operation does not return the following attributes", boundaries and tags (API_ListUsers). */
const summary = (user: UserRecord): User => ({
  Path: user.path, UserName: user.name, UserId: user.id, Arn: entityArn("user", user), CreateDate: user.createDate,
});

/** The account's root user, which has no name and is not created here. */
const rootView = (account: string): User => ({ Path: "/", UserName: "root", UserId: account, Arn: rootArn(account), CreateDate: 0 });
