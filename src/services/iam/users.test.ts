import { beforeEach, expect, test } from "vitest";
import { accountOfAccessKey } from "./index.ts";
import { ACCOUNT, allowing, denying, failure, NOW, startIdentityServices } from "./service.fixture.ts";

let services: ReturnType<typeof startIdentityServices>;
beforeEach(() => {
  services = startIdentityServices();
});

test("a user is made, shown, renamed and deleted", async () => {
  const { iam } = services;
  const { User } = await iam.CreateUser({ UserName: "Bob", Path: "/team/", Tags: [{ Key: "a", Value: "b" }] });
  const expected = {
    Path: "/team/", UserName: "Bob", UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/) as string,
    Arn: `arn:aws:iam::${ACCOUNT}:user/team/Bob`, CreateDate: NOW,
  };
  expect(User).toEqual({ ...expected, Tags: [{ Key: "a", Value: "b" }] });
  expect(await iam.GetUser({ UserName: "Bob" })).toEqual({ User });
  expect(await iam.ListUsers({})).toEqual({ Users: [expected], IsTruncated: false });
  expect(await iam.UpdateUser({ UserName: "Bob", NewUserName: "Robert", NewPath: "/" })).toEqual({});
  expect(await iam.GetUser({ UserName: "Robert" })).toEqual({
    User: { ...User, Path: "/", UserName: "Robert", Arn: `arn:aws:iam::${ACCOUNT}:user/Robert` },
  });
  expect(await iam.DeleteUser({ UserName: "Robert" })).toEqual({});
  expect(await iam.ListUsers({})).toEqual({ Users: [], IsTruncated: false });
});

test("users are listed by page and by path, and each account has its own", async () => {
  const { iam } = services;
  for (const name of ["a", "b", "c", "d"]) await iam.CreateUser({ UserName: name, Path: name === "c" ? "/x/" : "/" });
  await iam.CreateUser({ UserName: "other" }, { account: "222222222222", accessKeyId: "222222222222" });
  const names = async (request: object) => {
    const { Users, IsTruncated, Marker } = await iam.ListUsers(request);
    return { names: Users.map(({ UserName }) => UserName), IsTruncated, Marker };
  };
  const first = await names({ MaxItems: 2 });
  expect(first).toEqual({ names: ["a", "b"], IsTruncated: true, Marker: expect.any(String) as string });
  expect(await names({ MaxItems: 2, Marker: first.Marker })).toEqual({ names: ["c", "d"], IsTruncated: false, Marker: undefined });
  expect(await names({ PathPrefix: "/x/" })).toMatchObject({ names: ["c"] });
  expect(await failure(iam.ListUsers({ Marker: "?" }))).toEqual(["ValidationError", "Invalid Marker."]);
});

test("access keys: the secret is told once, two are the most, and the id says whose it is", async () => {
  const { iam } = services;
  await iam.CreateUser({ UserName: "bob" });
  const { AccessKey } = await iam.CreateAccessKey({ UserName: "bob" });
  expect(AccessKey).toEqual({
    UserName: "bob", AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/) as string, Status: "Active",
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/) as string, CreateDate: NOW,
  });
  expect(accountOfAccessKey(AccessKey.AccessKeyId)).toBe(ACCOUNT);
  await iam.CreateAccessKey({ UserName: "bob" });
  expect(await failure(iam.CreateAccessKey({ UserName: "bob" }))).toEqual(["LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2"]);
  const { AccessKeyMetadata } = await iam.ListAccessKeys({ UserName: "bob" });
  expect(AccessKeyMetadata).toHaveLength(2);
  expect(AccessKeyMetadata.find(({ AccessKeyId }) => AccessKeyId === AccessKey.AccessKeyId)).toEqual({
    UserName: "bob", AccessKeyId: AccessKey.AccessKeyId, Status: "Active", CreateDate: NOW,
  });
  expect(services.logged.join()).not.toContain(AccessKey.SecretAccessKey);
  expect(await failure(iam.DeleteUser({ UserName: "bob" }))).toEqual(["DeleteConflictException", "Cannot delete entity, must delete access keys first."]);
  await iam.DeleteAccessKey({ UserName: "bob", AccessKeyId: AccessKey.AccessKeyId });
  expect(await failure(iam.UpdateAccessKey({ UserName: "bob", AccessKeyId: AccessKey.AccessKeyId, Status: "Active" }))).toEqual([
    "NoSuchEntityException", `The Access Key with id ${AccessKey.AccessKeyId} cannot be found.`,
  ]);
});

test("of keys made at once no more than two are", async () => {
  const { iam } = services;
  await iam.CreateUser({ UserName: "bob" });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => iam.CreateAccessKey({ UserName: "bob" })));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
});

test("when a key was last used", async () => {
  const { iam, identities } = services;
  await iam.CreateUser({ UserName: "bob" });
  const AccessKeyId = (await iam.CreateAccessKey({ UserName: "bob" })).AccessKey.AccessKeyId;
  expect(await iam.GetAccessKeyLastUsed({ AccessKeyId })).toEqual({ UserName: "bob", AccessKeyLastUsed: { ServiceName: "N/A", Region: "N/A" } });
  identities.noteUse(AccessKeyId, "execute-api", "eu-west-1");
  await expect.poll(() => iam.GetAccessKeyLastUsed({ AccessKeyId })).toEqual({
    UserName: "bob", AccessKeyLastUsed: { ServiceName: "execute-api", Region: "eu-west-1", LastUsedDate: NOW },
  });
});

test("the operations without a user's name mean the caller", async () => {
  const { iam } = services;
  await iam.CreateUser({ UserName: "bob" });
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "bob" })).AccessKey;
  // The wire takes unknown keys for the default account's; the key knows better.
  const asBob = { accessKeyId: AccessKeyId, account: "000000000000" };
  expect((await iam.GetUser({}, asBob)).User.UserName).toBe("bob");
  expect((await iam.ListAccessKeys({}, asBob)).AccessKeyMetadata).toHaveLength(1);
  expect((await iam.GetUser({})).User).toEqual({
    Path: "/", UserName: "root", UserId: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root`, CreateDate: 0,
  });
  expect(await failure(iam.CreateAccessKey({}))).toEqual(["ValidationError", "Must specify userName when calling with non-User credentials"]);
});

test("groups hold users and lend them their policies", async () => {
  const { iam, identities } = services;
  await iam.CreateUser({ UserName: "bob" });
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "bob" })).AccessKey;
  const { Group } = await iam.CreateGroup({ GroupName: "devs" });
  expect(Group).toEqual({
    Path: "/", GroupName: "devs", GroupId: expect.stringMatching(/^AGPA/) as string, Arn: `arn:aws:iam::${ACCOUNT}:group/devs`, CreateDate: NOW,
  });
  await iam.PutGroupPolicy({ GroupName: "devs", PolicyName: "p", PolicyDocument: allowing("s3:*") });
  await iam.AddUserToGroup({ GroupName: "devs", UserName: "bob" });
  expect((await identities.find(AccessKeyId))?.policies).toEqual({ identity: [allowing("s3:*")] });
  expect((await iam.GetGroup({ GroupName: "devs" })).Users.map(({ UserName }) => UserName)).toEqual(["bob"]);
  expect(await iam.ListGroupsForUser({ UserName: "bob" })).toEqual({ Groups: [Group], IsTruncated: false });
  await iam.DeleteGroupPolicy({ GroupName: "devs", PolicyName: "p" });
  expect(await failure(iam.DeleteGroup({ GroupName: "devs" }))).toEqual([
    "DeleteConflictException", "Cannot delete entity, must remove users from group first.",
  ]);
  await iam.RemoveUserFromGroup({ GroupName: "devs", UserName: "bob" });
  expect((await identities.find(AccessKeyId))?.policies).toEqual({ identity: [] });
  await iam.UpdateGroup({ GroupName: "devs", NewGroupName: "ops" });
  expect(await iam.DeleteGroup({ GroupName: "ops" })).toEqual({});
});

test("inline policies are put, sent percent-encoded, listed and deleted", async () => {
  const { iam } = services;
  await iam.CreateUser({ UserName: "bob" });
  await iam.PutUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: allowing("s3:*") });
  expect(await iam.GetUserPolicy({ UserName: "bob", PolicyName: "p" })).toEqual({
    UserName: "bob", PolicyName: "p",
    PolicyDocument: "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
  });
  expect(await iam.ListUserPolicies({ UserName: "bob" })).toEqual({ PolicyNames: ["p"], IsTruncated: false });
  expect(await failure(iam.DeleteUser({ UserName: "bob" }))).toEqual(["DeleteConflictException", "Cannot delete entity, must delete policies first."]);
  await iam.DeleteUserPolicy({ UserName: "bob", PolicyName: "p" });
  expect(await failure(iam.GetUserPolicy({ UserName: "bob", PolicyName: "p" }))).toEqual([
    "NoSuchEntityException", "The user policy with name p cannot be found.",
  ]);
});

test("inline policies of a user hold 2,048 characters together, white space not counted", async () => {
  const { iam } = services;
  await iam.CreateUser({ UserName: "bob" });
  const long = (length: number) => allowing("s3:*", `arn:aws:s3:::${"a".repeat(length)}`).replaceAll(",", ",\n     ");
  await iam.PutUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: long(1_000) });
  expect(await failure(iam.PutUserPolicy({ UserName: "bob", PolicyName: "q", PolicyDocument: long(1_000) }))).toEqual([
    "LimitExceededException", "Maximum policy size of 2048 bytes exceeded for user bob",
  ]);
  expect(await iam.PutUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: long(1_900) })).toEqual({});
});

test("permissions boundaries are policies that exist, and are shown", async () => {
  const { iam, identities } = services;
  const { Policy } = await iam.CreatePolicy({ PolicyName: "limit", PolicyDocument: denying("iam:*") });
  const arn = Policy?.Arn as string;
  const { User } = await iam.CreateUser({ UserName: "bob", PermissionsBoundary: arn });
  expect(User).toMatchObject({ PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: arn } });
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "bob" })).AccessKey;
  expect((await identities.find(AccessKeyId))?.policies).toEqual({ identity: [], boundary: denying("iam:*") });
  expect(await failure(iam.DeletePolicy({ PolicyArn: arn }))).toEqual(["DeleteConflictException", "Cannot delete a policy attached to entities."]);
  await iam.DeleteUserPermissionsBoundary({ UserName: "bob" });
  expect((await identities.find(AccessKeyId))?.policies).toEqual({ identity: [] });
  const missing = `arn:aws:iam::${ACCOUNT}:policy/nope`;
  expect(await failure(iam.PutUserPermissionsBoundary({ UserName: "bob", PermissionsBoundary: missing }))).toEqual([
    "NoSuchEntityException", `Scope ARN: ${missing} does not exist or is not attachable.`,
  ]);
});

test.each([
  ["GetUser", { UserName: "x" }, "NoSuchEntityException", "The user with name x cannot be found."],
  ["GetGroup", { GroupName: "x" }, "NoSuchEntityException", "The group with name x cannot be found."],
  ["CreateUser", { UserName: "TAKEN" }, "EntityAlreadyExistsException", "User with name TAKEN already exists."],
  [
    "CreateUser", { UserName: "a b" }, "ValidationError",
    "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
  ],
  [
    "CreateUser", { UserName: "a", Path: "x" }, "ValidationError",
    "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
  ],
  [
    "PutUserPolicy", { UserName: "taken", PolicyName: "p", PolicyDocument: "{}" }, "MalformedPolicyDocumentException", "Syntax errors in policy.",
  ],
  [
    "PutUserPolicy", { UserName: "taken", PolicyName: "p", PolicyDocument: allowing("s3") }, "MalformedPolicyDocumentException",
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
  ],
  ["AttachUserPolicy", { UserName: "taken", PolicyArn: "AdministratorAccess" }, "InvalidInputException", "ARN AdministratorAccess is not valid."],
] as const)("%s of %o is refused in IAM's words", async (operation, input, code, message) => {
  await services.iam.CreateUser({ UserName: "taken" });
  const run = services.iam[operation] as (input: object) => Promise<unknown>;
  expect(await failure(run(input))).toEqual([code, message]);
});
