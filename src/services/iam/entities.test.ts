// What users, roles, groups and policies have in common, for each of them.
import { beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, allowing, failure, startIdentityServices, trusting } from "./service.fixture.ts";

let services: ReturnType<typeof startIdentityServices>;
beforeEach(async () => {
  services = startIdentityServices();
  const { iam } = services;
  await iam.CreateUser({ UserName: "u" });
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trusting({ Service: "lambda.amazonaws.com" }) });
  await iam.CreateGroup({ GroupName: "g" });
  await iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("s3:*") });
});

const POLICY = `arn:aws:iam::${ACCOUNT}:policy/p`;
const inline = { PolicyName: "i", PolicyDocument: allowing("s3:Get") };
const shown = { PolicyName: "i", PolicyDocument: encodeURIComponent(allowing("s3:Get")).replaceAll("*", "%2A") };

describe("inline policies", () => {
  test("of a role", async () => {
    const { iam } = services;
    await iam.PutRolePolicy({ RoleName: "r", ...inline });
    expect(await iam.GetRolePolicy({ RoleName: "r", PolicyName: "i" })).toEqual({ RoleName: "r", ...shown });
    expect(await iam.ListRolePolicies({ RoleName: "r" })).toEqual({ PolicyNames: ["i"], IsTruncated: false });
    expect(await failure(iam.DeleteRole({ RoleName: "r" }))).toEqual(["DeleteConflictException", "Cannot delete entity, must delete policies first."]);
    await iam.DeleteRolePolicy({ RoleName: "r", PolicyName: "i" });
    expect(await iam.ListRolePolicies({ RoleName: "r" })).toEqual({ PolicyNames: [], IsTruncated: false });
    expect(await failure(iam.DeleteRolePolicy({ RoleName: "r", PolicyName: "i" }))).toEqual([
      "NoSuchEntityException", "The role policy with name i cannot be found.",
    ]);
  });

  test("of a group", async () => {
    const { iam } = services;
    await iam.PutGroupPolicy({ GroupName: "g", ...inline });
    await iam.PutGroupPolicy({ GroupName: "g", ...inline, PolicyName: "j" });
    expect(await iam.GetGroupPolicy({ GroupName: "g", PolicyName: "i" })).toEqual({ GroupName: "g", ...shown });
    const first = await iam.ListGroupPolicies({ GroupName: "g", MaxItems: 1 });
    expect(first).toEqual({ PolicyNames: ["i"], IsTruncated: true, Marker: expect.any(String) as string });
    expect(await iam.ListGroupPolicies({ GroupName: "g", Marker: first.Marker as string })).toEqual({ PolicyNames: ["j"], IsTruncated: false });
  });
});

test("managed policies of users and groups", async () => {
  const { iam } = services;
  await iam.AttachUserPolicy({ UserName: "u", PolicyArn: POLICY });
  await iam.AttachGroupPolicy({ GroupName: "g", PolicyArn: POLICY });
  const attached = { AttachedPolicies: [{ PolicyName: "p", PolicyArn: POLICY }], IsTruncated: false };
  expect(await iam.ListAttachedUserPolicies({ UserName: "u" })).toEqual(attached);
  expect(await iam.ListAttachedGroupPolicies({ GroupName: "g" })).toEqual(attached);
  expect(await iam.ListAttachedGroupPolicies({ GroupName: "g", PathPrefix: "/x/" })).toEqual({ AttachedPolicies: [], IsTruncated: false });
  await iam.DetachGroupPolicy({ GroupName: "g", PolicyArn: POLICY });
  expect(await iam.ListAttachedGroupPolicies({ GroupName: "g" })).toEqual({ AttachedPolicies: [], IsTruncated: false });
});

test("a role's boundary and description", async () => {
  const { iam } = services;
  await iam.PutRolePermissionsBoundary({ RoleName: "r", PermissionsBoundary: POLICY });
  expect((await iam.GetRole({ RoleName: "r" })).Role.PermissionsBoundary).toEqual({ PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: POLICY });
  expect((await iam.ListEntitiesForPolicy({ PolicyArn: POLICY, PolicyUsageFilter: "PermissionsBoundary" })).PolicyRoles).toHaveLength(1);
  await iam.DeleteRolePermissionsBoundary({ RoleName: "r" });
  expect((await iam.GetRole({ RoleName: "r" })).Role.PermissionsBoundary).toBeUndefined();
  expect((await iam.UpdateRoleDescription({ RoleName: "r", Description: "d" })).Role?.Description).toBe("d");
});

test("tags of users, roles and policies", async () => {
  const { iam } = services;
  const Tags = [{ Key: "a", Value: "1" }, { Key: "b", Value: "" }];
  const listed = { Tags, IsTruncated: false };
  await iam.TagUser({ UserName: "u", Tags });
  await iam.TagRole({ RoleName: "r", Tags });
  await iam.TagPolicy({ PolicyArn: POLICY, Tags });
  expect(await iam.ListUserTags({ UserName: "u" })).toEqual(listed);
  expect(await iam.ListRoleTags({ RoleName: "r" })).toEqual(listed);
  expect(await iam.ListPolicyTags({ PolicyArn: POLICY })).toEqual(listed);
  expect((await iam.GetPolicy({ PolicyArn: POLICY })).Policy?.Tags).toEqual(Tags);
  await iam.TagUser({ UserName: "u", Tags: [{ Key: "a", Value: "2" }] });
  await iam.UntagUser({ UserName: "u", TagKeys: ["b", "c"] });
  await iam.UntagPolicy({ PolicyArn: POLICY, TagKeys: ["a", "b"] });
  expect((await iam.ListUserTags({ UserName: "u" })).Tags).toEqual([{ Key: "a", Value: "2" }]);
  expect((await iam.ListPolicyTags({ PolicyArn: POLICY })).Tags).toEqual([]);
  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${String(i)}`, Value: "" }));
  expect(await failure(iam.TagUser({ UserName: "u", Tags: many }))).toEqual(["LimitExceededException", "Cannot exceed quota for TagsPerResource: 50"]);
});

test("groups are listed by path", async () => {
  const { iam } = services;
  await iam.CreateGroup({ GroupName: "h", Path: "/x/" });
  expect((await iam.ListGroups({})).Groups.map(({ GroupName }) => GroupName)).toEqual(["g", "h"]);
  expect((await iam.ListGroups({ PathPrefix: "/x" })).Groups.map(({ GroupName }) => GroupName)).toEqual(["h"]);
});
