// The changes that make one definition of an API into another, in one commit: what was there is expected as it was found.
import { authorizers } from "../../domain/authorizer.ts";
import { models } from "../../domain/data-model.ts";
import type { Definition } from "../../domain/definition.ts";
import { gatewayResponses } from "../../domain/gateway-response.ts";
import { type Key, type RecordKind, scoped } from "../../domain/record.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import { methods, resources, type ResourceTree, resourceTrees, type RestApi, restApis } from "../../domain/rest-api.ts";
import { type Change, check, put, remove, type Store, type Stored } from "../../ports/store.ts";
import { removalOf } from "./resource.ts";

/** An API's definition as the store has it, each part with its version. */
export interface StoredDefinition {
  readonly api: Stored<RestApi>;
  readonly tree: Stored<ResourceTree>;
  readonly parts: { readonly [Name in PartName]: readonly Stored<Definition[Name][number]>[] };
}

type PartName = Exclude<keyof Definition, "api">;

const KINDS: { readonly [Name in PartName]: RecordKind<Definition[Name][number]> } = {
  resources,
  methods,
  models,
  requestValidators,
  authorizers,
  gatewayResponses,
};

const PART_NAMES = Object.keys(KINDS) as readonly PartName[];

/** Reads the parts of an API whose record and tree have been read. */
export async function findParts(store: Store, api: Stored<RestApi>, tree: Stored<ResourceTree>): Promise<StoredDefinition> {
  const list = async (name: PartName) => {
    const { items } = await store.list<unknown>(KINDS[name], { prefix: api.key });
    return [name, items] as const;
  };
  const lists = await Promise.all(PART_NAMES.map(list));
  return { api, tree, parts: Object.fromEntries(lists) as StoredDefinition["parts"] };
}

/** The definition without its versions. */
export function definitionOf({ api, parts }: StoredDefinition): Definition {
  const values = PART_NAMES.map((name) => [name, parts[name].map(({ value }) => value)] as const);
  return { api: api.value, ...(Object.fromEntries(values) as unknown as Omit<Definition, "api">) };
}

/** Changes that make an API that there is not yet. */
export function creationChanges(key: Key, next: Definition): readonly Change[] {
  return [
    put(restApis, key, next.api, "absent"),
    put(resourceTrees, key, { size: next.resources.length }, "absent"),
    ...keyedParts(key, next).map(({ kind, key: at, value }) => put(kind, at, value, "absent")),
  ];
}

/**
 * Changes that make the definition that was found into the next one. What methods refer to is written even where it stays
 * as it is: whoever is about to delete it looks again.
 */
export function replacementChanges(found: StoredDefinition, next: Definition): readonly Change[] {
  const { api, tree, parts } = found;
  const all = PART_NAMES.flatMap((name) => parts[name].map((stored) => ({ name, stored })));
  const before = new Map(all.map((part) => [placeOf(KINDS[part.name], part.stored.key), part]));
  const kept = keyedParts(api.key, next).map(({ kind, key, value }) => {
    const place = placeOf(kind, key);
    const stored = before.get(place)?.stored;
    before.delete(place);
    if (stored === undefined) return put(kind, key, value, "absent");
    const isUnchanged = JSON.stringify(stored.value) === JSON.stringify(value);
    return isUnchanged && kind.name === methods.name ? check(kind, key, stored.version) : put(kind, key, value, stored.version);
  });
  const removed = [...before.values()].flatMap(({ name, stored }) =>
    name === "resources" ? removalOf(stored.key) : [remove(KINDS[name] as RecordKind<unknown>, stored.key, stored.version)],
  );
  return [
    put(restApis, api.key, next.api, api.version),
    put(resourceTrees, tree.key, { size: next.resources.length }, tree.version),
    // Methods go before the resources that take all their methods along.
    ...removed.toSorted((a, b) => Number(a.op === "removeAll") - Number(b.op === "removeAll")),
    ...kept,
  ];
}

interface KeyedPart {
  readonly kind: RecordKind<unknown>;
  readonly key: Key;
  readonly value: unknown;
}

function keyedParts(api: Key, next: Definition): readonly KeyedPart[] {
  const keyed = <T>(kind: RecordKind<T>, values: readonly T[], keyOf: (value: T) => Key): KeyedPart[] =>
    values.map((value) => ({ kind: kind as RecordKind<unknown>, key: [...api, ...keyOf(value)], value }));
  return [
    ...keyed(resources, next.resources, ({ id }) => [id]),
    ...keyed(methods, next.methods, ({ resourceId, httpMethod }) => [resourceId, httpMethod]),
    ...keyed(models, next.models, ({ name }) => [name]),
    ...keyed(requestValidators, next.requestValidators, ({ id }) => [id]),
    ...keyed(authorizers, next.authorizers, ({ id }) => [id]),
    ...keyed(gatewayResponses, next.gatewayResponses, ({ responseType }) => [responseType]),
  ];
}

const placeOf = (kind: RecordKind<never> | RecordKind<unknown>, key: Key): string => `${kind.name} ${scoped(...key)}`;
