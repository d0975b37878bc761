// Payloads of integrations that are not proxies: templates, passthrough, and the selection of integration responses.
import type { ParameterMapping, RequestPayloadPlan, ResponseFacts, ResponsePlan, ResponseSelector } from "../../plan/index.ts";
import { firstMediaTypeOf, headerValue, isHeaderName, lastHeader, mediaTypeOf, UNSUPPORTED } from "../../plan/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { addHeader, RESPONSE_RULES } from "../header-rules.ts";
import { configurationError, Rejection } from "../rejection.ts";
import { convertRequest, convertResponse } from "./conversion.ts";
import type { MethodResponse } from "./integration.ts";
import { renderRequest, renderResponse } from "./render.ts";

/**
 * A template's payload, or the body as it is. What the template overrides is set by then.
 * @throws {Rejection} UNSUPPORTED_MEDIA_TYPE when neither may be, API_CONFIGURATION_ERROR when the template fails.
 */
export function requestPayload(execution: Authorized, plan: RequestPayloadPlan): Buffer {
  const mediaType = mediaTypeOf(lastHeader(execution.headers, "content-type"));
  const template = plan.templates.choose(mediaType);
  if (template === UNSUPPORTED) throw new Rejection("UNSUPPORTED_MEDIA_TYPE");
  if (template?.constant !== undefined) return template.constant;
  const payload = convertRequest(execution, execution.body, mediaType, plan.contentHandling);
  return template === undefined ? payload : renderRequest(execution, template, payload);
}

/**
 * The integration response for a status or an error message.
 * @throws {Rejection} API_CONFIGURATION_ERROR for none, in the words of github.com/aws/serverless-application-model/issues/2459
 */
export function selectResponse(execution: Integrated, responses: ResponseSelector, subject: string): ResponsePlan {
  const plan = responses.select(subject);
  if (plan === undefined) {
    const reason = "No match for output mapping and no default output mapping configured";
    throw configurationError(`${reason}. Endpoint Response Status Code: ${execution.integrationStatus}`);
  }
  if (typeof plan === "string") throw configurationError(plan);
  return plan;
}

/**
 * The method response that an integration response makes of the backend's answer.
 * @throws {Rejection} API_CONFIGURATION_ERROR when the template fails, or overrides the status with what is none.
 */
export function mapResponse(execution: Integrated, plan: ResponsePlan): MethodResponse {
  const accept = firstMediaTypeOf(lastHeader(execution.headers, "accept"));
  const chosen = plan.templates.choose(accept);
  const contentType = chosen?.contentType ?? lastHeader(execution.integrationHeaders, "content-type");
  const payload =
    chosen === undefined ? execution.integrationBody : renderResponse(execution, chosen.template, plan.contentHandling);
  const headers = responseHeaders(execution, plan.mappings);
  // "API Gateway includes a Content-Type header for all integration responses. By default, the content type is
  // application/json" (.../api-gateway-known-issues.html); a backend's own has to be mapped.
  if (lastHeader(headers, "content-type") === undefined) {
    headers.unshift("Content-Type", chosen?.contentType ?? "application/json");
  }
  const body = convertResponse(execution, payload, contentType, plan.contentHandling);
  return { status: responseStatus(execution, plan), headers, body };
}

function responseStatus({ overrides }: Integrated, { status }: ResponsePlan): number {
  const override = overrides?.response.status;
  if (override === undefined) return status;
  if (!/^[2-5]\d\d$/.test(override)) throw configurationError(`A template overrides the status with ${override}`);
  return Number(override);
}

/** The mapped headers, a template's overrides in place of those of the same name. */
function responseHeaders(execution: Integrated, mappings: readonly ParameterMapping<ResponseFacts>[]): string[] {
  const headers: string[] = [];
  const add = (name: string, value: string | readonly string[] | undefined): void => {
    if (value === undefined) return;
    const rule = RESPONSE_RULES.http(name);
    for (const single of typeof value === "string" ? [value] : value) addHeader(headers, rule, name, headerValue(single));
  };
  const overrides = [...(execution.overrides?.response.header.values() ?? [])].filter(({ name }) => isHeaderName(name));
  const overridden = new Set(overrides.map(({ name }) => name.toLowerCase()));
  for (const mapping of mappings) if (!overridden.has(mapping.lowerCaseName)) add(mapping.name, mapping.value(execution));
  for (const { name, value } of overrides) add(name, value);
  return headers;
}
