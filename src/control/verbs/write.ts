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
 * An operation that decides and commits. `decide` only reads; it runs again when the store has moved on in between, then
 * one caller at a time: many at once would only outrun each other, and cost the square of their number.
 * @throws {ServiceError} what `decide` throws; ConflictException when others were faster each time.
 */
export function writing<In, Out>(store: Store, decide: (input: In, call: Call) => Promise<Decision<Out>>): Operation<In, Out> {
  const inTurn = createQueue();
  return async (input, call) => {
    const attempt = async (): Promise<Decision<Out> | undefined> => {
      const decision = await decide(input, call);
      return (await committed(store, decision.changes)) ? decision : undefined;
    };
    const { afterwards, answer } = (await attempt()) ?? (await inTurn(() => again(attempt)));
    await afterwards?.();
    return answer;
  };
}

async function again<Out>(attempt: () => Promise<Decision<Out> | undefined>): Promise<Decision<Out>> {
  for (let count = 2; count <= ATTEMPTS; count++) {
    const decision = await attempt();
    if (decision !== undefined) return decision;
  }
  throw conflict("Unable to complete operation due to concurrent modification. Please try again later.");
}

/** Runs tasks one after the other, in the order they came. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result;
    return result;
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
