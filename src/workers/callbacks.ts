// Callbacks to WebSocket clients that another worker holds: through the primary, which knows them all.
import { type CallHandlers, type Channel, ChannelClosed } from "../adapters/channel/index.ts";
import { type CallbackOutcome, type ConnectionCallback, type ConnectionHolders, HolderUnreachable } from "../ports/connections.ts";

/** A callback for whoever has this number. */
interface CallbackFor {
  readonly holder: number;
  readonly callback: ConnectionCallback;
}

/** What another worker may take to answer, in milliseconds: it has only to look and to write. */
const ANSWER_MS = 5_000;
/** The most callbacks of a worker that wait for others at once. */
const WAITING = 10_000;

const GONE: CallbackOutcome = { kind: "gone" };

/** A worker's side: asks others. @param primary its channel; undefined while it is gone */
export function holdersOver(primary: () => Channel | undefined, answerMs: number = ANSWER_MS): ConnectionHolders {
  let waiting = 0;
  return {
    async ask(holder, callback, signal) {
      const channel = primary();
      if (channel === undefined) throw new HolderUnreachable("the primary process is gone");
      if (waiting >= WAITING) throw new HolderUnreachable(`${waiting} callbacks wait already`);
      waiting++;
      const given = new AbortController();
      const late = setTimeout(() => given.abort(new HolderUnreachable(`it has not answered within ${answerMs} ms`)), answerMs);
      const leaves = (): void => given.abort(new HolderUnreachable("the caller has left"));
      signal.addEventListener("abort", leaves, { once: true });
      try {
        const asked: CallbackFor = { holder, callback };
        return (await channel.call("askHolder", asked, given.signal)).value as CallbackOutcome;
      } catch (error) {
        throw error instanceof ChannelClosed ? new HolderUnreachable("the primary process is gone") : error;
      } finally {
        waiting--;
        clearTimeout(late);
        signal.removeEventListener("abort", leaves);
      }
    },
  };
}

/** A worker's side: answers others. @param answer of its own connections */
export const heldHandlers = (answer: (callback: ConnectionCallback) => CallbackOutcome): CallHandlers => ({
  answerCallback: (callback) => ({ value: answer(callback as ConnectionCallback) }),
});

export interface Holders {
  /** The worker of this number; undefined when it is gone. */
  find(holder: number): Channel | undefined;
  /** Whether all workers that serve are known: before that, one that is not known may yet turn up. */
  areKnown(): boolean;
}

/** The primary's side. A worker that is gone has taken its connections along: its number is no other's. */
export const askingHandlers = ({ find, areKnown }: Holders): CallHandlers => ({
  async askHolder(value, signal) {
    const { holder, callback } = value as CallbackFor;
    const channel = find(holder);
    if (channel === undefined) {
      if (!areKnown()) throw new HolderUnreachable("the workers are just being met");
      return { value: GONE };
    }
    try {
      return { value: (await channel.call("answerCallback", callback, signal)).value };
    } catch (error) {
      if (error instanceof ChannelClosed) return { value: GONE };
      throw error;
    }
  },
});
