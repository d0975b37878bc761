// Whether an API can be deployed and a stage be served.
import type { RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import { resourcePaths } from "./resource-paths.ts";
import { unbuiltInMethod, unbuiltInSnapshot, unbuiltInStage } from "./unbuilt.ts";

/** Why a snapshot cannot be deployed, in sentences for the API's developer; empty when it can. */
export function checkSnapshot(snapshot: RestApiSnapshot): readonly string[] {
  const paths = resourcePaths(snapshot.resources);
  return [
    ...unbuiltInSnapshot(snapshot),
    ...snapshot.methods.flatMap((method) => unbuiltInMethod(method, paths.get(method.resourceId) ?? method.resourceId)),
  ];
}

/** Why a stage cannot be served with these settings; empty when it can. */
export function checkStage(stage: Stage): readonly string[] {
  return unbuiltInStage(stage);
}
