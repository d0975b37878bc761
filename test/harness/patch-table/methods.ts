// Methods, their integrations and responses.
import type { Row } from "../patch-case.ts";
import { add, ROLE } from "../updatable.ts";
import { ADD, ADD_REMOVE, ALL, BOOLEAN, MAPPING, NON_EMPTY, oneOf, REPLACE } from "./words.ts";

export const METHOD_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateIntegration: [
    {
      path: "/cacheKeyParameters",
      ops: ALL,
      value: "method.request.header.b",
      removes: "method.request.header.a",
      shows: { "/cacheKeyParameters/1": "method.request.header.b" },
      showsOf: { remove: { "/cacheKeyParameters/0": undefined } },
      wrong: { "~": "Invalid cache key parameter specified" },
    },
    // Terraform's provider names the parameter in the path.
    {
      path: "/cacheKeyParameters/{parameter}",
      ops: [],
      also: ADD,
      at: "/cacheKeyParameters/method.request.header.b",
      shows: { "/cacheKeyParameters/1": "method.request.header.b" },
    },
    {
      path: "/cacheKeyParameters/{parameter}",
      ops: [],
      also: ["replace", "remove"],
      at: "/cacheKeyParameters/method.request.header.a",
      value: "method.request.header.b",
      shows: { "/cacheKeyParameters/0": "method.request.header.b" },
      showsOf: { remove: { "/cacheKeyParameters/0": undefined } },
    },
    { path: "/cacheNamespace", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    { path: "/connectionId", ops: REPLACE, value: "", shows: {}, wrong: { "~": "A connectionId can only be specified for connectionType VPC_LINK" } },
    { path: "/connectionType", ops: REPLACE, value: "INTERNET", shows: {}, wrong: oneOf("INTERNET, VPC_LINK") },
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT", wrong: oneOf("CONVERT_TO_BINARY, CONVERT_TO_TEXT") },
    // Guide: set-up-lambda-integration-using-cli and Terraform's provider.
    { path: "/credentials", ops: [], also: REPLACE, value: ROLE, wrong: { "~": "Invalid ARN specified in the request" } },
    { path: "/httpMethod", ops: REPLACE, value: "POST", wrong: { "~": "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY" } },
    { path: "/integrationTarget", ops: REPLACE, value: "", shows: {}, wrong: { "~": "An integrationTarget can only be specified for connectionType VPC_LINK" } },
    { path: "/passthroughBehavior", ops: REPLACE, value: "NEVER", wrong: oneOf("WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER") },
    { path: "/requestParameters", ops: ALL, at: "/requestParameters/integration.request.header.a", value: "'b'", wrong: MAPPING },
    { path: "/requestTemplates", ops: ALL, at: "/requestTemplates/application~1json", value: "$input.body" },
    { path: "/responseTransferMode", ops: REPLACE, value: "STREAM", wrong: oneOf("BUFFERED, STREAM") },
    { path: "/timeoutInMillis", ops: REPLACE, value: "500", wrong: { "~": `Must be an integer between 0 and ${Number.MAX_SAFE_INTEGER}`, 49: "Timeout should be between 50 ms and 29000 ms" } },
    { path: "/tlsConfig/insecureSkipVerification", ops: REPLACE, value: "true", wrong: BOOLEAN },
    { path: "/uri", ops: REPLACE, value: "http://other.example", wrong: { "~": "Invalid HTTP endpoint specified for URI", ...NON_EMPTY } },
  ],
  UpdateIntegrationResponse: [
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT", wrong: oneOf("CONVERT_TO_BINARY, CONVERT_TO_TEXT") },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/method.response.header.a", value: "'b'", wrong: MAPPING },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "$input.body" },
    { path: "/selectionPattern", ops: REPLACE, value: "2.." },
  ],
  UpdateMethod: [
    {
      path: "/authorizationScopes",
      ops: ADD_REMOVE,
      value: "s",
      before: [add("/authorizationScopes", "before")],
      removes: "before",
      shows: { "/authorizationScopes/1": "s" },
      showsOf: { remove: { "/authorizationScopes/0": undefined } },
    },
    {
      path: "/authorizationType",
      ops: REPLACE,
      value: "AWS_IAM",
      wrong: { "~": "Invalid authorization type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS,JWT", ...NON_EMPTY },
    },
    {
      path: "/authorizerId",
      ops: REPLACE,
      value: "",
      shows: {},
      wrong: { "~": "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer." },
    },
    { path: "/apiKeyRequired", ops: REPLACE, value: "true", wrong: BOOLEAN },
    { path: "/operationName", ops: REPLACE, value: "op" },
    {
      path: "/requestParameters",
      ops: ALL,
      at: "/requestParameters/method.request.header.c",
      value: "true",
      before: [add("/requestParameters/method.request.header.c", "false")],
      wrong: BOOLEAN,
    },
    {
      path: "/requestModels",
      ops: ALL,
      at: "/requestModels/application~1json",
      value: "Empty",
      before: [add("/requestModels/application~1json", "Error")],
      wrong: { "~": "Invalid model identifier specified: ~", ...NON_EMPTY },
    },
    { path: "/requestValidatorId", ops: REPLACE, value: "", shows: {}, wrong: { "~": "Invalid Request Validator identifier specified" } },
  ],
  UpdateMethodResponse: [
    {
      path: "/responseModels",
      ops: ALL,
      at: "/responseModels/application~1json",
      value: "Empty",
      before: [add("/responseModels/application~1json", "Error")],
      wrong: { "~": "Invalid model identifier specified: ~", ...NON_EMPTY },
    },
    {
      path: "/responseParameters",
      ops: ALL,
      at: "/responseParameters/method.response.header.b",
      value: "true",
      before: [add("/responseParameters/method.response.header.b", "false")],
      wrong: BOOLEAN,
    },
  ],
};
