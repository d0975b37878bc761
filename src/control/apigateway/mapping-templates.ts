// Mapping templates are refused as soon as they are put when they cannot be compiled
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import { badRequest, repeatable } from "../../domain/errors.ts";
import { createPatternEngine } from "../../pattern/index.ts";
import { parseTemplate, TemplateSyntaxError } from "../../vtl/index.ts";

const patterns = createPatternEngine();

/** AWS names no limit. */
const MAX_TEMPLATES = 300;

/** @throws {ServiceError} BadRequestException with content type, line and column */
export function checkTemplates(templates: Readonly<Record<string, string | null>> = {}): void {
  const all = Object.entries(templates);
  if (all.length > MAX_TEMPLATES) throw badRequest(`There can be at most ${MAX_TEMPLATES} mapping templates, each for a content type; these are ${all.length}`);
  for (const [contentType, template] of all) if (template !== null) checkTemplate(contentType, template);
}

function checkTemplate(contentType: string, template: string): void {
  try {
    parseTemplate(template, { patterns });
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw badRequest(`Invalid mapping template for ${repeatable(contentType)}: ${error.message}`);
    throw error;
  }
}
