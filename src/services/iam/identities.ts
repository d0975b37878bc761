// The identities port over the store. What was found is kept until anything at all of IAM or STS is written: writes are
// rare, and nobody has to know which of them bears on whom.
import {
  accountPrincipal, ALLOWS_NOTHING, DEVELOPMENT_SECRET, developmentAccountOf, sessionPrincipal, userPrincipal,
} from "../../domain/principal.ts";
import type { RecordKind } from "../../domain/record.ts";
import type { Identities, Identity, Principal, PrincipalPolicies } from "../../ports/identities.ts";
import { put, type Store } from "../../ports/store.ts";
import type { IamOptions } from "./context.ts";
import { defaultDocument, findPolicy } from "./policy-lookup.ts";
import {
  accessKeys, accessKeyUses, type EntityRecord, groups, roles, type SessionRecord, sessions, users,
} from "../../domain/identity-records.ts";

export interface CachedIdentities extends Identities {
  /** Forgets what is kept: something was written. */
  forget(): void;
}

/** The most identities that are kept. */
const KEPT = 10_000;
/** A key's use is written no more often than this, in milliseconds. */
const USE_INTERVAL_MS = 15 * 60_000;

type Credentials = Omit<Identity, "principal" | "policies">;

export function createIdentities({ store, clock, log, developmentAccount }: IamOptions): CachedIdentities {
  const kept = new Map<string, Promise<Identity | undefined>>();
  const noted = new Map<string, number>();

  async function resolve(accessKeyId: string): Promise<Identity | undefined> {
    const account = developmentAccount === undefined ? undefined : developmentAccountOf(accessKeyId, developmentAccount);
    if (account !== undefined) return { accessKeyId, secretAccessKey: DEVELOPMENT_SECRET, anyToken: true, ...accountIdentity(account) };
    return (await findLongTerm(store, accessKeyId)) ?? (await findTemporary(store, accessKeyId));
  }

  return {
    find(accessKeyId) {
      const known = kept.get(accessKeyId);
      if (known !== undefined) return known;
      const found = resolve(accessKeyId);
      keep(kept, accessKeyId, found);
      // What does not exist, or could not be read, is not kept: anybody can make up as many access keys as they like.
      const drop = () => void (kept.get(accessKeyId) === found && kept.delete(accessKeyId));
      found.then((identity) => identity ?? drop(), drop);
      return found;
    },
    forget: () => kept.clear(),
    noteUse(accessKeyId, service, region) {
      const date = clock.now();
      if (date - (noted.get(accessKeyId) ?? -Infinity) < USE_INTERVAL_MS) return;
      keep(noted, accessKeyId, date);
      store
        .commit([put(accessKeyUses, [accessKeyId], { service, region, date }, "any")])
        .catch((error: unknown) => log.error("failed to note the use of an access key", error));
    },
  };
}

function keep<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value as string);
  cache.set(key, value);
}

/** The account itself: nothing limits what it may do. */
export function accountIdentity(account: string): { readonly principal: Principal; readonly policies: PrincipalPolicies } {
  return { principal: accountPrincipal(account), policies: { identity: [] } };
}

async function findLongTerm(store: Store, accessKeyId: string): Promise<Identity | undefined> {
  const key = (await store.get(accessKeys, [accessKeyId]))?.value;
  if (key?.status !== "Active") return undefined;
  return findUser(store, key.userId, { accessKeyId, secretAccessKey: key.secretAccessKey });
}

async function findTemporary(store: Store, accessKeyId: string): Promise<Identity | undefined> {
  const session = (await store.get(sessions, [accessKeyId]))?.value;
  if (session === undefined) return undefined;
  const { secretAccessKey, sessionToken, expiresAt, issuedAt, subject } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiresAt, ...(issuedAt !== undefined && { issuedAt }) };
  if (subject.type === "account") return { ...credentials, ...accountIdentity(session.account) };
  if (subject.type === "user") return findUser(store, subject.userId, credentials);
  return findRole(store, session, subject, credentials);
}

async function findUser(store: Store, userId: string, credentials: Credentials): Promise<Identity | undefined> {
  const user = await byId(store, users, userId);
  if (user === undefined) return undefined;
  const memberships = await Promise.all(user.groups.map((group) => byId(store, groups, group)));
  const holders: EntityRecord[] = [user, ...memberships.filter((group) => group !== undefined)];
  return { ...credentials, principal: userPrincipal(user), policies: await policiesOf(store, user, holders) };
}

async function findRole(
  store: Store,
  session: SessionRecord,
  { roleId, sessionName }: { readonly roleId: string; readonly sessionName: string },
  credentials: Credentials,
): Promise<Identity | undefined> {
  const role = await byId(store, roles, roleId);
  if (role === undefined) return undefined;
  const principal = sessionPrincipal(role, sessionName, session);
  const given = [...session.policies, ...(await documentsOf(store, session.policyArns))];
  const limited = session.policies.length + session.policyArns.length > 0;
  return { ...credentials, principal, policies: { ...(await policiesOf(store, role, [role])), ...(limited && { session: given }) } };
}

/** What all the holders have, within the entity's boundary. */
async function policiesOf(store: Store, { boundary }: EntityRecord, holders: readonly EntityRecord[]): Promise<PrincipalPolicies> {
  const inline = holders.flatMap(({ inlinePolicies }) => Object.values(inlinePolicies));
  const attached = await documentsOf(store, holders.flatMap(({ attachedPolicies }) => attachedPolicies));
  const [limit] = boundary === undefined ? [] : await documentsOf(store, [boundary]);
  return { identity: [...inline, ...attached], ...(limit !== undefined && { boundary: limit }) };
}

async function documentsOf(store: Store, arns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(arns.map((arn) => findPolicy(store, arn)));
  // A policy cannot be deleted while it is attached. One that a session was limited by may be gone, and then allows nothing.
  return found.map((policy) => (policy === undefined ? ALLOWS_NOTHING : defaultDocument(policy.policy)));
}

/** A user, role or group by its unique id. */
export async function byId<T extends EntityRecord>(store: Store, kind: RecordKind<T>, id: string): Promise<T | undefined> {
  const { items } = await store.list(kind, { index: { name: "id", value: id }, limit: 1 });
  return items[0]?.value;
}
