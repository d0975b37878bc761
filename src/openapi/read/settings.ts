// What a document says of the API itself: title, policy, binary media types, endpoint and the like.
import { partitionOf } from "../../domain/arn.ts";
import { EXTENSIONS, HTTP_API_EXTENSIONS } from "../extensions.ts";
import type { Importer } from "./document.ts";
import type { ImportedGatewayResponse, ImportedSettings, ImportedApi, Sourced } from "./imported.ts";
import { booleanOf, integerOf, isObject, type Reading, type Spot, textList, textMap, textOf, withoutUndefined } from "./spot.ts";

export function readSettings(reading: Reading, importer: Importer & { readonly apiId: string }): ImportedSettings & Sourced {
  const { member, root } = reading;
  const info = member(root, "info");
  const name = textOf(member(info, "title")) ?? "";
  const binaryMediaTypes = member(root, EXTENSIONS.binaryMediaTypes);
  const given = {
    description: textOf(member(info, "description")) || undefined,
    version: textOf(member(info, "version")) || undefined,
    binaryMediaTypes: binaryMediaTypes && [...new Set(textList(reading, binaryMediaTypes))],
    minimumCompressionSize: compressionSize(reading),
    apiKeySource: choice(reading, root, EXTENSIONS.apiKeySource, ["HEADER", "AUTHORIZER"]),
    policy: policyText(reading, importer),
    securityPolicy: textOf(member(root, EXTENSIONS.securityPolicy)),
    endpointAccessMode: choice(reading, root, EXTENSIONS.endpointAccessMode, ["BASIC", "STRICT"]),
    ...readEndpoint(reading),
  };
  for (const extension of HTTP_API_EXTENSIONS) {
    const found = member(root, extension);
    if (found !== undefined) reading.report("note", `${extension} is for HTTP APIs: a REST API takes nothing from it`, found);
  }
  const security = member(root, "security");
  if (security !== undefined) {
    reading.report("note", "API Gateway takes security of operations alone: this applies to none of them", security);
  }
  return { name, ...withoutUndefined(given), pointer: info?.pointer ?? "" };
}

function choice<T extends string>(reading: Reading, parent: Spot, name: string, values: readonly T[]): T | undefined {
  const spot = reading.member(parent, name);
  if (spot === undefined) return undefined;
  const text = textOf(spot)?.toUpperCase();
  if (values.includes(text as T)) return text as T;
  reading.report("error", `Invalid value specified for ${name}. Valid options are ${values.join(",")}`, spot);
  return undefined;
}

function compressionSize(reading: Reading): number | undefined {
  const spot = reading.member(reading.root, EXTENSIONS.minimumCompressionSize);
  const size = integerOf(spot);
  if (spot !== undefined && size === undefined) {
    reading.report("error", `${EXTENSIONS.minimumCompressionSize} has to be a whole number`, spot);
  }
  return size;
}

/**
 * The policy as a text. On import `execute-api:/` becomes the ARN of this API
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html).
 */
function policyText(reading: Reading, { account, region, apiId }: Importer & { readonly apiId: string }): string | undefined {
  const spot = reading.member(reading.root, EXTENSIONS.policy);
  if (spot === undefined) return undefined;
  const text = typeof spot.value === "string" ? spot.value : JSON.stringify(spot.value);
  const arn = `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/`;
  return text.replaceAll(/"execute-api:\/((?:[^"\\]|\\.)*)"/g, (_all, rest: string) => `"${arn}${rest}"`);
}

/** OpenAPI 2.0 has it at the top, 3.0 in its first server (api-gateway-swagger-extensions-endpoint-configuration). */
function readEndpoint(reading: Reading): Partial<ImportedSettings> {
  const { member, elements, root } = reading;
  const [server, second] = elements(member(root, "servers"));
  // The words are quoted by users whose documents have several.
  if (second !== undefined) {
    reading.report("warning", "More than one server provided. Ignoring all but the first for defining endpoint configuration", second);
  }
  const spot = member(server, EXTENSIONS.endpointConfiguration) ?? member(root, EXTENSIONS.endpointConfiguration);
  if (spot === undefined) return {};
  const vpcEndpointIds = member(spot, "vpcEndpointIds");
  const ipAddressType = textOf(member(spot, "ipAddressType"));
  return {
    ...withoutUndefined({
      disableExecuteApiEndpoint: booleanOf(member(spot, "disableExecuteApiEndpoint")),
      vpcEndpointIds: vpcEndpointIds && textList(reading, vpcEndpointIds),
    }),
    ...(ipAddressType === "ipv4" || ipAddressType === "dualstack" ? { ipAddressType } : {}),
  };
}

/** x-amazon-apigateway-request-validators. */
export function readRequestValidators(reading: Reading): ImportedApi["requestValidators"] {
  return reading.members(reading.member(reading.root, EXTENSIONS.requestValidators)).map(([name, spot]) => ({
    name,
    validateRequestBody: booleanOf(reading.member(spot, "validateRequestBody")) ?? false,
    validateRequestParameters: booleanOf(reading.member(spot, "validateRequestParameters")) ?? false,
    pointer: spot.pointer,
  }));
}

/** x-amazon-apigateway-gateway-responses. */
export function readGatewayResponses(reading: Reading): readonly ImportedGatewayResponse[] {
  const { member } = reading;
  return reading.members(member(reading.root, EXTENSIONS.gatewayResponses)).map(([responseType, spot]) => {
    if (!isObject(spot.value)) reading.report("error", `Invalid gateway response specified: ${responseType}`, spot);
    const statusCode = textOf(member(spot, "statusCode"));
    return {
      responseType,
      ...(statusCode === undefined ? {} : { statusCode }),
      responseParameters: textMap(reading, member(spot, "responseParameters")),
      responseTemplates: textMap(reading, member(spot, "responseTemplates")),
      pointer: spot.pointer,
    };
  });
}
