// The paths of an imported document as resources, with all that leads to them. A resource whose path the API has already
// keeps its id.
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { Resource } from "../../domain/rest-api.ts";
import type { ImportedApi } from "../../openapi/index.ts";
import { attempt, type Importing, noteRefusal } from "./importing.ts";
import { checkPlace, tooManyResources } from "./resource.ts";

export interface ImportedResources {
  readonly resources: readonly Resource[];
  readonly byPath: ReadonlyMap<string, Resource>;
}

export function importResources(importing: Importing, imported: ImportedApi): ImportedResources {
  const { base, mode, ids, limits, problems } = importing;
  const tree = byId(base.resources);
  const before = new Map(base.resources.map((resource) => [resourcePath(tree, resource.id), resource]));
  const byPath = new Map(mode === "merge" ? before : [["/", before.get("/") ?? { id: base.api.rootResourceId }]]);
  const all = [...byPath.values()];
  const add = (path: string, declared: { readonly path: string; readonly pointer: string }): Resource | undefined => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const slash = path.lastIndexOf("/");
    const parent = add(path.slice(0, slash) || "/", declared);
    if (parent === undefined) return undefined;
    const resource = before.get(path) ?? { id: ids.alphanumeric(6), parentId: parent.id, pathPart: path.slice(slash + 1) };
    const placed = attempt(importing, declared.pointer, `Unable to create resource at path '${declared.path}'`, () => {
      checkPlace(resource, { all });
      return resource;
    });
    if (placed === undefined) return undefined;
    byPath.set(path, resource);
    all.push(resource);
    return resource;
  };
  for (const declared of imported.resources) {
    // A path with more parts than an API has resources is not gone into.
    const isTooDeep = declared.path !== "/" && declared.path.split("/", limits.resourcesPerApi + 2).length > limits.resourcesPerApi;
    if (!isTooDeep) add(declared.path, declared);
    if (!isTooDeep && all.length <= limits.resourcesPerApi) continue;
    noteRefusal(problems, declared.pointer, `Unable to create resource at path '${declared.path}'`, tooManyResources());
    break;
  }
  return { resources: all, byPath };
}
