// What an OpenAPI document defines, as the control plane would have it: for files that say it in full.
import { emptyDefinition } from "../../src/control/apigateway/import-rest-api.ts";
import { importDefinition } from "../../src/control/apigateway/imported-definition.ts";
import { AWS_LIMITS } from "../../src/domain/limits.ts";
import { type BasePathMode, readOpenApi } from "../../src/openapi/index.ts";
import { call, NOW } from "./control-plane.ts";

/** The definition with ids that count, the documentation parts, and the problems with their places. */
export function importedDefinition(document: Uint8Array, basePath = "ignore") {
  let issued = 0;
  const ids = { alphanumeric: () => `id${++issued}`, uuid: () => "" };
  const base = emptyDefinition({ ids, clock: { now: () => NOW, after: () => () => undefined } }, undefined, call);
  const options = { account: call.account, region: call.region, apiId: base.api.id, basePath: basePath as BasePathMode };
  const { api, problems, locate } = readOpenApi(document, options);
  const definition = api && importDefinition({ ids, limits: AWS_LIMITS, mode: "overwrite", base, problems }, api);
  return {
    ...(definition && { ...definition, models: definition.models.map(({ schema, ...model }) => ({ ...model, schema: JSON.parse(schema ?? "null") as unknown })) }),
    ...(api && { documentation: api.documentation }),
    problems: locate(problems),
  };
}
