// x-amazon-apigateway-integration
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html). The order
// of its members is that of exports which users of AWS publish.
import type { Integration, IntegrationResponse } from "../../domain/rest-api.ts";
import { defined, type JsonObject, unlessEmpty } from "./source.ts";

/** What an integration has that is given no time-out. */
const DEFAULT_TIMEOUT_MILLIS = 29_000;

/** @param resourceId where nothing else was chosen, the namespace of the integration's cache */
export function writeIntegration(integration: Integration, resourceId: string): JsonObject {
  const { connectionType, timeoutInMillis, cacheNamespace, cacheKeyParameters } = integration;
  const isCached = cacheKeyParameters.length > 0 || cacheNamespace !== resourceId;
  return defined({
    connectionId: integration.connectionId,
    credentials: integration.credentials,
    httpMethod: integration.httpMethod,
    uri: integration.uri,
    responses: unlessEmpty(Object.fromEntries(Object.values(integration.integrationResponses).map(writeResponse))),
    requestParameters: unlessEmpty(integration.requestParameters),
    requestTemplates: unlessEmpty(integration.requestTemplates),
    passthroughBehavior: integration.passthroughBehavior.toLowerCase(),
    connectionType: connectionType === "INTERNET" ? undefined : connectionType,
    cacheNamespace: isCached ? cacheNamespace : undefined,
    responseTransferMode: integration.responseTransferMode,
    timeoutInMillis: timeoutInMillis === DEFAULT_TIMEOUT_MILLIS ? undefined : timeoutInMillis,
    cacheKeyParameters: unlessEmpty(cacheKeyParameters),
    contentHandling: integration.contentHandling,
    tlsConfig: integration.tlsConfig,
    integrationTarget: integration.integrationTarget,
    type: integration.type.toLowerCase(),
  });
}

function writeResponse({ statusCode, selectionPattern, responseParameters, responseTemplates, contentHandling }: IntegrationResponse) {
  const response = {
    statusCode,
    responseParameters: unlessEmpty(responseParameters),
    responseTemplates: unlessEmpty(responseTemplates),
    contentHandling,
  };
  return [selectionPattern || "default", defined(response)] as const;
}
