// Aliases: names for a version, or for two of which each gets a share of the invocations.
// https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
import type { Call } from "../../domain/call.ts";
import type { AliasConfiguration, AliasRoutingConfiguration, LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import { keyOf, type LambdaContext } from "./context.ts";
import { checkRevision, functionNotFound, invalidParameter, resourceConflict, resourceNotFound } from "./errors.ts";
import { functionArn, LATEST, readWhole, type FunctionId } from "./function-name.ts";
import { pageLimit, readMarker, writeMarker } from "./paging.ts";
import { aliases, policies, versionKey, versions, type AliasRecord } from "./records.ts";
import { requireFunction, touch } from "./resolve.ts";

type Names = "CreateAlias" | "GetAlias" | "ListAliases" | "UpdateAlias" | "DeleteAlias";

export function aliasOperations(context: LambdaContext): Pick<Handlers<LambdaOperations, Call>, Names> {
  const { store, ids } = context;

  return {
    async CreateAlias(input, call) {
      const id = readWhole(call, "CreateAlias", input.FunctionName);
      const stored = await requireFunction(context, id);
      const key = [...keyOf(id), input.Name];
      if (await store.get(aliases, key)) {
        throw resourceConflict(`Alias already exists: ${functionArn({ ...id, qualifier: input.Name })}`);
      }
      const alias: AliasRecord = {
        name: input.Name,
        functionVersion: input.FunctionVersion,
        description: input.Description ?? "",
        weights: readWeights(input.RoutingConfig),
        revisionId: ids.uuid(),
      };
      await checkTargets(context, id, alias);
      await context.commit(id, [touch(id, stored), put(aliases, key, alias, "absent")]);
      return describe(id, alias);
    },

    async GetAlias(input, call) {
      const id = readWhole(call, "GetAlias", input.FunctionName);
      return describe(id, (await requireAlias(context, id, input.Name)).value);
    },

    async ListAliases(input, call) {
      const id = readWhole(call, "ListAliases", input.FunctionName);
      await requireFunction(context, id);
      const all = await store.list(aliases, { prefix: keyOf(id) });
      const [after = ""] = readMarker(input) ?? [];
      const wanted = all.items
        .map(({ value }) => value)
        .filter(({ functionVersion, weights }) => {
          const version = input.FunctionVersion;
          return version === undefined || functionVersion === version || version in weights;
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .filter(({ name }) => name > after);
      const page = wanted.slice(0, pageLimit(input));
      const last = page.at(-1);
      return {
        Aliases: page.map((alias) => describe(id, alias)),
        ...(wanted.length > page.length && last ? { NextMarker: writeMarker([last.name]) } : {}),
      };
    },

    async UpdateAlias(input, call) {
      const id = readWhole(call, "UpdateAlias", input.FunctionName);
      const stored = await requireFunction(context, id);
      const before = await requireAlias(context, id, input.Name);
      checkRevision(input.RevisionId, before.value.revisionId);
      const alias: AliasRecord = {
        ...before.value,
        ...(input.FunctionVersion === undefined ? {} : { functionVersion: input.FunctionVersion }),
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.RoutingConfig === undefined ? {} : { weights: readWeights(input.RoutingConfig) }),
        revisionId: ids.uuid(),
      };
      await checkTargets(context, id, alias);
      await context.commit(id, [touch(id, stored), put(aliases, before.key, alias, before.version)]);
      return describe(id, alias);
    },

    /** Succeeds when there is nothing to delete. */
    async DeleteAlias(input, call) {
      const id = readWhole(call, "DeleteAlias", input.FunctionName);
      const key = [...keyOf(id), input.Name];
      const before = await store.get(aliases, key);
      if (before) await context.commit(id, [remove(aliases, key, before.version), remove(policies, key, "any")]);
      return {};
    },
  };
}

async function requireAlias(context: LambdaContext, id: FunctionId, name: string): Promise<Stored<AliasRecord>> {
  const stored = await context.store.get(aliases, [...keyOf(id), name]);
  if (stored) return stored;
  await requireFunction(context, id);
  throw resourceNotFound(`Cannot find alias arn: ${functionArn({ ...id, qualifier: name })}`);
}

function readWeights(routing: AliasRoutingConfiguration | undefined): Readonly<Record<string, number>> {
  return routing?.AdditionalVersionWeights ?? {};
}

/** The versions must be there; of two, both are published and different. */
async function checkTargets({ store }: LambdaContext, id: FunctionId, { functionVersion, weights }: AliasRecord): Promise<void> {
  const additional = Object.keys(weights);
  if (additional.length > 1) throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  if (additional.length > 0 && functionVersion === LATEST) {
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  if (additional.includes(functionVersion)) {
    throw invalidParameter(
      `Invalid function version ${functionVersion}. Function version ${functionVersion} is already included in routing configuration.`,
    );
  }
  for (const [version, weight] of Object.entries(weights)) {
    if (!/^\d+$/.test(version) || !(weight >= 0 && weight <= 1)) {
      throw invalidParameter("AdditionalVersionWeights maps the number of a version to a weight from 0.0 to 1.0.");
    }
  }
  for (const version of [functionVersion, ...additional]) {
    if (version === LATEST) continue;
    const known = await store.get(versions, [...keyOf(id), versionKey(version)]);
    if (!known) throw functionNotFound(functionArn({ ...id, qualifier: version }));
  }
}

function describe(id: FunctionId, { name, functionVersion, description, weights, revisionId }: AliasRecord): AliasConfiguration {
  return {
    AliasArn: functionArn({ ...id, qualifier: name }),
    Name: name,
    FunctionVersion: functionVersion,
    Description: description,
    ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
    RevisionId: revisionId,
  };
}

/** The version that an alias invokes this time: its additional one for that one's share of all numbers from 0 to 1. */
export function chooseVersion({ functionVersion, weights }: AliasRecord, random: () => number): string {
  const [additional] = Object.entries(weights);
  return additional && random() < additional[1] ? additional[0] : functionVersion;
}
