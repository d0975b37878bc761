// Parameter mappings between method and integration
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html).
import { badRequest, repeatable, type ServiceError } from "../../domain/errors.ts";
import type { StringMap } from "../../domain/rest-api.ts";

const NAME = "[a-zA-Z0-9._$-]+";
const METHOD_REQUEST_PARAMETER = new RegExp(`^method\\.request\\.(?:querystring|path|header)\\.${NAME}$`);
const METHOD_RESPONSE_PARAMETER = new RegExp(`^method\\.response\\.header\\.${NAME}$`);
const INTEGRATION_REQUEST_PARAMETER = new RegExp(`^integration\\.request\\.(?:querystring|path|header)\\.${NAME}$`);
const DECLARED_SOURCE = new RegExp(`^method\\.request\\.(multivalue)?(querystring|path|header)\\.(${NAME})$`);
const REQUEST_SOURCE = /^(?:method\.request\.body(?:[.[].+)?|context\..+|stageVariables\.\w+|'[^]*')$/;
const RESPONSE_SOURCE = new RegExp(
  `^(?:integration\\.response\\.(?:header|multivalueheader)\\.${NAME}|integration\\.response\\.body(?:[.[].+)?|context\\..+|stageVariables\\.\\w+|'[^]*')$`,
);
const GATEWAY_RESPONSE_PARAMETER = new RegExp(`^gatewayresponse\\.header\\.${NAME}$`);
/** `method.input.params` stands in the guide's sample alone (set-up-gateway-responses-in-swagger). */
const GATEWAY_RESPONSE_SOURCE = new RegExp(
  `^(?:method\\.request\\.(?:multivalue)?(?:querystring|path|header)\\.${NAME}|method\\.input\\.params\\.${NAME}|context\\..+|stageVariables\\.\\w+|'[^]*')$`,
);

/** The words in which AWS refuses a mapping, e.g. in github.com/aws/aws-cdk/issues/17318. */
function invalid(error: string): ServiceError {
  return badRequest(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`);
}
const notAnExpression = (text: string): ServiceError => invalid(`Invalid mapping expression specified: ${repeatable(text)}`);
const notDeclared = (text: string): ServiceError => invalid(`Invalid mapping expression parameter specified: ${repeatable(text)}`);

/** @throws {ServiceError} BadRequestException unless all are `method.request.{querystring|path|header}.{name}` */
export function checkMethodRequestParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const name of Object.keys(parameters ?? {})) if (!METHOD_REQUEST_PARAMETER.test(name)) throw notAnExpression(name);
}

/** @throws {ServiceError} BadRequestException unless all are `method.response.header.{name}` */
export function checkMethodResponseParameters(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const name of Object.keys(parameters ?? {})) if (!METHOD_RESPONSE_PARAMETER.test(name)) throw notAnExpression(name);
}

/**
 * Checks an integration's `requestParameters`: a parameter of the method request must be declared by the method.
 * @throws {ServiceError} BadRequestException
 */
export function checkRequestMappings(mappings: StringMap | undefined, declared: Readonly<Record<string, boolean>> = {}): void {
  for (const [destination, source] of Object.entries(mappings ?? {})) {
    if (!INTEGRATION_REQUEST_PARAMETER.test(destination)) throw notAnExpression(destination);
    const [, , location, name] = DECLARED_SOURCE.exec(source) ?? [];
    if (location === undefined) {
      if (!REQUEST_SOURCE.test(source)) throw notAnExpression(source);
    } else if (!Object.hasOwn(declared, `method.request.${location}.${name}`)) throw notDeclared(source);
  }
}

/**
 * Checks an integration response's `responseParameters`: the header must be declared by the method response.
 * @throws {ServiceError} BadRequestException
 */
export function checkResponseMappings(mappings: StringMap | undefined, declared: Readonly<Record<string, boolean>> = {}): void {
  for (const [destination, source] of Object.entries(mappings ?? {})) {
    if (!METHOD_RESPONSE_PARAMETER.test(destination)) throw notAnExpression(destination);
    if (!Object.hasOwn(declared, destination)) throw notDeclared(destination);
    if (!RESPONSE_SOURCE.test(source)) throw notAnExpression(source);
  }
}

/**
 * Checks a gateway response's `responseParameters`: headers alone, made of the request, the context or stage variables
 * (github.com/aws/aws-cli/issues/2879 and github.com/aws/aws-cdk/issues/11306 quote the refusals).
 * @throws {ServiceError} BadRequestException
 */
export function checkGatewayResponseParameters(mappings: StringMap): void {
  for (const [destination, source] of Object.entries(mappings)) {
    if (!GATEWAY_RESPONSE_PARAMETER.test(destination)) throw notAnExpression(destination);
    if (!GATEWAY_RESPONSE_SOURCE.test(source)) throw notAnExpression(source);
  }
}
