// Identities in memory, by access key. What is known is kept as it is stored, once for all who share it; who is behind an access key
// is put together when it is first asked for.
import { awsManagedPolicy } from "../../domain/aws-managed-policies.ts";
import { iamArn, parseEntityArn } from "../../domain/identity-arn.ts";
import type { SessionRecord } from "../../domain/identity-records.ts";
import {
  accountPrincipal, ALLOWS_NOTHING, DEVELOPMENT_SECRET, developmentAccountOf, sessionPrincipal, userPrincipal,
} from "../../domain/principal.ts";
import { scoped } from "../../domain/record.ts";
import type { Identity, PrincipalPolicies } from "../../ports/identities.ts";
import type { IdentityChange, IdentityLookup, PublishedAccessKey, PublishedEntity, PublishedPolicy } from "../../ports/identity-lookup.ts";

export interface MemoryIdentities extends IdentityLookup {
  changeIdentities(changes: readonly IdentityChange[]): void;
  /** Forgets all that is not among these. */
  replaceIdentities(all: readonly IdentityChange[]): void;
}

export interface MemoryIdentitiesOptions {
  /** Development: the built-in access keys are good, and `test` is this account's administrator's. */
  readonly developmentAccount?: string;
}

/** So many identities that were put together are kept; the oldest make room. */
const KEPT = 10_000;

interface Known {
  readonly users: Entities;
  readonly roles: Entities;
  readonly groups: Entities;
  /** By account and name. */
  readonly policies: Map<string, PublishedPolicy>;
  readonly accessKeys: Map<string, PublishedAccessKey>;
  readonly sessions: Map<string, SessionRecord>;
}

/** By account and name, and by unique id. */
interface Entities {
  readonly byName: Map<string, PublishedEntity>;
  readonly byId: Map<string, PublishedEntity>;
}

const noEntities = (): Entities => ({ byName: new Map(), byId: new Map() });

const nothingKnown = (): Known => ({
  users: noEntities(), roles: noEntities(), groups: noEntities(), policies: new Map(), accessKeys: new Map(), sessions: new Map(),
});

export function createMemoryIdentities({ developmentAccount }: MemoryIdentitiesOptions = {}): MemoryIdentities {
  let known = nothingKnown();
  const found = new Map<string, Identity>();

  function resolve(accessKeyId: string): Identity | undefined {
    const account = developmentAccount === undefined ? undefined : developmentAccountOf(accessKeyId, developmentAccount);
    if (account !== undefined) return { accessKeyId, secretAccessKey: DEVELOPMENT_SECRET, anyToken: true, ...accountIdentity(account) };
    const key = known.accessKeys.get(accessKeyId);
    if (key !== undefined) return userIdentity(known, key.userId, { accessKeyId, secretAccessKey: key.secretAccessKey });
    const session = known.sessions.get(accessKeyId);
    return session && sessionIdentity(known, session);
  }

  return {
    find(accessKeyId) {
      const kept = found.get(accessKeyId);
      if (kept !== undefined) return kept;
      const identity = resolve(accessKeyId);
      // What does not exist is not kept: anybody can make up as many access keys as they like.
      if (identity === undefined) return undefined;
      if (found.size >= KEPT) found.delete(found.keys().next().value as string);
      found.set(accessKeyId, identity);
      return identity;
    },
    changeIdentities(changes) {
      for (const change of changes) {
        apply(known, change);
        // Users, roles and policies are anybody's; keys and sessions their own.
        if (change.type === "accessKey" || change.type === "session") found.delete(change.name);
        else found.clear();
      }
    },
    replaceIdentities(all) {
      const next = nothingKnown();
      for (const change of all) apply(next, change);
      known = next;
      found.clear();
    },
  };
}

function apply(known: Known, change: IdentityChange): void {
  const { name } = change;
  switch (change.type) {
    case "user":
      return setEntity(known.users, name, change.value);
    case "role":
      return setEntity(known.roles, name, change.value);
    case "group":
      return setEntity(known.groups, name, change.value);
    case "policy":
      return set(known.policies, name, change.value);
    case "accessKey":
      return set(known.accessKeys, name, change.value);
    case "session":
      return set(known.sessions, name, change.value);
  }
}

function set<T>(map: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}

function setEntity({ byName, byId }: Entities, name: string, value: PublishedEntity | undefined): void {
  const before = byName.get(name);
  // One that has another name now keeps its id.
  if (before !== undefined && byId.get(before.id) === before) byId.delete(before.id);
  set(byName, name, value);
  if (value !== undefined) byId.set(value.id, value);
}

type Credentials = Omit<Identity, "principal" | "policies">;

const accountIdentity = (account: string): Pick<Identity, "principal" | "policies"> => ({
  principal: accountPrincipal(account), policies: { identity: [] },
});

function sessionIdentity(known: Known, session: SessionRecord): Identity | undefined {
  const { account, accessKeyId, secretAccessKey, sessionToken, expiresAt, issuedAt, subject } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiresAt, ...(issuedAt !== undefined && { issuedAt }) };
  if (subject.type === "account") return { ...credentials, ...accountIdentity(account) };
  if (subject.type === "user") return userIdentity(known, subject.userId, credentials);
  const role = known.roles.byId.get(subject.roleId);
  if (role === undefined) return undefined;
  const limited = session.policies.length + session.policyArns.length > 0;
  const limits = limited ? { session: [...session.policies, ...session.policyArns.map((arn) => documentOf(known, arn))] } : {};
  return { ...credentials, principal: sessionPrincipal(role, subject.sessionName, session), policies: { ...policiesOf(known, role, [role]), ...limits } };
}

function userIdentity(known: Known, userId: string, credentials: Credentials): Identity | undefined {
  const user = known.users.byId.get(userId);
  if (user === undefined) return undefined;
  const memberships = (user.groups ?? []).flatMap((id) => known.groups.byId.get(id) ?? []);
  return { ...credentials, principal: userPrincipal(user), policies: policiesOf(known, user, [user, ...memberships]) };
}

/** What all the holders have, within the entity's boundary. */
function policiesOf(known: Known, { boundary }: PublishedEntity, holders: readonly PublishedEntity[]): PrincipalPolicies {
  const inline = holders.flatMap(({ inlinePolicies }) => inlinePolicies);
  const attached = holders.flatMap(({ attachedPolicies }) => attachedPolicies).map((arn) => documentOf(known, arn));
  return { identity: [...inline, ...attached], ...(boundary !== undefined && { boundary: documentOf(known, boundary) }) };
}

/** The document of the policy of an ARN, path included; AWS's own are known without being told. */
function documentOf({ policies }: Known, arn: string): string {
  const { account, name } = parseEntityArn(arn, "policy") ?? { account: "", name: "" };
  if (account === "aws") {
    const managed = awsManagedPolicy(name);
    return managed !== undefined && iamArn("aws", "policy", managed.path, name) === arn ? (managed.versions[0]?.document ?? ALLOWS_NOTHING) : ALLOWS_NOTHING;
  }
  const policy = policies.get(scoped(account, name));
  return policy !== undefined && iamArn(account, "policy", policy.path, name) === arn ? policy.document : ALLOWS_NOTHING;
}
