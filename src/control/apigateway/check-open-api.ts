// What an import would say of a document, for those who check it before.
import { AWS_LIMITS, type RestApiLimits } from "../../domain/limits.ts";
import { type LocatedProblem, readOpenApi } from "../../openapi/index.ts";
import { importDefinition } from "./imported-definition.ts";
import { emptyDefinition } from "./import-rest-api.ts";

/** Nobody's: what a document says does not depend on who imports it. */
const IMPORTER = { account: "000000000000", region: "us-east-1" };

/**
 * All problems of an OpenAPI document with their lines and columns, in the order in which they stand. Whether the VPC
 * links, functions and roles that it names exist is not known here.
 */
export function checkOpenApi(bytes: Uint8Array, limits: RestApiLimits = AWS_LIMITS): readonly LocatedProblem[] {
  let issued = 0;
  const ids = { alphanumeric: () => `part${issued++}`, uuid: () => `part${issued++}` };
  const call = { ...IMPORTER, requestId: "", accessKeyId: "", sourceIp: "", userAgent: "" };
  const base = emptyDefinition({ ids, clock: { now: () => 0, after: () => () => undefined } }, undefined, call);
  const { api, problems, locate } = readOpenApi(bytes, { ...IMPORTER, apiId: base.api.id });
  if (api !== undefined) importDefinition({ ids, limits, mode: "overwrite", base, problems }, api);
  return locate(problems);
}
