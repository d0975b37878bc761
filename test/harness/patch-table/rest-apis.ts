// REST APIs, and what they have besides methods and stages.
import type { Row } from "../patch-case.ts";
import { FUNCTION, POOL, ROLE, set } from "../updatable.ts";
import { ADD, ADD_REMOVE, ALL, BAD_POLICY, BOOLEAN, integer, MAPPING, NON_EMPTY, oneOf, POLICY, REPLACE, SECURITY_POLICIES } from "./words.ts";

export const REST_API_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateAuthorizer: [
    {
      path: "/authorizerUri",
      ops: REPLACE,
      value: FUNCTION.replace(":auth/", ":other/"),
      wrong: { "~": "Invalid Authorizer URI: ~. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation." },
    },
    { path: "/authorizerCredentials", ops: REPLACE, value: ROLE, wrong: { "~": "Invalid ARN specified in the request" } },
    { path: "/authorizerResultTtlInSeconds", ops: REPLACE, value: "7", wrong: integer(0, 3600) },
    { path: "/authType", ops: REPLACE, value: "oauth2", wrong: NON_EMPTY },
    {
      path: "/identitySource",
      ops: ALL,
      value: "method.request.querystring.q",
      given: "request",
      removes: "method.request.header.Authorization",
      showsOf: {
        add: { "/identitySource": "method.request.header.Authorization,method.request.header.b,method.request.querystring.q" },
        remove: { "/identitySource": "method.request.header.b" },
      },
      wrong: { "~": "Invalid identity source expression: ~. The source must be a header, query string, stage variable or context variable of the request." },
    },
    { path: "/identityValidationExpression", ops: REPLACE, value: "[a-z]+" },
    // Developer guide: rest-api-jwt-authorizer-update.
    { path: "/jwtConfiguration", ops: [], elsewhere: REPLACE, value: "{}" },
    { path: "/name", ops: REPLACE, value: "other", wrong: NON_EMPTY },
    {
      path: "/providerARNs",
      ops: ADD_REMOVE,
      value: `${POOL}2`,
      given: "userPools",
      removes: `${POOL}1`,
      shows: { "/providerARNs/2": `${POOL}2` },
      showsOf: { remove: { "/providerARNs/1": undefined } },
      wrong: { "~": "Invalid provider ARN specified: ~. Must be the ARN of an Amazon Cognito user pool" },
    },
    { path: "/type", ops: REPLACE, value: "REQUEST", wrong: oneOf("TOKEN, REQUEST, COGNITO_USER_POOLS, JWT") },
  ],
  UpdateDocumentationPart: [
    { path: "/properties", ops: REPLACE, value: '{"description":"d"}', wrong: { "~": "Invalid Documentation part properties specified: they are not a JSON object" } },
  ],
  UpdateDocumentationVersion: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateGatewayResponse: [
    { path: "/statusCode", ops: REPLACE, value: "418", shows: { "/statusCode": "418" }, wrong: { "~": "Invalid Response status code specified" } },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/gatewayresponse.header.a", value: "'b'", wrong: MAPPING },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "{}" },
  ],
  UpdateModel: [
    { path: "/description", ops: REPLACE, value: "d" },
    {
      path: "/schema",
      ops: REPLACE,
      value: '{"type":"object"}',
      wrong: { "~": "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified: Unexpected token '~', \"~\" is not valid JSON]" },
    },
  ],
  UpdateRequestValidator: [
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/validateRequestBody", ops: REPLACE, value: "true", wrong: BOOLEAN },
    { path: "/validateRequestParameters", ops: REPLACE, value: "true", wrong: BOOLEAN },
  ],
  UpdateResource: [
    {
      path: "/parentId",
      ops: REPLACE,
      value: "{otherResource}",
      shows: { "/parentId": "{otherResource}", "/path": /^\/other\/new\d+$/ },
      wrong: { "~": "404 NotFoundException: Invalid Resource identifier specified", ...NON_EMPTY },
    },
    {
      path: "/pathPart",
      ops: REPLACE,
      value: "cats",
      shows: { "/pathPart": "cats", "/path": "/cats" },
      wrong: { "~": "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.", ...NON_EMPTY },
    },
  ],
  UpdateRestApi: [
    { path: "/apiKeySource", ops: REPLACE, value: "AUTHORIZER", wrong: oneOf("HEADER, AUTHORIZER") },
    { path: "/binaryMediaTypes", ops: ADD, at: "/binaryMediaTypes/image~1png", shows: { "/binaryMediaTypes/0": "image/png" } },
    {
      path: "/binaryMediaTypes",
      ops: ["replace", "remove"],
      at: "/binaryMediaTypes/image~1png",
      value: "image/gif",
      before: [{ op: "add", path: "/binaryMediaTypes/image~1png" }],
      shows: { "/binaryMediaTypes/0": "image/gif" },
      showsOf: { remove: { "/binaryMediaTypes/0": undefined } },
    },
    // The same with the type for its value, as the page's path has it.
    {
      path: "/binaryMediaTypes",
      ops: ALL,
      value: "image/gif",
      removes: "image/png",
      before: [{ op: "add", path: "/binaryMediaTypes/image~1png" }],
      shows: { "/binaryMediaTypes/1": "image/gif" },
      showsOf: { remove: { "/binaryMediaTypes/0": undefined } },
    },
    { path: "/description", ops: ALL, value: "d", before: [set("/description", "before")] },
    { path: "/disableExecuteApiEndpoint", ops: REPLACE, value: "true", wrong: BOOLEAN },
    {
      path: "/endpointConfiguration/types/{type}",
      ops: REPLACE,
      at: "/endpointConfiguration/types/EDGE",
      value: "REGIONAL",
      shows: { "/endpointConfiguration/types/0": "REGIONAL" },
      wrong: oneOf("REGIONAL, EDGE, PRIVATE"),
    },
    {
      path: "/endpointConfiguration/vpcEndpointIds",
      ops: ADD_REMOVE,
      value: "vpce-2",
      given: "private",
      removes: "vpce-1",
      shows: { "/endpointConfiguration/vpcEndpointIds/1": "vpce-2" },
      showsOf: { remove: { "/endpointConfiguration/vpcEndpointIds/0": undefined } },
    },
    // The same with the id in the path.
    {
      path: "/endpointConfiguration/vpcEndpointIds/{vpcEndpointId}",
      ops: [],
      also: ADD_REMOVE,
      at: "/endpointConfiguration/vpcEndpointIds/vpce-2",
      given: "private",
      shows: { "/endpointConfiguration/vpcEndpointIds/1": "vpce-2" },
      showsOf: { remove: {} },
    },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack", wrong: oneOf("ipv4, dualstack") },
    { path: "/endpointAccessMode", ops: REPLACE, value: "BASIC", given: "strictable", wrong: oneOf("BASIC, STRICT") },
    { path: "/minimumCompressionSize", ops: REPLACE, value: "0", wrong: integer(0, 10_485_760) },
    { path: "/name", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    // Answers have it escaped.
    { path: "/policy", ops: REPLACE, value: POLICY, shows: { "/policy": POLICY.replaceAll('"', String.raw`\"`) }, wrong: BAD_POLICY },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_2", wrong: SECURITY_POLICIES },
  ],
};
