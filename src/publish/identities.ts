// Something of IAM or STS changed: read it and tell the gateways, which look identities up by access key and never read the store.
import {
  type AccessKeyRecord, accessKeys, type EntityRecord, groups, policies, type PolicyRecord, roles, sessions, users,
} from "../domain/identity-records.ts";
import { type Key, type RecordKind, scoped } from "../domain/record.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  IdentityChange, IdentityHolder, IdentityPublication, IdentityRecordName, PublishedAccessKey, PublishedEntity, PublishedPolicy,
} from "../ports/identity-lookup.ts";
import type { Store } from "../ports/store.ts";

export interface IdentityPublisher extends IdentityPublication {
  /** Publishes all there is in the store. */
  publishAllIdentities(): Promise<void>;
}

export interface IdentityPublisherParts {
  readonly store: Store;
  readonly gateways: IdentityHolder;
  readonly clock: Clock;
}

/** So many records are read and told of at once. */
const AT_ONCE = 500;

/** How the records of a kind are published. */
interface Published<T> {
  readonly kind: RecordKind<T>;
  change(name: string, value: T | undefined, now: number): IdentityChange;
}

const published = <T>(kind: RecordKind<T>, change: Published<T>["change"]): Published<T> => ({ kind, change });

/** What belongs to others after them, so that nobody is found whose policies are not known. */
const KINDS = [
  published(policies, (name, value) => ({ type: "policy", name, ...(value && { value: policyOf(value) }) })),
  published(groups, (name, value) => ({ type: "group", name, ...(value && { value: entityOf(value) }) })),
  published(users, (name, value) => ({ type: "user", name, ...(value && { value: entityOf(value) }) })),
  published(roles, (name, value) => ({ type: "role", name, ...(value && { value: entityOf(value) }) })),
  published(accessKeys, (name, value) => ({ type: "accessKey", name, ...(value?.status === "Active" && { value: keyOf(value) }) })),
  published(sessions, (name, value, now) => ({ type: "session", name, ...(value && value.expiresAt > now && { value }) })),
] as readonly Published<unknown>[];

const BY_KIND = new Map(KINDS.map((each) => [each.kind.name, each]));

export function createIdentityPublisher({ store, gateways, clock }: IdentityPublisherParts): IdentityPublisher {
  /** What is going to be published once what is under way has been. */
  let waiting: { readonly names: Map<string, IdentityRecordName>; readonly done: Promise<void> } | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  async function publish(names: readonly IdentityRecordName[]): Promise<void> {
    for (let i = 0; i < names.length; i += AT_ONCE) {
      await gateways.changeIdentities(await Promise.all(names.slice(i, i + AT_ONCE).map(read)));
    }
  }

  async function read({ kind: kindName, key }: IdentityRecordName): Promise<IdentityChange> {
    const { kind, change } = BY_KIND.get(kindName) as Published<unknown>;
    return change(nameOf(key), (await store.get(kind, key))?.value, clock.now());
  }

  /** Changes that come while others are published are published together, and read only then: the last to read is the last to tell. */
  function collect(): NonNullable<typeof waiting> {
    const names = new Map<string, IdentityRecordName>();
    const done = underWay.then(() => {
      waiting = undefined;
      return publish([...names.values()]);
    });
    underWay = done.catch(() => undefined);
    return { names, done };
  }

  return {
    identitiesChanged(records) {
      const known = records.filter(({ kind }) => BY_KIND.has(kind));
      if (known.length === 0) return Promise.resolve();
      waiting ??= collect();
      for (const record of known) waiting.names.set(scoped(record.kind, ...record.key), record);
      return waiting.done;
    },
    async publishAllIdentities() {
      for (const { kind, change } of KINDS) {
        let after: Key | undefined;
        for (let more = true; more; ) {
          const page = await store.list(kind, { limit: AT_ONCE, ...(after && { after }) });
          const changes = page.items.map(({ key, value }) => change(nameOf(key), value, clock.now())).filter(({ value }) => value !== undefined);
          if (changes.length > 0) await gateways.changeIdentities(changes);
          after = page.items.at(-1)?.key;
          more = page.more;
        }
      }
    },
  };
}

/** Access keys and sessions are named by their ids, the others by account and name. */
const nameOf = (key: Key): string => (key.length === 1 ? (key[0] as string) : scoped(...key));

function entityOf({ account, name, path, id, tags, inlinePolicies, attachedPolicies, boundary, ...rest }: EntityRecord): PublishedEntity {
  const groupIds = "groups" in rest ? { groups: rest.groups as readonly string[] } : {};
  const limit = boundary === undefined ? {} : { boundary };
  return { account, name, path, id, tags, inlinePolicies: Object.values(inlinePolicies), attachedPolicies, ...limit, ...groupIds };
}

const policyOf = ({ account, name, path, versions, defaultVersion }: PolicyRecord): PublishedPolicy => ({
  account, name, path, document: versions.find(({ id }) => id === defaultVersion)?.document ?? "",
});

const keyOf = ({ accessKeyId, secretAccessKey, userId }: AccessKeyRecord): PublishedAccessKey => ({ accessKeyId, secretAccessKey, userId });
