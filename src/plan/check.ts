// Whether an API can be deployed and a stage be served.
import { byId, resourcePath } from "../domain/resource-path.ts";
import type { RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import { invalidAuthorization } from "./authorizer.ts";
import { invalidInMethod } from "./invalid.ts";
import { invalidValidation } from "./request-validation.ts";
import { invalidResourcePolicy } from "./resource-policy.ts";
import { unbuiltInMethod, unbuiltInStage } from "./unbuilt.ts";

/** Why a snapshot cannot be deployed, in sentences for the API's developer; empty when it can. */
export function checkSnapshot(snapshot: RestApiSnapshot): readonly string[] {
  const resources = byId(snapshot.resources);
  const policy = invalidResourcePolicy(snapshot);
  return [
    ...(policy === undefined ? [] : [policy]),
    ...snapshot.methods.flatMap((method) => {
      const path = resourcePath(resources, method.resourceId);
      const wrong = [invalidAuthorization(method, snapshot), invalidValidation(method, snapshot)];
      return [
        ...unbuiltInMethod(method, path),
        ...invalidInMethod(method, path),
        ...wrong.flatMap((finding) => (finding === undefined ? [] : [`Method ${method.httpMethod} of resource ${path} ${finding}.`])),
      ];
    }),
  ];
}

/** Why a stage cannot be served with these settings; empty when it can. */
export function checkStage(stage: Stage): readonly string[] {
  return unbuiltInStage(stage);
}
