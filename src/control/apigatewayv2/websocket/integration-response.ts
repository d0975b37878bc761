// IntegrationResponse: what becomes of a backend's answer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html).
import { badRequest } from "../../../domain/errors.ts";
import { DEFAULT_KEY, responsePattern, type WebSocketIntegration, type WebSocketIntegrationResponse } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { compileSearch, PatternError } from "../../../pattern/index.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, checkLength, given } from "../context.ts";
import { checkMappings, checkSelection, checkTemplateMap, unlessEmpty } from "./expression-rules.ts";
import { INTEGRATION, type IntegrationInput } from "./integration.ts";
import { responseOperations } from "./responses.ts";

/** AWS names no limit. */
const RESPONSES_PER_INTEGRATION = 100;
/** Characters; AWS names no limit. */
const LONGEST_KEY = 1024;

const NAME = "[a-zA-Z0-9._$-]+";
/** Model: CreateIntegrationResponseRequest.responseParameters; the guide writes `route` for `method`. */
const PARAMETER = new RegExp(`^(?:method|route)\\.response\\.header\\.${NAME}$`);
const SOURCE = new RegExp(
  `^(?:integration\\.response\\.(?:header|multivalueheader)\\.${NAME}|integration\\.response\\.body(?:[.[].+)?|context\\..+|stageVariables\\.\\w+|'[^]*')$`,
);

interface IntegrationResponseInput extends IntegrationInput {
  readonly IntegrationResponseId: string;
}

export function integrationResponseOperations(context: ApiGatewayV2Context) {
  return responseOperations(context, {
    owner: INTEGRATION,
    word: "IntegrationResponse",
    most: RESPONSES_PER_INTEGRATION,
    of: ({ integrationResponses }: WebSocketIntegration) => integrationResponses,
    with: (integration: WebSocketIntegration, integrationResponses): WebSocketIntegration => ({ ...integration, integrationResponses }),
    idIn: ({ IntegrationResponseId }: IntegrationResponseInput) => IntegrationResponseId,
    idOf: ({ integrationResponseId }) => integrationResponseId,
    keyOf: ({ integrationResponseKey }) => integrationResponseKey,
    make: (input: Model.CreateIntegrationResponseRequest): WebSocketIntegrationResponse => ({
      integrationResponseId: context.ids.alphanumeric(6),
      integrationResponseKey: input.IntegrationResponseKey,
      ...given({ contentHandlingStrategy: input.ContentHandlingStrategy, templateSelectionExpression: input.TemplateSelectionExpression }),
      ...given({ responseParameters: unlessEmpty(input.ResponseParameters), responseTemplates: unlessEmpty(input.ResponseTemplates) }),
    }),
    rules,
    check,
    show,
  });
}

function check(response: WebSocketIntegrationResponse): void {
  checkKey(response.integrationResponseKey);
  checkMappings(response.responseParameters, PARAMETER, SOURCE);
  checkSelection("TemplateSelectionExpression", response.templateSelectionExpression, "response");
  checkTemplateMap("ResponseTemplates", response.responseTemplates);
}

/** `$default`, or a pattern between slashes. */
function checkKey(key: string): void {
  if (key === DEFAULT_KEY) return;
  checkLength("IntegrationResponseKey", key, LONGEST_KEY);
  const pattern = responsePattern(key);
  if (pattern === undefined) throw badRequest(`Invalid integrationResponseKey specified: ${key}. Must be ${DEFAULT_KEY}, or a regular expression between slashes`);
  try {
    compileSearch(pattern);
  } catch (error) {
    if (error instanceof PatternError) throw badRequest(`Invalid integrationResponseKey specified: ${key}. ${error.message}`);
    throw error;
  }
}

/** As for integrations. */
const rules: verbs.MergeRules<WebSocketIntegrationResponse, Model.UpdateIntegrationResponseRequest> = {
  ContentHandlingStrategy: verbs.takenOrGone("contentHandlingStrategy"),
  IntegrationResponseKey: verbs.taken("integrationResponseKey"),
  ResponseParameters: verbs.takenEntries("responseParameters"),
  ResponseTemplates: verbs.takenOrGone("responseTemplates"),
  TemplateSelectionExpression: verbs.takenOrGone("templateSelectionExpression"),
};

const show = (response: WebSocketIntegrationResponse): Model.IntegrationResponse => ({
  ...given({ ContentHandlingStrategy: response.contentHandlingStrategy }),
  IntegrationResponseId: response.integrationResponseId,
  IntegrationResponseKey: response.integrationResponseKey,
  ...given({ ResponseParameters: response.responseParameters, ResponseTemplates: response.responseTemplates }),
  ...given({ TemplateSelectionExpression: response.templateSelectionExpression }),
});
