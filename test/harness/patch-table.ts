// AWS's whole table of patch operations, path by path (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html):
// what is done on each, what is seen of it, and which values are refused how.
import type { Changes, Row } from "./patch-case.ts";
import { add, EDGE_CERTIFICATE, FUNCTION, MUTUAL_URI, type Patch, POOL, ROLE, set } from "./updatable.ts";

const OTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/two";
const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}';
const LOG_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group";
const ALL = ["add", "replace", "remove"] as const;
const REPLACE = ["replace"] as const;
const CHANGE = ["add", "replace"] as const;
const ADD_REMOVE = ["add", "remove"] as const;
const REMOVE = ["remove"] as const;
const ADD = ["add"] as const;

const BOOLEAN = { "~": "Must be true or false", "": "Must be true or false" };
const NON_EMPTY = { "": "Must be non-empty" };
const oneOf = (words: string) => ({ "~": `Must be one of: [${words}]` });
const integer = (min: number, max: number) => ({ "~": `Must be an integer between ${min} and ${max}`, [max + 1]: `Must be an integer between ${min} and ${max}` });
const number = (min: number, max: number) => ({ "~": `Must be a number between ${min} and ${max}`, [max + 1]: `Must be a number between ${min} and ${max}` });
const MAPPING = { "~": "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ~]", ...NON_EMPTY };
const BAD_POLICY = { "~": "Invalid policy document. Please check the policy syntax and ensure that Principals are valid." };
const CERTIFICATE = { "~": "Invalid certificate ARN: ~. Certificate must be in 'us-east-1'." };
const ENHANCED = ["1_3_2025_09", "1_3_FIPS_2025_09", "1_2_PFS_PQ_2025_09", "1_2_FIPS_PQ_2025_09", "1_2_FIPS_PFS_PQ_2025_09", "1_2_PQ_2025_09", "1_2_2021_06", "2025_EDGE"];
const POLICIES = ["TLS_1_0", "TLS_1_2", ...ENHANCED.map((name) => `SecurityPolicy_TLS13_${name}`), "SecurityPolicy_TLS12_PFS_2025_EDGE", "SecurityPolicy_TLS12_2018_EDGE"];
const SECURITY_POLICIES = oneOf(POLICIES.join(", "));
const MOST = 2 ** 31 - 1;

const METHOD_SETTING = "/{resourcePath}/{httpMethod}";
const METHOD_SETTINGS = {
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
} as const;

/** What is seen of a method that has settings of its own for the first time: all of them. */
const settings = (method: string, own: Partial<Record<keyof typeof METHOD_SETTINGS, unknown>>): Changes =>
  Object.fromEntries(Object.entries({ ...METHOD_SETTINGS, ...own }).map(([name, value]) => [`/methodSettings/${method}/${name}`, value]));

const setting = (name: string, value: string, own: Parameters<typeof settings>[1], wrong: Row["wrong"]): Row => ({
  path: `${METHOD_SETTING}/${name}`,
  ops: REPLACE,
  at: `/~1pets/GET/${name}`,
  value,
  shows: settings("~01pets~1GET", own),
  ...(wrong ? { wrong } : {}),
});

const toEdge = { given: "regional", besides: [add("/endpointConfiguration/types", "EDGE")] } as const;
const TWO_TYPES = [add("/endpointConfiguration/types", "REGIONAL"), add("/regionalCertificateArn", EDGE_CERTIFICATE)];
const dropType = (value: string): Patch => ({ op: "remove", path: "/endpointConfiguration/types", value });
const fromEdge: Partial<Row> = { given: "edge", before: TWO_TYPES, besides: [dropType("EDGE")] };
const EDGE_GAINED = {
  "/endpointConfiguration/types/1": "EDGE",
  "/certificateArn": EDGE_CERTIFICATE,
  "/distributionDomainName": /^d\w+\.cloudfront\.net$/,
  "/distributionHostedZoneId": "Z2FDTNDATAQYW2",
};
const EDGE_PARTS_LOST = { "/certificateArn": undefined, "/distributionDomainName": undefined, "/distributionHostedZoneId": undefined };
const EDGE_LOST = { ...EDGE_PARTS_LOST, "/endpointConfiguration/types/0": "REGIONAL", "/endpointConfiguration/types/1": undefined };
const REGIONAL_PARTS = {
  "/regionalCertificateArn": EDGE_CERTIFICATE,
  "/regionalDomainName": /^d-\w+\.execute-api\.us-east-1\.amazonaws\.com$/,
  "/regionalHostedZoneId": "Z1UJRXOUMOOFQ8",
};
const REGIONAL_GAINED = { ...REGIONAL_PARTS, "/endpointConfiguration/types/1": "REGIONAL" };
const REGIONAL_LOST = Object.fromEntries(Object.keys(REGIONAL_GAINED).map((name) => [name, undefined]));
const TYPES = oneOf("EDGE, REGIONAL, PRIVATE");

const THROTTLE = "/apiStages/{apidId:stageName}/throttle";
const PLAN_STAGE = "/apiStages/{restApiId}:prod/throttle";
const METHOD_THROTTLE = "/apiStages/0/throttle/~1pets~1GET";
const NO_METHOD_THROTTLE = { [`${METHOD_THROTTLE}/rateLimit`]: undefined, [`${METHOD_THROTTLE}/burstLimit`]: undefined };

/** Of each Update operation. */
export const PATCH_TABLE: Readonly<Record<string, readonly Row[]>> = {
  UpdateAccount: [
    {
      path: "/cloudwatchRoleArn",
      ops: REPLACE,
      value: ROLE,
      wrong: { "~": "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy." },
    },
    // The one feature that there is cannot be removed, as the page says.
    { path: "/features", ops: ADD, elsewhere: REMOVE, value: "UsagePlans", shows: {}, wrong: oneOf("UsagePlans") },
  ],
  UpdateApiKey: [
    { path: "/customerId", ops: REPLACE, value: "c" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/enabled", ops: REPLACE, value: "false", wrong: BOOLEAN },
    { path: "/labels", ops: ADD_REMOVE, value: "l", shows: {}, showsOf: { remove: {} } },
    { path: "/name", ops: REPLACE, value: "n", wrong: { ["n".repeat(1025)]: "API Key name exceeds maximum size of 1024 characters" } },
    {
      path: "/stages",
      ops: ADD,
      value: "{restApiId}/prod",
      shows: { "/stageKeys/0": "{restApiId}/prod" },
      wrong: { "~": "Must be an API id and a stage, {apiId}/{stage}", "none/prod": "404 NotFoundException: API Stage not found: none:prod" },
    },
    { path: "/stages", ops: REMOVE, value: "{restApiId}/prod", before: [add("/stages", "{restApiId}/prod")], showsOf: { remove: { "/stageKeys/0": undefined } } },
  ],
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
  UpdateBasePathMapping: [
    {
      path: "/basepath",
      ops: REPLACE,
      value: "v2",
      shows: { "/basePath": "v2" },
      wrong: { "~": "Invalid base path specified: ~. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()" },
    },
    // Guide: rest-api-mappings.
    { path: "/basePath", ops: [], also: REPLACE, value: "v2" },
    { path: "/restapiId", ops: REPLACE, value: "{restApiId}", shows: {}, wrong: { "~": "Invalid API identifier specified 000000000000:~" } },
    { path: "/stage", ops: REPLACE, value: "prod", wrong: { "~": "Invalid stage identifier specified" } },
  ],
  UpdateClientCertificate: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDeployment: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDocumentationPart: [
    { path: "/properties", ops: REPLACE, value: '{"description":"d"}', wrong: { "~": "Invalid Documentation part properties specified: they are not a JSON object" } },
  ],
  UpdateDocumentationVersion: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDomainName: [
    {
      path: "/certificateName",
      ops: ADD,
      value: "named",
      ...toEdge,
      besides: [...toEdge.besides, add("/certificateArn", EDGE_CERTIFICATE)],
      shows: { ...EDGE_GAINED, "/certificateName": "named" },
      wrong: NON_EMPTY,
    },
    { path: "/certificateName", ops: REPLACE, value: "named", given: "edge" },
    { path: "/certificateName", ops: REMOVE, ...fromEdge, besides: [dropType("EDGE"), { op: "remove", path: "/certificateArn" }], showsOf: { remove: EDGE_LOST } },
    { path: "/certificateArn", ops: ADD, value: EDGE_CERTIFICATE, ...toEdge, shows: EDGE_GAINED, wrong: { ...CERTIFICATE, ...NON_EMPTY } },
    {
      path: "/certificateArn",
      ops: REPLACE,
      value: OTHER_CERTIFICATE,
      given: "edge",
      wrong: { ...CERTIFICATE, "": "A certificate was not provided for the endpoint type EDGE." },
    },
    { path: "/certificateArn", ops: REMOVE, ...fromEdge, showsOf: { remove: EDGE_LOST } },
    {
      path: "/endpointConfiguration/types",
      ops: ADD,
      value: "EDGE",
      given: "regional",
      besides: [add("/certificateArn", EDGE_CERTIFICATE)],
      shows: EDGE_GAINED,
      wrong: TYPES,
    },
    {
      path: "/endpointConfiguration/types",
      ops: REMOVE,
      value: "EDGE",
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/certificateArn" }],
      showsOf: { remove: EDGE_LOST },
    },
    // Guide: apigateway-regional-api-custom-domain-migrate names the type in the path.
    { path: "/endpointConfiguration/types/{type}", ops: [], also: ADD, at: "/endpointConfiguration/types/EDGE", given: "regional", besides: [add("/certificateArn", EDGE_CERTIFICATE)], shows: EDGE_GAINED },
    {
      path: "/endpointConfiguration/types/{type}",
      ops: [],
      also: REMOVE,
      at: "/endpointConfiguration/types/EDGE",
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/certificateArn" }],
      showsOf: { remove: EDGE_LOST },
    },
    // Terraform's provider names the place.
    {
      path: "/endpointConfiguration/types/{type}",
      ops: [],
      also: REPLACE,
      at: "/endpointConfiguration/types/0",
      value: "REGIONAL",
      given: "edge",
      besides: [add("/regionalCertificateArn", EDGE_CERTIFICATE), set("/certificateArn", "")],
      shows: { ...EDGE_PARTS_LOST, ...REGIONAL_PARTS, "/endpointConfiguration/types/0": "REGIONAL" },
    },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack", wrong: oneOf("ipv4, dualstack") },
    {
      path: "/endpointAccessMode",
      ops: REPLACE,
      value: "STRICT",
      given: "enhanced",
      wrong: { ...oneOf("BASIC, STRICT"), "": "Endpoint access mode is required for the specified security policy" },
    },
    { path: "/managementPolicy", ops: REPLACE, value: POLICY, given: "private", wrong: BAD_POLICY },
    {
      path: "/mutualTlsAuthentication/truststoreUri",
      ops: ALL,
      value: `${MUTUAL_URI}2`,
      given: "mutual",
      showsOf: { remove: { "/mutualTlsAuthentication/truststoreUri": undefined, "/mutualTlsAuthentication/truststoreVersion": undefined } },
      wrong: { "~": "Invalid truststore URI specified: ~. It must be an Amazon S3 URL, s3://bucket-name/key-name", ...NON_EMPTY },
    },
    {
      path: "/mutualTlsAuthentication/truststoreVersion",
      ops: ALL,
      value: "2",
      given: "mutual",
      shows: { "/mutualTlsAuthentication/truststoreVersion": "2" },
      wrong: NON_EMPTY,
    },
    { path: "/policy", ops: REPLACE, value: POLICY, given: "private", wrong: BAD_POLICY },
    { path: "/regionalCertificateName", ops: ALL, value: "named", given: "regional", before: [set("/regionalCertificateName", "before")], wrong: NON_EMPTY },
    {
      path: "/regionalCertificateArn",
      ops: ADD,
      value: EDGE_CERTIFICATE,
      given: "edge",
      besides: [add("/endpointConfiguration/types", "REGIONAL")],
      shows: REGIONAL_GAINED,
      wrong: { ...CERTIFICATE, ...NON_EMPTY },
    },
    {
      path: "/regionalCertificateArn",
      ops: REPLACE,
      value: OTHER_CERTIFICATE,
      given: "regional",
      wrong: { ...CERTIFICATE, "": "A certificate was not provided for the endpoint type REGIONAL." },
    },
    { path: "/regionalCertificateArn", ops: REMOVE, given: "edge", before: TWO_TYPES, besides: [dropType("REGIONAL")], showsOf: { remove: REGIONAL_LOST } },
    { path: "/routingMode", ops: REPLACE, value: "ROUTING_RULE_ONLY", wrong: oneOf("BASE_PATH_MAPPING_ONLY, ROUTING_RULE_ONLY, ROUTING_RULE_THEN_BASE_PATH_MAPPING") },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_0", wrong: SECURITY_POLICIES },
    {
      path: "/ownershipVerificationCertificateArn",
      ops: ALL,
      value: OTHER_CERTIFICATE,
      given: "mutual",
      before: [set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE)],
      wrong: { ...CERTIFICATE, ...NON_EMPTY },
    },
  ],
  UpdateGatewayResponse: [
    { path: "/statusCode", ops: REPLACE, value: "418", shows: { "/statusCode": "418" }, wrong: { "~": "Invalid Response status code specified" } },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/gatewayresponse.header.a", value: "'b'", wrong: MAPPING },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "{}" },
  ],
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
  UpdateStage: [
    { path: "/accessLogSettings", ops: REMOVE, showsOf: { remove: { "/accessLogSettings/destinationArn": undefined, "/accessLogSettings/format": undefined } } },
    {
      path: "/accessLogSettings/destinationArn",
      ops: ALL,
      value: `${LOG_GROUP}:other`,
      wrong: { "~": "Invalid ARN specified in the request", ...NON_EMPTY },
    },
    {
      path: "/accessLogSettings/format",
      ops: ALL,
      value: "$context.requestId $context.status",
      wrong: { "~": "Access Log format must include at least $context.requestId", ...NON_EMPTY },
    },
    {
      path: "/cacheClusterEnabled",
      ops: REPLACE,
      value: "true",
      shows: { "/cacheClusterEnabled": true, "/cacheClusterStatus": "AVAILABLE", "/cacheClusterSize": "0.5" },
      wrong: BOOLEAN,
    },
    { path: "/cacheClusterSize", ops: REPLACE, value: "1.6", shows: { "/cacheClusterSize": "1.6" }, wrong: oneOf("0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237") },
    {
      path: "/canarySettings",
      ops: REMOVE,
      showsOf: { remove: Object.fromEntries(["deploymentId", "percentTraffic", "stageVariableOverrides/a", "useStageCache"].map((name) => [`/canarySettings/${name}`, undefined])) },
    },
    {
      path: "/canarySettings/deploymentId",
      ops: REPLACE,
      value: "{firstDeployment}",
      wrong: { "~": "404 NotFoundException: Invalid Deployment identifier specified", ...NON_EMPTY },
    },
    { path: "/canarySettings/percentTraffic", ops: REPLACE, value: "12.5", wrong: number(0, 100) },
    {
      path: "/canarySettings/stageVariableOverrides",
      ops: REPLACE,
      value: '{"a":"b"}',
      shows: { "/canarySettings/stageVariableOverrides/a": "b" },
      wrong: { "~": "Must be a JSON object of strings", '{"a":1}': "Must be a JSON object of strings" },
    },
    // Guide: update-canary-deployment.
    { path: "/canarySettings/stageVariableOverrides/{name}", ops: [], also: ["replace", "remove"], at: "/canarySettings/stageVariableOverrides/a", value: "c" },
    { path: "/canarySettings/useStageCache", ops: REPLACE, value: "true", wrong: BOOLEAN },
    { path: "/clientCertificateId", ops: REPLACE, value: "", shows: {}, wrong: { "~": "Invalid Client Certificate identifier specified" } },
    {
      path: "/deploymentId",
      ops: ["replace", "copy"],
      value: "{secondDeployment}",
      from: "/canarySettings/deploymentId",
      shows: { "/deploymentId": "{secondDeployment}" },
      wrong: { "~": "404 NotFoundException: Invalid Deployment identifier specified", ...NON_EMPTY },
    },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/documentationVersion", ops: REPLACE, value: "first", wrong: { "~": "Invalid Documentation version specified" } },
    {
      path: "/methodSettings",
      ops: REPLACE,
      value: '{"*/*":{"metricsEnabled":true}}',
      shows: settings("*~1*", { metricsEnabled: true }),
      wrong: { "~": "Must be a JSON object of method settings" },
    },
    // Guide: promote-canary-deployment, for copy.
    {
      path: "/variables",
      ops: ["replace", "remove"],
      also: ["copy"],
      value: '{"a":"c"}',
      from: "/canarySettings/stageVariableOverrides",
      showsOf: {
        replace: { "/variables/a": "c", "/variables/b": undefined },
        remove: { "/variables/a": undefined, "/variables/b": undefined },
        copy: { "/variables/a": "1", "/variables/b": undefined },
      },
      wrong: { "~": "Must be a JSON object of strings" },
    },
    // Guide: aws-api-gateway-stage-variables-reference has no removal; Terraform's provider removes.
    {
      path: "/variables/*",
      ops: REPLACE,
      also: REMOVE,
      at: "/variables/b",
      value: "c",
      wrong: {
        "": "Invalid stage variable value: .  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
      },
    },
    { path: "/tracingEnabled", ops: REPLACE, value: "true", wrong: BOOLEAN },
    // Terraform's provider takes all settings of a method away.
    { path: METHOD_SETTING, ops: [], also: REMOVE, at: "/~1pets/GET", before: [set("/~1pets/GET/caching/enabled", "true")], showsOf: { remove: Object.fromEntries(Object.keys(settings("~01pets~1GET", {})).map((name) => [name, undefined])) } },
    setting("metrics/enabled", "true", { metricsEnabled: true }, BOOLEAN),
    setting("logging/dataTrace", "true", { dataTraceEnabled: true }, BOOLEAN),
    setting("logging/loglevel", "INFO", { loggingLevel: "INFO" }, oneOf("OFF, ERROR, INFO")),
    setting("throttling/burstLimit", "7", { throttlingBurstLimit: 7 }, integer(-1, MOST)),
    setting("throttling/rateLimit", "7.5", { throttlingRateLimit: 7.5 }, number(-1, MOST)),
    setting("caching/enabled", "true", { cachingEnabled: true }, BOOLEAN),
    setting("caching/dataEncrypted", "true", { cacheDataEncrypted: true }, BOOLEAN),
    setting("caching/ttlInSeconds", "7", { cacheTtlInSeconds: 7 }, integer(0, 3600)),
    setting("caching/requireAuthorizationForCacheControl", "false", { requireAuthorizationForCacheControl: false }, BOOLEAN),
    setting(
      "caching/unauthorizedCacheControlHeaderStrategy",
      "FAIL_WITH_403",
      { unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" },
      oneOf("FAIL_WITH_403, SUCCEED_WITH_RESPONSE_HEADER, SUCCEED_WITHOUT_RESPONSE_HEADER"),
    ),
  ],
  UpdateUsage: [{ path: "/remaining", ops: REPLACE, value: "77", shows: { "/items/0/0/1": 77 }, wrong: integer(0, MOST) }],
  UpdateUsagePlan: [
    { path: `${THROTTLE}${METHOD_SETTING}`, ops: REMOVE, at: `${PLAN_STAGE}/~1pets/GET`, showsOf: { remove: NO_METHOD_THROTTLE } },
    {
      path: `${THROTTLE}${METHOD_SETTING}/rateLimit`,
      ops: CHANGE,
      at: `${PLAN_STAGE}/~1pets/GET/rateLimit`,
      value: "7.5",
      shows: { [`${METHOD_THROTTLE}/rateLimit`]: 7.5 },
      wrong: number(0, MOST),
    },
    {
      path: `${THROTTLE}${METHOD_SETTING}/burstLimit`,
      ops: CHANGE,
      at: `${PLAN_STAGE}/~1pets/GET/burstLimit`,
      value: "7",
      shows: { [`${METHOD_THROTTLE}/burstLimit`]: 7 },
      wrong: integer(0, MOST),
    },
    {
      path: THROTTLE,
      ops: ALL,
      at: PLAN_STAGE,
      value: '{"/pets/GET":{"rateLimit":1.5,"burstLimit":7}}',
      shows: { [`${METHOD_THROTTLE}/rateLimit`]: 1.5, [`${METHOD_THROTTLE}/burstLimit`]: 7 },
      showsOf: { remove: NO_METHOD_THROTTLE },
      wrong: { "~": "Must be a JSON object of throttle settings" },
    },
    {
      path: "/apiStages",
      ops: ADD_REMOVE,
      value: "{restApiId}:beta",
      removes: "{restApiId}:prod",
      shows: { "/apiStages/1/apiId": "{restApiId}", "/apiStages/1/stage": "beta" },
      showsOf: { remove: { "/apiStages/0/apiId": undefined, "/apiStages/0/stage": undefined, ...NO_METHOD_THROTTLE } },
      wrong: { "~": "Invalid API Stage specified" },
    },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/name", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    { path: "/productCode", ops: ALL, value: "p", before: [set("/productCode", "before")] },
    { path: "/quota", ops: REMOVE, showsOf: { remove: { "/quota/limit": undefined, "/quota/offset": undefined, "/quota/period": undefined } } },
    { path: "/quota/limit", ops: CHANGE, value: "7", wrong: integer(0, MOST) },
    { path: "/quota/offset", ops: CHANGE, value: "2", wrong: { ...integer(0, MOST), 7: "Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period" } },
    { path: "/quota/period", ops: CHANGE, value: "MONTH", wrong: oneOf("DAY, WEEK, MONTH") },
    // Method throttles need the plan's own.
    { path: "/throttle", ops: REMOVE, given: "bare", showsOf: { remove: { "/throttle/rateLimit": undefined, "/throttle/burstLimit": undefined } } },
    { path: "/throttle/burstLimit", ops: CHANGE, value: "7", wrong: integer(0, MOST) },
    { path: "/throttle/rateLimit", ops: CHANGE, value: "7.5", wrong: number(0, MOST) },
  ],
  UpdateVpcLink: [
    { path: "/name", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    { path: "/description", ops: REPLACE, value: "d" },
  ],
};
