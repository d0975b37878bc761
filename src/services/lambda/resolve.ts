// Finds functions, versions and what an alias stands for.
import { put, type Change, type Stored } from "../../ports/store.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { functionNotFound } from "./errors.ts";
import { functionArn, isVersionNumber, LATEST, type FunctionId, type FunctionTarget } from "./function-name.ts";
import { functions, type AliasRecord, type FunctionConfig, type FunctionRecord } from "./records.ts";
import type { FunctionView } from "./views.ts";

/** @throws {ServiceError} when there is no such function. */
export async function requireFunction({ store }: LambdaContext, id: FunctionId): Promise<Stored<FunctionRecord>> {
  const stored = await store.get(functions, keyOf(id));
  if (!stored) throw functionNotFound(functionArn({ account: id.account, region: id.region, name: id.name }));
  return stored;
}

/**
 * Writes a function's record as it is, which makes every other change to it that is under way start over: a version must
 * not go while an alias comes to point to it.
 */
export function touch(id: FunctionId, stored: Stored<FunctionRecord>): Change {
  return put(functions, keyOf(id), stored.value, stored.version);
}

/** One version of a function. */
export interface FoundVersion {
  readonly record: FunctionRecord;
  readonly config: FunctionConfig;
  /** `$LATEST` or a number. */
  readonly version: string;
}

/** The version that a name means; for an alias the one it mainly points to. @throws {ServiceError} when there is none. */
export async function findVersion({ views }: LambdaContext, target: FunctionTarget): Promise<FoundVersion> {
  const view = await views.get(target);
  const found = view && (await versionOf(view, target.qualifier, (alias) => alias.functionVersion));
  if (!found) throw functionNotFound(functionArn(target));
  return found;
}

/** The version under a qualifier, where `choose` decides for an alias; undefined when there is none. Only published ones are waited for. */
export function versionOf(
  view: FunctionView, qualifier: string | undefined, choose: (alias: AliasRecord) => string,
): FoundVersion | undefined | Promise<FoundVersion | undefined> {
  const { record } = view;
  const alias = qualifier === undefined ? undefined : view.aliases.get(qualifier);
  const version = alias ? choose(alias) : (qualifier ?? LATEST);
  if (version === LATEST) return { record, config: record.config, version };
  if (!isVersionNumber(version)) return undefined;
  return view
    .version(String(Number(version)))
    .then((found) => found && { record, config: found.config, version: String(found.number) });
}
