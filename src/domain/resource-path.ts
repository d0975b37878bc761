// Where a resource stands in its API: path parts and the paths they add up to
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html).
import type { Resource } from "./rest-api.ts";

/** A literal, a `{variable}`, or a greedy `{variable+}`. */
export const PATH_PART = /^(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\+?\})$/;

/** Whether a path part matches whatever stands in its place. */
export const isVariable = (pathPart: string): boolean => pathPart.startsWith("{");

/** Whether a path part matches the whole rest of a path. */
export const isGreedy = (pathPart: string): boolean => pathPart.endsWith("+}");

/** The resources from the root down to the one with the id, itself included; as far up as they are known. */
export function lineage(byId: ReadonlyMap<string, Resource>, id: string): readonly Resource[] {
  const line: Resource[] = [];
  for (let each = byId.get(id); each !== undefined; each = each.parentId === undefined ? undefined : byId.get(each.parentId)) {
    line.unshift(each);
  }
  return line;
}

/** The full path of a resource: `/`, `/pets`, `/pets/{petId}`. */
export function resourcePath(byId: ReadonlyMap<string, Resource>, id: string): string {
  return `/${lineage(byId, id).flatMap(({ pathPart }) => pathPart ?? []).join("/")}`;
}

/** The resources by their ids. */
export const byId = (all: readonly Resource[]): ReadonlyMap<string, Resource> => new Map(all.map((each) => [each.id, each]));
