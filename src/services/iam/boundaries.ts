// Permissions boundaries of users and roles (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
import type { Call } from "../../domain/call.ts";
import type { AttachedPermissionsBoundary, IamOperations } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Change } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { type EntityKind, replace, requireEntity, ROLE, USER } from "./entities.ts";
import { noSuchEntity } from "./errors.ts";
import { checkPolicyArn } from "./names.ts";
import { findPolicy, holding } from "./policy-lookup.ts";
import type { EntityRecord } from "../../domain/identity-records.ts";

type Names =
  | "PutUserPermissionsBoundary" | "DeleteUserPermissionsBoundary" | "PutRolePermissionsBoundary" | "DeleteRolePermissionsBoundary";

export function boundaryOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  async function setBoundary<T extends EntityRecord>(entity: EntityKind<T>, call: Call, name: string, arn: string | undefined) {
    const account = await context.accountOf(call);
    const stored = await requireEntity(context, entity, account, name);
    const { boundary: _, ...rest } = stored.value;
    const { member, changes } = await checkBoundary(context, account, arn);
    await replace(context, entity, stored, { ...rest, ...member } as T, changes);
    return {};
  }
  return {
    PutUserPermissionsBoundary: async ({ UserName, PermissionsBoundary }, call) => setBoundary(USER, call, UserName, PermissionsBoundary),
    DeleteUserPermissionsBoundary: async ({ UserName }, call) => setBoundary(USER, call, UserName, undefined),
    PutRolePermissionsBoundary: async ({ RoleName, PermissionsBoundary }, call) => setBoundary(ROLE, call, RoleName, PermissionsBoundary),
    DeleteRolePermissionsBoundary: async ({ RoleName }, call) => setBoundary(ROLE, call, RoleName, undefined),
  };
}

/** A boundary as an entity's record has it, and what to commit with it. */
interface CheckedBoundary {
  readonly member: { readonly boundary?: string };
  readonly changes: readonly Change[];
}

/** @throws {ServiceError} when there is no such policy */
export async function checkBoundary({ store }: IamContext, account: string, arn: string | undefined): Promise<CheckedBoundary> {
  if (arn === undefined) return { member: {}, changes: [] };
  checkPolicyArn(arn);
  const found = await findPolicy(store, arn);
  const own = found?.policy.account === account || found?.policy.account === "aws";
  if (found === undefined || !own) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return { member: { boundary: arn }, changes: holding(found) };
}

export const boundaryView = ({ boundary }: EntityRecord): { readonly PermissionsBoundary?: AttachedPermissionsBoundary } =>
  boundary === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary } };
