import { beforeEach, expect, test } from "vitest";
import { ACCOUNT, allowing, failure, NOW, startIdentityServices, trusting } from "./service.fixture.ts";

let services: ReturnType<typeof startIdentityServices>;
beforeEach(() => {
  services = startIdentityServices();
});

const ARN = `arn:aws:iam::${ACCOUNT}:policy/p`;
const TRUST = trusting({ Service: "apigateway.amazonaws.com" });
const INVOKE = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess";

test("a role is made, shown, changed and deleted", async () => {
  const { iam } = services;
  const { Role } = await iam.CreateRole({ RoleName: "r", Path: "/service/", AssumeRolePolicyDocument: TRUST, Description: "d", Tags: [{ Key: "k", Value: "v" }] });
  const shown = {
    Path: "/service/", RoleName: "r", RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/) as string,
    Arn: `arn:aws:iam::${ACCOUNT}:role/service/r`, CreateDate: NOW, AssumeRolePolicyDocument: encodeURIComponent(TRUST),
    Description: "d", MaxSessionDuration: 3600,
  };
  expect(Role).toEqual({ ...shown, Tags: [{ Key: "k", Value: "v" }] });
  expect(await iam.ListRoles({})).toEqual({ Roles: [shown], IsTruncated: false });
  await iam.UpdateRole({ RoleName: "r", MaxSessionDuration: 7200 });
  await iam.UpdateAssumeRolePolicy({ RoleName: "r", PolicyDocument: trusting({ AWS: "*" }) });
  await iam.UntagRole({ RoleName: "r", TagKeys: ["k"] });
  expect(await iam.GetRole({ RoleName: "r" })).toEqual({
    Role: { ...shown, MaxSessionDuration: 7200, AssumeRolePolicyDocument: encodeURIComponent(trusting({ AWS: "*" })).replaceAll("*", "%2A"), RoleLastUsed: {} },
  });
  await iam.AttachRolePolicy({ RoleName: "r", PolicyArn: INVOKE });
  expect(await failure(iam.DeleteRole({ RoleName: "r" }))).toEqual(["DeleteConflictException", "Cannot delete entity, must detach all policies first."]);
  await iam.DetachRolePolicy({ RoleName: "r", PolicyArn: INVOKE });
  expect(await iam.DeleteRole({ RoleName: "r" })).toEqual({});
});

test("a managed policy has up to five versions, whose numbers are never used again", async () => {
  const { iam } = services;
  const { Policy } = await iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("s3:*"), Description: "d" });
  expect(Policy).toEqual({
    PolicyName: "p", PolicyId: expect.stringMatching(/^ANPA/) as string, Arn: ARN, Path: "/", DefaultVersionId: "v1", IsAttachable: true,
    CreateDate: NOW, UpdateDate: NOW, AttachmentCount: 0, PermissionsBoundaryUsageCount: 0,
  });
  for (let i = 2; i <= 5; i += 1) await iam.CreatePolicyVersion({ PolicyArn: ARN, PolicyDocument: allowing(`s3:Get${String(i)}`) });
  expect(await failure(iam.CreatePolicyVersion({ PolicyArn: ARN, PolicyDocument: allowing("s3:*") }))).toEqual([
    "LimitExceededException", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
  ]);
  await iam.SetDefaultPolicyVersion({ PolicyArn: ARN, VersionId: "v3" });
  expect(await failure(iam.DeletePolicyVersion({ PolicyArn: ARN, VersionId: "v3" }))).toEqual([
    "DeleteConflictException", "Cannot delete the default version of a policy.",
  ]);
  await iam.DeletePolicyVersion({ PolicyArn: ARN, VersionId: "v5" });
  const added = await iam.CreatePolicyVersion({ PolicyArn: ARN, PolicyDocument: allowing("s3:Put*"), SetAsDefault: true });
  expect(added).toEqual({ PolicyVersion: { VersionId: "v6", IsDefaultVersion: true, CreateDate: NOW } });
  expect((await iam.ListPolicyVersions({ PolicyArn: ARN })).Versions?.map(({ VersionId }) => VersionId)).toEqual(["v6", "v4", "v3", "v2", "v1"]);
  expect((await iam.GetPolicyVersion({ PolicyArn: ARN, VersionId: "v6" })).PolicyVersion?.Document).toBe(
    encodeURIComponent(allowing("s3:Put*")).replaceAll("*", "%2A"),
  );
  expect(await failure(iam.DeletePolicy({ PolicyArn: ARN }))).toEqual([
    "DeleteConflictException",
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  ]);
  expect(await failure(iam.GetPolicyVersion({ PolicyArn: ARN, VersionId: "v9" }))).toEqual([
    "NoSuchEntityException", `Policy ${ARN} version v9 does not exist or is not attachable.`,
  ]);
});

test("what a policy is attached to", async () => {
  const { iam } = services;
  await iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("s3:*") });
  const { User } = await iam.CreateUser({ UserName: "u" });
  const { Role } = await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: TRUST });
  await iam.AttachUserPolicy({ UserName: "u", PolicyArn: ARN });
  await iam.AttachRolePolicy({ RoleName: "r", PolicyArn: ARN });
  await iam.AttachRolePolicy({ RoleName: "r", PolicyArn: ARN });
  expect(await iam.ListEntitiesForPolicy({ PolicyArn: ARN })).toEqual({
    PolicyGroups: [], PolicyUsers: [{ UserName: "u", UserId: User?.UserId }], PolicyRoles: [{ RoleName: "r", RoleId: Role.RoleId }], IsTruncated: false,
  });
  expect((await iam.ListEntitiesForPolicy({ PolicyArn: ARN, EntityFilter: "Role" })).PolicyUsers).toEqual([]);
  expect((await iam.GetPolicy({ PolicyArn: ARN })).Policy?.AttachmentCount).toBe(2);
  const listed = async (request: object) => (await iam.ListPolicies(request)).Policies?.map(({ PolicyName, AttachmentCount }) => [PolicyName, AttachmentCount]);
  expect(await listed({ OnlyAttached: true })).toEqual([["p", 2]]);
  expect(await listed({ Scope: "Local" })).toEqual([["p", 2]]);
  expect(await listed({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual([]);
  expect(await iam.ListAttachedRolePolicies({ RoleName: "r" })).toEqual({
    AttachedPolicies: [{ PolicyName: "p", PolicyArn: ARN }], IsTruncated: false,
  });
  expect(await failure(iam.DeletePolicy({ PolicyArn: ARN }))).toEqual(["DeleteConflictException", "Cannot delete a policy attached to entities."]);
  await iam.DetachUserPolicy({ UserName: "u", PolicyArn: ARN });
  expect(await failure(iam.DetachUserPolicy({ UserName: "u", PolicyArn: ARN }))).toEqual(["NoSuchEntityException", `Policy ${ARN} was not found.`]);
  await iam.DetachRolePolicy({ RoleName: "r", PolicyArn: ARN });
  expect(await iam.DeletePolicy({ PolicyArn: ARN })).toEqual({});
});

test("AWS's managed policies exist, are listed, attached, and changed by nobody", async () => {
  const { iam } = services;
  expect((await iam.ListPolicies({ Scope: "AWS" })).Policies?.map(({ Arn }) => Arn)).toEqual([
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator",
    INVOKE,
    "arn:aws:iam::aws:policy/AmazonKinesisFullAccess",
    "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
    "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
  ]);
  const { PolicyVersion } = await iam.GetPolicyVersion({ PolicyArn: INVOKE, VersionId: "v2" });
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAPIGatewayInvokeFullAccess.html
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ""))).toEqual({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["execute-api:Invoke", "execute-api:ManageConnections"], Resource: "arn:aws:execute-api:*:*:*" }],
  });
  expect(await failure(iam.DeletePolicy({ PolicyArn: INVOKE }))).toMatchObject(["AccessDeniedException", expect.stringContaining(INVOKE)]);
  const unknown = "arn:aws:iam::aws:policy/AWSLambdaFullAccess";
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: TRUST });
  expect(await failure(iam.AttachRolePolicy({ RoleName: "r", PolicyArn: unknown }))).toEqual([
    "NoSuchEntityException", `Policy ${unknown} does not exist or is not attachable.`,
  ]);
});

test("ten managed policies may be attached to a role", async () => {
  const { iam } = services;
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: TRUST });
  const names = Array.from({ length: 11 }, (_, i) => `p${String(i)}`);
  for (const PolicyName of names) await iam.CreatePolicy({ PolicyName, PolicyDocument: allowing("s3:*") });
  const attach = (name: string) => iam.AttachRolePolicy({ RoleName: "r", PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}` });
  for (const name of names.slice(0, 10)) await attach(name);
  expect(await failure(attach("p10"))).toEqual(["LimitExceededException", "Cannot exceed quota for PoliciesPerRole: 10"]);
});

test("attaching and deleting a policy at once does not leave it attached and gone", async () => {
  const { iam } = services;
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: TRUST });
  for (let i = 0; i < 20; i += 1) {
    await iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("s3:*") });
    await Promise.allSettled([iam.AttachRolePolicy({ RoleName: "r", PolicyArn: ARN }), iam.DeletePolicy({ PolicyArn: ARN })]);
    const { AttachedPolicies = [] } = await iam.ListAttachedRolePolicies({ RoleName: "r" });
    const { Policies = [] } = await iam.ListPolicies({ Scope: "Local" });
    expect(AttachedPolicies.length).toBe(Policies.length);
    if (Policies.length > 0) {
      await iam.DetachRolePolicy({ RoleName: "r", PolicyArn: ARN });
      await iam.DeletePolicy({ PolicyArn: ARN });
    }
  }
});

test.each([
  ["GetRole", { RoleName: "x" }, "NoSuchEntityException", "The role with name x cannot be found."],
  ["GetRolePolicy", { RoleName: "taken", PolicyName: "x" }, "NoSuchEntityException", "The role policy with name x cannot be found."],
  ["CreateRole", { RoleName: "Taken", AssumeRolePolicyDocument: TRUST }, "EntityAlreadyExistsException", "Role with name Taken already exists."],
  ["CreateRole", { RoleName: "a", AssumeRolePolicyDocument: allowing("s3:*") }, "MalformedPolicyDocumentException", "Has prohibited field Resource"],
  [
    "CreateRole", { RoleName: "a", AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }, { Condition: { StringEquals: { "sts:ExternalId": "x".repeat(2_000) } } }) }, "LimitExceededException",
    "Cannot exceed quota for ACLSizePerRole: 2048",
  ],
  [
    "CreatePolicy", { PolicyName: "P", PolicyDocument: allowing("s3:*") }, "EntityAlreadyExistsException",
    "A policy called P already exists. Duplicate names are not allowed.",
  ],
  [
    "CreatePolicy", { PolicyName: "q", PolicyDocument: allowing("s3:*", `arn:aws:s3:::${"x".repeat(6_144)}`) }, "LimitExceededException",
    "Cannot exceed quota for PolicySize: 6144",
  ],
  ["GetPolicy", { PolicyArn: `${ARN}x` }, "NoSuchEntityException", `Policy ${ARN}x was not found.`],
] as const)("%s is refused in IAM's words: %o", async (operation, input, code, message) => {
  await services.iam.CreateRole({ RoleName: "taken", AssumeRolePolicyDocument: TRUST });
  await services.iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("s3:*") });
  const run = services.iam[operation] as (input: object) => Promise<unknown>;
  expect(await failure(run(input))).toEqual([code, message]);
});
