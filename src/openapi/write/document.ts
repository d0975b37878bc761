// An API as it was deployed, as an OpenAPI document
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html).
import { EXTENSIONS } from "../extensions.ts";
import type { Dialect } from "./dialect.ts";
import { documentationOf } from "./documentation.ts";
import { parseExactly } from "./exact-json.ts";
import { oas30 } from "./oas30.ts";
import { writePaths } from "./paths.ts";
import { writeSchemas } from "./schemas.ts";
import { writeSecuritySchemes } from "./security.ts";
import type { ExportExtension, Exporting, ExportFormat, ExportSource, JsonObject } from "./source.ts";
import { defined, timestamp, unlessEmpty } from "./source.ts";
import { swagger } from "./swagger.ts";

const DIALECTS: Readonly<Record<ExportFormat, Dialect>> = { oas30, swagger };

/**
 * The document, its members in the order of AWS's.
 * @throws {ExportError} when the API cannot be told so
 */
export function writeDocument(source: ExportSource, format: ExportFormat): JsonObject {
  const dialect = DIALECTS[format];
  const { extensions, api } = source;
  // Exports that name no extension are for readers of documentation (api-gateway-documenting-api-quick-start-publishing).
  const wants = (...wanted: readonly ExportExtension[]): boolean => wanted.some((each) => extensions?.has(each) ?? each === "documentation");
  const exporting: Exporting = { ...source, format, models: dialect.models, authorizers: source.snapshot.authorizers ?? [], wants };
  const documentation = documentationOf(wants("documentation", "apigateway") ? source.documentation : undefined);
  const info = { title: api.name, description: api.description, version: timestamp(source.deployedAt), ...documentation.info() };
  const document = dialect.document(exporting, info, {
    paths: writePaths(exporting, dialect, documentation),
    schemas: writeSchemas(exporting, documentation),
    securitySchemes: writeSecuritySchemes(exporting, documentation),
    endpointConfiguration: endpointConfiguration(exporting),
  });
  const { tags, externalDocs, ...said } = documentation.of({ type: "API" });
  return {
    ...document,
    ...defined({ tags, externalDocs, [EXTENSIONS.documentation]: documentation.extension() }),
    ...(wants("apigateway") ? apiExtensions(exporting) : {}),
    ...said,
  };
}

function endpointConfiguration({ api, snapshot }: Exporting): JsonObject | undefined {
  const { vpcEndpointIds } = api.endpointConfiguration;
  const disableExecuteApiEndpoint = snapshot.disableExecuteApiEndpoint || undefined;
  return unlessEmpty(defined({ disableExecuteApiEndpoint, vpcEndpointIds: unlessEmpty(vpcEndpointIds) }));
}

/** What an API has that OpenAPI has no word for. */
function apiExtensions({ api, snapshot }: Exporting): JsonObject {
  const { policy, apiKeySource, minimumCompressionSize, binaryMediaTypes, gatewayResponses = [], requestValidators = [] } = snapshot;
  const responses = gatewayResponses.map(({ responseType, statusCode, responseParameters, responseTemplates }) => {
    const response = {
      statusCode: statusCode === undefined ? undefined : Number(statusCode),
      responseParameters: unlessEmpty(responseParameters),
      responseTemplates: unlessEmpty(responseTemplates),
    };
    return [responseType, defined(response)];
  });
  const validators = requestValidators.map(({ id, name = id, validateRequestParameters, validateRequestBody }) => {
    return [name, { validateRequestParameters, validateRequestBody }];
  });
  return defined({
    [EXTENSIONS.securityPolicy]: api.securityPolicy,
    [EXTENSIONS.policy]: policy === undefined ? undefined : parseExactly(policy),
    [EXTENSIONS.gatewayResponses]: unlessEmpty(Object.fromEntries(responses) as JsonObject),
    [EXTENSIONS.requestValidators]: unlessEmpty(Object.fromEntries(validators) as JsonObject),
    [EXTENSIONS.apiKeySource]: apiKeySource === "HEADER" ? undefined : apiKeySource,
    [EXTENSIONS.minimumCompressionSize]: minimumCompressionSize,
    [EXTENSIONS.binaryMediaTypes]: unlessEmpty(binaryMediaTypes),
    [EXTENSIONS.endpointAccessMode]: api.endpointAccessMode,
  });
}
