import { describe, expect, test } from "vitest";
import { call, callOf, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { deployments, methods, resources, resourceTrees, restApis, snapshots, stages } from "../../domain/rest-api.ts";

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}';
const ESCAPED =
  '{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":\\"*\\",\\"Action\\":\\"execute-api:Invoke\\",\\"Resource\\":\\"execute-api:\\/*\\"}]}';

const created = {
  id: "i000000001",
  rootResourceId: "i000000002",
  name: "PetStore",
  createdDate: NOW,
  apiKeySource: "HEADER",
  endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
  disableExecuteApiEndpoint: false,
  apiStatus: "AVAILABLE",
};

test("CreateRestApi answers with AWS's defaults, and leaves out what is empty", async () => {
  const { api } = startControlPlane();
  expect(await api.CreateRestApi({ name: "PetStore", description: "", binaryMediaTypes: [], tags: {} }, call)).toEqual(created);
  expect(await api.GetRestApi({ restApiId: "i000000001" }, call)).toEqual(created);
  expect(await api.GetResources({ restApiId: "i000000001" }, call)).toEqual({ items: [{ id: "i000000002", path: "/" }] });
});

test("CreateRestApi keeps every member it is given", async () => {
  const { api } = startControlPlane();
  const members = {
    name: "PetStore",
    description: "Pets",
    version: "1.0",
    binaryMediaTypes: ["image/png", "*/*"],
    minimumCompressionSize: 0,
    apiKeySource: "AUTHORIZER",
    endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: ["vpce-1"], ipAddressType: "dualstack" },
    policy: POLICY,
    tags: { Department: "Sales" },
    disableExecuteApiEndpoint: true,
    securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
    endpointAccessMode: "STRICT",
  } as const;
  const answer = { ...created, ...members, policy: ESCAPED };
  expect(await api.CreateRestApi(members, call)).toEqual(answer);
  expect(await api.GetRestApi({ restApiId: "i000000001" }, call)).toEqual(answer);
});

test("answers carry the policy escaped, so that it is read back by unquoting it, as Terraform does", async () => {
  const { api } = startControlPlane();
  const { policy } = await api.CreateRestApi({ name: "x", policy: POLICY }, call);
  expect(JSON.parse(`"${policy}"`)).toBe(POLICY);
});

test.each([
  [{ name: "" }, "BadRequestException: Name must be non-empty"],
  [{ name: "x", cloneFrom: "abc" }, "NotFoundException: Invalid API identifier specified 000000000000:abc"],
  [{ name: "x", minimumCompressionSize: 10_485_761 }, "BadRequestException: Invalid minimum compression size, must be between 0 and 10485760"],
  [{ name: "x", minimumCompressionSize: -1 }, "BadRequestException: Invalid minimum compression size, must be between 0 and 10485760"],
  [{ name: "x", endpointConfiguration: { types: ["EDGE", "REGIONAL"] } }, "BadRequestException: Cannot create an api with multiple Endpoint Types."],
  [{ name: "x", endpointConfiguration: { types: ["REGIONAL"], vpcEndpointIds: ["vpce-1"] } }, "BadRequestException: VPCEndpoints can only be specified with PRIVATE apis."],
  [{ name: "x", endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "ipv4" } }, "BadRequestException: Only the dualstack IP address type is supported for PRIVATE apis."],
  [{ name: "x", policy: "{" }, "BadRequestException: Invalid policy document. Please check the policy syntax and ensure that Principals are valid."],
  [{ name: "x", policy: '{"Statement":[{"Effect":"Perhaps"}]}' }, "BadRequestException: Invalid policy document. Please check the policy syntax and ensure that Principals are valid."],
  [{ name: "x", endpointAccessMode: "STRICT" }, "BadRequestException: The endpoint access mode can only be specified with a security policy that starts with SecurityPolicy_"],
  [{ name: "x", tags: { "aws:x": "y" } }, "BadRequestException: Invalid tag key: aws:x. Tag keys must not start with aws:"],
] as const)("CreateRestApi refuses %j", async (input, expected) => {
  const { api } = startControlPlane();
  expect(await refusal(api.CreateRestApi(input, call))).toBe(expected);
  expect(await api.GetRestApis({}, call)).toEqual({ items: [] });
});

test("an unknown API is named together with the account", async () => {
  const { api } = startControlPlane();
  const expected = "NotFoundException: Invalid API identifier specified 000000000000:nothing";
  expect(await refusal(api.GetRestApi({ restApiId: "nothing" }, call))).toBe(expected);
  expect(await refusal(api.UpdateRestApi({ restApiId: "nothing" }, call))).toBe(expected);
  expect(await refusal(api.DeleteRestApi({ restApiId: "nothing" }, call))).toBe(expected);
});

describe("UpdateRestApi", () => {
  test.each([
    [{ op: "replace", path: "/apiKeySource", value: "AUTHORIZER" }, { apiKeySource: "AUTHORIZER" }],
    [{ op: "add", path: "/binaryMediaTypes/image~1jpeg" }, { binaryMediaTypes: ["image/png", "image/jpeg"] }],
    [{ op: "add", path: "/binaryMediaTypes", value: "image/jpeg" }, { binaryMediaTypes: ["image/png", "image/jpeg"] }],
    [{ op: "replace", path: "/binaryMediaTypes/image~1png", value: "application/octet-stream" }, { binaryMediaTypes: ["application/octet-stream"] }],
    [{ op: "remove", path: "/binaryMediaTypes/image~1png" }, { binaryMediaTypes: undefined }],
    [{ op: "add", path: "/description", value: "d" }, { description: "d" }],
    [{ op: "replace", path: "/description", value: "d" }, { description: "d" }],
    [{ op: "remove", path: "/description" }, { description: undefined }],
    [{ op: "replace", path: "/disableExecuteApiEndpoint", value: "True" }, { disableExecuteApiEndpoint: true }],
    [{ op: "replace", path: "/endpointConfiguration/types/EDGE", value: "REGIONAL" }, { endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" } }],
    [{ op: "replace", path: "/endpointConfiguration/types/0", value: "REGIONAL" }, { endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" } }],
    [{ op: "replace", path: "/endpointConfiguration/types/EDGE", value: "PRIVATE" }, { endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "dualstack" } }],
    [{ op: "replace", path: "/endpointConfiguration/ipAddressType", value: "dualstack" }, { endpointConfiguration: { types: ["EDGE"], ipAddressType: "dualstack" } }],
    [{ op: "replace", path: "/minimumCompressionSize", value: "1024" }, { minimumCompressionSize: 1024 }],
    [{ op: "replace", path: "/minimumCompressionSize", value: "" }, {}],
    [{ op: "replace", path: "/minimumCompressionSize" }, {}],
    [{ op: "replace", path: "/name", value: "Other" }, { name: "Other" }],
    [{ op: "replace", path: "/policy", value: POLICY }, { policy: ESCAPED }],
    [{ op: "replace", path: "/policy", value: "" }, {}],
    [{ op: "replace", path: "/securityPolicy", value: "TLS_1_2" }, { securityPolicy: "TLS_1_2" }],
  ] as const)("%j", async (operation, changed) => {
    const { api } = startControlPlane();
    const before = await api.CreateRestApi({ name: "PetStore", description: "Pets", binaryMediaTypes: ["image/png"] }, call);
    const answer = await api.UpdateRestApi({ restApiId: "i000000001", patchOperations: [operation] }, call);
    expect(answer).toEqual({ ...before, ...changed });
    expect(await api.GetRestApi({ restApiId: "i000000001" }, call)).toEqual(answer);
  });

  test("changes the endpoints and the access mode of an API that may have them", async () => {
    const { api } = startControlPlane();
    const policy = "SecurityPolicy_TLS13_1_3_2025_09";
    const input = { name: "x", securityPolicy: policy, endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: ["vpce-1"] } } as const;
    const before = await api.CreateRestApi(input, call);
    const patchOperations = [
      { op: "add", path: "/endpointConfiguration/vpcEndpointIds", value: "vpce-2" },
      { op: "remove", path: "/endpointConfiguration/vpcEndpointIds", value: "vpce-1" },
      { op: "replace", path: "/endpointAccessMode", value: "STRICT" },
    ] as const;
    expect(await api.UpdateRestApi({ restApiId: "i000000001", patchOperations }, call)).toEqual({
      ...before,
      endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "dualstack", vpcEndpointIds: ["vpce-2"] },
      endpointAccessMode: "STRICT",
    });
  });

  test.each([
    [{ op: "replace", path: "/name", value: "" }, "Invalid patch value '' specified for path '/name'. Must be non-empty"],
    [{ op: "replace", path: "/minimumCompressionSize", value: "10485761" }, "Invalid patch value '10485761' specified for path '/minimumCompressionSize'. Must be an integer between 0 and 10485760"],
    [{ op: "replace", path: "/securityPolicy", value: "TLS_0" }, expect.stringMatching(/^BadRequestException: Invalid patch value 'TLS_0' specified for path '\/securityPolicy'. Must be one of: \[TLS_1_0, TLS_1_2, /)],
    [{ op: "replace", path: "/policy", value: "no" }, "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."],
    [{ op: "replace", path: "/endpointConfiguration/types/REGIONAL", value: "EDGE" }, "Invalid endpoint type 'REGIONAL' specified. The endpoint type of the API is EDGE"],
    [{ op: "replace", path: "/endpointConfiguration/types/1", value: "REGIONAL" }, "Invalid endpoint type '1' specified. The endpoint type of the API is EDGE"],
    [{ op: "add", path: "/endpointConfiguration/vpcEndpointIds", value: "vpce-1" }, "VPCEndpoints can only be specified with PRIVATE apis."],
    [{ op: "add", path: "/name", value: "x" }, "Invalid patch path  '/name' specified for op 'add'. Must be one of: [/binaryMediaTypes, /binaryMediaTypes/{mediaType}, /description, /endpointConfiguration/vpcEndpointIds, /endpointConfiguration/vpcEndpointIds/{vpcEndpointId}]"],
    [{ op: "remove", path: "/policy" }, "Invalid patch path  '/policy' specified for op 'remove'. Must be one of: [/binaryMediaTypes, /binaryMediaTypes/{mediaType}, /description, /endpointConfiguration/vpcEndpointIds, /endpointConfiguration/vpcEndpointIds/{vpcEndpointId}]"],
  ] as const)("refuses %j and changes nothing", async (operation, message) => {
    const { api } = startControlPlane();
    const before = await api.CreateRestApi({ name: "PetStore" }, call);
    const patchOperations = [{ op: "replace", path: "/description", value: "new" }, operation] as const;
    expect(await refusal(api.UpdateRestApi({ restApiId: "i000000001", patchOperations }, call))).toEqual(typeof message === "string" ? `BadRequestException: ${message}` : message);
    expect(await api.GetRestApi({ restApiId: "i000000001" }, call)).toEqual(before);
  });

  test("does not turn a private API into an edge-optimized one", async () => {
    const { api } = startControlPlane();
    await api.CreateRestApi({ name: "x", endpointConfiguration: { types: ["PRIVATE"] } }, call);
    const patchOperations = [{ op: "replace", path: "/endpointConfiguration/types/PRIVATE", value: "EDGE" }] as const;
    expect(await refusal(api.UpdateRestApi({ restApiId: "i000000001", patchOperations }, call))).toBe(
      "BadRequestException: Cannot change a PRIVATE api into an EDGE api.",
    );
  });

  test("tells the gateways of every stage", async () => {
    const { api, published } = startControlPlane();
    const { restApiId } = await petStore(api);
    await api.CreateDeployment({ restApiId, stageName: "a" }, call);
    await api.CreateDeployment({ restApiId, stageName: "b" }, call);
    published.length = 0;
    await api.UpdateRestApi({ restApiId, patchOperations: [{ op: "replace", path: "/name", value: "y" }] }, call);
    expect(published).toEqual([`${restApiId}/a`, `${restApiId}/b`]);
  });
});

test("DeleteRestApi takes everything of the API with it, and tells the gateways of its stages", async () => {
  const { api, store, published } = startControlPlane();
  const { restApiId } = await petStore(api);
  const other = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "a" }, call);
  await api.CreateDeployment({ restApiId: other.restApiId, stageName: "b" }, call);
  published.length = 0;
  expect(await api.DeleteRestApi({ restApiId }, call)).toEqual({});
  expect(published).toEqual([`${restApiId}/a`]);
  const kinds = [restApis, resourceTrees, resources, methods, deployments, stages, snapshots];
  expect(await Promise.all(kinds.map((kind) => store.count(kind as never, {})))).toEqual([1, 1, 2, 1, 1, 1, 1]);
  expect(await refusal(api.GetResources({ restApiId }, call))).toBe(`NotFoundException: Invalid API identifier specified 000000000000:${restApiId}`);
});

describe("GetRestApis", () => {
  test("pages stay right while records come and go: nothing twice, nothing that was there all along left out", async () => {
    const { api } = startControlPlane();
    for (let i = 0; i < 60; i++) await api.CreateRestApi({ name: `api ${i}`, endpointConfiguration: { types: ["REGIONAL"] } }, call);
    const all = (await api.GetRestApis({ limit: 500 }, call)).items?.map(({ id }) => id) ?? [];
    expect(all).toHaveLength(60);
    const first = await api.GetRestApis({}, call);
    expect(first.items).toHaveLength(25);
    await api.DeleteRestApi({ restApiId: all[24] as string }, call);
    await api.DeleteRestApi({ restApiId: all[30] as string }, call);
    await api.CreateRestApi({ name: "late", endpointConfiguration: { types: ["REGIONAL"] } }, call);
    const second = await api.GetRestApis({ position: first.position as string }, call);
    const third = await api.GetRestApis({ position: second.position as string, limit: 25 }, call);
    expect(third.position).toBeUndefined();
    const seen = [first, second, third].flatMap(({ items = [] }) => items.map(({ id }) => id));
    expect(seen).toEqual([...all.slice(0, 30), ...all.slice(31), expect.any(String)]);
  });

  test("gives 500 at most, whatever the limit", async () => {
    const { api } = startControlPlane({ limits: { regionalApis: 1000 } });
    for (let i = 0; i < 501; i++) await api.CreateRestApi({ name: "x", endpointConfiguration: { types: ["REGIONAL"] } }, call);
    const { items, position } = await api.GetRestApis({ limit: 5000 }, call);
    expect(items).toHaveLength(500);
    expect((await api.GetRestApis({ position: position as string }, call)).items).toHaveLength(1);
  });

  test.each(["x", "%25", Buffer.from("%zz").toString("base64url")])("refuses the position %j, which no page gave", async (position) => {
    const { api } = startControlPlane();
    await api.CreateRestApi({ name: "x" }, call);
    expect(await refusal(api.GetRestApis({ position }, call))).toBe("BadRequestException: Invalid position parameter specified");
  });

  test("refuses a limit below 1", async () => {
    const { api } = startControlPlane();
    expect(await refusal(api.GetRestApis({ limit: 0 }, call))).toBe("BadRequestException: Invalid limit specified: 0. Must be at least 1");
  });
});

test("accounts and regions are kept apart: two of each", async () => {
  const { api } = startControlPlane();
  const callers = ["111111111111", "222222222222"].flatMap((account) => ["us-east-1", "eu-west-1"].map((region) => callOf(account, region)));
  const stores = [];
  for (const caller of callers) stores.push({ caller, ...(await petStore(api, caller)) });
  for (const { caller, restApiId, method } of stores) {
    expect((await api.GetRestApis({}, caller)).items?.map(({ id }) => id)).toEqual([restApiId]);
    for (const other of callers.filter((each) => each !== caller)) {
      const expected = `NotFoundException: Invalid API identifier specified ${other.account}:${restApiId}`;
      expect(await refusal(api.GetRestApi({ restApiId }, other))).toBe(expected);
      expect(await refusal(api.GetMethod(method, other))).toBe(expected);
      expect(await refusal(api.CreateDeployment({ restApiId, stageName: "x" }, other))).toBe(expected);
      expect(await refusal(api.DeleteRestApi({ restApiId }, other))).toBe(expected);
      expect(await refusal(api.GetTags({ resourceArn: `arn:aws:apigateway:${other.region}::/restapis/${restApiId}` }, other))).toBe(expected);
    }
  }
});

test("an account has a quota of APIs of each endpoint type in a region", async () => {
  const { api } = startControlPlane({ limits: { edgeApis: 1, regionalApis: 1 } });
  await api.CreateRestApi({ name: "edge" }, call);
  await api.CreateRestApi({ name: "regional", endpointConfiguration: { types: ["REGIONAL"] } }, call);
  expect(await refusal(api.CreateRestApi({ name: "edge" }, call))).toBe(
    "LimitExceededException: Maximum number of REST APIs for this account has been reached. Please contact AWS if you need additional REST APIs.",
  );
  await api.CreateRestApi({ name: "elsewhere" }, callOf("000000000000", "eu-west-1"));
});
