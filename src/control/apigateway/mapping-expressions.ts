// Parameter mappings between method and integration
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).
import { badRequest, repeatable, type ServiceError } from "../../domain/errors.ts";
import { parseMappingExpression, parseParameter } from "../../domain/mapping-expression.ts";
import type { StringMap } from "../../domain/rest-api.ts";

/** The words in which AWS refuses a mapping, e.g. in github.com/aws/aws-cdk/issues/17318. */
function invalid(error: string): ServiceError {
  return badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);
}
const notAnExpression = (text: string): ServiceError => invalid(`Invalid mapping expression specified: ${repeatable(text)}`);
const notDeclared = (text: string): ServiceError => invalid(`Invalid mapping expression parameter specified: ${repeatable(text)}`);

/** @throws {ServiceError} BadRequestException unless all are `method.request.{querystring|path|header}.{name}` */
export function checkMethodRequestParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const name of Object.keys(parameters ?? {})) if (parseParameter(name, "method.request") === undefined) throw notAnExpression(name);
}

/** @throws {ServiceError} BadRequestException unless all are `method.response.header.{name}` */
export function checkMethodResponseParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const name of Object.keys(parameters ?? {})) if (parseParameter(name, "method.response") === undefined) throw notAnExpression(name);
}

/** One that is declared with one value may be mapped with all. */
const PARAMETER_LOCATION = /^(?:multivalue)?(path|querystring|header)$/;

/**
 * Checks an integration's `requestParameters`: a parameter of the method request must be declared by the method.
 * @throws {ServiceError} BadRequestException
 */
export function checkRequestMappings(mappings: StringMap | undefined, declared: Readonly<Record<string, boolean>> = {}): void {
  for (const [destination, source] of Object.entries(mappings ?? {})) {
    if (parseParameter(destination, "integration.request") === undefined) throw notAnExpression(destination);
    const expression = parseMappingExpression(source, "method.request");
    if (expression === undefined) throw notAnExpression(source);
    const [, location] = PARAMETER_LOCATION.exec(expression.from) ?? [];
    if (location === undefined || !("name" in expression)) continue;
    if (!Object.hasOwn(declared, `method.request.${location}.${expression.name}`)) throw notDeclared(source);
  }
}

/**
 * Checks an integration response's `responseParameters`: the header must be declared by the method response.
 * @throws {ServiceError} BadRequestException
 */
export function checkResponseMappings(mappings: StringMap | undefined, declared: Readonly<Record<string, boolean>> = {}): void {
  for (const [destination, source] of Object.entries(mappings ?? {})) {
    if (parseParameter(destination, "method.response") === undefined) throw notAnExpression(destination);
    if (!Object.hasOwn(declared, destination)) throw notDeclared(destination);
    if (parseMappingExpression(source, "integration.response") === undefined) throw notAnExpression(source);
  }
}

/**
 * Checks a gateway response's `responseParameters`: headers alone, made of the request, the context or stage variables
 * (github.com/aws/aws-cli/issues/2879 and github.com/aws/aws-cdk/issues/11306 quote the refusals).
 * @throws {ServiceError} BadRequestException
 */
export function checkGatewayResponseParameters(mappings: StringMap): void {
  for (const [destination, source] of Object.entries(mappings)) {
    if (parseParameter(destination, "gatewayresponse") === undefined) throw notAnExpression(destination);
    if (!isOfGatewayResponses(source)) throw notAnExpression(source);
  }
}

/** Bodies are not mapped. `method.input.params` stands in the guide's sample alone (set-up-gateway-responses-in-swagger). */
function isOfGatewayResponses(source: string): boolean {
  if (parseParameter(source, "method.input") !== undefined) return true;
  const { from } = parseMappingExpression(source, "method.request") ?? {};
  return from !== undefined && from !== "body" && from !== "bodyJsonPath";
}
