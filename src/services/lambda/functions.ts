// Functions: made, read, changed and removed.
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Call } from "../../domain/call.ts";
import { put, remove, removeAll, type Stored } from "../../ports/store.ts";
import { configuration } from "./configuration.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { checkRevision, invalidParameter, resourceConflict } from "./errors.ts";
import { isVersionNumber, LATEST, readTarget, readWhole, type FunctionId } from "./function-name.ts";
import { publish } from "./publish.ts";
import {
  aliases, functions, policies, versionKey, versions, type CodeReference, type FunctionConfig, type FunctionRecord,
} from "./records.ts";
import { findVersion, requireFunction, touch } from "./resolve.ts";
import { DEFAULTS, readLogging, readSettings, unbuilt } from "./settings.ts";
import { checkTags } from "./tags.ts";

type Names =
  | "CreateFunction"
  | "GetFunction"
  | "GetFunctionConfiguration"
  | "UpdateFunctionCode"
  | "UpdateFunctionConfiguration"
  | "DeleteFunction";

const NAME_LIMIT = 64;

export function functionOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, Names> {
  const { store, clock, ids, packages } = context;

  return {
    async CreateFunction(input, call) {
      const id = readWhole(call, "CreateFunction", input.FunctionName);
      refuseLongName(id.name);
      const { runtime, handler, ...settings } = readSettings(input);
      if (input.Code.ImageUri !== undefined) throw unbuilt("ImageUri");
      if (input.Code.SourceKMSKeyArn !== undefined) throw unbuilt("SourceKMSKeyArn");
      if (runtime === undefined || handler === undefined) {
        throw invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
      }
      await refuseRuntime(context, runtime);
      const logging = readLogging(id.name, undefined, input.LoggingConfig);
      const tags = input.Tags ?? {};
      checkTags(tags);
      if (await store.get(functions, keyOf(id))) throw resourceConflict(`Function already exist: ${id.name}`);
      return packages.keep(input.Code, false, async (code) => {
        const config: FunctionConfig = {
          ...DEFAULTS,
          ...settings,
          role: input.Role,
          runtime,
          handler,
          logging,
          code,
          lastModified: clock.now(),
          revisionId: ids.uuid(),
        };
        const record: FunctionRecord = { name: id.name, config, lastVersion: 0, tags };
        if (input.Publish === true) return publish(context, id, { record, expect: "absent" });
        await context.commit(id, [put(functions, keyOf(id), record, "absent")]);
        return configuration(id, config);
      });
    },

    async GetFunction(input, call) {
      const target = readTarget(call, "GetFunction", input.FunctionName, input.Qualifier);
      const { record, config, version } = await findVersion(context, target);
      const { tags, reservedConcurrency } = record;
      return {
        Configuration: configuration(target, config, version, target.qualifier),
        // Without a Location: nothing serves packages for download.
        Code: { RepositoryType: "S3" },
        ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
        ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
      };
    },

    async GetFunctionConfiguration(input, call) {
      const target = readTarget(call, "GetFunctionConfiguration", input.FunctionName, input.Qualifier);
      const { config, version } = await findVersion(context, target);
      return configuration(target, config, version, target.qualifier);
    },

    async UpdateFunctionCode(input, call) {
      const id = readWhole(call, "UpdateFunctionCode", input.FunctionName);
      if (input.ImageUri !== undefined) throw unbuilt("ImageUri");
      if (input.SourceKMSKeyArn !== undefined) throw unbuilt("SourceKMSKeyArn");
      if (input.PublishTo !== undefined) throw unbuilt("PublishTo");
      const stored = await requireFunction(context, id);
      checkRevision(input.RevisionId, stored.value.config.revisionId);
      return packages.keep(input, input.DryRun === true, async (code) => {
        const config: FunctionConfig = {
          ...stored.value.config,
          code,
          ...(input.Architectures === undefined ? {} : { architectures: input.Architectures }),
          lastModified: clock.now(),
          revisionId: ids.uuid(),
        };
        if (input.DryRun === true) return configuration(id, { ...config, revisionId: stored.value.config.revisionId });
        return replaceConfig(context, id, stored, config, input.Publish === true);
      });
    },

    async UpdateFunctionConfiguration(input, call) {
      const id = readWhole(call, "UpdateFunctionConfiguration", input.FunctionName);
      const settings = readSettings(input);
      const stored = await requireFunction(context, id);
      const before = stored.value.config;
      checkRevision(input.RevisionId, before.revisionId);
      if (settings.runtime !== undefined) await refuseRuntime(context, settings.runtime);
      const config: FunctionConfig = {
        ...before,
        ...settings,
        logging: readLogging(id.name, before.logging, input.LoggingConfig),
        lastModified: clock.now(),
        revisionId: ids.uuid(),
      };
      return replaceConfig(context, id, stored, config, false);
    },

    async DeleteFunction(input, call) {
      const target = readTarget(call, "DeleteFunction", input.FunctionName, input.Qualifier);
      if (target.qualifier === undefined) await deleteFunction(context, target);
      else await deleteVersion(context, target, target.qualifier);
      return { StatusCode: 204 };
    },
  };
}

/** The model allows for an ARN; the name alone has 64 characters at most. */
function refuseLongName(name: string): void {
  if (name.length <= NAME_LIMIT) return;
  throw invalidParameter(
    `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${NAME_LIMIT}`,
  );
}

async function refuseRuntime({ runtime: port }: LambdaContext, runtime: string): Promise<void> {
  const refusal = await port.refusal(runtime);
  if (refusal !== undefined) throw invalidParameter(refusal);
}

/** Stores a new configuration of the unpublished version, perhaps publishes it, and lets go of what it replaces. */
async function replaceConfig(
  context: LambdaContext, id: FunctionId, stored: Stored<FunctionRecord>, config: FunctionConfig, andPublish: boolean,
): ReturnType<typeof publish> {
  const record = { ...stored.value, config };
  const answer = andPublish ? await publish(context, id, { record, expect: stored.version }) : configuration(id, config);
  if (!andPublish) await context.commit(id, [put(functions, keyOf(id), record, stored.version)]);
  context.inBackground("retiring a function's former code", retire(context, id, LATEST, [stored.value.config.code]));
  return answer;
}

async function deleteFunction(context: LambdaContext, id: FunctionId): Promise<void> {
  const key = keyOf(id);
  const stored = await requireFunction(context, id);
  const published = await context.store.list(versions, { prefix: key });
  await context.commit(id, [
    remove(functions, key, stored.version),
    removeAll(versions, key),
    removeAll(aliases, key),
    removeAll(policies, key),
  ]);
  const code = [stored.value.config.code, ...published.items.map(({ value }) => value.config.code)];
  context.inBackground("retiring a deleted function", retire(context, id, undefined, code));
}

async function deleteVersion(context: LambdaContext, id: FunctionId, qualifier: string): Promise<void> {
  if (qualifier === LATEST) throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  const stored = await requireFunction(context, id);
  const key = [...keyOf(id), versionKey(qualifier)];
  const version = isVersionNumber(qualifier) ? await context.store.get(versions, key) : undefined;
  const known = await context.store.list(aliases, { prefix: keyOf(id) });
  if (known.items.some(({ value }) => value.name === qualifier)) {
    throw invalidParameter("An alias is deleted with DeleteAlias.");
  }
  // Deleting a version that is not there succeeds.
  if (!version) return;
  const referring = known.items.filter(({ value }) => value.functionVersion === qualifier || qualifier in value.weights);
  if (referring.length > 0) {
    const names = referring.map(({ value }) => value.name).join(", ");
    throw resourceConflict(`Unable to delete version because the following aliases reference it: [${names}]`);
  }
  await context.commit(id, [
    touch(id, stored),
    remove(versions, key, version.version),
    remove(policies, [...keyOf(id), qualifier], "any"),
  ]);
  context.inBackground("retiring a deleted version", retire(context, id, qualifier, [version.value.config.code]));
}

/** Ends the processes that run the code, once they are idle, and removes the packages that nothing refers to any more. */
async function retire(
  { runtime, packages }: LambdaContext,
  { account, region, name }: FunctionId,
  version: string | undefined,
  code: readonly CodeReference[],
): Promise<void> {
  await runtime.retire(account, region, name, version);
  for (const reference of code) await packages.release(reference);
}
