// Who is behind an access key: asked by whatever verifies signatures.
import type { Principal } from "../domain/principal.ts";

export type { Principal } from "../domain/principal.ts";

/** Policy documents as they were put. */
export interface PrincipalPolicies {
  /** Of the user and its groups, or of the role. The account itself has none and needs none. */
  readonly identity: readonly string[];
  readonly boundary?: string;
  /** Absent where the session was given none. */
  readonly session?: readonly string[];
}

/** An active access key with all that bears on what it may do. Good for verifying signatures with. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials, which are good with it alone. */
  readonly sessionToken?: string;
  /** Of the keys of development: functions have them together with a token. */
  readonly anyToken?: true;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** When temporary credentials were made, in milliseconds since the epoch. */
  readonly issuedAt?: number;
  readonly principal: Principal;
  readonly policies: PrincipalPolicies;
}

export interface Identities {
  /**
   * The identity behind an access key; undefined when there is none, or it is inactive, or what it belonged to is gone.
   * The same object until anything of it changes, so that what is compiled from it can be kept with it. A change is seen
   * by every call that begins after the change was acknowledged.
   */
  find(accessKeyId: string): Promise<Identity | undefined>;
  /** Notes that a key was used, for GetAccessKeyLastUsed; what is noted of a key within some minutes may be one entry. */
  noteUse(accessKeyId: string, service: string, region: string): void;
}
