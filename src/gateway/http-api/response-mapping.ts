// What the API's developers have changed in responses with the status code that an integration has answered with
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html#http-api-mapping-response-parameters).
import { mapHeaders, mappedStatus } from "../../plan/http-api/index.ts";
import type { HttpAuthorized } from "./execution.ts";
import type { HttpRouteResponse } from "./integrations/integration.ts";

/** The response as the client gets it; the same where nothing is mapped. */
export function mappedResponse(execution: HttpAuthorized, response: HttpRouteResponse): HttpRouteResponse {
  const mapping = execution.route.responseMappings?.get(response.status);
  if (mapping === undefined) return response;
  const { body, status } = response;
  const selected = typeof body === "string" || body instanceof Uint8Array ? body : "";
  const facts = { request: execution, status, headers: response.headers, body: selected, document: undefined };
  const headers = [...response.headers];
  mapHeaders(headers, mapping.headers, facts);
  return { status: mappedStatus(mapping, facts), headers, body };
}
