// Addresses of host names, kept for a while: the system's lookup takes a thread for each question, and tells no lifetime.
import type { LookupAddress, LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";

interface Answer {
  readonly addresses: readonly LookupAddress[];
  /** By `performance.now()`. */
  readonly until: number;
}

/** The most names that are kept. */
const NAMES = 1000;

export interface HostNames {
  readonly lookup: LookupFunction;
  /** Forgets a name's addresses: none of them answered. */
  forget(hostname: string): void;
}

/**
 * Keeps what a lookup finds for `ttlMs`; failures are not kept. Those who ask for a name at the same time share an answer.
 * @param lookup is only asked for all addresses of a name
 */
export function keptHostNames(lookup: LookupFunction, ttlMs: number): HostNames {
  const answers = new Map<string, Answer>();
  const asking = new Map<string, Promise<readonly LookupAddress[]>>();

  function ask(key: string, hostname: string, family: LookupOptions["family"]): Promise<readonly LookupAddress[]> {
    const known = answers.get(key);
    if (known !== undefined && known.until > performance.now()) return Promise.resolve(known.addresses);
    const asked = asking.get(key);
    if (asked !== undefined) return asked;
    const answer = new Promise<readonly LookupAddress[]>((resolve, reject) => {
      lookup(hostname, { all: true, ...(family === undefined ? {} : { family }) }, (error, found) => {
        asking.delete(key);
        if (error === null) resolve(keep(key, found as LookupAddress[]));
        else reject(error);
      });
    });
    asking.set(key, answer);
    return answer;
  }

  function keep(key: string, addresses: readonly LookupAddress[]): readonly LookupAddress[] {
    answers.delete(key);
    if (answers.size >= NAMES) answers.delete(answers.keys().next().value as string);
    answers.set(key, { addresses, until: performance.now() + ttlMs });
    return addresses;
  }

  return {
    lookup(hostname, options, callback) {
      ask(`${options.family ?? 0} ${hostname}`, hostname, options.family).then(
        (addresses) => {
          const [first] = addresses as [LookupAddress];
          if (options.all === true) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    },
    forget(hostname) {
      for (const key of answers.keys()) if (key.endsWith(` ${hostname}`)) answers.delete(key);
    },
  };
}
