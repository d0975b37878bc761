// One of everything that the REST control plane updates, and how it is updated and removed.
import type * as Model from "../../src/model/apigateway.types.gen.ts";
import { call, type ControlPlane, petStore } from "./control-plane.ts";

export type Patch = Model.PatchOperation;

/** Something that is there, as any control plane on its store may update and remove it. */
export interface Updatable {
  readonly update: (by: ControlPlane, patchOperations: readonly Patch[]) => Promise<unknown>;
  /** Absent of what is never removed. */
  readonly remove?: (by: ControlPlane) => Promise<unknown>;
}

/** Which of several sorts a thing is. */
export type Sort = "private" | "edge" | "regional" | "mutual" | "enhanced" | "userPools" | "request" | "strictable" | "bare";

export const ROLE = "arn:aws:iam::000000000000:role/logs";
export const EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/one";
export const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
export const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
export const MUTUAL_URI = "s3://bucket/key";

export const set = (path: string, value: string): Patch => ({ op: "replace", path, value });
export const add = (path: string, value: string): Patch => ({ op: "add", path, value });

/** An API that is deployed twice to a stage `prod`, the second time to its canary, and once to `beta`. */
export async function deployed(api: ControlPlane) {
  const { restApiId, rootId, method } = await petStore(api);
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", `${ROLE}2`)] }, call);
  const first = (await api.CreateDeployment({ restApiId, stageName: "beta" }, call)).id as string;
  const secondDeployment = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const otherDeployment = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const stage = { restApiId, stageName: "prod" };
  const canarySettings = { percentTraffic: 5, deploymentId: secondDeployment, stageVariableOverrides: { a: "1" } };
  await api.CreateStage({ ...stage, deploymentId: first, variables: { a: "0", b: "0" }, canarySettings }, call);
  const logs = [set("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:api"), set("/accessLogSettings/format", "$context.requestId")];
  await api.UpdateStage({ ...stage, patchOperations: logs }, call);
  const otherResource = (await api.CreateResource({ restApiId, parentId: rootId, pathPart: "other" }, call)).id as string;
  return { restApiId, method, stage, secondDeployment, otherDeployment, otherResource };
}

export type Deployed = Awaited<ReturnType<typeof deployed>>;

const DOMAIN: Readonly<Record<string, Omit<Model.CreateDomainNameRequest, "domainName">>> = {
  edge: { certificateArn: EDGE_CERTIFICATE },
  regional: { regionalCertificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["REGIONAL"] } },
  private: { certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] } },
};
const domainOf = (given: Sort | undefined): Omit<Model.CreateDomainNameRequest, "domainName"> => {
  const regional = DOMAIN["regional"] as object;
  if (given === "mutual") return { ...regional, mutualTlsAuthentication: { truststoreUri: MUTUAL_URI, truststoreVersion: "1" } };
  if (given === "enhanced") return { ...regional, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" };
  return DOMAIN[given ?? "regional"] ?? regional;
};

const USER_POOLS = { type: "COGNITO_USER_POOLS", providerARNs: [POOL, `${POOL}1`], identitySource: "method.request.header.Authorization" } as const;
const BY_FUNCTION = { type: "TOKEN", authorizerUri: FUNCTION, identitySource: "method.request.header.Authorization" } as const;
const BY_REQUEST = { ...BY_FUNCTION, type: "REQUEST", identitySource: "method.request.header.Authorization,method.request.header.b" } as const;
const authorizerOf = (given: Sort | undefined) => (given === "userPools" ? USER_POOLS : given === "request" ? BY_REQUEST : BY_FUNCTION);

/** Makes one of what an operation updates, by the name of the operation; `given` may ask for a sort of it. */
export const UPDATABLES: Readonly<Record<string, (api: ControlPlane, made: Deployed, given?: Sort) => Promise<Updatable>>> = {
  UpdateAccount: async () => ({ update: (by, patchOperations) => by.UpdateAccount({ patchOperations }, call) }),
  UpdateApiKey: async (api) => {
    const key = { apiKey: (await api.CreateApiKey({ enabled: true }, call)).id as string };
    return { update: (by, patchOperations) => by.UpdateApiKey({ ...key, patchOperations }, call), remove: (by) => by.DeleteApiKey(key, call) };
  },
  UpdateAuthorizer: async (api, { restApiId }, given) => {
    const { id } = await api.CreateAuthorizer({ restApiId, name: "a", ...authorizerOf(given) }, call);
    return { update: (by, patchOperations) => by.UpdateAuthorizer({ restApiId, authorizerId: id as string, patchOperations }, call), remove: (by) => by.DeleteAuthorizer({ restApiId, authorizerId: id as string }, call) };
  },
  UpdateBasePathMapping: async (api, { restApiId }) => {
    const domainName = "api.example.com";
    await api.CreateDomainName({ domainName, ...DOMAIN["edge"] }, call);
    await api.CreateBasePathMapping({ domainName, basePath: "v1", restApiId, stage: "beta" }, call);
    return { update: (by, patchOperations) => by.UpdateBasePathMapping({ domainName, basePath: "v1", patchOperations }, call), remove: (by) => by.DeleteBasePathMapping({ domainName, basePath: "v1" }, call) };
  },
  UpdateClientCertificate: async (api) => {
    const { clientCertificateId } = await api.GenerateClientCertificate({}, call);
    return { update: (by, patchOperations) => by.UpdateClientCertificate({ clientCertificateId: clientCertificateId as string, patchOperations }, call), remove: (by) => by.DeleteClientCertificate({ clientCertificateId: clientCertificateId as string }, call) };
  },
  UpdateDeployment: async (_api, { restApiId, otherDeployment: deploymentId }) => ({
    update: (by, patchOperations) => by.UpdateDeployment({ restApiId, deploymentId, patchOperations }, call),
    remove: (by) => by.DeleteDeployment({ restApiId, deploymentId }, call),
  }),
  UpdateDocumentationPart: async (api, { restApiId }) => {
    const { id } = await api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"before"}' }, call);
    return { update: (by, patchOperations) => by.UpdateDocumentationPart({ restApiId, documentationPartId: id as string, patchOperations }, call), remove: (by) => by.DeleteDocumentationPart({ restApiId, documentationPartId: id as string }, call) };
  },
  UpdateDocumentationVersion: async (api, { restApiId }) => {
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    return { update: (by, patchOperations) => by.UpdateDocumentationVersion({ restApiId, documentationVersion: "1", patchOperations }, call), remove: (by) => by.DeleteDocumentationVersion({ restApiId, documentationVersion: "1" }, call) };
  },
  UpdateDomainName: async (api, _made, given) => {
    const { domainName, domainNameId } = await api.CreateDomainName({ domainName: "api.example.com", ...domainOf(given) }, call);
    const key = { domainName: domainName as string, ...(domainNameId ? { domainNameId } : {}) };
    return { update: (by, patchOperations) => by.UpdateDomainName({ ...key, patchOperations }, call), remove: (by) => by.DeleteDomainName(key, call) };
  },
  UpdateGatewayResponse: async (api, { restApiId }) => {
    const key = { restApiId, responseType: "DEFAULT_4XX" } as const;
    const maps = { responseParameters: { "gatewayresponse.header.a": "'a'" }, responseTemplates: { "application/json": "[]" } };
    await api.PutGatewayResponse({ ...key, ...maps }, call);
    return { update: (by, patchOperations) => by.UpdateGatewayResponse({ ...key, patchOperations }, call), remove: (by) => by.DeleteGatewayResponse(key, call) };
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
    return { update: (by, operations) => by.UpdateIntegration({ ...method, patchOperations: operations }, call), remove: (by) => by.DeleteIntegration(method, call) };
  },
  UpdateIntegrationResponse: async (api, { method }) => {
    const key = { ...method, statusCode: "200" };
    await api.PutMethodResponse({ ...key, responseParameters: { "method.response.header.a": false } }, call);
    const maps = { responseParameters: { "method.response.header.a": "'a'" }, responseTemplates: { "application/json": "{}" } };
    await api.PutIntegrationResponse({ ...key, ...maps }, call);
    return { update: (by, patchOperations) => by.UpdateIntegrationResponse({ ...key, patchOperations }, call), remove: (by) => by.DeleteIntegrationResponse(key, call) };
  },
  UpdateMethod: async (_api, { method }) => ({
    update: (by, patchOperations) => by.UpdateMethod({ ...method, patchOperations }, call),
    remove: (by) => by.DeleteMethod(method, call),
  }),
  UpdateMethodResponse: async (api, { method }) => {
    const key = { ...method, statusCode: "200" };
    await api.PutMethodResponse(key, call);
    return { update: (by, patchOperations) => by.UpdateMethodResponse({ ...key, patchOperations }, call), remove: (by) => by.DeleteMethodResponse(key, call) };
  },
  UpdateModel: async (api, { restApiId }) => {
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json", schema: "{}" }, call);
    return { update: (by, patchOperations) => by.UpdateModel({ restApiId, modelName: "Pet", patchOperations }, call), remove: (by) => by.DeleteModel({ restApiId, modelName: "Pet" }, call) };
  },
  UpdateRequestValidator: async (api, { restApiId }) => {
    const { id } = await api.CreateRequestValidator({ restApiId, name: "before" }, call);
    return { update: (by, patchOperations) => by.UpdateRequestValidator({ restApiId, requestValidatorId: id as string, patchOperations }, call), remove: (by) => by.DeleteRequestValidator({ restApiId, requestValidatorId: id as string }, call) };
  },
  UpdateResource: async (_api, { restApiId, method: { resourceId } }) => ({
    update: (by, patchOperations) => by.UpdateResource({ restApiId, resourceId, patchOperations }, call),
    remove: (by) => by.DeleteResource({ restApiId, resourceId }, call),
  }),
  UpdateRestApi: async (api, made, given) => {
    const endpointConfiguration = { types: ["PRIVATE"] as const, vpcEndpointIds: ["vpce-1"] };
    const strictable = { endpointConfiguration: { types: ["REGIONAL"] as const }, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" as const };
    const restApiId =
      given === "private" || given === "strictable"
        ? ((await api.CreateRestApi({ name: "p", ...(given === "private" ? { endpointConfiguration } : strictable) }, call)).id as string)
        : made.restApiId;
    return { update: (by, patchOperations) => by.UpdateRestApi({ restApiId, patchOperations }, call), remove: (by) => by.DeleteRestApi({ restApiId }, call) };
  },
  UpdateStage: async (api, { stage, restApiId }) => {
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    return { update: (by, patchOperations) => by.UpdateStage({ ...stage, patchOperations }, call), remove: (by) => by.DeleteStage(stage, call) };
  },
  UpdateUsage: async (api) => {
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", quota: { limit: 100, period: "DAY" } }, call)).id as string;
    const keyId = (await api.CreateApiKey({}, call)).id as string;
    await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    return { update: (by, patchOperations) => by.UpdateUsage({ usagePlanId, keyId, patchOperations }, call), remove: (by) => by.DeleteUsagePlanKey({ usagePlanId, keyId }, call) };
  },
  UpdateUsagePlan: async (api, { restApiId }, given) => {
    const apiStages = given === "bare" ? [] : [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 1 } } }];
    const limits = { quota: { limit: 1, offset: 1, period: "WEEK" as const }, throttle: { rateLimit: 1, burstLimit: 1 } };
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", apiStages, ...limits }, call)).id as string;
    return { update: (by, patchOperations) => by.UpdateUsagePlan({ usagePlanId, patchOperations }, call), remove: (by) => by.DeleteUsagePlan({ usagePlanId }, call) };
  },
  UpdateVpcLink: async (api) => {
    const targetArns = ["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef"];
    const vpcLinkId = (await api.CreateVpcLink({ name: "before", targetArns }, call)).id as string;
    return { update: (by, patchOperations) => by.UpdateVpcLink({ vpcLinkId, patchOperations }, call), remove: (by) => by.DeleteVpcLink({ vpcLinkId }, call) };
  },
};

