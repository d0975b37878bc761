// What IAM's operations ask of IAM itself: `iam:` and the operation's name, on the user, role, group or policy that they are about
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
import { type Asked, type Permission, type RequiredPermissions, requestTagKeys, textOf, textsOf } from "../../domain/access.ts";
import { iamArn } from "../../domain/identity-arn.ts";
import { accessKeys, type EntityRecord, users } from "../../domain/identity-records.ts";
import type { Store } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { entityArn, type EntityKind, GROUP, ROLE, USER } from "./entities.ts";
import { byId } from "./identities.ts";
import { findPolicy } from "./policy-lookup.ts";

interface Target extends Pick<Permission, "resource" | "shownAs" | "tags"> {
  /** The permissions boundary that the user or role has. */
  readonly boundary?: string;
}

/** What a call of any operation needs. */
export function iamPermissions(context: IamContext): RequiredPermissions {
  return async (asked) => {
    const targets = await targetsOf(context, asked);
    return targets.map(({ boundary, ...target }) => ({ action: `iam:${asked.operation.name}`, ...target, keys: keysOf(asked, boundary) }));
  };
}

async function targetsOf(context: IamContext, asked: Asked): Promise<readonly Target[]> {
  const account = await context.accountOf(asked.call);
  const { operation: { name }, input } = asked;
  const lists = LISTS[name];
  if (lists !== undefined) return [{ resource: `arn:aws:iam::${account}:${lists}` }];
  for (const [member, type] of OTHER_NAMES) {
    const given = textOf(input, member);
    if (given !== undefined) return [{ resource: `arn:aws:iam::${account}:${type}${pathOf(input, "Path")}${given}` }];
  }
  for (const [member, kind] of ENTITIES) {
    const given = textOf(input, member);
    if (given !== undefined) return entityTargets(context.store, kind, account, given, asked);
  }
  const policyName = name === "CreatePolicy" ? textOf(input, "PolicyName") : undefined;
  if (policyName !== undefined) return [{ resource: iamArn(account, "policy", pathOf(input, "Path"), policyName), shownAs: `policy ${policyName}` }];
  const arn = ARN_MEMBERS.map((member) => textOf(input, member)).find((given) => given !== undefined);
  if (arn !== undefined) return [arnTarget(context.store, arn)];
  return [(await userBehind(context, asked)) ?? { resource: "*" }];
}

/** What lists of everything are about. */
const LISTS: Readonly<Record<string, string>> = {
  ListGroups: "group/",
  ListInstanceProfiles: "instance-profile/",
  ListRoles: "role/",
  ListServerCertificates: "server-certificate/",
  ListUsers: "user/",
  ListVirtualMFADevices: "mfa/",
};

/** The first of these members that a request has names what it is about; of groups and their members, the group. */
const ENTITIES: readonly (readonly [member: string, kind: EntityKind<EntityRecord>])[] = [
  ["GroupName", GROUP],
  ["UserName", USER],
  ["RoleName", ROLE],
];

const OTHER_NAMES: readonly (readonly [member: string, type: string])[] = [
  ["InstanceProfileName", "instance-profile"],
  ["ServerCertificateName", "server-certificate"],
  ["VirtualMFADeviceName", "mfa"],
];

const ARN_MEMBERS = ["PolicyArn", "OpenIDConnectProviderArn", "SAMLProviderArn", "SerialNumber", "PolicySourceArn", "Arn", "EntityArn", "TemplateArn"];

function pathOf(input: Asked["input"], member: string): string {
  const path = textOf(input, member);
  return path?.startsWith("/") === true && path.endsWith("/") ? path : "/";
}

/**
 * Refusals call what is there `role name`, and what is to be created by its ARN: quoted in aws/aws-cdk#27067 and
 * aws/aws-parallelcluster#918. "You must have permission on both the source object and the target object" to rename one
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html).
 */
async function entityTargets(
  store: Store, kind: EntityKind<EntityRecord>, account: string, name: string, { operation, input }: Asked,
): Promise<readonly Target[]> {
  const { type } = kind;
  if (CREATES.has(operation.name)) return [{ resource: iamArn(account, type, pathOf(input, "Path"), name) }];
  const record = (await store.get(kind.kind, [account, name]))?.value;
  const path = record?.path ?? "/";
  const target: Target = {
    resource: iamArn(account, type, path, name),
    shownAs: `${type} ${name}`,
    tags: async () => record?.tags,
    ...(record?.boundary !== undefined && { boundary: record.boundary }),
  };
  const newName = textOf(input, "NewUserName") ?? textOf(input, "NewGroupName");
  if (newName === undefined && textOf(input, "NewPath") === undefined) return [target];
  const moved = iamArn(account, type, textOf(input, "NewPath") === undefined ? path : pathOf(input, "NewPath"), newName ?? name);
  return [target, { resource: moved }];
}

const CREATES: ReadonlySet<string> = new Set(["CreateGroup", "CreateRole", "CreateUser"]);

function arnTarget(store: Store, arn: string): Target {
  const isPolicy = arn.includes(":policy/");
  if (!isPolicy) return { resource: arn };
  return { resource: arn, shownAs: `policy ${arn}`, tags: async () => (await findPolicy(store, arn))?.policy.tags };
}

/** "If you do not specify a user name, IAM determines the user name implicitly based on the access key ID signing the request." */
const ABOUT_CALLER: ReadonlySet<string> = new Set([
  "ChangePassword", "CreateAccessKey", "CreateLoginProfile", "DeactivateMFADevice", "DeleteAccessKey", "DeleteLoginProfile",
  "DeleteServiceSpecificCredential", "DeleteSigningCertificate", "GetLoginProfile", "GetUser", "ListAccessKeys", "ListMFADevices",
  "ListSSHPublicKeys", "ListServiceSpecificCredentials", "ListSigningCertificates", "ResetServiceSpecificCredential", "UpdateAccessKey",
  "UpdateServiceSpecificCredential", "UpdateSigningCertificate", "UploadSigningCertificate",
]);

/** The user that a request without a name is about: the caller, or whose key it asks about. */
async function userBehind({ store }: IamContext, { operation: { name }, input, call }: Asked): Promise<Target | undefined> {
  const accessKeyId = name === "GetAccessKeyLastUsed" ? textOf(input, "AccessKeyId") : ABOUT_CALLER.has(name) ? call.accessKeyId : undefined;
  const key = accessKeyId === undefined ? undefined : (await store.get(accessKeys, [accessKeyId]))?.value;
  const user = key?.account === call.account ? await byId(store, users, key.userId) : undefined;
  return user && { resource: entityArn("user", user), shownAs: `user ${user.name}`, tags: async () => user.tags };
}

/** Those of which `iam:PermissionsBoundary` is the boundary that is given, and those of which it is the one that is there. */
const GIVE_BOUNDARY: ReadonlySet<string> = new Set(["CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary"]);
const UNDER_BOUNDARY = /^(?:(?:Attach|Detach|Put|Delete)(?:User|Role)Policy|Delete(?:User|Role)PermissionsBoundary)$/;

function keysOf({ operation: { name }, input }: Asked, boundary: string | undefined): Map<string, readonly string[]> {
  const tags = (Array.isArray(input["Tags"]) ? input["Tags"] : []) as readonly { readonly Key?: unknown; readonly Value?: unknown }[];
  const pairs = tags.flatMap(({ Key, Value }) => (typeof Key === "string" ? [[Key, typeof Value === "string" ? Value : ""] as const] : []));
  const keys = requestTagKeys(Object.fromEntries(pairs), textsOf(input["TagKeys"]));
  const limit = GIVE_BOUNDARY.has(name) ? textOf(input, "PermissionsBoundary") : UNDER_BOUNDARY.test(name) ? boundary : undefined;
  if (limit !== undefined) keys.set("iam:permissionsboundary", [limit]);
  const policyArn = /^(?:Attach|Detach)/.test(name) ? textOf(input, "PolicyArn") : undefined;
  if (policyArn !== undefined) keys.set("iam:policyarn", [policyArn]);
  return keys;
}
