// Inline policies of users, roles and groups: put, get, list, delete.
import type { Call } from "../../domain/call.ts";
import type { IamOperations } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { IamContext } from "./context.ts";
import { checkDocument, encodeDocument, sizeOf } from "./documents.ts";
import { type EntityKind, GROUP, replace, requireEntity, ROLE, USER } from "./entities.ts";
import { limitExceeded, noSuchEntity } from "./errors.ts";
import { checkName } from "./names.ts";
import { type PageRequest, pageOf } from "./paging.ts";
import type { EntityRecord } from "../../domain/identity-records.ts";

type Names =
  | "PutUserPolicy" | "GetUserPolicy" | "ListUserPolicies" | "DeleteUserPolicy"
  | "PutRolePolicy" | "GetRolePolicy" | "ListRolePolicies" | "DeleteRolePolicy"
  | "PutGroupPolicy" | "GetGroupPolicy" | "ListGroupPolicies" | "DeleteGroupPolicy";

export function inlinePolicyOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const user = verbs(context, USER);
  const role = verbs(context, ROLE);
  const group = verbs(context, GROUP);
  return {
    PutUserPolicy: async ({ UserName, PolicyName, PolicyDocument }, call) => user.put(call, UserName, PolicyName, PolicyDocument),
    GetUserPolicy: async ({ UserName, PolicyName }, call) => ({ UserName, ...(await user.get(call, UserName, PolicyName)) }),
    ListUserPolicies: async ({ UserName, ...request }, call) => user.list(call, UserName, request),
    DeleteUserPolicy: async ({ UserName, PolicyName }, call) => user.remove(call, UserName, PolicyName),

    PutRolePolicy: async ({ RoleName, PolicyName, PolicyDocument }, call) => role.put(call, RoleName, PolicyName, PolicyDocument),
    GetRolePolicy: async ({ RoleName, PolicyName }, call) => ({ RoleName, ...(await role.get(call, RoleName, PolicyName)) }),
    ListRolePolicies: async ({ RoleName, ...request }, call) => role.list(call, RoleName, request),
    DeleteRolePolicy: async ({ RoleName, PolicyName }, call) => role.remove(call, RoleName, PolicyName),

    PutGroupPolicy: async ({ GroupName, PolicyName, PolicyDocument }, call) => group.put(call, GroupName, PolicyName, PolicyDocument),
    GetGroupPolicy: async ({ GroupName, PolicyName }, call) => ({ GroupName, ...(await group.get(call, GroupName, PolicyName)) }),
    ListGroupPolicies: async ({ GroupName, ...request }, call) => group.list(call, GroupName, request),
    DeleteGroupPolicy: async ({ GroupName, PolicyName }, call) => group.remove(call, GroupName, PolicyName),
  };
}

/** What the operations on one kind of entity do. */
function verbs<T extends EntityRecord>(context: IamContext, entity: EntityKind<T>) {
  const require = async (call: Call, name: string) => requireEntity(context, entity, await context.accountOf(call), name);
  const requirePolicy = ({ inlinePolicies }: EntityRecord, policyName: string): string => {
    const document = Object.hasOwn(inlinePolicies, policyName) ? inlinePolicies[policyName] : undefined;
    if (document === undefined) throw noSuchEntity(`The ${entity.type} policy with name ${policyName} cannot be found.`);
    return document;
  };
  return {
    async put(call: Call, name: string, policyName: string, document: string) {
      const stored = await require(call, name);
      checkName("policyName", policyName);
      checkDocument(document);
      const inlinePolicies = { ...stored.value.inlinePolicies, [policyName]: document };
      const size = Object.values(inlinePolicies).reduce((sum, text) => sum + sizeOf(text), 0);
      const limit = entity.quotas.inline;
      // Quoted in ministryofjustice/cloud-platform#3121 for users and aws-amplify/amplify-backend#2615 for roles.
      if (size > limit) throw limitExceeded(`Maximum policy size of ${String(limit)} bytes exceeded for ${entity.type} ${name}`);
      await replace(context, entity, stored, { ...stored.value, inlinePolicies });
      return {};
    },
    async get(call: Call, name: string, policyName: string) {
      const { value } = await require(call, name);
      return { PolicyName: policyName, PolicyDocument: encodeDocument(requirePolicy(value, policyName)) };
    },
    async list(call: Call, name: string, request: PageRequest) {
      const { value } = await require(call, name);
      const { items, rest } = pageOf(Object.keys(value.inlinePolicies), (policyName) => policyName, request);
      return { PolicyNames: items, ...rest };
    },
    async remove(call: Call, name: string, policyName: string) {
      const stored = await require(call, name);
      requirePolicy(stored.value, policyName);
      const { [policyName]: _, ...inlinePolicies } = stored.value.inlinePolicies;
      await replace(context, entity, stored, { ...stored.value, inlinePolicies });
      return {};
    },
  };
}
