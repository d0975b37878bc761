// Managed policies and their versions.
import type { Call } from "../../domain/call.ts";
import type { IamOperations, ListPoliciesRequest, Policy, PolicyVersion } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import { countUses } from "./attached-policies.ts";
import { awsManagedPolicies } from "../../domain/aws-managed-policies.ts";
import type { IamContext } from "./context.ts";
import { checkDocument, encodeDocument, sizeOf } from "./documents.ts";
import { newTags, tagList } from "./entities.ts";
import { accessDenied, alreadyExists, deleteConflict, limitExceeded, noSuchEntity, quotaExceeded } from "./errors.ts";
import { uniqueId } from "./ids.ts";
import { checkName, checkPath, checkPathPrefix, checkPolicyArn } from "./names.ts";
import { pageOf } from "./paging.ts";
import { findPolicy, type FoundPolicy, policyArn } from "./policy-lookup.ts";
import { policies, type PolicyRecord, type PolicyVersionRecord } from "../../domain/identity-records.ts";

type Names =
  | "CreatePolicy" | "GetPolicy" | "ListPolicies" | "DeletePolicy"
  | "CreatePolicyVersion" | "GetPolicyVersion" | "ListPolicyVersions" | "DeletePolicyVersion" | "SetDefaultPolicyVersion";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_SIZE = 6_144;
const VERSIONS = 5;
const POLICIES_PER_ACCOUNT = 1_500;

export function managedPolicyOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const { store, clock } = context;

  return {
    async CreatePolicy({ PolicyName, Path = "/", PolicyDocument, Description = "", Tags }, call) {
      const account = await context.accountOf(call);
      checkName("policyName", PolicyName);
      checkPath("path", Path);
      checkManagedDocument(PolicyDocument);
      await checkRoom(context, account, PolicyName);
      const now = clock.now();
      const policy: PolicyRecord = {
        account, name: PolicyName, path: Path, id: uniqueId("ANPA"), description: Description, createDate: now, updateDate: now,
        tags: newTags(Tags), versions: [{ id: "v1", document: PolicyDocument, createDate: now }], defaultVersion: "v1", lastVersion: 1,
      };
      await context.commit([put(policies, [account, PolicyName], policy, "absent")]);
      return { Policy: { ...summary(policy), AttachmentCount: 0, PermissionsBoundaryUsageCount: 0, ...tagList(policy.tags) } };
    },

    async GetPolicy({ PolicyArn }, call) {
      const { policy } = await requirePolicy(context, call, PolicyArn);
      const description = policy.description === "" ? {} : { Description: policy.description };
      return { Policy: { ...(await withUses(context, call, policy)), ...description, ...tagList(policy.tags) } };
    },

    ListPolicies: (input, call) => listPolicies(context, input, call),

    async DeletePolicy({ PolicyArn }, call) {
      const { value, key, version } = await requireOwn(context, call, PolicyArn);
      // Both quoted: serverless/components#312 and rebuy-de/aws-nuke#1.
      const uses = await Promise.all((["policy", "boundary"] as const).map((index) => countUses(store, value.account, PolicyArn, index)));
      if (uses.some((count) => count > 0)) throw deleteConflict("Cannot delete a policy attached to entities.");
      if (value.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
            "The default version is deleted with the policy.",
        );
      }
      await context.commit([remove(policies, key, version)]);
      return {};
    },

    async CreatePolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault = false }, call) {
      const { value, key, version } = await requireOwn(context, call, PolicyArn);
      checkManagedDocument(PolicyDocument);
      // Quoted in 99designs/iamy#21.
      if (value.versions.length >= VERSIONS) {
        throw limitExceeded(
          `A managed policy can have up to ${String(VERSIONS)} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      const now = clock.now();
      const lastVersion = value.lastVersion + 1;
      const added = { id: `v${String(lastVersion)}`, document: PolicyDocument, createDate: now };
      const defaultVersion = SetAsDefault ? added.id : value.defaultVersion;
      const policy = { ...value, versions: [...value.versions, added], lastVersion, defaultVersion, updateDate: now };
      await context.commit([put(policies, key, policy, version)]);
      return { PolicyVersion: versionSummary(policy, added) };
    },

    async GetPolicyVersion({ PolicyArn, VersionId }, call) {
      const { policy } = await requirePolicy(context, call, PolicyArn);
      const found = requireVersion(policy, VersionId);
      return { PolicyVersion: { Document: encodeDocument(found.document), ...versionSummary(policy, found) } };
    },

    async ListPolicyVersions({ PolicyArn, ...request }, call) {
      const { policy } = await requirePolicy(context, call, PolicyArn);
      const newestFirst = ({ id }: PolicyVersionRecord): string => String(1e9 - Number(id.slice(1)));
      const { items, rest } = pageOf(policy.versions, newestFirst, request);
      return { Versions: items.map((item) => versionSummary(policy, item)), ...rest };
    },

    async DeletePolicyVersion({ PolicyArn, VersionId }, call) {
      const { value, key, version } = await requireOwn(context, call, PolicyArn);
      requireVersion(value, VersionId);
      // Quoted in redradrat/aws-iam-operator#13.
      if (VersionId === value.defaultVersion) throw deleteConflict("Cannot delete the default version of a policy.");
      const versions = value.versions.filter(({ id }) => id !== VersionId);
      await context.commit([put(policies, key, { ...value, versions, updateDate: clock.now() }, version)]);
      return {};
    },

    async SetDefaultPolicyVersion({ PolicyArn, VersionId }, call) {
      const { value, key, version } = await requireOwn(context, call, PolicyArn);
      requireVersion(value, VersionId);
      await context.commit([put(policies, key, { ...value, defaultVersion: VersionId, updateDate: clock.now() }, version)]);
      return {};
    },
  };
}

async function checkRoom({ store }: IamContext, account: string, name: string): Promise<void> {
  const own = await store.list(policies, { prefix: [account] });
  if (own.items.some(({ value }) => value.name.toLowerCase() === name.toLowerCase())) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  if (own.items.length >= POLICIES_PER_ACCOUNT) throw quotaExceeded("PoliciesPerAccount", POLICIES_PER_ACCOUNT);
}

/** Quoted in docker/docs#4685 and ministryofjustice/analytical-platform#6873. */
function checkManagedDocument(document: string): void {
  checkDocument(document);
  if (sizeOf(document) > POLICY_SIZE) throw quotaExceeded("PolicySize", POLICY_SIZE);
}

/** A policy that the account may see. @throws {ServiceError} NoSuchEntity */
async function requirePolicy(context: IamContext, call: Call, arn: string): Promise<FoundPolicy> {
  checkPolicyArn(arn);
  const found = await findPolicy(context.store, arn);
  const account = await context.accountOf(call);
  if (found === undefined || (found.policy.account !== "aws" && found.policy.account !== account)) {
    throw noSuchEntity(`Policy ${arn} was not found.`);
  }
  return found;
}

/** A policy that the account may change. @throws {ServiceError} NoSuchEntity, and AccessDenied for AWS's own */
export async function requireOwn(context: IamContext, call: Call, arn: string): Promise<Stored<PolicyRecord>> {
  const { stored } = await requirePolicy(context, call, arn);
  if (stored === undefined) throw accessDenied(`Policy ${arn} is managed by AWS: it cannot be changed.`);
  return stored;
}

function requireVersion(policy: PolicyRecord, versionId: string): PolicyVersionRecord {
  const found = policy.versions.find(({ id }) => id === versionId);
  if (found === undefined) {
    throw noSuchEntity(`Policy ${policyArn(policy)} version ${versionId} does not exist or is not attachable.`);
  }
  return found;
}

async function listPolicies(context: IamContext, input: ListPoliciesRequest, call: Call) {
  const { Scope = "All", OnlyAttached = false, PathPrefix, PolicyUsageFilter, ...request } = input;
  checkPathPrefix(PathPrefix);
  const account = await context.accountOf(call);
  const own = Scope === "AWS" ? [] : (await context.store.list(policies, { prefix: [account] })).items.map(({ value }) => value);
  const all = [...own, ...(Scope === "Local" ? [] : awsManagedPolicies)].filter(({ path }) => path.startsWith(PathPrefix ?? "/"));
  const isUsed = ({ AttachmentCount = 0, PermissionsBoundaryUsageCount = 0 }: Policy): boolean => {
    if (PolicyUsageFilter === "PermissionsBoundary") return PermissionsBoundaryUsageCount > 0;
    return PolicyUsageFilter === undefined ? AttachmentCount + PermissionsBoundaryUsageCount > 0 : AttachmentCount > 0;
  };
  const count = (policy: PolicyRecord): Promise<Policy> => withUses(context, call, policy);
  if (OnlyAttached || PolicyUsageFilter !== undefined) {
    const { items, rest } = pageOf((await Promise.all(all.map(count))).filter(isUsed), ({ Arn }) => Arn ?? "", request);
    return { Policies: items, ...rest };
  }
  // Only what is shown is counted.
  const { items, rest } = pageOf(all, policyArn, request);
  return { Policies: await Promise.all(items.map(count)), ...rest };
}

async function withUses(context: IamContext, call: Call, policy: PolicyRecord): Promise<Policy> {
  const account = await context.accountOf(call);
  const count = (index: "policy" | "boundary") => countUses(context.store, account, policyArn(policy), index);
  return { ...summary(policy), AttachmentCount: await count("policy"), PermissionsBoundaryUsageCount: await count("boundary") };
}

const summary = (policy: PolicyRecord): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policyArn(policy),
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  IsAttachable: true,
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
});

const versionSummary = ({ defaultVersion }: PolicyRecord, { id, createDate }: PolicyVersionRecord): PolicyVersion => ({
  VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: createDate,
});
