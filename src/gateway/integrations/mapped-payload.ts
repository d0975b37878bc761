// Payloads of integrations that are not proxies: templates, passthrough, and the selection of integration responses.
import type { ParameterMapping, RequestPayloadPlan, ResponseFacts, ResponsePlan, ResponseSelector } from "../../plan/index.ts";
import { firstMediaTypeOf, headerValue, lastHeader, mediaTypeOf, UNSUPPORTED } from "../../plan/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { addHeader, RESPONSE_RULES } from "../header-rules.ts";
import { configurationError, Rejection } from "../rejection.ts";
import { convertRequest, convertResponse } from "./conversion.ts";
import type { MethodResponse } from "./integration.ts";

/** A template's payload, or the body as it is. @throws {Rejection} UNSUPPORTED_MEDIA_TYPE when neither may be. */
export function requestPayload(execution: Authorized, plan: RequestPayloadPlan): Buffer {
  const mediaType = mediaTypeOf(lastHeader(execution.headers, "content-type"));
  const payload = plan.templates.choose(mediaType);
  if (payload === UNSUPPORTED) throw new Rejection("UNSUPPORTED_MEDIA_TYPE");
  return payload ?? convertRequest(execution, execution.body, mediaType, plan.contentHandling);
}

/** The integration response for a status or an error message. @throws {Rejection} API_CONFIGURATION_ERROR for none. */
export function selectResponse(responses: ResponseSelector, subject: string): ResponsePlan {
  const plan = responses.select(subject);
  if (typeof plan === "string") throw configurationError(plan);
  return plan;
}

/** The method response that an integration response makes of the backend's answer. */
export function mapResponse(execution: Integrated, plan: ResponsePlan): MethodResponse {
  const accept = firstMediaTypeOf(lastHeader(execution.headers, "accept"));
  const template = plan.templates.choose(accept);
  const contentType = template?.contentType ?? lastHeader(execution.integrationHeaders, "content-type");
  const payload = template?.payload ?? execution.integrationBody;
  const headers = mappedHeaders(execution, plan.mappings);
  // "API Gateway includes a Content-Type header for all integration responses. By default, the content type is
  // application/json" (.../api-gateway-known-issues.html); a backend's own has to be mapped.
  if (lastHeader(headers, "content-type") === undefined) {
    headers.unshift("Content-Type", template?.contentType ?? "application/json");
  }
  return { status: plan.status, headers, body: convertResponse(execution, payload, contentType, plan.contentHandling) };
}

function mappedHeaders(execution: Integrated, mappings: readonly ParameterMapping<ResponseFacts>[]): string[] {
  const headers: string[] = [];
  for (const mapping of mappings) {
    const value = mapping.value(execution);
    if (value === undefined) continue;
    const rule = RESPONSE_RULES.http(mapping.name);
    for (const single of typeof value === "string" ? [value] : value) {
      addHeader(headers, rule, mapping.name, headerValue(single));
    }
  }
  return headers;
}
