import { describe, expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/12345678";

async function start() {
  const { v2 } = startControlPlane();
  const { ApiId = "" } = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", Tags: { a: "1" } }, call);
  await v2.CreateStage({ ApiId, StageName: "dev", Tags: { a: "1" } }, call);
  const link = await v2.CreateVpcLink({ Name: "link", SubnetIds: ["subnet-a"], Tags: { a: "1" } }, call);
  await v2.CreateDomainName({ DomainName: "api.example.com", DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }], Tags: { a: "1" } }, call);
  return { v2, ApiId, VpcLinkId: link.VpcLinkId as string };
}

type Started = Awaited<ReturnType<typeof start>>;
const arn = (path: string) => `arn:aws:apigateway:us-east-1::/${path}`;

describe.each<[string, (started: Started) => string, (started: Started) => Promise<{ readonly Tags?: unknown }>]>([
  ["an API", ({ ApiId }) => arn(`apis/${ApiId}`), ({ v2, ApiId }) => v2.GetApi({ ApiId }, call)],
  ["a stage", ({ ApiId }) => arn(`apis/${ApiId}/stages/dev`), ({ v2, ApiId }) => v2.GetStage({ ApiId, StageName: "dev" }, call)],
  ["a VPC link", ({ VpcLinkId }) => arn(`vpclinks/${VpcLinkId}`), ({ v2, VpcLinkId }) => v2.GetVpcLink({ VpcLinkId }, call)],
  ["a domain name", () => arn("domainnames/api.example.com"), ({ v2 }) => v2.GetDomainName({ DomainName: "api.example.com" }, call)],
])("%s", (_name, arnOf, read) => {
  test("TagResource, GetTags, UntagResource", async () => {
    const started = await start();
    const { v2 } = started;
    const ResourceArn = arnOf(started);
    expect(await v2.GetTags({ ResourceArn }, call)).toEqual({ Tags: { a: "1" } });
    expect(await v2.TagResource({ ResourceArn, Tags: { a: "2", b: "3" } }, call)).toEqual({});
    expect(await v2.GetTags({ ResourceArn }, call)).toEqual({ Tags: { a: "2", b: "3" } });
    expect(await v2.UntagResource({ ResourceArn, TagKeys: ["a", "c"] }, call)).toEqual({});
    expect((await read(started)).Tags).toEqual({ b: "3" });
    expect(await refusal(v2.TagResource({ ResourceArn, Tags: { "aws:a": "b" } }, call))).toBe("BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:");
  });
});

test.each([
  ["arn:aws:apigateway:eu-west-1::/apis/i000000001", "BadRequestException: Invalid ARN specified: arn:aws:apigateway:eu-west-1::/apis/i000000001"],
  [arn("apis/i000000001/routes/a"), `BadRequestException: Invalid ARN specified: ${arn("apis/i000000001/routes/a")}`],
  [arn("apis/nothere"), "NotFoundException: Invalid API identifier specified 000000000000:nothere"],
  [arn("apis/i000000001/stages/nothere"), "NotFoundException: Invalid stage identifier specified"],
])("GetTags refuses %s", async (ResourceArn, expected) => {
  expect(await refusal((await start()).v2.GetTags({ ResourceArn }, call))).toBe(expected);
});
