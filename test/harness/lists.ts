// Every list of the REST control plane that has pages: how one is read, and how things come into it and go.
import { call, type ControlPlane } from "./control-plane.ts";

/** What a list is asked for. */
export interface PageInput {
  readonly limit?: number;
  readonly position?: string;
  /** Of the aws command alone, which goes through the pages by itself unless it is told not to. */
  readonly paginate?: boolean;
  readonly pageSize?: number;
  readonly maxItems?: number;
  readonly startingToken?: string;
}

export interface Page {
  readonly ids: readonly string[];
  readonly position?: string | undefined;
  /** Where the aws command would go on. */
  readonly token?: string | undefined;
}

export interface List {
  readonly page: (input: PageInput) => Promise<Page>;
  /** Makes the `n`th thing of the list and gives its id. */
  readonly make: (n: number) => Promise<string>;
  readonly remove: (id: string) => Promise<unknown>;
}

interface Items<T> {
  readonly items?: readonly T[] | undefined;
  readonly position?: string | undefined;
  readonly NextToken?: string;
}

const shown = <T>({ items = [], position, NextToken }: Items<T>, idOf: (item: T) => string | undefined): Page => ({
  ids: items.map((item) => idOf(item) ?? ""),
  position,
  ...(NextToken === undefined ? {} : { token: NextToken }),
});

const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
const domainOf = (n: number) => `d${n}.example.com`;
const PRIVATE = { certificateArn: ARN, endpointConfiguration: { types: ["PRIVATE"] } } as const;

/** The id of what an operation has made. */
const id = async (made: Promise<{ readonly id?: string | undefined }>): Promise<string> => (await made).id as string;

/** Of each operation that lists by pages. */
export const LISTS: Readonly<Record<string, (api: ControlPlane, restApiId: string, rootId: string) => List | Promise<List>>> = {
  GetApiKeys: (api) => ({
    page: async (input) => shown(await api.GetApiKeys(input, call), (key) => key.id),
    make: () => id(api.CreateApiKey({}, call)),
    remove: (apiKey) => api.DeleteApiKey({ apiKey }, call),
  }),
  GetAuthorizers: (api, restApiId) => ({
    page: async (input) => shown(await api.GetAuthorizers({ restApiId, ...input }, call), (each) => each.id),
    make: (n) => id(api.CreateAuthorizer({ restApiId, name: `a${n}`, type: "COGNITO_USER_POOLS", providerARNs: [POOL], identitySource: "method.request.header.a" }, call)),
    remove: (authorizerId) => api.DeleteAuthorizer({ restApiId, authorizerId }, call),
  }),
  GetBasePathMappings: async (api, restApiId) => {
    const domainName = "api.example.com";
    await api.CreateDomainName({ domainName, certificateArn: ARN }, call);
    return {
      page: async (input) => shown(await api.GetBasePathMappings({ domainName, ...input }, call), (each) => each.basePath),
      make: async (n) => (await api.CreateBasePathMapping({ domainName, restApiId, basePath: `b${n}` }, call)).basePath as string,
      remove: (basePath) => api.DeleteBasePathMapping({ domainName, basePath }, call),
    };
  },
  GetClientCertificates: (api) => ({
    page: async (input) => shown(await api.GetClientCertificates(input, call), (each) => each.clientCertificateId),
    make: async () => (await api.GenerateClientCertificate({}, call)).clientCertificateId as string,
    remove: (clientCertificateId) => api.DeleteClientCertificate({ clientCertificateId }, call),
  }),
  GetDeployments: (api, restApiId) => ({
    page: async (input) => shown(await api.GetDeployments({ restApiId, ...input }, call), (each) => each.id),
    make: () => id(api.CreateDeployment({ restApiId }, call)),
    remove: (deploymentId) => api.DeleteDeployment({ restApiId, deploymentId }, call),
  }),
  GetDocumentationParts: (api, restApiId) => ({
    page: async (input) => shown(await api.GetDocumentationParts({ restApiId, ...input }, call), (each) => each.id),
    make: (n) => id(api.CreateDocumentationPart({ restApiId, location: { type: "RESOURCE", path: `/${n}` }, properties: "{}" }, call)),
    remove: (documentationPartId) => api.DeleteDocumentationPart({ restApiId, documentationPartId }, call),
  }),
  GetDocumentationVersions: (api, restApiId) => ({
    page: async (input) => shown(await api.GetDocumentationVersions({ restApiId, ...input }, call), (each) => each.version),
    make: async (n) => (await api.CreateDocumentationVersion({ restApiId, documentationVersion: `v${n}` }, call)).version as string,
    remove: (documentationVersion) => api.DeleteDocumentationVersion({ restApiId, documentationVersion }, call),
  }),
  GetDomainNameAccessAssociations: async (api) => {
    const { domainNameArn } = await api.CreateDomainName({ domainName: "p.example.com", ...PRIVATE }, call);
    const input = { domainNameArn: domainNameArn as string, accessAssociationSourceType: "VPCE" } as const;
    return {
      page: async (page) => shown(await api.GetDomainNameAccessAssociations(page, call), (each) => each.domainNameAccessAssociationArn),
      make: async (n) =>
        (await api.CreateDomainNameAccessAssociation({ ...input, accessAssociationSource: `vpce-${n}` }, call)).domainNameAccessAssociationArn as string,
      remove: (domainNameAccessAssociationArn) => api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn }, call),
    };
  },
  GetDomainNames: (api) => ({
    page: async (input) => shown(await api.GetDomainNames(input, call), (each) => each.domainName),
    make: async (n) => (await api.CreateDomainName({ domainName: domainOf(n), certificateArn: ARN }, call)).domainName as string,
    remove: (domainName) => api.DeleteDomainName({ domainName }, call),
  }),
  GetModels: (api, restApiId) => ({
    page: async (input) => shown(await api.GetModels({ restApiId, ...input }, call), (each) => each.name),
    make: async (n) => (await api.CreateModel({ restApiId, name: `M${n}`, contentType: "application/json", schema: "{}" }, call)).name as string,
    remove: (modelName) => api.DeleteModel({ restApiId, modelName }, call),
  }),
  GetRequestValidators: (api, restApiId) => ({
    page: async (input) => shown(await api.GetRequestValidators({ restApiId, ...input }, call), (each) => each.id),
    make: () => id(api.CreateRequestValidator({ restApiId }, call)),
    remove: (requestValidatorId) => api.DeleteRequestValidator({ restApiId, requestValidatorId }, call),
  }),
  GetResources: (api, restApiId, parentId) => ({
    page: async (input) => shown(await api.GetResources({ restApiId, ...input }, call), (each) => each.id),
    make: (n) => id(api.CreateResource({ restApiId, parentId, pathPart: `r${n}` }, call)),
    remove: (resourceId) => api.DeleteResource({ restApiId, resourceId }, call),
  }),
  GetRestApis: (api) => ({
    page: async (input) => shown(await api.GetRestApis(input, call), (each) => each.id),
    make: () => id(api.CreateRestApi({ name: "a" }, call)),
    remove: (restApiId) => api.DeleteRestApi({ restApiId }, call),
  }),
  GetUsage: async (api) => {
    const usagePlanId = await id(api.CreateUsagePlan({ name: "p", quota: { limit: 10, period: "DAY" } }, call));
    const range = { usagePlanId, startDate: "2026-01-02", endDate: "2026-01-02" };
    return {
      page: async (input) => {
        const { items = {}, ...rest } = await api.GetUsage({ ...range, ...input }, call);
        return shown({ items: Object.keys(items), ...rest }, (keyId) => keyId);
      },
      make: async () => {
        const keyId = await id(api.CreateApiKey({}, call));
        await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
        return keyId;
      },
      remove: (apiKey) => api.DeleteApiKey({ apiKey }, call),
    };
  },
  GetUsagePlanKeys: async (api) => {
    const usagePlanId = await id(api.CreateUsagePlan({ name: "p" }, call));
    return {
      page: async (input) => shown(await api.GetUsagePlanKeys({ usagePlanId, ...input }, call), (each) => each.id),
      make: async () => id(api.CreateUsagePlanKey({ usagePlanId, keyId: await id(api.CreateApiKey({}, call)), keyType: "API_KEY" }, call)),
      remove: (keyId) => api.DeleteUsagePlanKey({ usagePlanId, keyId }, call),
    };
  },
  GetUsagePlans: (api) => ({
    page: async (input) => shown(await api.GetUsagePlans(input, call), (each) => each.id),
    make: (n) => id(api.CreateUsagePlan({ name: `p${n}` }, call)),
    remove: (usagePlanId) => api.DeleteUsagePlan({ usagePlanId }, call),
  }),
  GetVpcLinks: (api) => ({
    page: async (input) => shown(await api.GetVpcLinks(input, call), (each) => each.id),
    make: (n) => id(api.CreateVpcLink({ name: `v${n}`, targetArns: [NLB] }, call)),
    remove: (vpcLinkId) => api.DeleteVpcLink({ vpcLinkId }, call),
  }),
};
