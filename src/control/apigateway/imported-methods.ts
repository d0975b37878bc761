// The operations of an imported document as methods. One that the API has already is replaced with all that hangs on it.
import { authorizationTypeOf, type Authorizer } from "../../domain/authorizer.ts";
import { badRequest } from "../../domain/errors.ts";
import type { RequestValidator } from "../../domain/request-validator.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { Integration, IntegrationResponse, Method, Resource } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { ImportedApi, ImportedIntegration, ImportedMethod } from "../../openapi/index.ts";
import { attempt, type Importing, joinParts, noteRefusal } from "./importing.ts";
import { checkedIntegration, newIntegration } from "./integration.ts";
import { checkIntegrationResponse } from "./integration-response.ts";
import { checkedMethod } from "./method.ts";
import { noAuthorizer } from "./method-references.ts";
import { checkedMethodResponse } from "./method-response.ts";

/** What methods refer to, as it is after the import. */
interface Surroundings {
  readonly byPath: ReadonlyMap<string, Resource>;
  readonly resources: readonly Resource[];
  readonly requestValidators: readonly RequestValidator[];
  readonly authorizers: readonly Authorizer[];
}

export function importMethods(importing: Importing, imported: ImportedApi, around: Surroundings): readonly Method[] {
  const { base } = importing;
  const validators = new Map(around.requestValidators.map(({ name, id }) => [name, id]));
  const authorizers = new Map(around.authorizers.map(({ name, id }) => [name, id]));
  const failed = new Set(imported.authorizers.map(({ name }) => name).filter((name) => !authorizers.has(name)));
  const made = imported.methods.flatMap((method): Method[] => {
    const resource = around.byPath.get(method.path);
    // Why there is none is told of the resource.
    if (resource === undefined) return [];
    const names = { validators, authorizers, failed };
    return [importMethod(importing, method, resource.id, names)];
  });
  const all = joinParts(importing, base.methods, made, ({ resourceId, httpMethod }) => `${resourceId} ${httpMethod}`);
  checkKeptMethods(importing, all, around);
  return all;
}

interface Names {
  readonly validators: ReadonlyMap<string | undefined, string>;
  readonly authorizers: ReadonlyMap<string, string>;
  /** Authorizers that have been refused. */
  readonly failed: ReadonlySet<string>;
}

function importMethod(importing: Importing, imported: ImportedMethod, resourceId: string, names: Names): Method {
  const { path, httpMethod, pointer } = imported;
  const where = (what: string) => `Unable to put ${what} on '${httpMethod}' for resource at path '${path}'`;
  const bare = bareMethod(imported, resourceId, names);
  attempt(importing, pointer, `Unable to put method '${httpMethod}' on resource at path '${path}'`, () => {
    const isUnknown = imported.requestValidator !== undefined && bare.requestValidatorId === undefined;
    if (isUnknown) throw badRequest("Invalid Request Validator identifier specified");
    checkedMethod(bare);
  });
  const responses = imported.responses.flatMap(({ pointer: at, ...response }) => {
    const checked = attempt(importing, at, where("method response"), () => checkedMethodResponse(response));
    return checked === undefined ? [] : [[checked.statusCode, checked] as const];
  });
  const method: Method = { ...bare, methodResponses: Object.fromEntries(responses) };
  if (imported.integration === undefined) return method;
  const { integration } = imported;
  const methodIntegration = attempt(importing, integration.pointer, where("integration"), () =>
    checkedIntegration(bareIntegration(integration, resourceId), method, importing.limits),
  );
  if (methodIntegration === undefined) return method;
  const integrationResponses = importResponses(importing, integration, method, where("integration response"));
  return { ...method, methodIntegration: { ...methodIntegration, integrationResponses } };
}

function bareMethod(imported: ImportedMethod, resourceId: string, { validators, authorizers, failed }: Names): Method {
  const { authorizer = "", requestValidator, path: _path, pointer: _pointer, responses: _responses, ...others } = imported;
  const { integration: _integration, ...members } = others;
  // A name that stands for a refused authorizer is no further mistake of the method.
  const authorizerId = authorizers.get(authorizer) ?? (failed.has(authorizer) ? "refused" : undefined);
  const requestValidatorId = requestValidator === undefined ? undefined : validators.get(requestValidator);
  return {
    resourceId,
    ...members,
    ...(authorizerId === undefined ? {} : { authorizerId }),
    ...(requestValidatorId === undefined ? {} : { requestValidatorId }),
    methodResponses: {},
  };
}

/** The integration with AWS's defaults and without its responses, not yet checked. */
export function bareIntegration(imported: ImportedIntegration, resourceId: string): Integration {
  const { pointer: _pointer, responses: _responses, httpMethod, ...members } = imported;
  // Types and the like are checked with the other members.
  const given = members as Omit<Model.PutIntegrationRequest, "restApiId" | "resourceId" | "httpMethod">;
  const verb = httpMethod === undefined ? {} : { integrationHttpMethod: httpMethod };
  return newIntegration({ restApiId: "", resourceId, httpMethod: "", ...given, ...verb });
}

type Responses = Integration["integrationResponses"];

function importResponses(importing: Importing, { responses }: ImportedIntegration, method: Method, what: string): Responses {
  const made: IntegrationResponse[] = [];
  for (const { pointer, ...response } of responses) {
    const { statusCode } = response;
    if (!Object.hasOwn(method.methodResponses, statusCode)) {
      const message = `The method has no response ${statusCode}: where this one is selected, clients get a 500`;
      importing.problems.push({ severity: "note", message, pointer });
    }
    attempt(importing, pointer, what, () => {
      checkIntegrationResponse(response, declaring(method, response), made);
      made.push(response);
    });
  }
  return Object.fromEntries(made.map((response) => [response.statusCode, response]));
}

/**
 * The method with a response for the integration's. Imports take integration responses that lead to none, as the guide's
 * own sample has them (api-gateway-request-validation-sample-api-swagger); they fail when they are selected.
 */
function declaring(method: Method, { statusCode, responseParameters = {} }: IntegrationResponse): Method {
  if (Object.hasOwn(method.methodResponses, statusCode)) return method;
  const declared = Object.fromEntries(Object.keys(responseParameters).map((name) => [name, false]));
  return { ...method, methodResponses: { ...method.methodResponses, [statusCode]: { statusCode, responseParameters: declared } } };
}

/** Methods that stay may use authorizers that the document has made anew, a function where there were user pools. */
function checkKeptMethods({ problems }: Importing, methods: readonly Method[], { authorizers, resources }: Surroundings): void {
  const tree = byId(resources);
  const types = new Map(authorizers.map(({ id, type }) => [id, type]));
  for (const { authorizationType, authorizerId, resourceId, httpMethod } of methods) {
    const type = authorizerId === undefined ? undefined : types.get(authorizerId);
    const isByAuthorizer = authorizationType !== "NONE" && authorizationType !== "AWS_IAM";
    if (type === undefined || !isByAuthorizer || authorizationType === authorizationTypeOf({ type })) continue;
    const where = `Unable to put method '${httpMethod}' on resource at path '${resourcePath(tree, resourceId)}'`;
    noteRefusal(problems, "", where, noAuthorizer());
  }
}
