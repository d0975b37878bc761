// Integration of a WebSocket API: where a route's messages go, and what they become on the way.
import { integrationResponseSelection, type WebSocketIntegration, webSocketIntegrations } from "../../../domain/websocket-api.ts";
import { MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS } from "../../../domain/limits.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, given } from "../context.ts";
import { unlessEmpty } from "./expression-rules.ts";
import { checkIntegration, checkIntegrationUnused, holdVpcLink, refuseOthers } from "./integration-rules.ts";
import { partOperations, type PartPlace } from "./parts.ts";

export interface IntegrationInput extends ApiInput {
  readonly IntegrationId: string;
}

export const INTEGRATION: PartPlace<"integrations", IntegrationInput> = {
  name: "integrations",
  word: "Integration",
  idIn: ({ IntegrationId }) => IntegrationId,
  idOf: ({ integrationId }) => integrationId,
};

export function webSocketIntegrationOperations(context: ApiGatewayV2Context) {
  const { ids, limits } = context;
  return partOperations(context, {
    ...INTEGRATION,
    kind: webSocketIntegrations,
    most: limits.integrationsPerApi,
    make: (input: Model.CreateIntegrationRequest): WebSocketIntegration => newIntegration(ids.alphanumeric(7), input),
    rules,
    refuseOthers,
    check: checkIntegration,
    hold: (integration, call) => holdVpcLink(context, integration, call),
    checkUnused: checkIntegrationUnused,
    show,
  });
}

/** With AWS's defaults, as the guide's examples show them. */
function newIntegration(integrationId: string, input: Model.CreateIntegrationRequest): WebSocketIntegration {
  const { IntegrationMethod = input.IntegrationType === "AWS_PROXY" ? "POST" : undefined, RequestParameters, RequestTemplates } = input;
  return {
    integrationId,
    integrationType: input.IntegrationType,
    ...given({ integrationUri: input.IntegrationUri, integrationMethod: IntegrationMethod }),
    connectionType: input.ConnectionType ?? "INTERNET",
    ...given({ connectionId: input.ConnectionId, credentialsArn: input.CredentialsArn, description: input.Description }),
    passthroughBehavior: input.PassthroughBehavior ?? "WHEN_NO_MATCH",
    ...given({ contentHandlingStrategy: input.ContentHandlingStrategy }),
    payloadFormatVersion: (input.PayloadFormatVersion ?? "1.0") as WebSocketIntegration["payloadFormatVersion"],
    ...given({ requestParameters: unlessEmpty(RequestParameters), requestTemplates: unlessEmpty(RequestTemplates) }),
    ...given({ templateSelectionExpression: input.TemplateSelectionExpression }),
    timeoutInMillis: input.TimeoutInMillis ?? MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS,
    integrationResponses: [],
  };
}

/** Parameters are taken away by empty values, as Terraform does; templates may be empty, and take the place of those there were. */
const rules: verbs.MergeRules<WebSocketIntegration, Model.UpdateIntegrationRequest> = {
  IntegrationType: verbs.taken("integrationType"),
  IntegrationUri: verbs.takenOrGone("integrationUri"),
  IntegrationMethod: verbs.takenOrGone("integrationMethod"),
  ConnectionType: verbs.taken("connectionType"),
  ConnectionId: verbs.takenOrGone("connectionId"),
  CredentialsArn: verbs.takenOrGone("credentialsArn"),
  Description: verbs.takenOrGone("description"),
  PassthroughBehavior: verbs.taken("passthroughBehavior"),
  ContentHandlingStrategy: verbs.takenOrGone("contentHandlingStrategy"),
  PayloadFormatVersion: (integration, version) => ({ ...integration, payloadFormatVersion: version as "1.0" }),
  RequestParameters: verbs.takenEntries("requestParameters"),
  RequestTemplates: verbs.takenOrGone("requestTemplates"),
  TemplateSelectionExpression: verbs.takenOrGone("templateSelectionExpression"),
  TimeoutInMillis: verbs.taken("timeoutInMillis"),
};

const show = (integration: WebSocketIntegration): Model.Integration => ({
  ...given({ ConnectionId: integration.connectionId }),
  ConnectionType: integration.connectionType,
  ...given({ ContentHandlingStrategy: integration.contentHandlingStrategy, CredentialsArn: integration.credentialsArn, Description: integration.description }),
  IntegrationId: integration.integrationId,
  ...given({ IntegrationMethod: integration.integrationMethod, IntegrationResponseSelectionExpression: integrationResponseSelection(integration) }),
  IntegrationType: integration.integrationType,
  ...given({ IntegrationUri: integration.integrationUri }),
  PassthroughBehavior: integration.passthroughBehavior,
  PayloadFormatVersion: integration.payloadFormatVersion,
  ...given({ RequestParameters: integration.requestParameters, RequestTemplates: integration.requestTemplates }),
  ...given({ TemplateSelectionExpression: integration.templateSelectionExpression }),
  TimeoutInMillis: integration.timeoutInMillis,
});
