import { expect, test } from "vitest";
import { call, callOf, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/my-alb/1234567890abcdef/fedcba0987654321";
const NOT_FOUND = "NotFoundException: Invalid Vpc Link identifier specified";

async function start(addresses: readonly (readonly [string, string])[] = [[NLB, "127.0.0.1:8080"]]) {
  const { api } = startControlPlane({ privateAddresses: new Map(addresses) });
  const created = await api.CreateVpcLink({ name: "pets", description: "theirs", targetArns: [NLB], tags: { team: "pets" } }, call);
  const key = { vpcLinkId: created.id as string };
  return { api, created, key, link: await api.GetVpcLink(key, call) };
}

const integrate = (api: ControlPlane, method: Awaited<ReturnType<typeof petStore>>["method"], connection: object) =>
  api.PutIntegration({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: "http://pets.internal", connectionType: "VPC_LINK", ...connection }, call);

// set-up-api-with-vpclink-cli: the answer of create-vpc-link; awscli, update-vpc-link: the status message.
test("a VPC link is PENDING when it is made, and ready when it is looked at", async () => {
  const { api, created, key, link } = await start();
  expect(created).toEqual({ id: "i00001", name: "pets", description: "theirs", targetArns: [NLB], status: "PENDING", tags: { team: "pets" } });
  expect(link).toEqual({ ...created, status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" });
  const second = await api.CreateVpcLink({ name: "pets", targetArns: [NLB] }, call);
  expect(second).toEqual({ id: "i00002", name: "pets", targetArns: [NLB], status: "PENDING", tags: undefined });
  const page = await api.GetVpcLinks({ limit: 1 }, call);
  expect(page).toEqual({ items: [link], position: expect.any(String) });
  expect(await api.GetVpcLinks({ position: page.position as string }, call)).toEqual({
    items: [{ ...second, status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" }],
  });
  for (const stranger of [callOf("111111111111", "us-east-1"), callOf("000000000000", "eu-west-1")]) {
    expect(await api.GetVpcLinks({}, stranger)).toEqual({ items: [] });
    expect(await refusal(api.GetVpcLink(key, stranger))).toBe(NOT_FOUND);
  }
  expect(await api.DeleteVpcLink(key, call)).toEqual({});
  expect(await refusal(api.GetVpcLink(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateVpcLink(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteVpcLink(key, call))).toBe(NOT_FOUND);
});

// github.com/hashicorp/terraform-provider-aws/issues/30910
test.each([LISTENER, NLB.replace("/net/", "/app/"), "arn", ""])("a VPC link to what is no Network Load Balancer fails: %s", async (arn) => {
  const { api } = await start();
  const { id } = await api.CreateVpcLink({ name: "pets", targetArns: [arn] }, call);
  expect(await api.GetVpcLink({ vpcLinkId: id as string }, call)).toEqual({
    id: "i00002",
    name: "pets",
    targetArns: [arn],
    status: "FAILED",
    statusMessage: "NLB ARN is malformed",
    tags: undefined,
  });
});

test.each([
  [{ name: "", targetArns: [NLB] }, "BadRequestException: Name must be non-empty"],
  [{ name: "a", targetArns: [] }, "BadRequestException: No target arn specified for vpc link."],
  // github.com/hashicorp/terraform-provider-aws/pull/2512
  [{ name: "a", targetArns: [NLB, NLB] }, "BadRequestException: More than one target arn specified for vpc link."],
  [{ name: "a", targetArns: [NLB], tags: { "aws:a": "b" } }, "BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:"],
])("CreateVpcLink refuses %j", async (input, expected) => {
  const { api } = await start();
  expect(await refusal(api.CreateVpcLink(input, call))).toBe(expected);
  expect((await api.GetVpcLinks({}, call)).items).toHaveLength(1);
});

test("an account has so many VPC links in a region, also when many are asked for at once", async () => {
  const { api } = startControlPlane({ limits: { vpcLinks: 2 } });
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusal(api.CreateVpcLink({ name: "a", targetArns: [NLB] }, call))));
  expect(outcomes.filter((outcome) => outcome.startsWith("accepted"))).toHaveLength(2);
  expect(outcomes).toContain(
    "LimitExceededException: Maximum number of VPC links for this account has been reached. Please contact AWS if you need additional VPC links.",
  );
  expect((await api.GetVpcLinks({}, call)).items).toHaveLength(2);
});

test.each([
  [{ op: "replace", path: "/name", value: "new" }, { name: "new" }],
  [{ op: "replace", path: "/description", value: "new" }, { description: "new" }],
  [{ op: "replace", path: "/description", value: "" }, { description: undefined }],
] as const)("UpdateVpcLink: %j", async (operation, changed) => {
  const { api, key, link } = await start();
  const answer = await api.UpdateVpcLink({ ...key, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...link, ...changed });
  expect(await api.GetVpcLink(key, call)).toEqual(answer);
});

test.each([
  [{ op: "replace", path: "/name", value: "" }, "Invalid patch value '' specified for path '/name'. Must be non-empty"],
  [{ op: "add", path: "/name", value: "x" }, "Invalid patch path  '/name' specified for op 'add'. Must be one of: []"],
  [{ op: "replace", path: "/status", value: "FAILED" }, "Invalid patch path  '/status' specified for op 'replace'. Must be one of: [/name, /description]"],
  // github.com/hashicorp/terraform-provider-aws/pull/2512
  [{ op: "add", path: "/targetArns", value: NLB }, "Target arns are not allowed to be changed/added."],
  [{ op: "replace", path: "/targetArns/0", value: NLB }, "Target arns are not allowed to be changed/added."],
] as const)("UpdateVpcLink refuses %j", async (operation, expected) => {
  const { api, key, link } = await start();
  const patchOperations = [{ op: "replace", path: "/description", value: "new" }, operation] as const;
  expect(await refusal(api.UpdateVpcLink({ ...key, patchOperations }, call))).toBe(`BadRequestException: ${expected}`);
  expect(await api.GetVpcLink(key, call)).toEqual(link);
});

test("an integration names a VPC link, which cannot be deleted until nothing names it, deployed or not", async () => {
  const { api, key } = await start();
  const { restApiId, method } = await petStore(api);
  const { resourceId } = method;
  const integration = await integrate(api, method, { connectionId: key.vpcLinkId });
  expect(integration).toMatchObject({ connectionType: "VPC_LINK", connectionId: "i00001", uri: "http://pets.internal" });
  expect(await refusal(api.DeleteVpcLink(key, call))).toBe(
    `BadRequestException: Cannot delete vpc link. Vpc link 'i00001', is referenced in [${restApiId}:GET:${resourceId}] in format of [RESTApiId:Method:Resource].`,
  );
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  // github.com/klothoplatform/klotho/issues/202, github.com/hashicorp/terraform/issues/18392: also when the method has changed.
  await api.PutIntegration({ ...method, type: "MOCK" }, call);
  expect(await refusal(api.DeleteVpcLink(key, call))).toBe(
    `BadRequestException: Cannot delete vpc link. Vpc link 'i00001', is referenced in [${restApiId}:GET:${resourceId}:prod] in format of [RESTApiId:Method:Resource:Stage].`,
  );
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  expect(await api.DeleteVpcLink(key, call)).toEqual({});
  expect(await refusal(integrate(api, method, { connectionId: key.vpcLinkId }))).toBe("BadRequestException: Invalid Vpc Link identifier specified");
});

// api-gateway-known-issues: "This behavior does not apply when the private integration references VpcLink through a stage variable."
test("a VPC link that a stage variable names can be deleted", async () => {
  const { api, key } = await start();
  const { restApiId, method } = await petStore(api);
  await integrate(api, method, { connectionId: "${stageVariables.link}" });
  await api.CreateDeployment({ restApiId, stageName: "prod", variables: { link: key.vpcLinkId } }, call);
  expect(await api.DeleteVpcLink(key, call)).toEqual({});
});

const REFUSED = "BadRequestException: Method GET of resource /pets connects through VPC link";

test.each([
  ["its load balancer's", {}, [[NLB, "a:1"]], ""],
  ["its own", {}, [["i00001", "a:1"]], ""],
  ["nowhere", {}, [], `${REFUSED} i00001, and Gatehouse does not know where that leads to: set vpc-links (--vpc-links ${NLB}=HOST:PORT).`],
  ["its target's", { integrationTarget: LISTENER, connectionId: "v2link" }, [[LISTENER, "a:1"]], ""],
  ["that of a link of the V2 API", { integrationTarget: LISTENER, connectionId: "v2link" }, [["v2link", "a:1"]], ""],
  [
    "no target's",
    { integrationTarget: LISTENER, connectionId: "v2link" },
    [[NLB, "a:1"]],
    `${REFUSED} v2link, and Gatehouse does not know where that leads to: set vpc-links (--vpc-links ${LISTENER}=HOST:PORT).`,
  ],
  ["a stage variable's, whatever it is", { connectionId: "${stageVariables.link}" }, [], ""],
] as const)("a private integration can be deployed and tested with an address: %s", async (_, connection, addresses, expected) => {
  const { api, key } = await start(addresses);
  const { restApiId, method } = await petStore(api);
  await integrate(api, method, { connectionId: key.vpcLinkId, ...connection });
  const deployed = await refusal(api.CreateDeployment({ restApiId }, call));
  expect(expected === "" ? deployed.split(":")[0] : deployed).toBe(expected === "" ? "accepted" : expected);
  const tested = await refusal(api.TestInvokeMethod(method, call).catch((error: unknown) => {
    if (error instanceof TypeError) return "ran";
    throw error;
  }));
  expect(tested).toBe(expected === "" ? 'accepted: "ran"' : expected);
});

test("a VPC link that has failed cannot be deployed", async () => {
  const { api } = await start();
  const { restApiId, method } = await petStore(api);
  const { id } = await api.CreateVpcLink({ name: "pets", targetArns: [LISTENER] }, call);
  await integrate(api, method, { connectionId: id });
  expect(await refusal(api.CreateDeployment({ restApiId }, call))).toBe(`${REFUSED} ${id}, which is FAILED: NLB ARN is malformed.`);
});

test("a VPC link is deleted, or named by an integration, whoever is first", async () => {
  const { api } = await start();
  const { method } = await petStore(api);
  for (let round = 0; round < 20; round++) {
    const { id } = await api.CreateVpcLink({ name: "pets", targetArns: [NLB] }, call);
    const vpcLinkId = id as string;
    const both = [() => refusal(api.DeleteVpcLink({ vpcLinkId }, call)), () => refusal(integrate(api, method, { connectionId: vpcLinkId }))];
    const outcomes = await Promise.all((round % 2 === 0 ? both : both.toReversed()).map((each) => each()));
    expect(outcomes.filter((outcome) => outcome.startsWith("accepted"))).toHaveLength(1);
    const isThere = (await refusal(api.GetVpcLink({ vpcLinkId }, call))).startsWith("accepted");
    const { methodIntegration } = await api.GetMethod(method, call);
    expect(methodIntegration?.connectionId === vpcLinkId).toBe(isThere);
    if (isThere) await api.DeleteIntegration(method, call);
    if (isThere) await api.DeleteVpcLink({ vpcLinkId }, call);
  }
});
