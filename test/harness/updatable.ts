// One of everything that the REST control plane updates, and how it is read, updated and removed.
import type * as Model from "../../src/model/apigateway.types.gen.ts";
import { call, type ControlPlane, petStore } from "./control-plane.ts";

export type Patch = Model.PatchOperation;

/** Something that is there, as any control plane on its store may update and remove it. */
export interface Updatable {
  readonly read: (by: ControlPlane) => Promise<unknown>;
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

/** An API whose stages `prod` and `beta` show the first of its two deployments. */
export async function deployed(api: ControlPlane) {
  const { restApiId, rootId } = await petStore(api);
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", `${ROLE}2`)] }, call);
  const first = (await api.CreateDeployment({ restApiId, stageName: "beta" }, call)).id as string;
  const secondDeployment = (await api.CreateDeployment({ restApiId }, call)).id as string;
  await api.CreateStage({ restApiId, stageName: "prod", deploymentId: first }, call);
  await api.CreateDocumentationVersion({ restApiId, documentationVersion: "first" }, call);
  const otherResource = (await api.CreateResource({ restApiId, parentId: rootId, pathPart: "other" }, call)).id as string;
  return { restApiId, rootId, firstDeployment: first, secondDeployment, otherResource };
}

export type Deployed = Awaited<ReturnType<typeof deployed>>;

let resources = 0;

/** A method of a resource that nothing else is told of. */
async function newMethod(api: ControlPlane, { restApiId, rootId }: Deployed) {
  const { id } = await api.CreateResource({ restApiId, parentId: rootId, pathPart: `new${++resources}` }, call);
  const method = { restApiId, resourceId: id as string, httpMethod: "GET" };
  await api.PutMethod({ ...method, authorizationType: "NONE" }, call);
  return method;
}

/** How something is read, updated and removed by operations of one name and key. */
function updatable(key: object, noun: Noun): Updatable {
  const operation = (by: ControlPlane, verb: string) => (by as unknown as Readonly<Record<string, Operation>>)[`${verb}${noun}`] as Operation;
  return {
    read: (by) => operation(by, "Get")(key, call),
    update: (by, patchOperations) => operation(by, "Update")({ ...key, patchOperations }, call),
    remove: (by) => operation(by, "Delete")(key, call),
  };
}

type Operation = (input: object, by: typeof call) => Promise<unknown>;
type Noun = { [Name in keyof ControlPlane]: Name extends `Update${infer Each}` ? Each : never }[keyof ControlPlane];

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
  UpdateAccount: async () => {
    const { read, update } = updatable({}, "Account");
    return { read, update };
  },
  UpdateApiKey: async (api) => updatable({ apiKey: (await api.CreateApiKey({ enabled: true }, call)).id as string }, "ApiKey"),
  UpdateAuthorizer: async (api, { restApiId }, given) => {
    const { id } = await api.CreateAuthorizer({ restApiId, name: "a", ...authorizerOf(given) }, call);
    return updatable({ restApiId, authorizerId: id as string }, "Authorizer");
  },
  UpdateBasePathMapping: async (api, { restApiId }) => {
    const domainName = "api.example.com";
    await api.CreateDomainName({ domainName, ...DOMAIN["edge"] }, call);
    await api.CreateBasePathMapping({ domainName, basePath: "v1", restApiId, stage: "beta" }, call);
    // Updates may change the key.
    const read = async (by: ControlPlane) => (await by.GetBasePathMappings({ domainName }, call)).items?.[0];
    return { ...updatable({ domainName, basePath: "v1" }, "BasePathMapping"), read, remove: (by) => by.DeleteDomainName({ domainName }, call) };
  },
  UpdateClientCertificate: async (api) => {
    const { clientCertificateId } = await api.GenerateClientCertificate({}, call);
    return updatable({ clientCertificateId: clientCertificateId as string }, "ClientCertificate");
  },
  UpdateDeployment: async (api, { restApiId }) => updatable({ restApiId, deploymentId: (await api.CreateDeployment({ restApiId }, call)).id as string }, "Deployment"),
  UpdateDocumentationPart: async (api, { restApiId }) => {
    const { id } = await api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"before"}' }, call);
    return updatable({ restApiId, documentationPartId: id as string }, "DocumentationPart");
  },
  UpdateDocumentationVersion: async (api, { restApiId }) => {
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    return updatable({ restApiId, documentationVersion: "1" }, "DocumentationVersion");
  },
  UpdateDomainName: async (api, _made, given) => {
    const { domainName, domainNameId } = await api.CreateDomainName({ domainName: "api.example.com", ...domainOf(given) }, call);
    return updatable({ domainName: domainName as string, ...(domainNameId ? { domainNameId } : {}) }, "DomainName");
  },
  UpdateGatewayResponse: async (api, { restApiId }) => {
    const key = { restApiId, responseType: "DEFAULT_4XX" } as const;
    const maps = { responseParameters: { "gatewayresponse.header.a": "'a'" }, responseTemplates: { "application/json": "[]" } };
    await api.PutGatewayResponse({ ...key, ...maps }, call);
    return updatable(key, "GatewayResponse");
  },
  UpdateIntegration: async (api, made) => {
    const method = await newMethod(api, made);
    const patchOperations = ["a", "b"].map((name) => add(`/requestParameters/method.request.header.${name}`, "true"));
    await api.UpdateMethod({ ...method, patchOperations }, call);
    const members = {
      uri: "http://backend.example",
      cacheKeyParameters: ["method.request.header.a"],
      requestParameters: { "integration.request.header.a": "'a'" },
      requestTemplates: { "application/json": "{}" },
    };
    await api.PutIntegration({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", ...members }, call);
    return updatable(method, "Integration");
  },
  UpdateIntegrationResponse: async (api, made) => {
    const method = await newMethod(api, made);
    await api.PutIntegration({ ...method, type: "MOCK" }, call);
    const key = { ...method, statusCode: "200" };
    await api.PutMethodResponse({ ...key, responseParameters: { "method.response.header.a": false } }, call);
    const maps = { responseParameters: { "method.response.header.a": "'a'" }, responseTemplates: { "application/json": "{}" } };
    await api.PutIntegrationResponse({ ...key, ...maps }, call);
    return updatable(key, "IntegrationResponse");
  },
  UpdateMethod: async (api, made) => updatable(await newMethod(api, made), "Method"),
  UpdateMethodResponse: async (api, made) => {
    const key = { ...(await newMethod(api, made)), statusCode: "200" };
    await api.PutMethodResponse(key, call);
    return updatable(key, "MethodResponse");
  },
  UpdateModel: async (api, { restApiId }) => {
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json", schema: "{}" }, call);
    return updatable({ restApiId, modelName: "Pet" }, "Model");
  },
  UpdateRequestValidator: async (api, { restApiId }) => {
    const { id } = await api.CreateRequestValidator({ restApiId, name: "before" }, call);
    return updatable({ restApiId, requestValidatorId: id as string }, "RequestValidator");
  },
  UpdateResource: async (api, made) => {
    const { restApiId, resourceId } = await newMethod(api, made);
    return updatable({ restApiId, resourceId }, "Resource");
  },
  UpdateRestApi: async (api, _made, given) => {
    const endpointConfiguration = { types: ["PRIVATE"] as const, vpcEndpointIds: ["vpce-1"] };
    const strictable = { endpointConfiguration: { types: ["REGIONAL"] as const }, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" as const };
    const { id } = await api.CreateRestApi({ name: "p", ...(given === "private" ? { endpointConfiguration } : given === "strictable" ? strictable : {}) }, call);
    return updatable({ restApiId: id as string }, "RestApi");
  },
  UpdateStage: async (api, { restApiId, firstDeployment: deploymentId, secondDeployment }) => {
    const stage = { restApiId, stageName: "updated" };
    const canarySettings = { percentTraffic: 5, deploymentId: secondDeployment, stageVariableOverrides: { a: "1" } };
    await api.CreateStage({ ...stage, deploymentId, variables: { a: "0", b: "0" }, canarySettings }, call);
    const logs = [set("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:api"), set("/accessLogSettings/format", "$context.requestId")];
    await api.UpdateStage({ ...stage, patchOperations: logs }, call);
    return updatable(stage, "Stage");
  },
  UpdateUsage: async (api) => {
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", quota: { limit: 100, period: "DAY" } }, call)).id as string;
    const keyId = (await api.CreateApiKey({}, call)).id as string;
    await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    // What the one key has used, without its name.
    const figures = ({ items = {}, ...usage }: Model.Usage) => ({ ...usage, items: Object.values(items) });
    const [today = ""] = new Date().toISOString().split("T");
    return {
      read: async (by) => figures(await by.GetUsage({ usagePlanId, startDate: today, endDate: today }, call)),
      update: async (by, patchOperations) => figures(await by.UpdateUsage({ usagePlanId, keyId, patchOperations }, call)),
      remove: (by) => by.DeleteUsagePlanKey({ usagePlanId, keyId }, call),
    };
  },
  UpdateUsagePlan: async (api, { restApiId }, given) => {
    const apiStages = given === "bare" ? [] : [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { rateLimit: 1, burstLimit: 1 } } }];
    const limits = { quota: { limit: 1, offset: 1, period: "WEEK" as const }, throttle: { rateLimit: 1, burstLimit: 1 } };
    const usagePlanId = (await api.CreateUsagePlan({ name: "p", apiStages, ...limits }, call)).id as string;
    const withoutStages = async (by: ControlPlane) => {
      const { apiStages: associated = [] } = await by.GetUsagePlan({ usagePlanId }, call);
      const patchOperations = associated.map(({ apiId, stage }): Patch => ({ op: "remove", path: "/apiStages", value: `${apiId}:${stage}` }));
      await by.UpdateUsagePlan({ usagePlanId, patchOperations }, call);
    };
    const plan = updatable({ usagePlanId }, "UsagePlan");
    return { ...plan, remove: async (by) => (await withoutStages(by), plan.remove?.(by)) };
  },
  UpdateVpcLink: async (api) => {
    const targetArns = ["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef"];
    const vpcLinkId = (await api.CreateVpcLink({ name: "before", targetArns }, call)).id as string;
    return updatable({ vpcLinkId }, "VpcLink");
  },
};
