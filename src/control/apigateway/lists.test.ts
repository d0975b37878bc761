// Every list of the service: its pages, what it says to a wrong limit or position, and that its order stays while others write.
import { describe, expect, test } from "vitest";
import { call, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { apiGateway } from "../../model/apigateway.gen.ts";
import type { OperationTable } from "../../model/table.ts";

interface PageInput {
  readonly limit?: number;
  readonly position?: string;
}

interface Page {
  readonly ids: readonly string[];
  readonly position?: string | undefined;
}

interface List {
  readonly page: (input: PageInput) => Promise<Page>;
  /** Makes the `n`th thing of the list and gives its id. */
  readonly make: (n: number) => Promise<string>;
  readonly remove: (id: string) => Promise<unknown>;
}

interface Items<T> {
  readonly items?: readonly T[] | undefined;
  readonly position?: string | undefined;
}

const shown = <T>({ items = [], position }: Items<T>, idOf: (item: T) => string | undefined): Page => ({
  ids: items.map((item) => idOf(item) ?? ""),
  position,
});

const ARN = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
const domainOf = (n: number) => `d${n}.example.com`;
const PRIVATE = { certificateArn: ARN, endpointConfiguration: { types: ["PRIVATE"] } } as const;

/** The id of what an operation has made. */
const id = async (made: Promise<{ readonly id?: string | undefined }>): Promise<string> => (await made).id as string;

const LISTS: Readonly<Record<string, (api: ControlPlane, restApiId: string, rootId: string) => List | Promise<List>>> = {
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
        const { items = {}, position } = await api.GetUsage({ ...range, ...input }, call);
        return { ids: Object.keys(items), position };
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

/** Lists that take a limit and a position, by their inputs in the model. */
function pagedOperations(): readonly string[] {
  const shapes: OperationTable["shapes"] = apiGateway.shapes;
  return Object.entries(apiGateway.operations).flatMap(([name, { input }]) => {
    const shape = shapes[input];
    return shape?.type === "structure" && "limit" in shape.members ? [name] : [];
  });
}

describe("lists that come whole, whatever limit and position are:", () => {
  const page = { limit: 1, position: "x" };
  // Model: GetTagsRequest.limit, not currently supported.
  test("GetTags", async () => {
    const { api } = startControlPlane();
    const restApiId = await id(api.CreateRestApi({ name: "a", tags: { a: "1", b: "2" } }, call));
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    expect(await api.GetTags({ resourceArn, ...page }, call)).toEqual({ tags: { a: "1", b: "2" } });
  });

  // Model: GetGatewayResponsesRequest.limit, does not apply.
  test("GetGatewayResponses", async () => {
    const { api } = startControlPlane();
    const restApiId = await id(api.CreateRestApi({ name: "a" }, call));
    expect((await api.GetGatewayResponses({ restApiId, ...page }, call)).items).toHaveLength(21);
  });

  // The output of the SDK's model has no position.
  test("GetSdkTypes", async () => {
    const { api } = startControlPlane();
    expect((await api.GetSdkTypes(page, call)).items).toHaveLength(6);
  });

  test("and no others", () => {
    expect([...Object.keys(LISTS), "GetTags", "GetGatewayResponses", "GetSdkTypes"].sort()).toEqual([...pagedOperations()].sort());
  });
});

async function start(name: string, count = 5) {
  const { api } = startControlPlane();
  const { restApiId, rootId } = await petStore(api);
  const list = await (LISTS[name] as (typeof LISTS)[string])(api, restApiId, rootId);
  for (let n = 1; n <= count; n++) await list.make(n);
  return list;
}

/** All pages from a position on. */
async function pages({ page }: List, limit: number, first?: string): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for (let position = first, more = true; more; more = position !== undefined) {
    const found: Page = await page({ limit, ...(position === undefined ? {} : { position }) });
    all.push(found.ids);
    position = found.position;
  }
  return all;
}

describe.each(Object.keys(LISTS))("%s", (name) => {
  test("has pages of any size, each full but the last, which has no position", async () => {
    const list = await start(name);
    const { ids, position } = await list.page({ limit: 500 });
    expect(position).toBeUndefined();
    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(new Set(ids).size).toBe(ids.length);
    for (const limit of [1, 2, ids.length - 1, ids.length]) {
      const found = await pages(list, limit);
      expect(found.flat()).toEqual(ids);
      expect(found.map((each) => each.length)).toEqual(found.map((_, i) => Math.min(limit, ids.length - i * limit)));
    }
  });

  test("takes an empty position as none and a limit past 500 as 500, and refuses what is no limit or no position", async () => {
    const list = await start(name);
    const all = await list.page({ limit: 500 });
    expect(await list.page({ limit: 501, position: "" })).toEqual(all);
    for (const limit of [0, -1]) {
      expect(await refusal(list.page({ limit }))).toBe(`BadRequestException: Invalid limit specified: ${limit}. Must be at least 1`);
    }
    for (const position of ["nowhere", "%", "e30="]) {
      expect(await refusal(list.page({ position }))).toBe("BadRequestException: Invalid position parameter specified");
    }
  });

  test("keeps its order while things come and go, the last one shown among them", async () => {
    const list = await start(name, 6);
    const { make, remove } = list;
    const before = (await list.page({ limit: 500 })).ids;
    const first = await list.page({ limit: 3 });
    expect(first.ids).toEqual(before.slice(0, 3));
    const made = await make(7);
    const gone = [first.ids[2] as string, before[4] as string];
    for (const each of gone) await remove(each);
    const rest = (await pages(list, 2, first.position)).flat();
    expect(rest.filter((each) => each !== made)).toEqual(before.slice(3).filter((each) => !gone.includes(each)));
    expect((await pages(list, 2)).flat()).toContain(made);
  });
});

describe("lists by 25 unless told otherwise:", () => {
  test.each(["GetApiKeys", "GetResources", "GetDocumentationParts"])("%s", async (name) => {
    const list = await start(name, 30);
    const { ids, position } = await list.page({});
    expect(ids).toHaveLength(25);
    expect(position).toEqual(expect.any(String));
  });
});
