// The full paths of an API's resources.
import type { Resource } from "../domain/rest-api.ts";

/** By resource id: `/`, `/pets`, `/pets/{id}` ... A resource whose ancestors are not all there is left out. */
export function resourcePaths(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const paths = new Map<string, string>();
  for (const resource of resources) {
    const path = pathOf(resource, byId);
    if (path !== undefined) paths.set(resource.id, path);
  }
  return paths;
}

function pathOf(resource: Resource, byId: ReadonlyMap<string, Resource>): string | undefined {
  const parts: string[] = [];
  let current = resource;
  while (current.parentId !== undefined) {
    const parent = byId.get(current.parentId);
    if (parent === undefined || parts.length > byId.size) return undefined;
    parts.unshift(current.pathPart ?? "");
    current = parent;
  }
  return `/${parts.join("/")}`;
}
