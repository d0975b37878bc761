// What a deployment freezes, under a name that follows from its content.
import { createHash } from "node:crypto";
import type { Definition } from "../../domain/definition.ts";
import { badRequest } from "../../domain/errors.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { RestApiSnapshot } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

/**
 * Freezes an API's working copy.
 * @throws {ServiceError} BadRequestException when it cannot be deployed as it is
 */
export function freeze(definition: Definition): RestApiSnapshot {
  const { api, methods } = definition;
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ methodIntegration }) => methodIntegration === undefined)) throw badRequest("No integration defined for method");
  const isPrivate = api.endpointConfiguration.types.includes("PRIVATE");
  if (isPrivate && api.policy === undefined) throw badRequest("Private REST API doesn't have a resource policy attached to it");
  return snapshotOf(definition);
}

/** An API's working copy, fit for a deployment or not. */
export function snapshotOf({ api, ...parts }: Definition): RestApiSnapshot {
  const { id: apiId, binaryMediaTypes, minimumCompressionSize, apiKeySource, policy, disableExecuteApiEndpoint } = api;
  return {
    apiId,
    binaryMediaTypes,
    ...(minimumCompressionSize === undefined ? {} : { minimumCompressionSize }),
    apiKeySource,
    ...(policy === undefined ? {} : { policy }),
    disableExecuteApiEndpoint,
    ...parts,
  };
}

/** The SHA-256 of a snapshot's canonical JSON, in hexadecimal. */
export const hashOf = (snapshot: object): string => createHash("sha256").update(canonicalJson(snapshot)).digest("hex");

/** JSON with the members of every object in order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** The methods of a deployment by path and verb (model: Deployment.apiSummary). */
export function apiSummary({ resources, methods }: RestApiSnapshot): NonNullable<Model.Deployment["apiSummary"]> {
  const tree = byId(resources);
  const summary: Record<string, Record<string, Model.MethodSnapshot>> = {};
  for (const { resourceId, httpMethod, authorizationType, apiKeyRequired } of methods) {
    (summary[resourcePath(tree, resourceId)] ??= {})[httpMethod] = { authorizationType, apiKeyRequired };
  }
  return summary;
}
