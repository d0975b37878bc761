// Each quota of the service, reached and passed by one (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html).
import { expect, test } from "vitest";
import { call, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { AWS_LIMITS, type RestApiLimits } from "../../domain/limits.ts";

interface Quota {
  /** AWS's default, as its page has it. */
  readonly default: number;
  /** What the quota is set to here. */
  readonly lowered: number;
  /** Does the thing for the `n`th time, or with a size of `n`, after `n - 1` went well. */
  readonly reach: (api: ControlPlane, n: number, made: Made) => Promise<unknown>;
  readonly refused: string;
}

type Made = Awaited<ReturnType<typeof start>>;

const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
const MAXIMUM = "LimitExceededException: Maximum number of";
const apiOf = (type: "EDGE" | "REGIONAL" | "PRIVATE") => (api: ControlPlane) => api.CreateRestApi({ name: "a", endpointConfiguration: { types: [type] } }, call);
const letters = (n: number) => "a".repeat(n);
const numbered = (n: number, value: string) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, value]));
/** A policy of so many characters. */
const policy = (n: number) => '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}'.padEnd(n);

async function start(api: ControlPlane) {
  const { restApiId, rootId, method } = await petStore(api);
  const deploymentId = (await api.CreateDeployment({ restApiId }, call)).id as string;
  const privateDomain = (type: "PRIVATE") => ({ certificateArn: ARN, endpointConfiguration: { types: [type] } });
  return { restApiId, rootId, method, deploymentId, privateDomain };
}

const QUOTAS: Readonly<Record<keyof RestApiLimits, Quota>> = {
  edgeApis: { default: 120, lowered: 3, reach: apiOf("EDGE"), refused: `${MAXIMUM} REST APIs for this account has been reached. Please contact AWS if you need additional REST APIs.` },
  regionalApis: { default: 600, lowered: 2, reach: apiOf("REGIONAL"), refused: `${MAXIMUM} REST APIs for this account has been reached. Please contact AWS if you need additional REST APIs.` },
  privateApis: { default: 600, lowered: 2, reach: apiOf("PRIVATE"), refused: `${MAXIMUM} REST APIs for this account has been reached. Please contact AWS if you need additional REST APIs.` },
  resourcesPerApi: {
    default: 300,
    lowered: 4,
    reach: (api, n, { restApiId, rootId }) => api.CreateResource({ restApiId, parentId: rootId, pathPart: `r${n}` }, call),
    refused: `${MAXIMUM} Resources for this API has been reached.  Please contact AWS if you need additional Resources.`,
  },
  stagesPerApi: {
    default: 10,
    lowered: 2,
    reach: (api, n, { restApiId, deploymentId }) => api.CreateStage({ restApiId, deploymentId, stageName: `s${n}` }, call),
    refused: `${MAXIMUM} Stages for this API has been reached.  Please contact AWS if you need additional Stages.`,
  },
  variablesPerStage: {
    default: 100,
    lowered: 2,
    reach: (api, n, { restApiId, deploymentId }) => api.CreateStage({ restApiId, deploymentId, stageName: `s${n}`, variables: numbered(n, "v") }, call),
    refused: "BadRequestException: A stage has at most 2 variables; this would make 3",
  },
  stageVariableName: {
    default: 64,
    lowered: 2,
    reach: (api, n, { restApiId, deploymentId }) => api.CreateStage({ restApiId, deploymentId, stageName: `s${n}`, variables: { [letters(n)]: "v" } }, call),
    refused: "BadRequestException: Invalid stage variable name: aaa.  Please use names with only word characters.",
  },
  stageVariableValue: {
    default: 512,
    lowered: 2,
    reach: (api, n, { restApiId, deploymentId }) => api.CreateStage({ restApiId, deploymentId, stageName: `s${n}`, variables: { k: letters(n) } }, call),
    refused:
      "BadRequestException: Invalid stage variable value: aaa.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
  },
  resourcePolicy: {
    default: 8192,
    lowered: 200,
    reach: (api, n, { restApiId }) => api.UpdateRestApi({ restApiId, patchOperations: [{ op: "replace", path: "/policy", value: policy(n) }] }, call),
    refused: "BadRequestException: Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
  },
  tagsPerResource: {
    default: 50,
    lowered: 2,
    reach: (api, n) => api.CreateRestApi({ name: "a", tags: numbered(n, "v") }, call),
    refused: "BadRequestException: A resource has at most 2 tags; this would make 3",
  },
  authorizersPerApi: {
    default: 10,
    lowered: 2,
    reach: (api, n, { restApiId }) =>
      api.CreateAuthorizer({ restApiId, name: `a${n}`, type: "COGNITO_USER_POOLS", providerARNs: [POOL], identitySource: "method.request.header.a" }, call),
    refused: `${MAXIMUM} Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.`,
  },
  requestValidatorsPerApi: {
    default: 20,
    lowered: 2,
    reach: (api, _n, { restApiId }) => api.CreateRequestValidator({ restApiId }, call),
    refused: `${MAXIMUM} Request Validators for this API has been reached.  Please contact AWS if you need additional Request Validators.`,
  },
  documentationPartsPerApi: {
    default: 2000,
    lowered: 2,
    reach: (api, n, { restApiId }) => api.CreateDocumentationPart({ restApiId, location: { type: "RESOURCE", path: `/${n}` }, properties: "{}" }, call),
    refused: `${MAXIMUM} Documentation Parts for this API has been reached.  Please contact AWS if you need additional Documentation Parts.`,
  },
  clientCertificates: {
    default: 60,
    lowered: 1,
    reach: (api) => api.GenerateClientCertificate({}, call),
    refused: `${MAXIMUM} Client Certificates for this account has been reached. Please contact AWS if you need additional Client Certificates.`,
  },
  vpcLinks: {
    default: 20,
    lowered: 2,
    reach: (api, n) => api.CreateVpcLink({ name: `v${n}`, targetArns: [NLB] }, call),
    refused: `${MAXIMUM} VPC links for this account has been reached. Please contact AWS if you need additional VPC links.`,
  },
  apiKeys: {
    default: 10_000,
    lowered: 2,
    reach: (api) => api.CreateApiKey({}, call),
    refused: `${MAXIMUM} API Keys for this account has been reached.  Please contact AWS if you need additional API Keys.`,
  },
  usagePlans: {
    default: 300,
    lowered: 2,
    reach: (api, n) => api.CreateUsagePlan({ name: `p${n}` }, call),
    refused: `${MAXIMUM} Usage Plans for this account has been reached.  Please contact AWS if you need additional Usage Plans.`,
  },
  usagePlansPerApiKey: {
    default: 10,
    lowered: 2,
    reach: async (api, n) => {
      const { items = [] } = await api.GetApiKeys({}, call);
      const keyId = items[0]?.id ?? (await api.CreateApiKey({}, call)).id ?? "";
      const usagePlanId = (await api.CreateUsagePlan({ name: `p${n}` }, call)).id as string;
      return api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    },
    refused: `${MAXIMUM} Usage Plans for this API Key has been reached.  Please contact AWS if you need additional Usage Plans.`,
  },
  methodThrottlesPerPlanStage: {
    default: 20,
    lowered: 2,
    reach: (api, n, { restApiId, deploymentId }) => {
      const throttle = Object.fromEntries(Array.from({ length: n }, (_, i) => [`/a${i}/GET`, { rateLimit: 1, burstLimit: 1 }]));
      const plan = { name: `p${n}`, throttle: { rateLimit: 1, burstLimit: 1 }, apiStages: [{ apiId: restApiId, stage: `s${n}`, throttle }] };
      return api.CreateStage({ restApiId, deploymentId, stageName: `s${n}` }, call).then(() => api.CreateUsagePlan(plan, call));
    },
    refused: "BadRequestException: A stage in a usage plan has at most 2 method throttles; this would make 3",
  },
  publicDomainNames: {
    default: 120,
    lowered: 2,
    reach: (api, n) => api.CreateDomainName({ domainName: `d${n}.example.com`, certificateArn: ARN }, call),
    refused: `${MAXIMUM} public Domain Names for this account has been reached. Please contact AWS if you need additional Domain Names.`,
  },
  privateDomainNames: {
    default: 50,
    lowered: 2,
    reach: (api, n, { privateDomain }) => api.CreateDomainName({ domainName: `d${n}.example.com`, ...privateDomain("PRIVATE") }, call),
    refused: `${MAXIMUM} private Domain Names for this account has been reached. Please contact AWS if you need additional Domain Names.`,
  },
  domainNameAccessAssociations: {
    default: 100,
    lowered: 2,
    reach: async (api, n, { privateDomain }) => {
      const { domainNameArn } = await api.CreateDomainName({ domainName: `d${n}.example.com`, ...privateDomain("PRIVATE") }, call);
      const source = { accessAssociationSource: `vpce-${n}`, accessAssociationSourceType: "VPCE" } as const;
      return api.CreateDomainNameAccessAssociation({ domainNameArn: domainNameArn as string, ...source }, call);
    },
    refused: `${MAXIMUM} Domain Name Access Associations for this account has been reached. Please contact AWS if you need additional Domain Name Access Associations.`,
  },
  integrationTimeoutMillis: {
    default: 29_000,
    lowered: 30_000,
    reach: async (api, n, { restApiId, method }) => {
      const change = { op: "replace", path: "/endpointConfiguration/types/EDGE", value: "REGIONAL" } as const;
      const { endpointConfiguration } = await api.GetRestApi({ restApiId }, call);
      if (endpointConfiguration?.types?.[0] === "EDGE") await api.UpdateRestApi({ restApiId, patchOperations: [change] }, call);
      return api.PutIntegration({ ...method, type: "MOCK", timeoutInMillis: n }, call);
    },
    refused: "BadRequestException: Timeout should be between 50 ms and 30000 ms",
  },
  streamingTimeoutMillis: {
    default: 900_000,
    lowered: 100,
    reach: (api, n, { method }) =>
      api.PutIntegration({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: "http://a.example", responseTransferMode: "STREAM", timeoutInMillis: Math.max(n, 50) }, call),
    refused: "BadRequestException: Timeout should be between 50 ms and 100 ms",
  },
};

/** What need not be done to be near the quota: things that the PetStore has, and sizes. */
const THERE: Partial<Record<keyof RestApiLimits, number>> = { edgeApis: 1, resourcesPerApi: 2, resourcePolicy: 199, integrationTimeoutMillis: 29_999 };

test("AWS's defaults are those of its page", () => {
  expect(AWS_LIMITS).toEqual(Object.fromEntries(Object.entries(QUOTAS).map(([name, quota]) => [name, quota.default])));
});

const cases = Object.entries(QUOTAS).map(([name, quota]) => ({ name: name as keyof RestApiLimits, ...quota }));

test.each(cases)("$name", async ({ name, lowered, reach, refused }) => {
  const { api } = startControlPlane({ limits: { [name]: lowered } });
  const made = await start(api);
  for (let n = 1 + (THERE[name] ?? 0); n <= lowered; n++) await reach(api, n, made);
  expect(await refusal(reach(api, lowered + 1, made))).toBe(refused);
});

test.each(cases)("$name can be raised", async ({ name, lowered, reach }) => {
  const { api } = startControlPlane({ limits: { [name]: lowered + 1 } });
  const made = await start(api);
  for (let n = 1 + (THERE[name] ?? 0); n <= lowered + 1; n++) expect(await refusal(reach(api, n, made))).toMatch(/^accepted: /);
});

// api-gateway-execution-service-limits-table: the timeout can be increased for regional and private APIs.
test("a raised integration timeout is not for edge-optimized APIs", async () => {
  const { api } = startControlPlane({ limits: { integrationTimeoutMillis: 60_000 } });
  const { restApiId, method } = await petStore(api);
  const put = () => api.PutIntegration({ ...method, type: "MOCK", timeoutInMillis: 60_000 }, call);
  expect(await refusal(put())).toBe("BadRequestException: Timeout should be between 50 ms and 29000 ms");
  await api.UpdateRestApi({ restApiId, patchOperations: [{ op: "replace", path: "/endpointConfiguration/types/EDGE", value: "REGIONAL" }] }, call);
  expect(await put()).toMatchObject({ timeoutInMillis: 60_000 });
});
