// All 124 operations of the REST control plane, called one after the other on the service itself, and through the AWS SDK and the
// aws command over a socket: all see the same answers and the same refusals.
import * as sdk from "@aws-sdk/client-api-gateway";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../../src/domain/errors.ts";
import { apiGateway } from "../../src/model/apigateway.gen.ts";
import type { OperationTable } from "../../src/model/table.ts";
import { awsInstalled } from "../harness/aws-command.ts";
import { comparable } from "../harness/comparable.ts";
import { CommandRefusal, throughAws } from "../harness/control-plane-through-aws.ts";
import { throughSdk } from "../harness/control-plane-through-sdk.ts";
import { call, type ControlPlane, startControlPlane } from "../harness/control-plane.ts";
import { serveControlPlane } from "../harness/served-control-plane.ts";
import { EDGE_CERTIFICATE, FUNCTION, POOL, set } from "../harness/updatable.ts";

const testInvocations = {
  testInvoke: async () => ({ status: 200, headers: ["a", "b"], body: Buffer.from("{}"), log: "done", latencyMs: 3 }),
  testAuthorizer: async () => ({ clientStatus: 0, log: "done", latencyMs: 3, principalId: "me", policy: "{}" }),
};

interface Entry {
  readonly operation: string;
  readonly outcome: unknown;
}

/** The same service, with notes of what was called and what came of it. */
function noting(api: ControlPlane): { readonly api: ControlPlane; readonly notes: Entry[] } {
  const notes: Entry[] = [];
  const noted = new Proxy(api, {
    get: (target, name) => async (input: never) => {
      const operation = String(name);
      try {
        const output: unknown = await (target[name as keyof ControlPlane] as (input: never, caller: typeof call) => Promise<unknown>)(input, call);
        notes.push({ operation, outcome: comparable(output) });
        return output;
      } catch (error) {
        notes.push({ operation, outcome: refusalOf(error) });
        throw error;
      }
    },
  });
  return { api: noted, notes };
}

function refusalOf(error: unknown): unknown {
  if (error instanceof ServiceError) return { refused: error.code, message: error.message };
  if (error instanceof sdk.APIGatewayServiceException || error instanceof CommandRefusal) return { refused: error.name, message: error.message };
  throw error;
}

const refused = (operation: Promise<unknown>): Promise<unknown> => operation.then(() => expect.fail("not refused"), refusalOf);
const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const DOCUMENT = Buffer.from('{"openapi":"3.0.1","info":{"title":"imported","version":"1"},"paths":{}}');

/** Of `CreateX`, the id that was given. */
const id = async (made: Promise<{ readonly id?: string | undefined }>): Promise<string> => (await made).id as string;

/** An API with everything that is part of it, from the first operation to the last. */
async function liveAnApi(api: ControlPlane): Promise<void> {
  const restApiId = await id(api.CreateRestApi({ name: "life", tags: { a: "b" } }, call));
  const { rootResourceId } = await api.GetRestApi({ restApiId }, call);
  const resourceId = await id(api.CreateResource({ restApiId, parentId: rootResourceId as string, pathPart: "pets" }, call));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  const response = { ...method, statusCode: "200" };
  const validator = { restApiId, requestValidatorId: await id(api.CreateRequestValidator({ restApiId, name: "v" }, call)) };
  const authorizer = { restApiId, authorizerId: await id(api.CreateAuthorizer({ restApiId, name: "a", type: "TOKEN", authorizerUri: FUNCTION, identitySource: "method.request.header.a" }, call)) };
  const model = { restApiId, modelName: "Pet" };
  await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json", schema: '{"type":"object"}' }, call);
  await api.PutMethod({ ...method, authorizationType: "NONE", requestParameters: { "method.request.header.a": true } }, call);
  await api.PutMethodResponse({ ...response, responseModels: { "application/json": "Pet" } }, call);
  await api.PutIntegration({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode":200}' } }, call);
  await api.PutIntegrationResponse({ ...response, responseTemplates: { "application/json": "" } }, call);
  const gatewayResponse = { restApiId, responseType: "DEFAULT_4XX" } as const;
  await api.PutGatewayResponse({ ...gatewayResponse, statusCode: "418", responseParameters: { "gatewayresponse.header.a": "'b'" } }, call);
  const part = { restApiId, documentationPartId: await id(api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"d"}' }, call)) };
  const version = { restApiId, documentationVersion: "1" };
  await api.CreateDocumentationVersion(version, call);
  await api.ImportDocumentationParts({ restApiId, mode: "merge", body: DOCUMENT }, call);
  const deployment = { restApiId, deploymentId: await id(api.CreateDeployment({ restApiId, description: "first" }, call)) };
  const stage = { restApiId, stageName: "prod" };
  await api.CreateStage({ ...stage, deploymentId: deployment.deploymentId, variables: { a: "1" } }, call);
  await api.TestInvokeMethod({ ...method, pathWithQueryString: "/pets" }, call);
  await api.TestInvokeAuthorizer({ ...authorizer, headers: { a: "token" } }, call);

  await api.UpdateRestApi({ restApiId, patchOperations: [set("/description", "d"), { op: "add", path: "/binaryMediaTypes/image~1png" }] }, call);
  await api.UpdateResource({ restApiId, resourceId, patchOperations: [set("/pathPart", "cats")] }, call);
  await api.UpdateMethod({ ...method, patchOperations: [set("/operationName", "getCats")] }, call);
  await api.UpdateMethodResponse({ ...response, patchOperations: [{ op: "add", path: "/responseParameters/method.response.header.a", value: "false" }] }, call);
  await api.UpdateIntegration({ ...method, patchOperations: [set("/timeoutInMillis", "100")] }, call);
  await api.UpdateIntegrationResponse({ ...response, patchOperations: [set("/selectionPattern", "2.."), set("/responseTemplates/text~1plain", "t")] }, call);
  await api.UpdateModel({ ...model, patchOperations: [set("/description", "d")] }, call);
  await api.UpdateRequestValidator({ ...validator, patchOperations: [set("/validateRequestBody", "true")] }, call);
  await api.UpdateAuthorizer({ ...authorizer, patchOperations: [set("/authorizerResultTtlInSeconds", "0")] }, call);
  await api.UpdateGatewayResponse({ ...gatewayResponse, patchOperations: [set("/statusCode", "404")] }, call);
  await api.UpdateDocumentationPart({ ...part, patchOperations: [set("/properties", "{}")] }, call);
  await api.UpdateDocumentationVersion({ ...version, patchOperations: [set("/description", "d")] }, call);
  await api.UpdateDeployment({ ...deployment, patchOperations: [set("/description", "second")] }, call);
  await api.UpdateStage({ ...stage, patchOperations: [set("/variables/b", "2"), set("/*/*/caching/ttlInSeconds", "7")] }, call);
  await refused(api.UpdateStage({ ...stage, patchOperations: [{ op: "move", path: "/a", from: "/b" }] }, call));

  await api.GetResource({ restApiId, resourceId, embed: ["methods"] }, call);
  await api.GetResources({ restApiId, limit: 1 }, call);
  await api.GetMethod(method, call);
  await api.GetMethodResponse(response, call);
  await api.GetIntegration(method, call);
  await api.GetIntegrationResponse(response, call);
  await api.GetModel({ ...model, flatten: true }, call);
  await api.GetModelTemplate(model, call);
  await api.GetModels({ restApiId, limit: 2 }, call);
  await api.GetRequestValidator(validator, call);
  await api.GetRequestValidators({ restApiId }, call);
  await api.GetAuthorizer(authorizer, call);
  await api.GetAuthorizers({ restApiId }, call);
  await api.GetGatewayResponse(gatewayResponse, call);
  await api.GetGatewayResponses({ restApiId }, call);
  await api.GetDocumentationPart(part, call);
  await api.GetDocumentationParts({ restApiId, type: "API" }, call);
  await api.GetDocumentationVersion(version, call);
  await api.GetDocumentationVersions({ restApiId }, call);
  await api.GetDeployment({ ...deployment, embed: ["apisummary"] }, call);
  await api.GetDeployments({ restApiId }, call);
  await api.GetStage(stage, call);
  await api.GetStages({ restApiId, deploymentId: deployment.deploymentId }, call);
  await api.GetExport({ ...stage, exportType: "oas30", accepts: "application/json", parameters: { extensions: "apigateway" } }, call);
  await refused(api.GetSdk({ ...stage, sdkType: "javascript" }, call));
  await api.FlushStageCache(stage, call);
  await api.FlushStageAuthorizersCache(stage, call);

  await refused(api.DeleteDeployment(deployment, call));
  await api.DeleteStage(stage, call);
  await api.DeleteDeployment(deployment, call);
  await api.DeleteDocumentationVersion(version, call);
  await api.DeleteDocumentationPart(part, call);
  await api.DeleteGatewayResponse(gatewayResponse, call);
  await api.DeleteIntegrationResponse(response, call);
  await api.DeleteIntegration(method, call);
  await api.DeleteMethodResponse(response, call);
  await api.DeleteMethod(method, call);
  await refused(api.GetMethod(method, call));
  await api.DeleteAuthorizer(authorizer, call);
  await api.DeleteRequestValidator(validator, call);
  await api.DeleteModel(model, call);
  await api.DeleteResource({ restApiId, resourceId }, call);
  await api.PutRestApi({ restApiId, mode: "overwrite", body: DOCUMENT }, call);
  await api.DeleteRestApi({ restApiId }, call);
  await refused(api.GetRestApi({ restApiId }, call));
}

/** What an account has besides APIs. */
async function liveAnAccount(api: ControlPlane): Promise<void> {
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", "arn:aws:iam::000000000000:role/logs")] }, call);
  await api.GetAccount({}, call);
  const restApiId = await id(api.ImportRestApi({ body: DOCUMENT, parameters: { endpointConfigurationTypes: "REGIONAL" } }, call));
  await api.GetRestApis({ limit: 1 }, call);
  const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
  await api.TagResource({ resourceArn, tags: { a: "1", b: "2" } }, call);
  await api.UntagResource({ resourceArn, tagKeys: ["a"] }, call);
  await api.GetTags({ resourceArn }, call);

  const key = { apiKey: await id(api.CreateApiKey({ name: "k", value: "01234567890123456789", enabled: true }, call)) };
  await api.UpdateApiKey({ ...key, patchOperations: [set("/description", "d")] }, call);
  await api.GetApiKey({ ...key, includeValue: true }, call);
  await api.ImportApiKeys({ format: "csv", body: Buffer.from("Name,key\nimported,abcdefghijabcdefghijabcdefghij") }, call);
  await api.GetApiKeys({ nameQuery: "k", includeValues: true }, call);
  const plan = { usagePlanId: await id(api.CreateUsagePlan({ name: "p", quota: { limit: 10, period: "DAY" } }, call)) };
  await api.UpdateUsagePlan({ ...plan, patchOperations: [set("/throttle/rateLimit", "1.5"), set("/throttle/burstLimit", "2")] }, call);
  await api.GetUsagePlan(plan, call);
  await api.GetUsagePlans({}, call);
  const planKey = { ...plan, keyId: key.apiKey };
  await api.CreateUsagePlanKey({ ...planKey, keyType: "API_KEY" }, call);
  await api.GetUsagePlanKey(planKey, call);
  await api.GetUsagePlanKeys(plan, call);
  await api.UpdateUsage({ ...planKey, patchOperations: [set("/remaining", "7")] }, call);
  await api.GetUsage({ ...plan, startDate: "2026-01-01", endDate: "2026-01-02" }, call);
  await api.DeleteUsagePlanKey(planKey, call);
  await api.DeleteUsagePlan(plan, call);
  await api.DeleteApiKey(key, call);

  const domain = { domainName: "api.example.com" };
  await api.CreateDomainName({ ...domain, certificateArn: EDGE_CERTIFICATE }, call);
  await api.UpdateDomainName({ ...domain, patchOperations: [set("/securityPolicy", "TLS_1_0")] }, call);
  await api.GetDomainName(domain, call);
  await api.GetDomainNames({}, call);
  const mapping = { ...domain, basePath: "v1" };
  await api.CreateBasePathMapping({ ...mapping, restApiId }, call);
  await refused(api.UpdateBasePathMapping({ ...mapping, patchOperations: [set("/stage", "nowhere")] }, call));
  await api.GetBasePathMapping(mapping, call);
  await api.GetBasePathMappings(domain, call);
  await api.DeleteBasePathMapping(mapping, call);
  await api.DeleteDomainName(domain, call);
  const { domainNameArn = "" } = await api.CreateDomainName({ domainName: "p.example.com", certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] } }, call);
  const source = { accessAssociationSource: "vpce-1", accessAssociationSourceType: "VPCE" } as const;
  const { domainNameAccessAssociationArn = "" } = await api.CreateDomainNameAccessAssociation({ domainNameArn, ...source }, call);
  await api.GetDomainNameAccessAssociations({ resourceOwner: "SELF" }, call);
  await api.RejectDomainNameAccessAssociation({ domainNameAccessAssociationArn, domainNameArn }, call).catch(() => undefined);
  await api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn }, call).catch(() => undefined);

  const link = { vpcLinkId: await id(api.CreateVpcLink({ name: "v", targetArns: [NLB] }, call)) };
  await api.GetVpcLink(link, call);
  await api.UpdateVpcLink({ ...link, patchOperations: [set("/description", "d")] }, call);
  await api.GetVpcLinks({}, call);
  await api.DeleteVpcLink(link, call);
  const { clientCertificateId = "" } = await api.GenerateClientCertificate({ description: "c" }, call);
  await api.UpdateClientCertificate({ clientCertificateId, patchOperations: [set("/description", "d")] }, call);
  await api.GetClientCertificate({ clientCertificateId }, call);
  await api.GetClientCertificates({}, call);
  await api.DeleteClientCertificate({ clientCertificateId }, call);
  await api.GetSdkTypes({}, call);
  await api.GetSdkType({ id: "ruby" }, call);
  await refused(api.CreateAuthorizer({ restApiId, name: "a", type: "COGNITO_USER_POOLS", providerARNs: [POOL] }, call));
}

/** Does it both on the service itself and on one as it is seen through something, and compares. */
async function expectAlike(seen: ControlPlane, live: (api: ControlPlane) => Promise<unknown>): Promise<void> {
  const direct = noting(startControlPlane({ testInvocations }).api);
  const remote = noting(seen);
  await live(direct.api);
  await live(remote.api);
  expect(remote.notes).toEqual(direct.notes);
  const called = new Set(direct.notes.map(({ operation }) => operation));
  expect([...called].sort()).toEqual(Object.keys(apiGateway.operations).sort());
}

async function liveAll(api: ControlPlane): Promise<void> {
  await liveAnApi(api);
  await liveAnAccount(api);
}

const shapes: OperationTable["shapes"] = apiGateway.shapes;

/** Something of a shape, which names nothing that is there. */
function sampleOf(name: string): unknown {
  const shape = shapes[name];
  switch (shape?.type) {
    case "string":
      return shape.enum?.[0] ?? (shape.pattern === undefined ? "nowhere" : "599");
    case "structure":
      return Object.fromEntries(Object.entries(shape.members).flatMap(([member, { shape: of, required }]) => (required ? [[member, sampleOf(of)]] : [])));
    case "list":
      return [sampleOf(shape.element)];
    case "map":
      return { nowhere: sampleOf(shape.value) };
    case "blob":
      return Buffer.from("{}");
    case "boolean":
      return true;
    default:
      return 1;
  }
}

/** Calls every operation with what it requires, in an account that has nothing. */
async function liveOnNothing(api: ControlPlane): Promise<void> {
  for (const [name, { input }] of Object.entries(apiGateway.operations)) {
    const operation = api[name as keyof ControlPlane] as (input: unknown, by: typeof call) => Promise<unknown>;
    await operation(sampleOf(input), call).catch(refusalOf);
  }
}

describe.each([
  ["all operations", liveAll],
  ["all operations, where nothing is there,", liveOnNothing],
] as const)("%s answer and refuse alike, called directly and", (_which, live) => {
  test("through the SDK", async () => {
    await using served = await serveControlPlane({ testInvocations });
    await expectAlike(throughSdk(served.client), live);
  });

  test.skipIf(!awsInstalled)("through the aws command", { timeout: 300_000 }, async () => {
    await using served = await serveControlPlane({ testInvocations });
    await expectAlike(throughAws(served), live);
  });
});
