// Renders mapping templates, and answers for those that fail.
import type { ContentHandling } from "../../domain/rest-api.ts";
import type { MappingTemplate } from "../../plan/index.ts";
import { integrationDocument, jsonDocument, requestDocument } from "../../plan/index.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { TemplateRuntimeError } from "../../vtl/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { addForwardedHeaders } from "../forwarded-headers.ts";
import { REQUEST_RULES } from "../header-rules.ts";
import { configurationError } from "../rejection.ts";
import { templateInput } from "./conversion.ts";

/**
 * @param payload the body, converted as the integration asks: that is what `$input.body` is
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html).
 * @throws {Rejection} API_CONFIGURATION_ERROR
 */
export function renderRequest(execution: Authorized, template: MappingTemplate, payload: Buffer): Buffer {
  const input = payload === execution.body ? requestDocument(execution) : jsonDocument(payload.toString("utf8"));
  return orReject("Unable to transform request", () => template.render(execution, input, () => headersOf(execution)));
}

/** @throws {Rejection} API_CONFIGURATION_ERROR */
export function renderResponse(execution: Integrated, template: MappingTemplate, handling: ContentHandling | undefined): Buffer {
  if (template.constant !== undefined) return template.constant;
  const payload = templateInput(execution, handling);
  const input = payload === execution.integrationBody ? integrationDocument(execution) : jsonDocument(payload.toString("latin1"));
  return orReject("Unable to transform response", () => template.render(execution, input, () => headersOf(execution)));
}

/** What `$input.params()` has: the client's headers and those that AWS adds to them. */
function headersOf(execution: Authorized): HeaderList {
  const headers: string[] = [];
  addForwardedHeaders(headers, execution, REQUEST_RULES.lambda);
  return headers;
}

/** A template that fails is a configuration error, as in AWS's execution log: 500, the reason in the log. */
function orReject(what: string, render: () => string): Buffer {
  try {
    return Buffer.from(render(), "utf8");
  } catch (error) {
    if (error instanceof TemplateRuntimeError) throw configurationError(`${what}: ${error.message}`, error);
    throw error;
  }
}
