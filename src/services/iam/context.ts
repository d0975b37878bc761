// What every operation of the service works with.
import type { Call } from "../../domain/call.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { IdentityPublication } from "../../ports/identity-lookup.ts";
import type { Change, Store } from "../../ports/store.ts";
import type { CachedIdentities } from "./identities.ts";

export interface IamOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells the gateways what was written. */
  readonly publication: IdentityPublication;
  /**
   * Development: the access key `test` with the secret `test` is this account's administrator, and any 12-digit account id with
   * the secret `test` that account's. Absent: only what was created exists.
   */
  readonly developmentAccount?: string;
  /** Whether callers have been made sure of: one whose key is not there any more is nobody. */
  readonly isStrict?: boolean;
}

export interface IamContext extends IamOptions {
  readonly identities: CachedIdentities;
  /** Commits changes, and resolves once every lookup that begins sees them, in every gateway too. */
  commit(changes: readonly Change[]): Promise<void>;
  /** The account that a call is about: its key's own, or what the wire took it for. */
  accountOf(call: Call): Promise<string>;
}
