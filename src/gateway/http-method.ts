// The method of a request, as API Gateway counts it.
import { lastHeader } from "../plan/index.ts";
import type { HttpRequest } from "../ports/http-server.ts";

/**
 * Of a request to a REST API: "When sending requests to an API by passing the X-HTTP-Method-Override header, API Gateway overrides the method."
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)
 */
export function httpMethodOf({ headers, method }: HttpRequest): string {
  return lastHeader(headers, "X-HTTP-Method-Override")?.toUpperCase() ?? method;
}
