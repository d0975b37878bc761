// What an API's definition becomes when a document is imported: every part is made and checked as the operation that puts
// it does, with what it says kept as a problem of the place in the document
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html).
import type { Authorizer } from "../../domain/authorizer.ts";
import type { DataModel } from "../../domain/data-model.ts";
import type { Definition } from "../../domain/definition.ts";
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import { GATEWAY_RESPONSE_TYPES, type GatewayResponse, type GatewayResponseType } from "../../domain/gateway-response.ts";
import type { RequestValidator } from "../../domain/request-validator.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import type { ImportedApi } from "../../openapi/index.ts";
import { newAuthorizer, tooManyAuthorizers } from "./authorizer.ts";
import { checkedAuthorizer } from "./authorizer-rules.ts";
import { checkGatewayResponse } from "./gateway-response.ts";
import { importMethods } from "./imported-methods.ts";
import { importResources } from "./imported-resources.ts";
import { attempt, type Importing, joinParts } from "./importing.ts";
import { limitsOf } from "./integration.ts";
import { isConfiguration } from "./jwt-configuration.ts";
import { newModel } from "./model.ts";
import { parseSchema, referencedModels, schemaChecker, unknownModels } from "./model-schema.ts";
import { tooManyRequestValidators } from "./request-validator.ts";
import { checkedApi } from "./rest-api.ts";
import { SECURITY_POLICIES } from "./security-policies.ts";

/** The definition that the document makes of the one before. It is only good when no problem is an error. */
export function importDefinition(importing: Importing, imported: ImportedApi): Definition {
  const api = importSettings(importing, imported.settings);
  const models = importModels(importing, imported);
  const requestValidators = importValidators(importing, imported);
  const authorizers = importAuthorizers(importing, imported);
  const gatewayResponses = importGatewayResponses(importing, imported);
  const { resources, byPath } = importResources(importing, imported);
  const limited = { ...importing, limits: limitsOf(api, importing.limits) };
  const methods = importMethods(limited, imported, { byPath, resources, requestValidators, authorizers });
  return { api, resources, methods, models, requestValidators, gatewayResponses, authorizers };
}

function importSettings(importing: Importing, { pointer, ...settings }: ImportedApi["settings"]): RestApi {
  const { base, mode, limits } = importing;
  const { disableExecuteApiEndpoint, vpcEndpointIds, ipAddressType, binaryMediaTypes, ...given } = settings;
  const { description: _description, version: _version, minimumCompressionSize: _size, policy: _policy, ...kept } = base.api;
  const before: RestApi = mode === "merge" ? base.api : { ...kept, binaryMediaTypes: [], apiKeySource: "HEADER" };
  const api: RestApi = {
    ...before,
    ...given,
    binaryMediaTypes: [...new Set([...before.binaryMediaTypes, ...(binaryMediaTypes ?? [])])],
    ...(disableExecuteApiEndpoint === undefined ? {} : { disableExecuteApiEndpoint }),
    endpointConfiguration: {
      ...before.endpointConfiguration,
      ...(vpcEndpointIds === undefined ? {} : { vpcEndpointIds }),
      ...(ipAddressType === undefined ? {} : { ipAddressType }),
    },
  };
  if (api.securityPolicy !== undefined && !(SECURITY_POLICIES as readonly string[]).includes(api.securityPolicy)) {
    importing.problems.push({ severity: "error", message: `Invalid security policy specified: ${api.securityPolicy}`, pointer });
  }
  return attempt(importing, pointer, "", () => checkedApi(api, { limits })) ?? api;
}

type SourcedModel = DataModel & { readonly pointer: string };

function importModels(importing: Importing, { models }: ImportedApi): readonly DataModel[] {
  const { base, ids } = importing;
  const before = new Map(base.models.map((model) => [model.name, model]));
  const made = models.flatMap(({ pointer, ...model }): SourcedModel[] => {
    const next = attempt(importing, pointer, `Unable to create model for '${model.name}'`, () => newModel(ids, model));
    return next === undefined ? [] : [{ ...next, id: before.get(model.name)?.id ?? next.id, pointer }];
  });
  const all = joinParts(importing, base.models, made.map(({ pointer: _pointer, ...model }) => model), ({ name }) => name);
  const known = new Set(all.map(({ name }) => name));
  const readable = made.filter((model) =>
    attempt(importing, model.pointer, `Unable to create model for '${model.name}'`, () => checkReferences(model, known, base.api.id)),
  );
  const check = schemaChecker(new Map(all.map((model) => [model.name, model])), base.api.id);
  for (const model of readable) attempt(importing, model.pointer, `Unable to create model for '${model.name}'`, () => check(model));
  return all;
}

/** @throws {ServiceError} BadRequestException when the schema is none, or refers to a model that there is not */
function checkReferences(model: DataModel, known: ReadonlySet<string>, apiId: string): true {
  const schema = parseSchema(model);
  const unknown = schema === undefined ? [] : referencedModels(schema, apiId).filter((name) => !known.has(name));
  if (unknown.length > 0) throw unknownModels(unknown);
  return true;
}

function importValidators(importing: Importing, { requestValidators }: ImportedApi): readonly RequestValidator[] {
  const { base, ids, limits } = importing;
  const before = new Map(base.requestValidators.map((validator) => [validator.name, validator.id]));
  const made = requestValidators.map(({ pointer: _pointer, ...validator }): RequestValidator => {
    return { id: before.get(validator.name) ?? ids.alphanumeric(6), ...validator };
  });
  const all = joinParts(importing, base.requestValidators, made, ({ name, id }) => (name === undefined ? `id ${id}` : `name ${name}`));
  if (all.length > limits.requestValidatorsPerApi) refuseQuota(importing, requestValidators, tooManyRequestValidators());
  return all;
}

const AUTHORIZER_TYPES: readonly string[] = ["TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT"] satisfies readonly Authorizer["type"][];

function importAuthorizers(importing: Importing, { authorizers }: ImportedApi): readonly Authorizer[] {
  const { base, ids, limits } = importing;
  const before = new Map(base.authorizers.map((authorizer) => [authorizer.name, authorizer.id]));
  const made = authorizers.flatMap(({ pointer, ...authorizer }): Authorizer[] => {
    const next = attempt(importing, pointer, `Unable to create Authorizer '${authorizer.name}'`, () => {
      const type = authorizer.type as Authorizer["type"];
      if (!AUTHORIZER_TYPES.includes(type)) {
        throw badRequest(`Invalid authorizer type specified: ${type}. Must be one of: [${AUTHORIZER_TYPES.join(", ")}]`);
      }
      const { jwtConfiguration, ...members } = authorizer;
      if (jwtConfiguration !== undefined && !isConfiguration(jwtConfiguration)) throw badRequest("Invalid JWT configuration specified");
      return checkedAuthorizer(newAuthorizer(ids, { ...members, type, ...(jwtConfiguration === undefined ? {} : { jwtConfiguration }) }));
    });
    return next === undefined ? [] : [{ ...next, id: before.get(next.name) ?? next.id }];
  });
  const all = joinParts(importing, base.authorizers, made, ({ name }) => name);
  if (all.length > limits.authorizersPerApi) refuseQuota(importing, authorizers, tooManyAuthorizers());
  return all;
}

function refuseQuota({ problems }: Importing, parts: readonly { readonly pointer: string }[], { message }: ServiceError): void {
  problems.push({ severity: "error", message, pointer: parts.at(-1)?.pointer ?? "" });
}

function importGatewayResponses(importing: Importing, { gatewayResponses }: ImportedApi): readonly GatewayResponse[] {
  const made = gatewayResponses.flatMap(({ pointer, responseType, ...response }): GatewayResponse[] => {
    const type = responseType as GatewayResponseType;
    const next = attempt(importing, pointer, `Unable to put gateway response '${responseType}'`, () => {
      if (!GATEWAY_RESPONSE_TYPES.includes(type)) {
        throw badRequest(`Invalid response type specified. Must be one of: [${GATEWAY_RESPONSE_TYPES.join(", ")}]`);
      }
      checkGatewayResponse({ responseType: type, ...response });
      return { responseType: type, ...response };
    });
    return next === undefined ? [] : [next];
  });
  return joinParts(importing, importing.base.gatewayResponses, made, ({ responseType }) => responseType);
}
