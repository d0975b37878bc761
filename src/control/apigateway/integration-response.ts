// IntegrationResponse: which method response an answer of the backend becomes, and how it is made.
import type { Call } from "../../domain/call.ts";
import { conflict, notFound } from "../../domain/errors.ts";
import type { IntegrationResponse, Method } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext } from "./context.ts";
import { findIntegration, type FoundIntegration } from "./integration.ts";
import { checkResponseMappings } from "./mapping-expressions.ts";
import { checkTemplates } from "./mapping-templates.ts";
import { keepMethod } from "./method.ts";
import { checkStatusCode, methodResponse, type StatusInput } from "./method-response.ts";
import { showIntegrationResponse } from "./show-method.ts";

interface Found extends FoundIntegration {
  readonly response: IntegrationResponse;
}

export function integrationResponseOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: StatusInput, call: Call): Promise<Found> => {
    const found = await findIntegration(context, input, call);
    const { integrationResponses: all } = found.integration;
    const response = Object.hasOwn(all, input.statusCode) ? all[input.statusCode] : undefined;
    if (response === undefined) throw notFound("Invalid Response status code specified");
    return { ...found, response };
  };
  return {
    put: verbs.writing(store, async (input: Model.PutIntegrationResponseRequest, call): Promise<verbs.Decision<Model.IntegrationResponse>> => {
      const found = await findIntegration(context, input, call);
      const { restApiId: _restApiId, resourceId: _resourceId, httpMethod: _httpMethod, ...response } = input;
      return keep(found, response);
    }),
    read: verbs.reading(find, ({ response }) => showIntegrationResponse(response)),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateIntegrationResponseRequest, call) => find(input, call),
      of: ({ response }) => response,
      rules,
      keep,
    }),
    remove: verbs.removing(store, find, (found) => {
      const { [found.response.statusCode]: _gone, ...integrationResponses } = found.integration.integrationResponses;
      return keepResponses(found, integrationResponses, undefined);
    }),
  };
}

function keep(found: FoundIntegration, response: IntegrationResponse): verbs.Decision<Model.IntegrationResponse> {
  const { integrationResponses } = found.integration;
  checkIntegrationResponse(response, found.method.value, Object.values(integrationResponses));
  return keepResponses(found, { ...integrationResponses, [response.statusCode]: response }, showIntegrationResponse(response));
}

function keepResponses<Out>(found: FoundIntegration, integrationResponses: Readonly<Record<string, IntegrationResponse>>, answer: Out): verbs.Decision<Out> {
  return keepMethod(found, { ...found.method.value, methodIntegration: { ...found.integration, integrationResponses } }, answer);
}

/**
 * A response belongs to a method response, and no two are selected by the same pattern
 * (github.com/hashicorp/terraform/pull/5893 quotes the words).
 * @throws {ServiceError}
 */
export function checkIntegrationResponse(response: IntegrationResponse, method: Method, others: readonly IntegrationResponse[]): void {
  checkStatusCode(response.statusCode);
  const declared = methodResponse(method, response.statusCode);
  checkResponseMappings(response.responseParameters, declared.responseParameters);
  checkTemplates(response.responseTemplates);
  const pattern = response.selectionPattern || "default";
  if (others.some((each) => each.statusCode !== response.statusCode && (each.selectionPattern || "default") === pattern)) {
    throw conflict(`Integration response with selection pattern ${pattern} already exists`);
  }
}

const rules: verbs.PatchRules<IntegrationResponse> = {
  "/contentHandling": { replace: verbs.set("contentHandling", verbs.optional(verbs.oneOf("CONVERT_TO_BINARY", "CONVERT_TO_TEXT"))) },
  "/responseParameters/{name}": verbs.entries<IntegrationResponse, "responseParameters">("responseParameters", verbs.someText),
  "/responseTemplates/{contentType}": verbs.entries<IntegrationResponse, "responseTemplates">("responseTemplates", verbs.text),
  "/selectionPattern": { replace: verbs.set("selectionPattern", verbs.text) },
};
