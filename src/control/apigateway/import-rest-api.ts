// ImportRestApi: an API made of an OpenAPI document
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html).
import type { Call } from "../../domain/call.ts";
import type { Definition } from "../../domain/definition.ts";
import { badRequest } from "../../domain/errors.ts";
import type { EndpointConfiguration } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { BASE_PATH_MODES, type BasePathMode, type Problem } from "../../openapi/index.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, apiKey } from "./context.ts";
import { creationChanges } from "./definition-changes.ts";
import { assertPartsQuota, importChanges } from "./documentation-import.ts";
import { warningsOf } from "./import-problems.ts";
import { holdVpcLinks } from "./import-vpc-links.ts";
import { withImportedKeySets } from "./jwt-issuers.ts";
import { assertQuota, newApi, show } from "./rest-api.ts";

export function importRestApiOperations(context: ApiGatewayContext) {
  return { import: verbs.writing(context.store, (input: Model.ImportRestApiRequest, call) => creation(context, input, call)) };
}

async function creation(context: ApiGatewayContext, input: Model.ImportRestApiRequest, call: Call): Promise<verbs.Decision<Model.RestApi>> {
  const { parameters = {}, failOnWarnings = false } = input;
  const base = emptyDefinition(context, endpointTypes(parameters), call);
  const key = apiKey(call, base.api.id);
  const options = { ...readOptions(parameters, call), apiId: base.api.id };
  const task = { body: input.body, options, mode: "overwrite", base, limits: context.limits } as const;
  const { definition: defined, imported, problems } = await context.documents.definition(task);
  if (defined === undefined || imported === undefined) return refused(problems);
  const next = { ...defined, authorizers: await withImportedKeySets(context, imported, defined.authorizers, problems) };
  const links = await holdVpcLinks(context, imported, problems, call);
  const documentation = importChanges(context.ids, key, { parts: imported.documentation, warnings: [] }, []);
  const warnings = warningsOf([...problems, ...warningProblems(documentation.warnings)], failOnWarnings);
  assertPartsQuota(context, documentation.parts.length);
  await assertQuota(context, next.api, call);
  return {
    changes: [...creationChanges(key, next), ...links, ...documentation.changes],
    answer: withWarnings(show({ value: next.api }), warnings),
  };
}

/** An API with nothing but its root. The models that other APIs are born with are the document's to define. */
export function emptyDefinition(
  context: Pick<ApiGatewayContext, "ids" | "clock">,
  types: EndpointConfiguration["types"] | undefined,
  call: Call,
): Definition {
  const api = newApi(context, { name: "", ...(types === undefined ? {} : { endpointConfiguration: { types } }) }, call);
  const nothing = { methods: [], models: [], requestValidators: [], authorizers: [], gatewayResponses: [] };
  return { api, resources: [{ id: api.rootResourceId }], ...nothing };
}

type Parameters = Readonly<Record<string, string>>;

/** @throws {ServiceError} BadRequestException */
export function readOptions(parameters: Parameters, { account, region }: Pick<Call, "account" | "region">) {
  const basePath = (parameters["basepath"] ?? "ignore").toLowerCase() as BasePathMode;
  if (!BASE_PATH_MODES.includes(basePath)) {
    throw badRequest(`Invalid basepath specified: ${basePath}. Must be one of: [${BASE_PATH_MODES.join(", ")}]`);
  }
  return { account, region, basePath, ignoreDocumentation: parameters["ignore"]?.split(",").includes("documentation") ?? false };
}

const ENDPOINT_TYPES: readonly string[] = ["EDGE", "REGIONAL", "PRIVATE"] satisfies EndpointConfiguration["types"];

function endpointTypes(parameters: Parameters): EndpointConfiguration["types"] | undefined {
  const given = parameters["endpointConfigurationTypes"];
  if (given === undefined) return undefined;
  const types = given.split(",").map((type) => type.trim().toUpperCase());
  const wrong = types.find((type) => !ENDPOINT_TYPES.includes(type));
  if (wrong !== undefined) throw badRequest(`Invalid endpoint type '${wrong}' specified. Must be one of: [${ENDPOINT_TYPES.join(", ")}]`);
  return types as unknown as EndpointConfiguration["types"];
}

/** @throws {ServiceError} always: a document that nothing could be read of has a problem that says why */
export function refused(problems: readonly Problem[]): never {
  warningsOf(problems, false);
  throw new TypeError("a document without an API has no fatal problem");
}

/** An API as answers carry it, with what importing it warned of. */
export const withWarnings = (api: Model.RestApi, warnings: readonly string[]): Model.RestApi =>
  warnings.length === 0 ? api : { ...api, warnings };

export const warningProblems = (messages: readonly string[]): readonly Problem[] =>
  messages.map((message) => ({ severity: "warning", message, pointer: "" }));
