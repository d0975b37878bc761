import { expect, test } from "vitest";
import { call, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateVpcLinkRequest } from "../../model/apigatewayv2.types.gen.ts";

const LISTENER = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/app/my-load-balancer/50dc6c495c0c9188/0467ef3c8400ae65";
const GIVEN = { Name: "MyVpcLink", SubnetIds: ["subnet-aaaa", "subnet-bbbb"], SecurityGroupIds: ["sg1234"] };
const READY = { CreatedDate: NOW, ...GIVEN, Tags: {}, VpcLinkId: "i00001", VpcLinkStatus: "AVAILABLE", VpcLinkStatusMessage: "VPC link is ready to route traffic", VpcLinkVersion: "V2" };

async function start(members: Partial<CreateVpcLinkRequest> = {}, httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const link = await plane.v2.CreateVpcLink({ ...GIVEN, ...members }, call);
  return { ...plane, link, key: { VpcLinkId: link.VpcLinkId as string } };
}

test("CreateVpcLink answers before the link is ready; GetVpcLink, GetVpcLinks by pages, UpdateVpcLink, DeleteVpcLink", async () => {
  const { v2, link, key } = await start();
  expect(link).toEqual({ ...READY, VpcLinkStatus: "PENDING", VpcLinkStatusMessage: "VPC link is provisioning ENIs" });
  expect(await v2.GetVpcLink(key, call)).toEqual(READY);
  await v2.CreateVpcLink({ Name: "other", SubnetIds: ["subnet-a"], Tags: { a: "b" } }, call);
  const page = await v2.GetVpcLinks({ MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [READY], NextToken: expect.any(String) });
  expect(await v2.GetVpcLinks({ NextToken: page.NextToken as string }, call)).toEqual({
    Items: [{ ...READY, Name: "other", SubnetIds: ["subnet-a"], SecurityGroupIds: [], Tags: { a: "b" }, VpcLinkId: "i00002" }],
  });
  expect(await v2.UpdateVpcLink({ ...key, Name: "new" }, call)).toEqual({ ...READY, Name: "new" });
  expect(await refusal(v2.UpdateVpcLink({ ...key, Name: "" }, call))).toBe("BadRequestException: Name must be non-empty");
  expect(await v2.DeleteVpcLink(key, call)).toEqual({});
  for (const operation of [v2.GetVpcLink, v2.UpdateVpcLink, v2.DeleteVpcLink]) {
    expect(await refusal(operation(key, call))).toBe("NotFoundException: Invalid Vpc Link identifier specified");
  }
});

test.each<[Partial<CreateVpcLinkRequest>, string]>([
  [{ Name: "" }, "BadRequestException: Name must be non-empty"],
  [{ SubnetIds: [] }, "BadRequestException: At least one subnet id should be provided"],
  [{ SubnetIds: Array.from({ length: 11 }, (_, i) => `subnet-${i}`) }, "BadRequestException: A VPC link has at most 10 subnets; this would have 11"],
  [{ Tags: { "aws:a": "b" } }, "BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:"],
  [{}, "TooManyRequestsException: Maximum number of VPC links for this account has been reached. Please contact AWS if you need additional VPC links."],
])("CreateVpcLink refuses %j", async (members, expected) => {
  const { v2 } = await start({}, { vpcLinks: 1 });
  expect(await refusal(v2.CreateVpcLink({ ...GIVEN, ...members }, call))).toBe(expected);
});

test("DeleteVpcLink refuses while an integration names the link (github.com/hashicorp/terraform-provider-aws/issues/12195)", async () => {
  const { v2, key } = await start();
  const { ApiId = "" } = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  const { IntegrationId = "" } = await v2.CreateIntegration(
    { ApiId, IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: LISTENER, PayloadFormatVersion: "1.0", ConnectionType: "VPC_LINK", ConnectionId: key.VpcLinkId },
    call,
  );
  const used = (user: string) => `BadRequestException: Cannot delete vpc link. Vpc link 'i00001', is referenced in [ANY:${user}] in format of [Method:Resource].`;
  expect(await refusal(v2.DeleteVpcLink(key, call))).toBe(used(IntegrationId));
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}` }, call);
  expect(await refusal(v2.DeleteVpcLink(key, call))).toBe(used(RouteId));
  await v2.DeleteApi({ ApiId }, call);
  expect(await v2.DeleteVpcLink(key, call)).toEqual({});
});

test("DeleteVpcLink refuses while a method of a REST API connects through the link", async () => {
  const { api, v2, key } = await start();
  const { method } = await petStore(api);
  const connection = { connectionType: "VPC_LINK", connectionId: key.VpcLinkId, integrationTarget: LISTENER } as const;
  await api.PutIntegration({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: "http://a.example", ...connection }, call);
  expect(await refusal(v2.DeleteVpcLink(key, call))).toBe(
    `BadRequestException: Cannot delete vpc link. Vpc link 'i00001', is referenced in [GET:${method.resourceId}] in format of [Method:Resource].`,
  );
  await api.DeleteIntegration(method, call);
  expect(await v2.DeleteVpcLink(key, call)).toEqual({});
});
