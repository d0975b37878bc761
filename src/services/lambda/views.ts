// Functions as invocations see them, kept in memory so that an invocation does not wait for the store.
import type { Store, Stored } from "../../ports/store.ts";
import { keyOf } from "./context.ts";
import type { FunctionId } from "./function-name.ts";
import {
  aliases, functions, policies, versionKey, versions, type AliasRecord, type FunctionRecord, type PolicyRecord, type VersionRecord,
} from "./records.ts";

/** A function with all that decides about its invocations. */
export interface FunctionView {
  readonly id: FunctionId;
  readonly record: FunctionRecord;
  readonly aliases: ReadonlyMap<string, AliasRecord>;
  /** By version or alias; `$LATEST` stands for the function itself. */
  readonly policies: ReadonlyMap<string, PolicyRecord>;
  version(number: string): Promise<VersionRecord | undefined>;
}

export interface FunctionViews {
  /** The function as it was after the last change that was acknowledged; undefined when there is none. */
  get(id: FunctionId): Promise<FunctionView | undefined>;
  /** Forgets a function: call it after every commit that changes anything of it. */
  forget(id: FunctionId): void;
}

/** The most functions that are kept in memory. */
const LIMIT = 1_000;

/** Reads functions from the store once and keeps them until they change. */
export function createViews(store: Store): FunctionViews {
  const kept = new Map<string, Promise<FunctionView | undefined>>();
  const name = (id: FunctionId): string => keyOf(id).join("/");
  return {
    get(id) {
      const key = name(id);
      const known = kept.get(key);
      if (known) return known;
      const reading = readView(store, id);
      kept.set(key, reading);
      if (kept.size > LIMIT) kept.delete(kept.keys().next().value as string);
      const drop = (): void => {
        if (kept.get(key) === reading) kept.delete(key);
      };
      // Unknown functions are not kept: anyone can ask for any number of them.
      reading.then((view) => (view === undefined ? drop() : undefined), drop);
      return reading;
    },
    forget(id) {
      kept.delete(name(id));
    },
  };
}

async function readView(store: Store, id: FunctionId): Promise<FunctionView | undefined> {
  const key = keyOf(id);
  const [record, aliasPage, policyPage] = await Promise.all([
    store.get(functions, key),
    store.list(aliases, { prefix: key }),
    store.list(policies, { prefix: key }),
  ]);
  if (!record) return undefined;
  const read = new Map<string, Promise<VersionRecord | undefined>>();
  return {
    id,
    record: record.value,
    aliases: byLastPart(aliasPage.items),
    policies: byLastPart(policyPage.items),
    version(number) {
      let version = read.get(number);
      if (!version) {
        version = store.get(versions, [...key, versionKey(number)]).then((stored) => stored?.value);
        read.set(number, version);
        version.then((found) => (found === undefined ? read.delete(number) : undefined), () => read.delete(number));
      }
      return version;
    },
  };
}

function byLastPart<T>(items: readonly Stored<T>[]): Map<string, T> {
  return new Map(items.map(({ key, value }) => [key.at(-1) as string, value]));
}
