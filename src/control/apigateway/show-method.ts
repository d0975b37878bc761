// Methods and what hangs on them, as answers carry them: maps without entries are left out.
import type { Integration, IntegrationResponse, Method, MethodResponse } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { unlessEmpty } from "./context.ts";

export function showMethod({ resourceId: _resourceId, methodIntegration, ...method }: Method): Model.Method {
  return {
    ...method,
    requestParameters: unlessEmpty(method.requestParameters),
    requestModels: unlessEmpty(method.requestModels),
    authorizationScopes: unlessEmpty(method.authorizationScopes),
    methodResponses: unlessEmpty(mapValues(method.methodResponses, showMethodResponse)),
    methodIntegration: methodIntegration && showIntegration(methodIntegration),
  };
}

export const showMethodResponse = (response: MethodResponse): Model.MethodResponse => ({
  ...response,
  responseParameters: unlessEmpty(response.responseParameters),
  responseModels: unlessEmpty(response.responseModels),
});

/** The connection type is only told of integrations that connect to an HTTP endpoint (guide: create-api-using-awscli). */
export function showIntegration({ connectionType, ...integration }: Integration): Model.Integration {
  const connects = integration.type === "HTTP" || integration.type === "HTTP_PROXY";
  return {
    ...integration,
    connectionType: connects ? connectionType : undefined,
    requestParameters: unlessEmpty(integration.requestParameters),
    requestTemplates: unlessEmpty(integration.requestTemplates),
    integrationResponses: unlessEmpty(mapValues(integration.integrationResponses, showIntegrationResponse)),
  };
}

/** A response template without text, which passes the body on, is shown as null (github.com/aws/aws-cli/issues/1610). */
export const showIntegrationResponse = (response: IntegrationResponse): Model.IntegrationResponse => ({
  ...response,
  responseParameters: unlessEmpty(response.responseParameters),
  responseTemplates: unlessEmpty(mapValues(response.responseTemplates ?? {}, (template) => template || null)),
});

function mapValues<In, Out>(map: Readonly<Record<string, In>>, show: (value: In) => Out): Readonly<Record<string, Out>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, show(value)]));
}
