// CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy and DeleteRole.
import type { Call } from "../../domain/call.ts";
import type { IamOperations, Role } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, remove } from "../../ports/store.ts";
import { boundaryView, checkBoundary } from "./boundaries.ts";
import type { IamContext } from "./context.ts";
import { checkDocument, encodeDocument, sizeOf } from "./documents.ts";
import { checkNew, entityArn, newTags, replace, requireEntity, ROLE, tagList } from "./entities.ts";
import { quotaExceeded } from "./errors.ts";
import { uniqueId } from "./ids.ts";
import { checkPathPrefix } from "./names.ts";
import { listPage } from "./paging.ts";
import { type RoleRecord, roles } from "../../domain/identity-records.ts";
import { checkDeletable } from "./users.ts";

type Names =
  | "CreateRole" | "GetRole" | "ListRoles" | "UpdateRole" | "UpdateRoleDescription" | "UpdateAssumeRolePolicy" | "DeleteRole";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TRUST_POLICY_SIZE = 2_048;
const HOUR_SECONDS = 3_600;

export function roleOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const { store, clock } = context;

  async function change(call: Call, name: string, changes: (role: RoleRecord) => Partial<RoleRecord>): Promise<RoleRecord> {
    const stored = await requireEntity(context, ROLE, await context.accountOf(call), name);
    const role = { ...stored.value, ...changes(stored.value) };
    await replace(context, ROLE, stored, role);
    return role;
  }

  return {
    async CreateRole(input, call) {
      const { RoleName, Path = "/", AssumeRolePolicyDocument, Description = "", MaxSessionDuration = HOUR_SECONDS } = input;
      const account = await context.accountOf(call);
      await checkNew(context, ROLE, account, RoleName, Path);
      checkTrustPolicy(AssumeRolePolicyDocument);
      const { member, changes } = await checkBoundary(context, account, input.PermissionsBoundary);
      const role: RoleRecord = {
        account, name: RoleName, path: Path, id: uniqueId("AROA"), createDate: clock.now(), tags: newTags(input.Tags),
        inlinePolicies: {}, attachedPolicies: [], trustPolicy: AssumeRolePolicyDocument, description: Description,
        maxSessionSeconds: MaxSessionDuration,
        ...member,
      };
      await context.commit([...changes, put(roles, [account, RoleName], role, "absent")]);
      return { Role: view(role) };
    },

    async GetRole({ RoleName }, call) {
      const { value } = await requireEntity(context, ROLE, await context.accountOf(call), RoleName);
      return { Role: { ...view(value), RoleLastUsed: {} } };
    },

    async ListRoles({ PathPrefix, ...request }, call) {
      checkPathPrefix(PathPrefix);
      const passes = ({ path }: RoleRecord): boolean => path.startsWith(PathPrefix ?? "/");
      const { items, rest } = await listPage(store, roles, [await context.accountOf(call)], request, passes);
      return { Roles: items.map(summary), ...rest };
    },

    async UpdateRole({ RoleName, Description, MaxSessionDuration }, call) {
      await change(call, RoleName, ({ description, maxSessionSeconds }) => ({
        description: Description ?? description,
        maxSessionSeconds: MaxSessionDuration ?? maxSessionSeconds,
      }));
      return {};
    },

    async UpdateRoleDescription({ RoleName, Description }, call) {
      return { Role: view(await change(call, RoleName, () => ({ description: Description }))) };
    },

    async UpdateAssumeRolePolicy({ RoleName, PolicyDocument }, call) {
      await change(call, RoleName, () => {
        checkTrustPolicy(PolicyDocument);
        return { trustPolicy: PolicyDocument };
      });
      return {};
    },

    async DeleteRole({ RoleName }, call) {
      const { key, version, value } = await requireEntity(context, ROLE, await context.accountOf(call), RoleName);
      checkDeletable(value);
      await context.commit([remove(roles, key, version)]);
      return {};
    },
  };
}

function checkTrustPolicy(document: string): void {
  checkDocument(document, { trust: true });
  if (sizeOf(document) > TRUST_POLICY_SIZE) throw quotaExceeded("ACLSizePerRole", TRUST_POLICY_SIZE);
}

const view = (role: RoleRecord): Role => ({ ...summary(role), ...boundaryView(role), ...tagList(role.tags) });

/** What lists have: "This operation does not return the following attributes", boundaries and tags (API_ListRoles). */
const summary = (role: RoleRecord): Role => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: entityArn("role", role),
  CreateDate: role.createDate,
  AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
  ...(role.description !== "" && { Description: role.description }),
  MaxSessionDuration: role.maxSessionSeconds,
});
