// Mapping templates are refused as soon as they are put when they cannot be compiled
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import { badRequest } from "../../domain/errors.ts";
import { createPatternEngine } from "../../pattern/index.ts";
import { parseTemplate, TemplateSyntaxError } from "../../vtl/index.ts";

const patterns = createPatternEngine();

/** @throws {ServiceError} BadRequestException with content type, line and column */
export function checkTemplates(templates: Readonly<Record<string, string | null>> | undefined): void {
  for (const [contentType, template] of Object.entries(templates ?? {})) if (template !== null) checkTemplate(contentType, template);
}

function checkTemplate(contentType: string, template: string): void {
  try {
    parseTemplate(template, { patterns });
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw badRequest(`Invalid mapping template for ${contentType}: ${error.message}`);
    throw error;
  }
}
