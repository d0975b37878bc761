// What API Gateway adds to OpenAPI for HTTP APIs alone, by name
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html).

export const HTTP_EXTENSIONS = {
  cors: "x-amazon-apigateway-cors",
  integrations: "x-amazon-apigateway-integrations",
  tagValue: "x-amazon-apigateway-tag-value",
} as const;

/** The path of the `$default` route; SAM writes it without the slash. */
export const DEFAULT_ROUTE_PATH = "/$default";

/** The end of `openIdConnectUrl`, before which the issuer stands. */
export const DISCOVERY = "/.well-known/openid-configuration";
