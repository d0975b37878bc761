// Resource: the tree of paths of an API. All changes of a tree go through its one record, and so exclude each other.
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, limitExceeded, notFound, type ServiceError } from "../../domain/errors.ts";
import { byId, isGreedy, isVariable, lineage, PATH_PART, resourcePath } from "../../domain/resource-path.ts";
import type { Method, Resource } from "../../domain/rest-api.ts";
import { methods, resources, resourceTrees } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, remove, removeAll, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext, FoundTree, ResourceInput } from "./context.ts";
import { findTree, unchanged } from "./context.ts";
import { showMethod } from "./show-method.ts";

interface FoundNode extends FoundTree {
  readonly resource: Resource;
}

export function resourceOperations(context: ApiGatewayContext) {
  const { store, ids, limits } = context;
  const find = (input: ResourceInput, call: Call) => findNode(context, input, call);
  return {
    create: verbs.writing(store, async ({ restApiId, parentId, pathPart }: Model.CreateResourceRequest, call): Promise<verbs.Decision<Model.Resource>> => {
      const found = await find({ restApiId, resourceId: parentId }, call);
      const resource: Resource = { id: ids.alphanumeric(6), parentId, pathPart };
      checkPlace(resource, found);
      if (found.all.length >= limits.resourcesPerApi) throw tooManyResources();
      return {
        changes: [put(resources, [...found.api.key, resource.id], resource, "absent"), ...grown(found, 1)],
        answer: show(resource, [...found.all, resource], new Map()),
      };
    }),
    read: async (input: Model.GetResourceRequest, call: Call): Promise<Model.Resource> => {
      const { api, all, resource } = await find(input, call);
      const found = await store.list(methods, { prefix: [...api.key, resource.id] });
      return show(resource, all, methodsByResource(found.items, embeds(input.embed, "methods")));
    },
    list: async (input: Model.GetResourcesRequest, call: Call): Promise<Model.Resources> => {
      const embed = embeds(input.embed, "methods");
      const { api, all } = await findTree(context, input, call);
      const page = await verbs.page(store, resources, api.key, input);
      const found = await store.list(methods, { prefix: api.key });
      const shown = methodsByResource(found.items, embed);
      return { ...page, items: page.items.map(({ value }) => show(value, all, shown)) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateResourceRequest, call) => find(input, call),
      of: ({ resource }) => resource,
      rules,
      keep: (found, next) => {
        if (found.resource.parentId === undefined) throw badRequest("Root resource cannot be updated.");
        const all = found.all.map((each) => (each.id === next.id ? next : each));
        checkPlace(next, { ...found, all });
        return {
          changes: [put(resources, [...found.api.key, next.id], next, "any"), ...grown(found, 0)],
          answer: show(next, all, new Map()),
        };
      },
    }),
    remove: verbs.removing(store, find, (found) => {
      if (found.resource.parentId === undefined) throw badRequest("Root resource cannot be deleted.");
      const branch = found.all.filter(({ id }) => lineage(byId(found.all), id).some((each) => each.id === found.resource.id));
      return { changes: [...branch.flatMap(({ id }) => removalOf([...found.api.key, id])), ...grown(found, -branch.length)] };
    }),
  };
}

/** Quoted in github.com/hashicorp/terraform-provider-aws/issues/37605, both spaces included. */
export const tooManyResources = (): ServiceError =>
  limitExceeded("Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources.");

async function findNode(context: ApiGatewayContext, input: ResourceInput, call: Call): Promise<FoundNode> {
  const found = await findTree(context, input, call);
  const resource = found.all.find(({ id }) => id === input.resourceId);
  if (resource === undefined) throw notFound("Invalid Resource identifier specified");
  return { ...found, resource };
}

export const removalOf = (key: readonly string[]): readonly Change[] => [remove(resources, key, "any"), removeAll(methods, key)];

/** The tree with more or fewer resources; its record makes changes of one tree exclude each other. */
function grown({ api, tree, all }: FoundTree, by: number): readonly Change[] {
  return [unchanged(api), put(resourceTrees, tree.key, { size: all.length + by }, tree.version)];
}

/** @throws {ServiceError} when the resource cannot stand where it says; the messages are quoted in many deployment logs. */
export function checkPlace(resource: Resource, { all }: Pick<FoundTree, "all">): void {
  const { id, parentId = "", pathPart = "" } = resource;
  if (!PATH_PART.test(pathPart)) {
    throw badRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.");
  }
  const tree = byId(all);
  const parent = tree.get(parentId);
  if (parent === undefined) throw notFound("Invalid Resource identifier specified");
  if (parentId === id || isBelow(tree, parentId, id)) throw badRequest("A resource cannot be moved below itself.");
  if (parent.pathPart !== undefined && isGreedy(parent.pathPart)) throw noChildren(parent.pathPart);
  if (isGreedy(pathPart) && all.some((each) => each.parentId === id)) throw noChildren(pathPart);
  const siblings = all.filter((each) => each.parentId === parentId && each.id !== id).flatMap((each) => each.pathPart ?? []);
  if (siblings.includes(pathPart)) throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  const variable = siblings.find(isVariable);
  if (isVariable(pathPart) && variable !== undefined) {
    throw badRequest(`A sibling (${variable}) of this resource already has a variable path part -- only one is allowed`);
  }
}

const noChildren = (greedy: string): ServiceError => badRequest(`Cannot create a child of a resource with a greedy path variable: ${greedy}`);

/** Walks up at most as many steps as there are resources: a resource that was moved below itself would have no root. */
function isBelow(tree: ReadonlyMap<string, Resource>, id: string, ancestor: string): boolean {
  let each = tree.get(id);
  for (let steps = tree.size; each !== undefined && steps > 0; steps--) {
    if (each.id === ancestor) return true;
    each = each.parentId === undefined ? undefined : tree.get(each.parentId);
  }
  return false;
}

const rules: verbs.PatchRules<Resource> = {
  "/parentId": { replace: verbs.set("parentId", verbs.someText) },
  "/pathPart": { replace: verbs.set("pathPart", verbs.someText) },
};

/** Whether the one thing that can be embedded was asked for. @throws {ServiceError} BadRequestException for another */
export function embeds(embed: readonly string[] | undefined, supported: string): boolean {
  const asked = (embed ?? []).flatMap((each) => each.split(","));
  const unknown = asked.find((each) => each !== supported);
  if (unknown !== undefined) throw badRequest(`Invalid embed value '${unknown}' specified. Must be one of: [${supported}]`);
  return asked.length > 0;
}

type ShownMethods = ReadonlyMap<string, Readonly<Record<string, Model.Method>>>;

/** Methods that are not embedded are shown by their names alone. */
function methodsByResource(found: readonly Stored<Method>[], embed: boolean): ShownMethods {
  const shown = new Map<string, Record<string, Model.Method>>();
  for (const { value: method } of found) {
    shown.set(method.resourceId, { ...shown.get(method.resourceId), [method.httpMethod]: embed ? showMethod(method) : {} });
  }
  return shown;
}

function show(resource: Resource, all: readonly Resource[], shown: ShownMethods): Model.Resource {
  const resourceMethods = shown.get(resource.id);
  return { ...resource, path: resourcePath(byId(all), resource.id), ...(resourceMethods ? { resourceMethods } : {}) };
}
