// What of an API is wrong in itself: refused when it is deployed, with the place of what is wrong.
import { TemplateSyntaxError } from "../vtl/index.ts";
import { type MappingSide, parseMappingExpression } from "../domain/mapping-expression.ts";
import type { Integration, Method, StringMap } from "../domain/rest-api.ts";
import { compileMappingTemplate, JsonDocumentError, pathOf } from "./mapping-template/index.ts";
import { remembered } from "./remembered.ts";

/** What of a method is wrong, as sentences that name the method and its resource. */
export function invalidInMethod({ httpMethod, methodIntegration }: Method, resourcePath: string): readonly string[] {
  if (methodIntegration === undefined) return [];
  const subject = `Method ${httpMethod} of resource ${resourcePath}`;
  return invalidInIntegration(methodIntegration).map((finding) => `${subject} ${finding}.`);
}

function invalidInIntegration(integration: Integration): readonly string[] {
  const { type, requestParameters, requestTemplates, integrationResponses } = integration;
  const requestPaths = invalidPaths(requestParameters, "method.request");
  // Proxies have templates and integration responses that AWS never looks at.
  if (type === "HTTP_PROXY" || type === "AWS_PROXY") return requestPaths;
  return [
    ...requestPaths,
    ...invalidTemplates(requestTemplates, "request mapping template for"),
    ...Object.values(integrationResponses).flatMap(({ statusCode, responseParameters, responseTemplates }) => [
      ...invalidPaths(responseParameters, "integration.response"),
      ...invalidTemplates(responseTemplates, `response mapping template for status ${statusCode},`),
    ]),
  ];
}

function invalidTemplates(templates: Readonly<Record<string, string | null>> | undefined, what: string): readonly string[] {
  return Object.entries(templates ?? {}).flatMap(([contentType, text]) => {
    const error = text === null ? undefined : templateError(text);
    return error === undefined ? [] : [`has an invalid ${what} ${contentType}: ${error}`];
  });
}

const templateError = remembered((text) => errorOf(() => compileMappingTemplate(text)));

function invalidPaths(mappings: StringMap | undefined, side: MappingSide): readonly string[] {
  return Object.values(mappings ?? {}).flatMap((text) => {
    const expression = parseMappingExpression(text, side);
    const error = expression?.from === "bodyJsonPath" ? errorOf(() => pathOf(expression.jsonPath)) : undefined;
    return error === undefined ? [] : [`has an invalid mapping expression ${text}: ${error}`];
  });
}

function errorOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof TemplateSyntaxError || error instanceof JsonDocumentError) return error.message;
    throw error;
  }
}
