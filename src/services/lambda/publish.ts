// Publishing a version: a numbered copy of a function's code and settings that never changes.
import type { FunctionConfiguration } from "../../model/lambda.gen.ts";
import { put, type Expected } from "../../ports/store.ts";
import { configuration } from "./configuration.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { invalidParameter } from "./errors.ts";
import type { FunctionId } from "./function-name.ts";
import { functions, versionKey, versions, type FunctionConfig, type FunctionRecord, type VersionRecord } from "./records.ts";

/** A function as it shall be stored, and as the commit expects it to be before. */
interface Publishing {
  readonly record: FunctionRecord;
  readonly expect: Expected;
  readonly description?: string;
}

/**
 * Stores the function and publishes its code and settings. When they are what the last version was published from, there
 * is no new version: the answer is that last one.
 * https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
 */
export async function publish(context: LambdaContext, id: FunctionId, publishing: Publishing): Promise<FunctionConfiguration> {
  const { record, expect, description } = publishing;
  if (record.config.code.type === "directory") {
    throw invalidParameter("A function whose code is a local directory has no versions: its code changes with the directory.");
  }
  const content = contentOf(record.config);
  const lastKey = [...keyOf(id), versionKey(record.lastVersion)];
  const last = record.lastVersion === 0 ? undefined : await context.store.get(versions, lastKey);
  if (last?.value.content === content) {
    await context.commit(id, [put(functions, keyOf(id), record, expect)]);
    return answer(id, last.value);
  }
  const version: VersionRecord = {
    number: record.lastVersion + 1,
    config: { ...record.config, ...(description === undefined ? {} : { description }), revisionId: context.ids.uuid() },
    content,
  };
  await context.commit(id, [
    put(functions, keyOf(id), { ...record, lastVersion: version.number }, expect),
    put(versions, [...keyOf(id), versionKey(version.number)], version, "absent"),
  ]);
  return answer(id, version);
}

function answer(id: FunctionId, { number, config }: VersionRecord): FunctionConfiguration {
  return configuration(id, config, String(number), String(number));
}

/** All that makes a version differ from another, as one string. */
function contentOf({ lastModified: _lastModified, revisionId: _revisionId, ...content }: FunctionConfig): string {
  return JSON.stringify(sorted(content));
}

/** The same value with the members of its objects in the order of their names. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
