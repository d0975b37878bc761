// The paths of a document as resources and methods.
import { EXTENSIONS, PATH_ITEM_METHODS } from "../extensions.ts";
import type { ImportedApi, ImportedMethod } from "./imported.ts";
import { type OperationContext, readOperation } from "./operation.ts";
import type { Spot } from "./spot.ts";

const VERBS: readonly (readonly [name: string, httpMethod: string])[] = [
  ...PATH_ITEM_METHODS.map((name) => [name, name.toUpperCase()] as const),
  [EXTENSIONS.anyMethod, "ANY"],
];

export interface PathOptions {
  /** What is before each path. */
  readonly prefix: string;
  /** Reading ends with the first path that is too many. */
  readonly maxPaths?: number | undefined;
}

export function readPaths(context: OperationContext, { prefix, maxPaths = Infinity }: PathOptions): Pick<ImportedApi, "resources" | "methods"> {
  const { reading } = context;
  const resources = new Map<string, ImportedApi["resources"][number]>();
  const methods = new Map<string, ImportedMethod>();
  const paths = reading.member(reading.root, "paths");
  if (prefix !== "") resources.set(prefix, { path: prefix, pointer: "" });
  for (const [written, item] of reading.members(paths)) {
    if (written.startsWith("x-")) continue;
    if (!written.startsWith("/")) {
      // The words are quoted in AWS's Serverless Application Model, for HTTP APIs.
      reading.report("warning", `Parse issue: attribute paths. Resource ${written} should start with /`, item);
      continue;
    }
    if (resources.size > maxPaths) break;
    const path = normalized(prefix + written);
    if (!resources.has(path)) resources.set(path, { path, pointer: item.pointer });
    const found = reading.resolve(item);
    if (found !== undefined) readPathItem(context, path, found, methods);
  }
  return { resources: [...resources.values()], methods: [...methods.values()] };
}

function readPathItem(context: OperationContext, path: string, pathItem: Spot, methods: Map<string, ImportedMethod>): void {
  const { reading } = context;
  for (const [name, httpMethod] of VERBS) {
    const written = reading.member(pathItem, name);
    const spot = written && reading.resolve(written);
    if (spot === undefined) continue;
    const key = `${httpMethod} ${path}`;
    // Quoted in github.com/aws/serverless-application-model/issues/3385: paths that differ in a slash at their end are one.
    if (methods.has(key)) reading.report("error", `Duplicate method '${httpMethod}' on resource at path '${path}'`, spot);
    else methods.set(key, readOperation(context, { httpMethod, path, spot, pathItem }));
  }
}

/** Without empty parts: `/pets/` is `/pets`. */
const normalized = (path: string): string => `/${path.split("/").filter((part) => part !== "").join("/")}`;
