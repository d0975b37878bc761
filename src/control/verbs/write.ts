// The one way to change something: decide on a set of changes from what the store holds, and commit them all or none.
import type { Call } from "../../domain/call.ts";
import { conflict } from "../../domain/errors.ts";
import type { Change, Store } from "../../ports/store.ts";
import { UniqueViolation, VersionConflict } from "../../ports/store.ts";

/** An operation of a service: decoded input in, output to encode out. */
export type Operation<In, Out> = (input: In, call: Call) => Promise<Out>;

export interface Decision<Out> {
  readonly changes: readonly Change[];
  readonly answer: Out;
  /** Done once the changes are durable, before the answer goes out. */
  readonly afterwards?: () => Promise<void>;
}

/** How often an operation is decided when others change what it has read: each time, one of them has got further. */
const ATTEMPTS = 50;

/**
 * An operation that decides and commits. `decide` only reads; it runs again when the store has moved on in between.
 * @throws {ServiceError} what `decide` throws; ConflictException when others were faster each time.
 */
export function writing<In, Out>(store: Store, decide: (input: In, call: Call) => Promise<Decision<Out>>): Operation<In, Out> {
  return async (input, call) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const decision = await decide(input, call);
      if (!(await committed(store, decision.changes))) continue;
      await decision.afterwards?.();
      return decision.answer;
    }
    throw conflict("Unable to complete operation due to concurrent modification. Please try again later.");
  };
}

/** Whether the changes were made; false when a record was no longer as the decision had found it. */
async function committed(store: Store, changes: readonly Change[]): Promise<boolean> {
  if (changes.length === 0) return true;
  try {
    await store.commit(changes);
    return true;
  } catch (error) {
    if (error instanceof VersionConflict || error instanceof UniqueViolation) return false;
    throw error;
  }
}

/** An operation that shows what it finds. */
export function reading<In, Found, Out>(
  find: (input: In, call: Call) => Promise<Found>,
  show: (found: Found) => Out,
): Operation<In, Out> {
  return async (input, call) => show(await find(input, call));
}

/** An operation that finds something and removes it. */
export function removing<In, Found>(
  store: Store,
  find: (input: In, call: Call) => Promise<Found>,
  remove: (found: Found) => Pick<Decision<unknown>, "changes" | "afterwards"> | Promise<Pick<Decision<unknown>, "changes" | "afterwards">>,
): Operation<In, Record<never, never>> {
  return writing(store, async (input, call) => ({ ...(await remove(await find(input, call))), answer: {} }));
}
