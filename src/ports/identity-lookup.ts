// Identities as the gateway looks them up, by access key: what it knows of users, roles, policies and sessions was told it, and is
// never read from the store.
import type { AccessKeyRecord, EntityRecord, PolicyRecord, SessionRecord, UserRecord } from "../domain/identity-records.ts";
import type { Key } from "../domain/record.ts";
import type { Identity } from "./identities.ts";

/** A user, role or group. */
export interface PublishedEntity extends Pick<EntityRecord, "account" | "name" | "path" | "id" | "tags" | "attachedPolicies" | "boundary"> {
  /** Documents. */
  readonly inlinePolicies: readonly string[];
  /** Of a user. */
  readonly groups?: UserRecord["groups"];
}

/** A managed policy of an account's own. */
export interface PublishedPolicy extends Pick<PolicyRecord, "account" | "name" | "path"> {
  /** The default version's. */
  readonly document: string;
}

/** One that may be used. Its secret is in no log. */
export type PublishedAccessKey = Pick<AccessKeyRecord, "accessKeyId" | "secretAccessKey" | "userId">;

interface Changed<Type extends string, Value> {
  readonly type: Type;
  /** Names the record among those of its type. */
  readonly name: string;
  /** As it now is; absent when it is gone, or may not be used any more. */
  readonly value?: Value;
}

export type IdentityChange =
  | Changed<"user" | "role" | "group", PublishedEntity>
  | Changed<"policy", PublishedPolicy>
  | Changed<"accessKey", PublishedAccessKey>
  | Changed<"session", SessionRecord>;

export interface IdentityLookup {
  /**
   * The identity behind an access key; undefined when there is none, or it is inactive, or what it belonged to is gone.
   * The same object until anything of it changes, so that what is compiled from it can be kept with it.
   */
  find(accessKeyId: string): Identity | undefined;
}

/** Who is told of identities. */
export interface IdentityHolder {
  /** From the next request on. */
  changeIdentities(changes: readonly IdentityChange[]): void | Promise<void>;
}

/** Names a record of IAM or STS: its kind and its key. */
export interface IdentityRecordName {
  readonly kind: string;
  readonly key: Key;
}

export interface IdentityPublication {
  /** Reads records anew and resolves when every gateway knows them as they now are (or no longer, when they are gone). */
  identitiesChanged(records: readonly IdentityRecordName[]): Promise<void>;
}
