// Whether a caller's policies allow what an operation needs, and IAM's words where they do not.
import type { Permission } from "../../domain/access.ts";
import { callerKey, tagValue } from "../../domain/condition-keys.ts";
import { ServiceError } from "../../domain/errors.ts";
import { compileCaller, decide, type Decision, type PolicyType } from "../../policy/index.ts";
import type { AccessControl, Circumstances } from "../../ports/access-control.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Identities, Identity } from "../../ports/identities.ts";
import { accessDenied } from "./errors.ts";

/** Makes what the control planes ask before an operation runs. */
export function createAccessControl(identities: Identities, clock: Clock): AccessControl {
  return {
    identities,
    now: () => clock.now(),
    async authorize(caller, permissions, circumstances) {
      const asking = { caller, circumstances, now: clock.now() };
      for (const permission of permissions) {
        const decision = await decidePermission(permission, asking);
        if (!decision.allowed) throw accessDenied(refusal(caller, permission, decision));
      }
    },
  };
}

interface Asking {
  readonly caller: Identity;
  readonly circumstances: Circumstances;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is known of the resource as it is: by a key, and where that is a tag's, by the tag's name in lower case. */
type Existing = (key: string, tag?: string) => readonly string[] | undefined;

/** The resource is read only once a policy has asked what it is like, and then everything is decided anew. */
async function decidePermission(permission: Permission, asking: Asking): Promise<Decision> {
  let asked = false;
  const decision = judge(permission, asking, () => {
    asked = true;
    return undefined;
  });
  if (!asked) return decision;
  const [tags = {}, keys] = await Promise.all([permission.tags?.(), permission.existing?.()]);
  return judge(permission, asking, (key, tag) => (tag === undefined ? keys?.get(key) : listOf(tagValue(tags, tag))));
}

/** What is allowed is allowed by the resource's ARN; what is denied explicitly is denied however the ARN is written. */
function judge(permission: Permission, asking: Asking, existing: Existing): Decision {
  const { action, resource, spellings = [] } = permission;
  const { policies, principal } = asking.caller;
  const { account, arn, userId, roleArn } = principal;
  const compiled = compileCaller(policies);
  const decisions = [resource, ...spellings].map((written) =>
    decide(compiled, {
      action,
      resource: written,
      principal: { account, arn, userId, ...(roleArn !== undefined && { roleArn }) },
      context: (key) => valuesOf(key, permission, asking, existing),
    }),
  );
  const denied = decisions.find((decision) => !decision.allowed && decision.reason === "explicit");
  return denied ?? (decisions[0] as Decision);
}

/** `aws:ResourceTag/name`, and the services' own keys for the same, such as `iam:ResourceTag/name`. */
const RESOURCE_TAG = /^([a-z-]+):resourcetag\/(.+)$/s;

function valuesOf(key: string, permission: Permission, asking: Asking, existing: Existing): readonly string[] | undefined {
  const { action, keys, isUnknown } = permission;
  const [, prefix, tag] = RESOURCE_TAG.exec(key) ?? [];
  if (tag !== undefined) return prefix === "aws" || action.startsWith(`${prefix}:`) ? existing(key, tag) : undefined;
  if (isUnknown?.(key) === true) throw unknownKey(key, action);
  if (key.includes(":resource/")) return existing(key);
  return keys?.get(key) ?? listOf(requestKey(key, asking) ?? callerKey(asking.caller, key));
}

const listOf = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function requestKey(key: string, { circumstances: { call, encrypted }, now }: Asking): string | undefined {
  switch (key) {
    case "aws:currenttime":
      return new Date(now).toISOString();
    case "aws:epochtime":
      return String(Math.floor(now / 1000));
    case "aws:requestedregion":
      return call.region;
    case "aws:securetransport":
      return String(encrypted);
    case "aws:sourceip":
      return call.sourceIp;
    case "aws:useragent":
      return call.userAgent;
    case "aws:viaawsservice":
      return "false";
    default:
      return undefined;
  }
}

/** Nobody is let in by a condition that cannot be decided. */
const unknownKey = (key: string, action: string): ServiceError =>
  new ServiceError("NotImplementedException", `Gatehouse has not built the condition key ${key} for this use of ${action} yet.`);

const POLICIES: Readonly<Record<PolicyType, readonly [article: string, name: string]>> = {
  identity: ["an", "identity-based policy"],
  boundary: ["a", "permissions boundary"],
  session: ["a", "session policy"],
  resource: ["a", "resource-based policy"],
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function refusal({ principal }: Identity, { action, resource, shownAs = resource }: Permission, decision: Decision & { allowed: false }): string {
  const [article, policy] = POLICIES[decision.by];
  const reason =
    decision.reason === "explicit" ? `with an explicit deny in ${article} ${policy}` : `because no ${policy} allows the ${action} action`;
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${shownAs} ${reason}`;
}
