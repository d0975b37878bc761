// AssumeRole: the role's trust policy has to allow the caller, and the caller's own policies where the trust is the
// account's (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
import type { Call } from "../../domain/call.ts";
import { callerKey, type KnownCaller } from "../../domain/condition-keys.ts";
import { ServiceError } from "../../domain/errors.ts";
import { assumedRoleArn, iamArn, parseEntityArn } from "../../domain/identity-arn.ts";
import type { AssumeRoleRequest, AssumeRoleResponse } from "../../model/sts.gen.ts";
import { compileCaller, compilePolicy, decide } from "../../policy/index.ts";
import type { Principal, PrincipalPolicies } from "../../ports/identities.ts";
import { accountIdentity, type IamContext, type RoleRecord, roles } from "../iam/index.ts";
import { readSessionPolicies } from "./session-policies.ts";
import type { IssueSession } from "./sessions.ts";

/** Who calls, with what may be known of them. */
export interface Caller {
  readonly principal: Principal;
  readonly policies: PrincipalPolicies;
}

/**
 * The caller of an operation. Credentials that do not exist are the account's, in development.
 * @throws {ServiceError} elsewhere, for a key that has gone since it was used
 */
export async function callerOf({ identities, isStrict = false }: IamContext, { accessKeyId, account }: Call): Promise<Caller> {
  const identity = await identities.find(accessKeyId);
  if (identity === undefined && isStrict) {
    throw new ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  return identity ?? accountIdentity(account);
}

const DEFAULT_SECONDS = 3_600;
const CHAINED_SECONDS = 3_600;

export async function assumeRole(context: IamContext, issue: IssueSession, input: AssumeRoleRequest, call: Call): Promise<AssumeRoleResponse> {
  const { RoleArn, RoleSessionName, DurationSeconds = DEFAULT_SECONDS } = input;
  refuseUnbuilt(input);
  const caller = await callerOf(context, call);
  const parts = parseEntityArn(RoleArn, "role");
  if (parts === undefined) throw new ServiceError("ValidationError", `${RoleArn} is invalid`);
  const role = (await context.store.get(roles, [parts.account, parts.name]))?.value;
  if (role === undefined || iamArn(role.account, "role", role.path, role.name) !== RoleArn) throw denied(caller, "AssumeRole", RoleArn);
  for (const action of actionsOf(input)) {
    if (!isAllowed(action, caller, role, RoleArn, input, call, context.clock.now())) throw denied(caller, action, RoleArn);
  }
  checkDuration(DurationSeconds, role, caller);
  const limits = await readSessionPolicies(context, role.account, input);
  const credentials = await issue(
    {
      account: role.account,
      subject: { type: "role", roleId: role.id, sessionName: RoleSessionName },
      policies: limits.policies,
      policyArns: limits.policyArns,
      tags: tagsOf(input),
      ...(input.SourceIdentity !== undefined && { sourceIdentity: input.SourceIdentity }),
    },
    DurationSeconds,
  );
  return {
    Credentials: credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${RoleSessionName}`,
      Arn: assumedRoleArn(role.account, role.name, RoleSessionName),
    },
    ...(limits.packedSize !== undefined && { PackedPolicySize: limits.packedSize }),
    ...(input.SourceIdentity !== undefined && { SourceIdentity: input.SourceIdentity }),
  };
}

const UNBUILT = ["SerialNumber", "TokenCode", "ProvidedContexts", "TransitiveTagKeys"] as const;

function refuseUnbuilt(input: AssumeRoleRequest): void {
  const found = UNBUILT.find((name) => input[name] !== undefined && input[name].length > 0);
  if (found !== undefined) throw new ServiceError("NotImplementedException", `Gatehouse has not built ${found} of AssumeRole yet.`);
}

const tagsOf = ({ Tags = [] }: AssumeRoleRequest): Record<string, string> => Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, id_credentials_temp_control-access_monitor.html */
const actionsOf = ({ Tags = [], SourceIdentity }: AssumeRoleRequest): string[] => [
  "AssumeRole",
  ...(Tags.length > 0 ? ["TagSession"] : []),
  ...(SourceIdentity === undefined ? [] : ["SetSourceIdentity"]),
];

/** Quoted in aws/karpenter-provider-aws#4680 and amzn/selling-partner-api-models#1186; a role that is not there is no other. */
const denied = ({ principal }: Caller, action: string, roleArn: string): ServiceError =>
  new ServiceError("AccessDeniedException", `User: ${principal.arn} is not authorized to perform: sts:${action} on resource: ${roleArn}`);

function isAllowed(
  action: string, { principal, policies }: Caller, role: RoleRecord, roleArn: string, input: AssumeRoleRequest, call: Call, now: number,
): boolean {
  const keys = contextKeys(role, input, call, now);
  const decision = decide(
    {
      ...compileCaller(policies),
      resource: compilePolicy(role.trustPolicy, { trust: true }),
      crossAccount: principal.account !== role.account,
      resourceMustAllow: true,
    },
    {
      action: `sts:${action}`,
      resource: roleArn,
      principal: {
        account: principal.account,
        arn: principal.arn,
        userId: principal.userId,
        ...(principal.roleArn !== undefined && { roleArn: principal.roleArn }),
      },
      context: (key) => keys.get(key) ?? callerValue({ principal }, key),
    },
  );
  return decision.allowed;
}

function callerValue(caller: KnownCaller, key: string): readonly string[] | undefined {
  const value = callerKey(caller, key);
  return value === undefined ? undefined : [value];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts */
function contextKeys(role: RoleRecord, input: AssumeRoleRequest, call: Call, now: number): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  const set = (key: string, value: string | undefined): void => void (value !== undefined && keys.set(key.toLowerCase(), [value]));
  set("aws:CurrentTime", new Date(now).toISOString());
  set("aws:EpochTime", String(Math.floor(now / 1000)));
  set("aws:SourceIp", call.sourceIp);
  set("aws:UserAgent", call.userAgent);
  set("aws:RequestedRegion", call.region);
  for (const [key, value] of Object.entries(role.tags)) set(`aws:ResourceTag/${key}`, value);
  for (const [key, value] of Object.entries(role.tags)) set(`iam:ResourceTag/${key}`, value);
  for (const [key, value] of Object.entries(tagsOf(input))) set(`aws:RequestTag/${key}`, value);
  if (input.Tags !== undefined && input.Tags.length > 0) keys.set("aws:tagkeys", Object.keys(tagsOf(input)));
  set("sts:ExternalId", input.ExternalId);
  set("sts:RoleSessionName", input.RoleSessionName);
  set("sts:SourceIdentity", input.SourceIdentity);
  return keys;
}

/** Both quoted: the first in 99designs/aws-vault#263. */
function checkDuration(seconds: number, { maxSessionSeconds }: RoleRecord, { principal }: Caller): void {
  if (principal.type === "AssumedRole" && seconds > CHAINED_SECONDS) {
    throw new ServiceError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  if (seconds <= maxSessionSeconds) return;
  throw new ServiceError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}
