// Users, roles and credentials made through AWS's own clients.
import {
  AttachRolePolicyCommand, CreateAccessKeyCommand, CreatePolicyCommand, CreateRoleCommand, CreateUserCommand, GetRoleCommand,
  GetUserPolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListInstanceProfilesCommand, ListUsersCommand, paginateListUsers,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { call, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await startGatehouse();
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
const settings = (credentials: Keys) => ({ endpoint: gatehouse.url, region: "eu-west-1", credentials });
const iamOf = (account: string) => new IAMClient(settings({ accessKeyId: account, secretAccessKey: "test" }));
const stsOf = (credentials: Keys) => new STSClient(settings(credentials));

const policy = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const trust = (principal: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] });

test("a user with a key assumes a role that trusts the account, with the SDK", async () => {
  const account = "100000000001";
  const iam = iamOf(account);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "caller", Tags: [{ Key: "team", Value: "ünï +=@/" }] }));
  expect(User).toMatchObject({ Arn: `arn:aws:iam::${account}:user/caller`, Tags: [{ Key: "team", Value: "ünï +=@/" }] });
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "caller" }));
  const { Role } = await iam.send(new CreateRoleCommand({
    RoleName: "invoker", AssumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${account}:root` }), Description: "a <b> & 'c' \"d\"\n",
  }));
  expect(Role?.Description).toBe("a <b> & 'c' \"d\"\n");
  await iam.send(new AttachRolePolicyCommand({ RoleName: "invoker", PolicyArn: "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess" }));
  expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "invoker" }))).AttachedPolicies).toEqual([
    { PolicyName: "AmazonAPIGatewayInvokeFullAccess", PolicyArn: "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess" },
  ]);
  const sts = stsOf({ accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" });
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ UserId: User?.UserId, Account: account, Arn: `arn:aws:iam::${account}:user/caller` });

  const assume = () => sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" }));
  await expect(assume()).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: arn:aws:iam::${account}:user/caller is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${account}:role/invoker`,
    $metadata: { httpStatusCode: 403 },
  });
  await iam.send(new PutUserPolicyCommand({ UserName: "caller", PolicyName: "assume", PolicyDocument: policy("sts:AssumeRole") }));
  const { Credentials, AssumedRoleUser } = await assume();
  expect(AssumedRoleUser).toEqual({
    AssumedRoleId: `${Role?.RoleId ?? ""}:session`, Arn: `arn:aws:sts::${account}:assumed-role/invoker/session`,
  });
  expect(Credentials?.Expiration).toBeInstanceOf(Date);
  const session = stsOf({
    accessKeyId: Credentials?.AccessKeyId ?? "", secretAccessKey: Credentials?.SecretAccessKey ?? "", sessionToken: Credentials?.SessionToken ?? "",
  });
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
    UserId: `${Role?.RoleId ?? ""}:session`, Account: account, Arn: `arn:aws:sts::${account}:assumed-role/invoker/session`,
  });
});

test("documents come back percent-encoded, and errors with IAM's names", async () => {
  const iam = iamOf("100000000002");
  await iam.send(new CreateUserCommand({ UserName: "u" }));
  await iam.send(new PutUserPolicyCommand({ UserName: "u", PolicyName: "p", PolicyDocument: policy("s3:*") }));
  const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName: "u", PolicyName: "p" }));
  expect(decodeURIComponent(PolicyDocument ?? "")).toBe(policy("s3:*"));
  await expect(iam.send(new GetRoleCommand({ RoleName: "none" }))).rejects.toMatchObject({
    name: "NoSuchEntityException", message: "The role with name none cannot be found.", $metadata: { httpStatusCode: 404 },
  });
  await expect(iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: "no" }))).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException", $metadata: { httpStatusCode: 400 },
  });
  await expect(iam.send(new CreateUserCommand({ UserName: "u".repeat(65) }))).rejects.toMatchObject({
    name: "ValidationError",
    message: `1 validation error detected: Value '${"u".repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    $metadata: { httpStatusCode: 400 },
  });
  await expect(iam.send(new ListInstanceProfilesCommand({}))).rejects.toMatchObject({
    message: "Gatehouse has not built ListInstanceProfiles yet.", $metadata: { httpStatusCode: 501 },
  });
});

test("lists by page, account by account", async () => {
  const iam = iamOf("100000000003");
  for (const name of ["a", "b", "c"]) await iam.send(new CreateUserCommand({ UserName: name }));
  const pages: string[][] = [];
  for await (const { Users } of paginateListUsers({ client: iam, pageSize: 2 }, {})) pages.push((Users ?? []).map(({ UserName }) => UserName ?? ""));
  expect(pages).toEqual([["a", "b"], ["c"]]);
  expect((await iamOf("100000000004").send(new ListUsersCommand({}))).Users).toEqual([]);
});

test("the answer's bytes: awsQuery's XML", async () => {
  const authorization = "AWS4-HMAC-SHA256 Credential=100000000005/20260101/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";
  const headers = { Authorization: authorization, "X-Amz-Date": "20260101T000000Z", "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await call(gatehouse.url, { method: "POST", headers, body: "Action=GetCallerIdentity&Version=2011-06-15" });
  const requestId = answer.headers["x-amzn-requestid"] ?? "";
  expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([
    200, "text/xml",
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>100000000005</UserId>' +
      "<Account>100000000005</Account><Arn>arn:aws:iam::100000000005:root</Arn></GetCallerIdentityResult>" +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>\n`,
  ]);
});

test("a user's key is the user's after a restart too", async () => {
  const account = "100000000006";
  const iam = iamOf(account);
  await iam.send(new CreateUserCommand({ UserName: "u" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "u" }));
  await gatehouse.stop();
  gatehouse = await startGatehouse({ dataDir: gatehouse.dataDir });
  const sts = stsOf({ accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: account, Arn: `arn:aws:iam::${account}:user/u` });
});

describe.skipIf(!awsInstalled)("with the aws command", { timeout: 60_000 }, () => {
  test("creates a role, assumes it, and says who calls", async () => {
    const document = trust({ AWS: "arn:aws:iam::000000000000:root" });
    const created = await aws(gatehouse, "iam", "create-role", "--role-name", "cli", "--path", "/cli/", "--assume-role-policy-document", document);
    expect(created).toMatchObject({ Role: { Arn: "arn:aws:iam::000000000000:role/cli/cli", AssumeRolePolicyDocument: JSON.parse(document) as object } });
    const assumed = await aws(gatehouse, "sts", "assume-role", "--role-arn", "arn:aws:iam::000000000000:role/cli/cli", "--role-session-name", "me");
    expect(assumed).toMatchObject({ AssumedRoleUser: { Arn: "arn:aws:sts::000000000000:assumed-role/cli/me" } });
    expect(await aws(gatehouse, "sts", "get-caller-identity")).toEqual({
      UserId: "000000000000", Account: "000000000000", Arn: "arn:aws:iam::000000000000:root",
    });
    await expect(aws(gatehouse, "iam", "get-user", "--user-name", "none")).rejects.toThrow(
      "An error occurred (NoSuchEntity) when calling the GetUser operation: The user with name none cannot be found.",
    );
  });
});
