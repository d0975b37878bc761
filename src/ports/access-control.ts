// Who may do what on the control planes: asked before any operation runs.
import type { Permission } from "../domain/access.ts";
import type { Call } from "../domain/call.ts";
import type { Identities, Identity } from "./identities.ts";

/** What policies may look at besides the caller. */
export interface Circumstances {
  readonly call: Call;
  /** Whether the request came over TLS. */
  readonly encrypted: boolean;
}

export interface AccessControl {
  readonly identities: Identities;
  /** Milliseconds since the epoch: what the times of requests are held against. */
  now(): number;
  /**
   * Resolves when the caller's policies allow everything.
   * @throws {ServiceError} AccessDeniedException, or NotImplementedException for a condition that cannot be decided
   */
  authorize(caller: Identity, permissions: readonly Permission[], circumstances: Circumstances): Promise<void>;
}
