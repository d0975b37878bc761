// What is stored of identities. IAM knows no regions. Times are milliseconds since the epoch.
import type { EntityType } from "./identity-arn.ts";
import { type RecordKind, recordKind, scoped } from "./record.ts";

/** What users, roles and groups have in common. */
export interface EntityRecord {
  readonly account: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** AIDA…, AROA…, AGPA… */
  readonly id: string;
  readonly createDate: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Documents by the policies' names. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  /** ARNs, in the order they were attached in. */
  readonly attachedPolicies: readonly string[];
  /** The ARN of the policy that is the permissions boundary. */
  readonly boundary?: string;
}

export interface UserRecord extends EntityRecord {
  /** Ids. */
  readonly groups: readonly string[];
}

export interface RoleRecord extends EntityRecord {
  readonly trustPolicy: string;
  readonly description: string;
  readonly maxSessionSeconds: number;
}

export type GroupRecord = EntityRecord;

/** A managed policy of the account's own. */
export interface PolicyRecord {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  /** ANPA… */
  readonly id: string;
  readonly description: string;
  readonly createDate: number;
  readonly updateDate: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The oldest first; five at most. */
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersion: string;
  /** The number of the newest version there has been: numbers are never used again. */
  readonly lastVersion: number;
}

export interface PolicyVersionRecord {
  /** `v1` */
  readonly id: string;
  readonly document: string;
  readonly createDate: number;
}

export interface AccessKeyRecord {
  readonly account: string;
  readonly userId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: "Active" | "Inactive";
  readonly createDate: number;
}

export interface AccessKeyUseRecord {
  readonly service: string;
  readonly region: string;
  readonly date: number;
}

/** Temporary credentials. */
export interface SessionRecord {
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: number;
  /** Absent in those that were made before it was noted. */
  readonly issuedAt?: number;
  readonly subject:
    | { readonly type: "role"; readonly roleId: string; readonly sessionName: string }
    | { readonly type: "user"; readonly userId: string }
    | { readonly type: "account" };
  /** Documents given with the request. */
  readonly policies: readonly string[];
  /** ARNs of managed policies given with the request. */
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
}

const one = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

/** Key: account, name. Names are told apart by more than their case. */
function entityKind<T extends EntityRecord>(type: EntityType): RecordKind<T> {
  return recordKind<T>(`iam-${type}`, {
    name: { unique: true, values: ({ account, name }) => [scoped(account, name.toLowerCase())] },
    id: { unique: true, values: ({ id }) => [id] },
    policy: { unique: false, values: ({ account, attachedPolicies }) => attachedPolicies.map((arn) => scoped(account, arn)) },
    boundary: { unique: false, values: ({ account, boundary }) => one(boundary && scoped(account, boundary)) },
    group: { unique: false, values: (record) => ("groups" in record ? (record.groups as readonly string[]) : []) },
  });
}

export const users = entityKind<UserRecord>("user");
export const roles = entityKind<RoleRecord>("role");
export const groups = entityKind<GroupRecord>("group");

/** Key: account, name. */
export const policies = recordKind<PolicyRecord>("iam-policy", {
  name: { unique: true, values: ({ account, name }) => [scoped(account, name.toLowerCase())] },
});

/** Key: access key id. */
export const accessKeys = recordKind<AccessKeyRecord>("iam-access-key", {
  user: { unique: false, values: ({ userId }) => [userId] },
});

/** Key: access key id. */
export const accessKeyUses = recordKind<AccessKeyUseRecord>("iam-access-key-use");

/** Key: access key id. */
export const sessions = recordKind<SessionRecord>("sts-session");
