// AWS's whole table of patch operations, path by path and op by op: what it lists is done, what it does not list is refused
// (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html).
import { describe, expect, test } from "vitest";
import { call, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

type Op = "add" | "replace" | "remove" | "copy";
type Patch = Model.PatchOperation;
type Update = (patchOperations: readonly Patch[]) => Promise<unknown>;

interface Row {
  /** As the page has it. */
  readonly path: string;
  /** The ops that the page lists. */
  readonly ops: readonly Op[];
  /** Ops that AWS takes too, by other pages. */
  readonly also?: readonly Op[];
  /** One path of this form; the same when absent. */
  readonly at?: string;
  readonly value?: string | ((made: Made) => string);
  readonly from?: string;
  /** What is there before. */
  readonly before?: readonly Patch[];
  /** What the request holds besides, as the page's table asks. */
  readonly besides?: readonly Patch[];
  /** Ops that change nothing that answers show. */
  readonly unseen?: readonly Op[];
  /** What `remove` names; the value when absent. */
  readonly removes?: string;
  readonly given?: Given;
}

interface Made {
  readonly restApiId: string;
  readonly secondDeployment: string;
  readonly otherResource: string;
  readonly update: Update;
}

type Given = "private" | "edge" | "regional" | "mutual" | "enhanced" | "userPools" | "request" | "strictable" | "bare";

const ROLE = "arn:aws:iam::000000000000:role/logs";
const EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const OTHER_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/two";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}';
const ALL = ["add", "replace", "remove"] as const;
const REPLACE = ["replace"] as const;
const CHANGE = ["add", "replace"] as const;
const ADD_REMOVE = ["add", "remove"] as const;
const REMOVE = ["remove"] as const;

const set = (path: string, value: string): Patch => ({ op: "replace", path, value });
const add = (path: string, value: string): Patch => ({ op: "add", path, value });
const METHOD_SETTING = "/{resourcePath}/{httpMethod}";
const setting = (name: string, value: string): Row => ({ path: `${METHOD_SETTING}/${name}`, ops: REPLACE, at: `/~1pets/GET/${name}`, value });
const toEdge = { given: "regional", besides: [add("/endpointConfiguration/types", "EDGE")] } as const;
const TWO_TYPES = [add("/endpointConfiguration/types", "REGIONAL"), add("/regionalCertificateArn", EDGE_CERTIFICATE)];
const fromEdge: Partial<Row> = { given: "edge", before: TWO_TYPES, besides: [{ op: "remove", path: "/endpointConfiguration/types", value: "EDGE" }] };
const MUTUAL_URI = "s3://bucket/key";

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  UpdateAccount: [
    { path: "/cloudwatchRoleArn", ops: REPLACE, value: ROLE },
    // The one feature that there is cannot be removed, as the page says.
    { path: "/features", ops: ["add"], also: REMOVE, value: "UsagePlans", unseen: ["add"] },
  ],
  UpdateApiKey: [
    { path: "/customerId", ops: REPLACE, value: "c" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/enabled", ops: REPLACE, value: "false" },
    { path: "/labels", ops: ADD_REMOVE, value: "l", unseen: ADD_REMOVE },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/stages", ops: ["add"], value: ({ restApiId }) => `${restApiId}/prod` },
    { path: "/stages", ops: REMOVE, also: ["add"], value: ({ restApiId }) => `${restApiId}/prod`, unseen: REMOVE },
  ],
  UpdateAuthorizer: [
    { path: "/authorizerUri", ops: REPLACE, value: FUNCTION.replace(":auth/", ":other/") },
    { path: "/authorizerCredentials", ops: REPLACE, value: ROLE },
    { path: "/authorizerResultTtlInSeconds", ops: REPLACE, value: "7" },
    { path: "/authType", ops: REPLACE, value: "oauth2" },
    { path: "/identitySource", ops: ALL, value: "method.request.querystring.q", given: "request", removes: "method.request.header.Authorization" },
    { path: "/identityValidationExpression", ops: REPLACE, value: "[a-z]+" },
    { path: "/name", ops: REPLACE, value: "other" },
    { path: "/providerARNs", ops: ADD_REMOVE, value: `${POOL}2`, given: "userPools", removes: `${POOL}1` },
    { path: "/type", ops: REPLACE, value: "REQUEST" },
  ],
  UpdateBasePathMapping: [
    { path: "/basepath", ops: REPLACE, value: "v2" },
    { path: "/restapiId", ops: REPLACE, value: ({ restApiId }) => restApiId, unseen: REPLACE },
    { path: "/stage", ops: REPLACE, value: "prod" },
  ],
  UpdateClientCertificate: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDeployment: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDocumentationPart: [{ path: "/properties", ops: REPLACE, value: '{"description":"d"}' }],
  UpdateDocumentationVersion: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateDomainName: [
    { path: "/certificateName", ops: ["add"], value: "named", ...toEdge, besides: [...toEdge.besides, add("/certificateArn", EDGE_CERTIFICATE)] },
    { path: "/certificateName", ops: REPLACE, also: ["add"], value: "named", given: "edge" },
    { path: "/certificateName", ops: REMOVE, also: CHANGE, ...fromEdge, besides: [...(fromEdge.besides ?? []), { op: "remove", path: "/certificateArn" }] },
    { path: "/certificateArn", ops: ["add"], value: EDGE_CERTIFICATE, ...toEdge },
    { path: "/certificateArn", ops: REPLACE, also: ["add"], value: OTHER_CERTIFICATE, given: "edge" },
    { path: "/certificateArn", ops: REMOVE, also: CHANGE, ...fromEdge },
    { path: "/endpointConfiguration/types", ops: ["add"], also: REMOVE, value: "EDGE", given: "regional", besides: [add("/certificateArn", EDGE_CERTIFICATE)] },
    { path: "/endpointConfiguration/types", ops: REMOVE, also: ["add"], value: "EDGE", given: "edge", before: TWO_TYPES, besides: [{ op: "remove", path: "/certificateArn" }] },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack" },
    { path: "/endpointAccessMode", ops: REPLACE, value: "STRICT", given: "enhanced" },
    { path: "/managementPolicy", ops: REPLACE, value: POLICY, given: "private" },
    { path: "/mutualTlsAuthentication/truststoreUri", ops: ALL, value: `${MUTUAL_URI}2`, given: "mutual" },
    { path: "/mutualTlsAuthentication/truststoreVersion", ops: ALL, value: "2", given: "mutual" },
    { path: "/policy", ops: REPLACE, value: POLICY, given: "private" },
    { path: "/regionalCertificateName", ops: ALL, value: "named", given: "regional", before: [set("/regionalCertificateName", "before")] },
    { path: "/regionalCertificateArn", ops: ["add"], value: EDGE_CERTIFICATE, given: "edge", besides: [add("/endpointConfiguration/types", "REGIONAL")] },
    { path: "/regionalCertificateArn", ops: REPLACE, also: ["add"], value: OTHER_CERTIFICATE, given: "regional" },
    {
      path: "/regionalCertificateArn",
      ops: REMOVE,
      also: CHANGE,
      given: "edge",
      before: TWO_TYPES,
      besides: [{ op: "remove", path: "/endpointConfiguration/types", value: "REGIONAL" }],
    },
    { path: "/routingMode", ops: REPLACE, value: "ROUTING_RULE_ONLY" },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_0" },
    {
      path: "/ownershipVerificationCertificateArn",
      ops: ALL,
      value: OTHER_CERTIFICATE,
      given: "mutual",
      before: [set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE)],
    },
  ],
  UpdateGatewayResponse: [
    { path: "/statusCode", ops: REPLACE, value: "418" },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/gatewayresponse.header.a", value: "'b'" },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "{}" },
  ],
  UpdateIntegration: [
    { path: "/cacheKeyParameters", ops: ALL, value: "method.request.header.b", removes: "method.request.header.a" },
    { path: "/cacheNamespace", ops: REPLACE, value: "n" },
    { path: "/connectionId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/connectionType", ops: REPLACE, value: "INTERNET", unseen: REPLACE },
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT" },
    { path: "/httpMethod", ops: REPLACE, value: "POST" },
    { path: "/integrationTarget", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/passthroughBehavior", ops: REPLACE, value: "NEVER" },
    { path: "/requestParameters", ops: ALL, at: "/requestParameters/integration.request.header.a", value: "'b'" },
    { path: "/requestTemplates", ops: ALL, at: "/requestTemplates/application~1json", value: "$input.body" },
    { path: "/responseTransferMode", ops: REPLACE, value: "STREAM" },
    { path: "/timeoutInMillis", ops: REPLACE, value: "500" },
    { path: "/tlsConfig/insecureSkipVerification", ops: REPLACE, value: "true" },
    { path: "/type", ops: [], value: "MOCK" },
    { path: "/uri", ops: REPLACE, value: "http://other.example" },
  ],
  UpdateIntegrationResponse: [
    { path: "/contentHandling", ops: REPLACE, value: "CONVERT_TO_TEXT" },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/method.response.header.a", value: "'b'" },
    { path: "/responseTemplates", ops: ALL, at: "/responseTemplates/application~1json", value: "$input.body" },
    { path: "/selectionPattern", ops: REPLACE, value: "2.." },
  ],
  UpdateMethod: [
    { path: "/authorizationScopes", ops: ADD_REMOVE, value: "s", before: [add("/authorizationScopes", "before")], removes: "before" },
    { path: "/authorizationType", ops: REPLACE, value: "AWS_IAM" },
    { path: "/authorizerId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/apiKeyRequired", ops: REPLACE, value: "true" },
    { path: "/operationName", ops: REPLACE, value: "op" },
    { path: "/requestParameters", ops: ALL, at: "/requestParameters/method.request.header.c", value: "true", before: [add("/requestParameters/method.request.header.c", "false")] },
    { path: "/requestModels", ops: ALL, at: "/requestModels/application~1json", value: "Empty", before: [add("/requestModels/application~1json", "Error")] },
    { path: "/requestValidatorId", ops: REPLACE, value: "", unseen: REPLACE },
  ],
  UpdateMethodResponse: [
    { path: "/responseModels", ops: ALL, at: "/responseModels/application~1json", value: "Empty", before: [add("/responseModels/application~1json", "Error")] },
    { path: "/responseParameters", ops: ALL, at: "/responseParameters/method.response.header.b", value: "true", before: [add("/responseParameters/method.response.header.b", "false")] },
  ],
  UpdateModel: [
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/schema", ops: REPLACE, value: '{"type":"object"}' },
  ],
  UpdateRequestValidator: [
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/validateRequestBody", ops: REPLACE, value: "true" },
    { path: "/validateRequestParameters", ops: REPLACE, value: "true" },
  ],
  UpdateResource: [
    { path: "/parentId", ops: REPLACE, value: ({ otherResource }) => otherResource },
    { path: "/pathPart", ops: REPLACE, value: "cats" },
  ],
  UpdateRestApi: [
    { path: "/apiKeySource", ops: REPLACE, value: "AUTHORIZER" },
    { path: "/binaryMediaTypes", ops: ["add"], at: "/binaryMediaTypes/image~1png" },
    { path: "/binaryMediaTypes", ops: ["replace", "remove"], at: "/binaryMediaTypes/image~1png", value: "image/gif", before: [{ op: "add", path: "/binaryMediaTypes/image~1png" }] },
    { path: "/description", ops: ALL, value: "d", before: [set("/description", "before")] },
    { path: "/disableExecuteApiEndpoint", ops: REPLACE, value: "true" },
    { path: "/endpointConfiguration/types/{type}", ops: REPLACE, at: "/endpointConfiguration/types/EDGE", value: "REGIONAL" },
    { path: "/endpointConfiguration/vpcEndpointIds", ops: ADD_REMOVE, value: "vpce-2", given: "private", removes: "vpce-1" },
    { path: "/endpointConfiguration/ipAddressType", ops: REPLACE, value: "dualstack" },
    { path: "/endpointAccessMode", ops: REPLACE, value: "BASIC", given: "strictable" },
    { path: "/minimumCompressionSize", ops: REPLACE, value: "0" },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/policy", ops: REPLACE, value: POLICY },
    { path: "/securityPolicy", ops: REPLACE, value: "TLS_1_2" },
  ],
  UpdateStage: [
    { path: "/accessLogSettings", ops: REMOVE },
    { path: "/accessLogSettings/*", ops: REPLACE, also: ADD_REMOVE, at: "/accessLogSettings/format", value: "$context.requestId $context.status" },
    { path: "/accessLogSettings/destinationArn", ops: ALL, value: "arn:aws:logs:us-east-1:000000000000:log-group:other" },
    { path: "/accessLogSettings/format", ops: ALL, value: "$context.requestId $context.status" },
    { path: "/cacheClusterEnabled", ops: REPLACE, value: "true" },
    { path: "/cacheClusterSize", ops: REPLACE, value: "1.6" },
    { path: "/canarySettings", ops: REMOVE },
    { path: "/canarySettings/deploymentId", ops: REPLACE, value: ({ secondDeployment }) => secondDeployment, unseen: REPLACE },
    { path: "/canarySettings/percentTraffic", ops: REPLACE, value: "12.5" },
    { path: "/canarySettings/stageVariableOverrides", ops: REPLACE, value: '{"a":"b"}' },
    // Guide: update-canary-deployment.
    { path: "/canarySettings/stageVariableOverrides/{name}", ops: [], also: ["replace", "remove"], at: "/canarySettings/stageVariableOverrides/a", value: "c" },
    { path: "/canarySettings/useStageCache", ops: REPLACE, value: "true" },
    { path: "/clientCertificateId", ops: REPLACE, value: "", unseen: REPLACE },
    { path: "/deploymentId", ops: ["replace", "copy"], value: ({ secondDeployment }) => secondDeployment, from: "/canarySettings/deploymentId" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/documentationVersion", ops: REPLACE, value: "1" },
    { path: "/methodSettings", ops: REPLACE, value: '{"*/*":{"metricsEnabled":true}}' },
    // Guide: promote-canary-deployment, for copy.
    { path: "/variables", ops: ["replace", "remove"], also: ["copy"], value: '{"a":"c"}', from: "/canarySettings/stageVariableOverrides" },
    // Guide: aws-api-gateway-stage-variables-reference has no removal; Terraform's provider removes.
    { path: "/variables/*", ops: REPLACE, also: REMOVE, at: "/variables/b", value: "c" },
    { path: "/tracingEnabled", ops: REPLACE, value: "true" },
    setting("metrics/enabled", "true"),
    setting("logging/dataTrace", "true"),
    setting("logging/loglevel", "INFO"),
    setting("throttling/burstLimit", "7"),
    setting("throttling/rateLimit", "7.5"),
    setting("caching/enabled", "true"),
    setting("caching/dataEncrypted", "true"),
    setting("caching/ttlInSeconds", "7"),
    setting("caching/requireAuthorizationForCacheControl", "false"),
    setting("caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"),
  ],
  UpdateUsage: [{ path: "/remaining", ops: REPLACE, value: "77" }],
  UpdateUsagePlan: [
    { path: "/apiStages", ops: ADD_REMOVE, value: ({ restApiId }) => `${restApiId}:beta`, removes: "prod" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}", ops: REMOVE, at: "throttle/~1pets/GET" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}/rateLimit", ops: CHANGE, at: "throttle/~1pets/GET/rateLimit", value: "7.5" },
    { path: "/apiStages/{apidId:stageName}/throttle/{resourcePath}/{httpMethod}/burstLimit", ops: CHANGE, at: "throttle/~1pets/GET/burstLimit", value: "7" },
    { path: "/apiStages/{apidId:stageName}/throttle", ops: ALL, at: "throttle", value: '{"/pets/GET":{"rateLimit":1.5,"burstLimit":7}}' },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/productCode", ops: ALL, value: "p", before: [set("/productCode", "before")] },
    { path: "/quota", ops: REMOVE },
    { path: "/quota/limit", ops: CHANGE, value: "7" },
    { path: "/quota/offset", ops: CHANGE, value: "2" },
    { path: "/quota/period", ops: CHANGE, value: "MONTH" },
    // Method throttles need the plan's own.
    { path: "/throttle", ops: REMOVE, given: "bare" },
    { path: "/throttle/burstLimit", ops: CHANGE, value: "7" },
    { path: "/throttle/rateLimit", ops: CHANGE, value: "7.5" },
  ],
  UpdateVpcLink: [
    { path: "/name", ops: REPLACE, value: "n" },
    { path: "/description", ops: REPLACE, value: "d" },
  ],
};

/** An API that is deployed twice to a stage `prod`, the second time to its canary, and once to `beta`. */
async function deployed(api: ControlPlane) {
  const { restApiId, rootId, method } = await petStore(api);
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", `${ROLE}2`)] }, call);
  const first = (await api.CreateDeployment({ restApiId, stageName: "beta" }, call)).id as string;
  const secondDeployment = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const stage = { restApiId, stageName: "prod" };
  const canarySettings = { percentTraffic: 5, deploymentId: secondDeployment, stageVariableOverrides: { a: "1" } };
  await api.CreateStage({ ...stage, deploymentId: first, variables: { a: "0", b: "0" }, canarySettings }, call);
  const logs = [set("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:api"), set("/accessLogSettings/format", "$context.requestId")];
  await api.UpdateStage({ ...stage, patchOperations: logs }, call);
  const otherResource = (await api.CreateResource({ restApiId, parentId: rootId, pathPart: "other" }, call)).id as string;
  return { restApiId, method, stage, secondDeployment, otherResource };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;

const DOMAIN: Readonly<Record<string, Omit<Model.CreateDomainNameRequest, "domainName">>> = {
  edge: { certificateArn: EDGE_CERTIFICATE },
  regional: { regionalCertificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["REGIONAL"] } },
  private: { certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] } },
};
const domainOf = (given: Given | undefined): Omit<Model.CreateDomainNameRequest, "domainName"> => {
  const regional = DOMAIN["regional"] as object;
  if (given === "mutual") return { ...regional, mutualTlsAuthentication: { truststoreUri: MUTUAL_URI, truststoreVersion: "1" } };
  if (given === "enhanced") return { ...regional, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" };
  return DOMAIN[given ?? "regional"] ?? regional;
};

const USER_POOLS = { type: "COGNITO_USER_POOLS", providerARNs: [POOL, `${POOL}1`], identitySource: "method.request.header.Authorization" } as const;
const BY_FUNCTION = { type: "TOKEN", authorizerUri: FUNCTION, identitySource: "method.request.header.Authorization" } as const;
const BY_REQUEST = { ...BY_FUNCTION, type: "REQUEST", identitySource: "method.request.header.Authorization,method.request.header.b" } as const;
const authorizerOf = (given: Given | undefined) => (given === "userPools" ? USER_POOLS : given === "request" ? BY_REQUEST : BY_FUNCTION);

/** Makes one of what an operation updates, and gives its update. */
const MAKE: Readonly<Record<string, (api: ControlPlane, made: Deployed, given: Given | undefined) => Promise<Update>>> = {
  UpdateAccount: async (api) => (patchOperations) => api.UpdateAccount({ patchOperations }, call),
  UpdateApiKey: async (api) => {
    const key = { apiKey: (await api.CreateApiKey({ enabled: true }, call)).id as string };
    return (patchOperations) => api.UpdateApiKey({ ...key, patchOperations }, call);
  },
  UpdateAuthorizer: async (api, { restApiId }, given) => {
    const { id } = await api.CreateAuthorizer({ restApiId, name: "a", ...authorizerOf(given) }, call);
    return (patchOperations) => api.UpdateAuthorizer({ restApiId, authorizerId: id as string, patchOperations }, call);
  },
  UpdateBasePathMapping: async (api, { restApiId }) => {
    const domainName = "api.example.com";
    await api.CreateDomainName({ domainName, ...DOMAIN["edge"] }, call);
    await api.CreateBasePathMapping({ domainName, basePath: "v1", restApiId, stage: "beta" }, call);
    return (patchOperations) => api.UpdateBasePathMapping({ domainName, basePath: "v1", patchOperations }, call);
  },
  UpdateClientCertificate: async (api) => {
    const { clientCertificateId } = await api.GenerateClientCertificate({}, call);
    return (patchOperations) => api.UpdateClientCertificate({ clientCertificateId: clientCertificateId as string, patchOperations }, call);
  },
  UpdateDeployment: async (api, { restApiId, secondDeployment: deploymentId }) => (patchOperations) =>
    api.UpdateDeployment({ restApiId, deploymentId, patchOperations }, call),
  UpdateDocumentationPart: async (api, { restApiId }) => {
    const { id } = await api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"before"}' }, call);
    return (patchOperations) => api.UpdateDocumentationPart({ restApiId, documentationPartId: id as string, patchOperations }, call);
  },
  UpdateDocumentationVersion: async (api, { restApiId }) => {
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    return (patchOperations) => api.UpdateDocumentationVersion({ restApiId, documentationVersion: "1", patchOperations }, call);
  },
  UpdateDomainName: async (api, _made, given) => {
    const { domainName, domainNameId } = await api.CreateDomainName({ domainName: "api.example.com", ...domainOf(given) }, call);
    const key = { domainName: domainName as string, ...(domainNameId ? { domainNameId } : {}) };
    return (patchOperations) => api.UpdateDomainName({ ...key, patchOperations }, call);
  },
  UpdateGatewayResponse: async (api, { restApiId }) => {
    const key = { restApiId, responseType: "DEFAULT_4XX" } as const;
    const maps = { responseParameters: { "gatewayresponse.header.a": "'a'" }, responseTemplates: { "application/json": "[]" } };
    await api.PutGatewayResponse({ ...key, ...maps }, call);
    return (patchOperations) => api.UpdateGatewayResponse({ ...key, patchOperations }, call);
  },
  UpdateIntegration: async (api, { method }) => {
    const parameters = { "method.request.header.a": true, "method.request.header.b": true };
    const patchOperations = Object.entries(parameters).map(([name]) => add(`/requestParameters/${name}`, "true"));
    await api.UpdateMethod({ ...method, patchOperations }, call);
    const members = {
      uri: "http://backend.example",
      cacheKeyParameters: ["method.request.header.a"],
      requestParameters: { "integration.request.header.a": "'a'" },
      requestTemplates: { "application/json": "{}" },
    };
    await api.PutIntegration({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", ...members }, call);
    return (operations) => api.UpdateIntegration({ ...method, patchOperations: operations }, call);
  },
  UpdateIntegrationResponse: async (api, { method }) => {
    const key = { ...method, statusCode: "200" };
    await api.PutMethodResponse({ ...key, responseParameters: { "method.response.header.a": false } }, call);
    const maps = { responseParameters: { "method.response.header.a": "'a'" }, responseTemplates: { "application/json": "{}" } };
    await api.PutIntegrationResponse({ ...key, ...maps }, call);
    return (patchOperations) => api.UpdateIntegrationResponse({ ...key, patchOperations }, call);
  },
  UpdateMethod: async (api, { method }) => (patchOperations) => api.UpdateMethod({ ...method, patchOperations }, call),
  UpdateMethodResponse: async (api, { method }) => {
    const key = { ...method, statusCode: "200" };
    await api.PutMethodResponse(key, call);
    return (patchOperations) => api.UpdateMethodResponse({ ...key, patchOperations }, call);
  },
  UpdateModel: async (api, { restApiId }) => {
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json", schema: "{}" }, call);
    return (patchOperations) => api.UpdateModel({ restApiId, modelName: "Pet", patchOperations }, call);
  },
  UpdateRequestValidator: async (api, { restApiId }) => {
    const { id } = await api.CreateRequestValidator({ restApiId, name: "before" }, call);
    return (patchOperations) => api.UpdateRequestValidator({ restApiId, requestValidatorId: id as string, patchOperations }, call);
  },
  UpdateResource: async (api, { restApiId, method: { resourceId } }) => (patchOperations) => api.UpdateResource({ restApiId, resourceId, patchOperations }, call),
  UpdateRestApi: async (api, made, given) => {
    const endpointConfiguration = { types: ["PRIVATE"] as const, vpcEndpointIds: ["vpce-1"] };
    const strictable = { endpointConfiguration: { types: ["REGIONAL"] as const }, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" as const };
    const restApiId =
      given === "private" || given === "strictable"
        ? ((await api.CreateRestApi({ name: "p", ...(given === "private" ? { endpointConfiguration } : strictable) }, call)).id as string)
        : made.restApiId;
    return (patchOperations) => api.UpdateRestApi({ restApiId, patchOperations }, call);
  },
  UpdateStage: async (api, { stage, restApiId }) => {
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    return (patchOperations) => api.UpdateStage({ ...stage, patchOperations }, call);
  },
  UpdateUsage: async (api) => {
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", quota: { limit: 100, period: "DAY" } }, call)).id as string;
    const keyId = (await api.CreateApiKey({}, call)).id as string;
    await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    return (patchOperations) => api.UpdateUsage({ usagePlanId, keyId, patchOperations }, call);
  },
  UpdateUsagePlan: async (api, { restApiId }, given) => {
    const apiStages = given === "bare" ? [] : [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 1 } } }];
    const limits = { quota: { limit: 1, offset: 1, period: "WEEK" as const }, throttle: { rateLimit: 1, burstLimit: 1 } };
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", apiStages, ...limits }, call)).id as string;
    return (patchOperations) => api.UpdateUsagePlan({ usagePlanId, patchOperations }, call);
  },
  UpdateVpcLink: async (api) => {
    const targetArns = ["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef"];
    const vpcLinkId = (await api.CreateVpcLink({ name: "before", targetArns }, call)).id as string;
    return (patchOperations) => api.UpdateVpcLink({ vpcLinkId, patchOperations }, call);
  },
};

async function make(operation: string, given?: Given): Promise<Made & { readonly api: ControlPlane }> {
  const { api } = startControlPlane();
  const made = await deployed(api);
  const update = await (MAKE[operation] as (typeof MAKE)[string])(api, made, given);
  return { ...made, api, update };
}

/** Where a row's operation is done; a usage plan's paths name the API. */
const placeOf = ({ path, at = path }: Row, { restApiId }: Made): string => (at.startsWith("throttle") ? `/apiStages/${restApiId}:prod/${at}` : at);

function patchOf(row: Row, op: Op, made: Made): Patch {
  const { value, from, removes } = row;
  const given = op === "remove" && removes !== undefined ? (removes === "prod" ? `${made.restApiId}:prod` : removes) : value;
  const text = typeof given === "function" ? given(made) : given;
  return { op, path: placeOf(row, made), ...(op === "copy" ? { from: from ?? "/name" } : text === undefined ? {} : { value: text }) };
}

const rows = Object.entries(TABLE).flatMap(([operation, all]) => all.map((row) => ({ operation, row })));
const OPS: readonly Op[] = ["add", "replace", "remove", "copy"];
const cases = rows.flatMap(({ operation, row }) => OPS.map((op) => ({ operation, row, op, name: `${operation} ${op} ${row.path}` })));
const isListed = ({ row, op }: (typeof cases)[number]) => row.ops.includes(op);
const isKnown = ({ operation, row, op }: (typeof cases)[number]) =>
  (TABLE[operation] ?? []).some((each) => (each.at ?? each.path) === (row.at ?? row.path) && (each.ops.includes(op) || each.also?.includes(op)));

test("every Update operation is in the table", () => {
  const { api } = startControlPlane();
  expect(Object.keys(TABLE).sort()).toEqual(Object.keys(api).filter((name) => name.startsWith("Update")).sort());
});

describe("the ops that the page lists are done", () => {
  test.each(cases.filter(isListed))("$name", async ({ operation, row, op }) => {
    const made = await make(operation, row.given);
    if (row.before) await made.update(row.before);
    const before = await made.update([]);
    const answer = await made.update([...(row.besides ?? []), patchOf(row, op, made)]);
    if (row.unseen?.includes(op)) expect(answer).toEqual(before);
    else expect(answer).not.toEqual(before);
  });
});

describe("the ops that it does not list are refused, and change nothing", () => {
  test.each(cases.filter((each) => !isKnown(each)))("$name", async ({ operation, row, op }) => {
    const made = await make(operation, row.given);
    const before = await made.update([]);
    const patch = patchOf(row, op, made);
    const refused = await refusal(made.update([patch]));
    const unknown = `BadRequestException: Invalid patch path  '${patch.path}' specified for op '${op}'. Must be one of: [`;
    // Removals of what may also be the path of a method with slashes.
    const noSuchMethod = [`BadRequestException: Invalid method setting path: ${patch.path}`, `NotFoundException: Method throttle not found: /pets/GET/`];
    expect([unknown, ...(op === "remove" ? noSuchMethod : [])].some((expected) => refused.startsWith(expected)), refused).toBe(true);
    expect(await made.update([])).toEqual(before);
  });
});

describe("everywhere", () => {
  test.each(Object.keys(TABLE))("%s refuses other paths, move, test and an op that is none", async (operation) => {
    const { update } = await make(operation);
    const [{ path }] = TABLE[operation] as [Row];
    for (const op of OPS) {
      expect(await refusal(update([{ op, path: "/no~1such", value: "" }]))).toMatch(
        new RegExp(String.raw`^BadRequestException: Invalid patch path  '/no~1such' specified for op '${op}'\. Must be one of: \[`),
      );
    }
    for (const op of ["move", "test"] as const) {
      expect(await refusal(update([{ op, path, value: "x", from: path }]))).toBe(
        `BadRequestException: Invalid patch path  '${path}' specified for op '${op}'. Must be one of: []`,
      );
    }
  });
});
