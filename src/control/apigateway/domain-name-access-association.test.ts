import { expect, test } from "vitest";
import { call, callOf, type ControlPlane, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

const other = callOf("111122223333", "us-east-1");
const ACM = "arn:aws:acm:us-east-1:123456789012:certificate/a";
const PRIVATE = { domainName: "private.example.com", certificateArn: ACM, endpointConfiguration: { types: ["PRIVATE"] } } as const;
const DOMAIN = "arn:aws:apigateway:us-east-1:000000000000:/domainnames/private.example.com+i000000001";
const SOURCE = { accessAssociationSourceType: "VPCE", accessAssociationSource: "vpce-abcd1234efg" } as const;
const INPUT = { domainNameArn: DOMAIN, ...SOURCE } as const;
const arnOf = (account: string, source: string = SOURCE.accessAssociationSource) =>
  `arn:aws:apigateway:us-east-1:${account}:/domainnameaccessassociations/domainname/private.example.com+i000000001/vpcesource/${source}`;

/** What the management policy says of all accounts, as in the guide's second example (apigateway-private-custom-domains-provider-share-cli). */
const managing = (Effect: "Allow" | "Deny") =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Principal: "*", Action: "apigateway:CreateAccessAssociation", Resource: DOMAIN }] });

async function start(managementPolicy?: string) {
  const { api } = startControlPlane();
  await api.CreateDomainName(PRIVATE, call);
  if (managementPolicy !== undefined) await manage(api, managementPolicy);
  return api;
}

const manage = (api: ControlPlane, value: string) =>
  api.UpdateDomainName({ domainName: PRIVATE.domainName, domainNameId: "i000000001", patchOperations: [{ op: "replace", path: "/managementPolicy", value }] }, call);

const NOT_FOUND = "NotFoundException: Invalid domain name access association identifier specified";

test("create, list by pages and delete, in the form of the AWS CLI reference's answers", async () => {
  const api = await start();
  const association = await api.CreateDomainNameAccessAssociation(INPUT, call);
  expect(association).toEqual({ domainNameAccessAssociationArn: arnOf("000000000000"), domainNameArn: DOMAIN, ...SOURCE });
  const second = await api.CreateDomainNameAccessAssociation({ ...INPUT, accessAssociationSource: "vpce-b", tags: { a: "1" } }, call);
  expect(second).toEqual({ ...INPUT, accessAssociationSource: "vpce-b", domainNameAccessAssociationArn: arnOf("000000000000", "vpce-b"), tags: { a: "1" } });
  const page = await api.GetDomainNameAccessAssociations({ limit: 1, resourceOwner: "SELF" }, call);
  expect(page).toEqual({ items: [association], position: expect.any(String) });
  expect(await api.GetDomainNameAccessAssociations({ position: page.position as string }, call)).toEqual({ items: [second] });
  expect(await api.GetDomainNameAccessAssociations({}, other)).toEqual({ items: [] });

  const domainNameAccessAssociationArn = arnOf("000000000000");
  expect(await refusal(api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn }, other))).toBe(NOT_FOUND);
  expect(await api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn }, call)).toEqual({});
  expect(await refusal(api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn }, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn: "arn" }, call))).toBe(NOT_FOUND);
});

test.each<[Partial<Model.CreateDomainNameAccessAssociationRequest>, string]>([
  [{ domainNameArn: "arn" }, "BadRequestException: Invalid ARN specified: arn"],
  [{ domainNameArn: "arn:aws:apigateway:us-east-1::/domainnames/private.example.com" }, "BadRequestException: Invalid ARN specified: arn:aws:apigateway:us-east-1::/domainnames/private.example.com"],
  [{ domainNameArn: DOMAIN.replace("us-east-1", "us-west-2") }, `BadRequestException: Invalid ARN specified: ${DOMAIN.replace("us-east-1", "us-west-2")}`],
  [{ domainNameArn: `${DOMAIN}x` }, "BadRequestException: Invalid domain name identifier specified"],
  [{ accessAssociationSource: "vpc-1" }, "BadRequestException: Invalid VPC endpoint identifier specified: vpc-1"],
  [{ accessAssociationSource: "vpce-taken" }, "ConflictException: Domain name access association already exists"],
  [{ tags: { "aws:a": "b" } }, "BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:"],
])("CreateDomainNameAccessAssociation refuses %j", async (changed, expected) => {
  const api = await start();
  await api.CreateDomainNameAccessAssociation({ ...INPUT, accessAssociationSource: "vpce-taken" }, call);
  expect(await refusal(api.CreateDomainNameAccessAssociation({ ...INPUT, ...changed }, call))).toBe(expected);
  expect((await api.GetDomainNameAccessAssociations({}, call)).items).toHaveLength(1);
});

test("an account has 100 access associations, and as many as are configured", async () => {
  const { api } = startControlPlane({ limits: { domainNameAccessAssociations: 1 } });
  await api.CreateDomainName(PRIVATE, call);
  await api.CreateDomainNameAccessAssociation(INPUT, call);
  expect(await refusal(api.CreateDomainNameAccessAssociation({ ...INPUT, accessAssociationSource: "vpce-b" }, call))).toBe(
    "LimitExceededException: Maximum number of Domain Name Access Associations for this account has been reached. Please contact AWS if you need additional Domain Name Access Associations.",
  );
});

test("other accounts need the management policy's leave", async () => {
  const api = await start();
  const notAllowed = `UnauthorizedException: The management policy of ${DOMAIN} does not allow account 111122223333 to create access associations`;
  expect(await refusal(api.CreateDomainNameAccessAssociation(INPUT, other))).toBe(notAllowed);
  expect(await api.GetDomainNames({ resourceOwner: "OTHER_ACCOUNTS" }, other)).toEqual({ items: [] });
  await manage(api, managing("Deny"));
  expect(await refusal(api.CreateDomainNameAccessAssociation(INPUT, other))).toBe(notAllowed);
  expect(await refusal(api.CreateDomainNameAccessAssociation(INPUT, call))).toBe(notAllowed.replace("111122223333", "000000000000"));
  await manage(api, '{"Statement":[{"Effect":"Allow","Action":5}]}');
  expect(await refusal(api.CreateDomainNameAccessAssociation(INPUT, other))).toBe(notAllowed);

  await manage(api, managing("Allow"));
  // As the AWS CLI reference shows the list (get-domain-names, example 3).
  const shared = { domainName: PRIVATE.domainName, domainNameId: "i000000001", domainNameArn: DOMAIN };
  expect(await api.GetDomainNames({ resourceOwner: "OTHER_ACCOUNTS" }, other)).toEqual({ items: [shared] });
  expect(await api.GetDomainNames({ resourceOwner: "OTHER_ACCOUNTS" }, call)).toEqual({ items: [] });
  const association = await api.CreateDomainNameAccessAssociation(INPUT, other);
  expect(association).toEqual({ domainNameAccessAssociationArn: arnOf("111122223333"), domainNameArn: DOMAIN, ...SOURCE });
  expect(await api.GetDomainNameAccessAssociations({}, other)).toEqual({ items: [association] });
  expect(await api.GetDomainNameAccessAssociations({}, call)).toEqual({ items: [] });
  expect(await api.GetDomainNameAccessAssociations({ resourceOwner: "OTHER_ACCOUNTS" }, call)).toEqual({ items: [association] });
});

// The guide's first example names accounts (apigateway-private-custom-domains-provider-share-cli).
test.each([[["111122223333", "444455556666"]], ["arn:aws:iam::111122223333:root"]])("a management policy that lets in %j lets in no other", async (AWS) => {
  const Statement = [{ Effect: "Allow", Principal: { AWS }, Action: "apigateway:CreateAccessAssociation", Resource: DOMAIN }];
  const api = await start(JSON.stringify({ Version: "2012-10-17", Statement }));
  expect(await api.CreateDomainNameAccessAssociation(INPUT, other)).toMatchObject({ domainNameArn: DOMAIN });
  expect(await refusal(api.CreateDomainNameAccessAssociation(INPUT, callOf("777788889999", "us-east-1")))).toBe(
    `UnauthorizedException: The management policy of ${DOMAIN} does not allow account 777788889999 to create access associations`,
  );
});

test("RejectDomainNameAccessAssociation: the owner of the domain name ends what others have", async () => {
  const api = await start(managing("Allow"));
  await api.CreateDomainNameAccessAssociation(INPUT, other);
  await api.CreateDomainNameAccessAssociation(INPUT, call);
  const input = { domainNameAccessAssociationArn: arnOf("111122223333"), domainNameArn: DOMAIN };
  expect(await refusal(api.RejectDomainNameAccessAssociation(input, other))).toBe(`BadRequestException: Invalid ARN specified: ${DOMAIN}`);
  // One's own is deleted, not rejected.
  expect(await refusal(api.RejectDomainNameAccessAssociation({ ...input, domainNameAccessAssociationArn: arnOf("000000000000") }, call))).toBe(NOT_FOUND);
  const unlike = DOMAIN.replace("private.", "other.");
  expect(await refusal(api.RejectDomainNameAccessAssociation({ ...input, domainNameArn: unlike }, call))).toBe(NOT_FOUND);
  expect(await api.RejectDomainNameAccessAssociation(input, call)).toEqual({});
  expect(await refusal(api.RejectDomainNameAccessAssociation(input, call))).toBe(NOT_FOUND);
  expect(await api.GetDomainNameAccessAssociations({}, other)).toEqual({ items: [] });
});

test("an association outlives its domain name: only its own account deletes it", async () => {
  const api = await start();
  const association = await api.CreateDomainNameAccessAssociation(INPUT, call);
  await api.DeleteDomainName({ domainName: PRIVATE.domainName, domainNameId: "i000000001" }, call);
  expect(await api.GetDomainNameAccessAssociations({}, call)).toEqual({ items: [association] });
  expect(await api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn: arnOf("000000000000") }, call)).toEqual({});
});

test("tags of access associations", async () => {
  const api = await start();
  const { domainNameAccessAssociationArn: resourceArn = "" } = await api.CreateDomainNameAccessAssociation({ ...INPUT, tags: { a: "1" } }, call);
  await api.TagResource({ resourceArn, tags: { b: "2" } }, call);
  await api.UntagResource({ resourceArn, tagKeys: ["a"] }, call);
  expect((await api.GetTags({ resourceArn }, call)).tags).toEqual({ b: "2" });
  expect((await api.GetDomainNameAccessAssociations({}, call)).items?.[0]?.tags).toEqual({ b: "2" });
  const none = arnOf("000000000000", "vpce-none");
  expect(await refusal(api.GetTags({ resourceArn: none }, call))).toBe(NOT_FOUND);
});
