// Managed policies by their ARNs: the account's own, and AWS's.
import { iamArn, parseEntityArn } from "../../domain/identity-arn.ts";
import { type Change, put, type Store, type Stored } from "../../ports/store.ts";
import { awsManagedPolicy } from "../../domain/aws-managed-policies.ts";
import { policies, type PolicyRecord } from "../../domain/identity-records.ts";

export const policyArn = ({ account, path, name }: Pick<PolicyRecord, "account" | "path" | "name">): string =>
  iamArn(account, "policy", path, name);

export interface FoundPolicy {
  readonly policy: PolicyRecord;
  /** Absent for AWS's own, which nobody changes. */
  readonly stored: Stored<PolicyRecord> | undefined;
}

/** The policy of an ARN, path included. */
export async function findPolicy(store: Store, arn: string): Promise<FoundPolicy | undefined> {
  const parts = parseEntityArn(arn, "policy");
  if (parts === undefined) return undefined;
  const stored = parts.account === "aws" ? undefined : await store.get(policies, [parts.account, parts.name]);
  const policy = stored?.value ?? (parts.account === "aws" ? awsManagedPolicy(parts.name) : undefined);
  return policy === undefined || policyArn(policy) !== arn ? undefined : { policy, stored };
}

/** Changes that make sure a policy is still there, and whoever deletes it meanwhile look again at what it is attached to. */
export const holding = ({ stored }: FoundPolicy): Change[] =>
  stored === undefined ? [] : [put(policies, stored.key, stored.value, stored.version)];

/** The document that counts: the default version's. */
export const defaultDocument = ({ versions, defaultVersion }: PolicyRecord): string =>
  versions.find(({ id }) => id === defaultVersion)?.document ?? "";
