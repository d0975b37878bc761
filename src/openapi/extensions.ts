// What API Gateway adds to OpenAPI, by name
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html).

export const EXTENSIONS = {
  anyMethod: "x-amazon-apigateway-any-method",
  apiKeySource: "x-amazon-apigateway-api-key-source",
  auth: "x-amazon-apigateway-auth",
  authorizer: "x-amazon-apigateway-authorizer",
  authtype: "x-amazon-apigateway-authtype",
  binaryMediaTypes: "x-amazon-apigateway-binary-media-types",
  documentation: "x-amazon-apigateway-documentation",
  endpointAccessMode: "x-amazon-apigateway-endpoint-access-mode",
  endpointConfiguration: "x-amazon-apigateway-endpoint-configuration",
  gatewayResponses: "x-amazon-apigateway-gateway-responses",
  importExportVersion: "x-amazon-apigateway-importexport-version",
  integration: "x-amazon-apigateway-integration",
  minimumCompressionSize: "x-amazon-apigateway-minimum-compression-size",
  policy: "x-amazon-apigateway-policy",
  requestValidator: "x-amazon-apigateway-request-validator",
  requestValidators: "x-amazon-apigateway-request-validators",
  securityPolicy: "x-amazon-apigateway-security-policy",
} as const;

/** Extensions for HTTP APIs alone: REST APIs have nothing that they could mean. */
export const HTTP_API_EXTENSIONS: readonly string[] = [
  "x-amazon-apigateway-cors",
  "x-amazon-apigateway-integrations",
  "x-amazon-apigateway-tag-value",
];

/** The verbs that path items have an operation for; `ANY` is {@link EXTENSIONS.anyMethod}. */
export const PATH_ITEM_METHODS = ["get", "put", "post", "delete", "options", "head", "patch"] as const;

/** The `x-amazon-apigateway-authtype` of security schemes that stand for `AWS_IAM` (api-gateway-swagger-extensions-authtype). */
export const SIGV4_AUTHTYPE = "awsSigv4";
/** The header of API keys: a security scheme of type `apiKey` with this name stands for `apiKeyRequired`. */
export const API_KEY_HEADER = "x-api-key";
/** The name of the security scheme of an authorizer whose identity is not one header or query parameter. */
export const UNUSED_SCHEME_NAME = "Unused";
