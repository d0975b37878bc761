// The paths of an API: the resources that have methods, and each method as an operation.
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { MethodResponse } from "../../domain/rest-api.ts";
import { EXTENSIONS } from "../extensions.ts";
import type { Dialect, Parameter } from "./dialect.ts";
import type { Documentation } from "./documentation.ts";
import { writeIntegration } from "./integration.ts";
import { writeSecurity } from "./security.ts";
import { defined, type Exporting, type JsonObject, type Operation, unlessEmpty } from "./source.ts";

export function writePaths(exporting: Exporting, dialect: Dialect, documentation: Documentation): JsonObject {
  const { resources, methods } = exporting.snapshot;
  const tree = byId(resources);
  const operations = methods.map((method): Operation => ({ path: resourcePath(tree, method.resourceId), method }));
  const byPath = [...Map.groupBy(operations, ({ path }) => path)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byPath.map(([path, own]) => {
      const verbs = own.map((operation) => ({ operation, ...verbOf(operation, dialect) })).sort((a, b) => a.rank - b.rank);
      const written = verbs.map(({ operation, member }) => [member, writeOperation(exporting, dialect, documentation, operation)] as const);
      return [path, { ...Object.fromEntries(written), ...documentation.of({ type: "RESOURCE", path }) }];
    }),
  );
}

/** The member of a path item that a method is, and its place among the others. */
function verbOf({ method }: Operation, { methods }: Dialect): { readonly member: string; readonly rank: number } {
  const rank = methods.indexOf(method.httpMethod.toLowerCase());
  return rank < 0 ? { member: EXTENSIONS.anyMethod, rank: methods.length } : { member: methods[rank] as string, rank };
}

function writeOperation(exporting: Exporting, dialect: Dialect, documentation: Documentation, operation: Operation): JsonObject {
  const { path, method } = operation;
  const where = { path, method: method.httpMethod };
  const { tags, summary, description, ...said } = documentation.of({ type: "METHOD", ...where });
  const parameters = parametersOf(operation).map((parameter) =>
    dialect.parameter({ ...parameter, ...documentation.of({ type: PARAMETER_TYPES[parameter.in], ...where, name: parameter.name }) }),
  );
  const responses = Object.entries(method.methodResponses).map(([status, response]) => {
    return [status, writeResponse(exporting, dialect, documentation, operation, response)];
  });
  return defined({
    tags,
    summary,
    description,
    operationId: method.operationName,
    ...dialect.requestMembers(exporting, operation, parameters, documentation.of({ type: "REQUEST_BODY", ...where })),
    responses: dialect.responses(Object.fromEntries(responses) as JsonObject),
    security: writeSecurity(exporting, method),
    ...extensionsOf(exporting, operation),
    ...said,
  });
}

const PARAMETER_TYPES = { path: "PATH_PARAMETER", query: "QUERY_PARAMETER", header: "REQUEST_HEADER" } as const;
const PLACES = { path: "path", querystring: "query", header: "header" } as const;

/** The variables of a path are required in any case. */
function parametersOf({ method }: Operation): readonly Parameter[] {
  return Object.entries(method.requestParameters ?? {}).map(([expression, required]) => {
    const [, , place, ...name] = expression.split(".");
    return { name: name.join("."), in: PLACES[place as keyof typeof PLACES], required: required || place === "path" };
  });
}

const RESPONSE_HEADER = "method.response.header.";

function writeResponse(
  exporting: Exporting,
  dialect: Dialect,
  documentation: Documentation,
  { path, method }: Operation,
  { statusCode, responseParameters = {}, responseModels }: MethodResponse,
): JsonObject {
  const where = { path, method: method.httpMethod, statusCode };
  const headers = Object.keys(responseParameters).map((parameter) => {
    const name = parameter.slice(RESPONSE_HEADER.length);
    return [name, dialect.header(documentation.of({ type: "RESPONSE_HEADER", ...where, name }))];
  });
  const { description = `${statusCode} response`, ...said } = documentation.of({ type: "RESPONSE", ...where });
  const whose = `response ${statusCode} of method ${method.httpMethod} of ${path}`;
  return { ...dialect.response(description, Object.fromEntries(headers) as JsonObject, responseModels, whose, exporting), ...said };
}

function extensionsOf(exporting: Exporting, { method }: Operation): JsonObject {
  const { wants, snapshot } = exporting;
  const { methodIntegration: integration, requestValidatorId, resourceId } = method;
  const validator = wants("apigateway") ? snapshot.requestValidators?.find(({ id }) => id === requestValidatorId) : undefined;
  return defined({
    [EXTENSIONS.requestValidator]: validator && (validator.name ?? validator.id),
    [EXTENSIONS.integration]: integration && wants("apigateway", "integrations") ? writeIntegration(integration, resourceId) : undefined,
    "x-postman-meta": wants("postman") ? unlessEmpty(postmanHelper(exporting, method.authorizationType)) : undefined,
  });
}

/** Has Postman sign requests (the members are those that github.com/postmanlabs/swagger2-postman reads). */
function postmanHelper({ api }: Exporting, authorizationType: string): JsonObject {
  if (authorizationType !== "AWS_IAM") return {};
  return {
    currentHelper: "awsSigV4",
    helperAttributes: {
      accessKey: "{{aws_access_key_id}}",
      secretKey: "{{aws_secret_access_key}}",
      region: api.region,
      service: "execute-api",
      saveHelper: true,
    },
  };
}
