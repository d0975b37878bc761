import { beforeEach, expect, test } from "vitest";
import { ACCOUNT, allowing, denying, failure, NOW, startIdentityServices, trusting } from "../iam/service.fixture.ts";
import { createSessions } from "./sessions.ts";

let services: ReturnType<typeof startIdentityServices>;
beforeEach(() => {
  services = startIdentityServices();
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;

async function makeUser(name: string, ...policies: string[]) {
  const { iam } = services;
  await iam.CreateUser({ UserName: name });
  for (const [i, PolicyDocument] of policies.entries()) await iam.PutUserPolicy({ UserName: name, PolicyName: `p${String(i)}`, PolicyDocument });
  return { accessKeyId: (await iam.CreateAccessKey({ UserName: name })).AccessKey.AccessKeyId };
}
const makeRole = (trust: string) => services.iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200 });
const assume = (input: object = {}, call: object = {}) => services.sts.AssumeRole({ RoleArn: ROLE, RoleSessionName: "me", ...input }, call);

test("a role's session: its credentials, its identity, and its end", async () => {
  const { identities, iam, sts, advance } = services;
  const { Role } = await makeRole(trusting({ AWS: ACCOUNT }));
  await iam.PutRolePolicy({ RoleName: "r", PolicyName: "p", PolicyDocument: allowing("s3:*") });
  const { Credentials, ...rest } = await assume();
  expect(rest).toEqual({ AssumedRoleUser: { AssumedRoleId: `${Role.RoleId}:me`, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/me` } });
  expect(Credentials).toEqual({
    AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/) as string, SecretAccessKey: expect.stringMatching(/^.{40}$/) as string,
    SessionToken: expect.any(String) as string, Expiration: NOW + 3_600_000,
  });
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials as NonNullable<typeof Credentials>;
  expect(await identities.find(AccessKeyId)).toEqual({
    accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiresAt: NOW + 3_600_000, issuedAt: NOW,
    principal: {
      type: "AssumedRole", account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/me`, userId: `${Role.RoleId}:me`, roleArn: ROLE, tags: {},
    },
    policies: { identity: [allowing("s3:*")] },
  });
  expect(await sts.GetCallerIdentity({}, { accessKeyId: AccessKeyId })).toEqual({
    UserId: `${Role.RoleId}:me`, Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/me`,
  });
  // What has expired is swept as others are made.
  advance(3_600_000);
  await assume();
  expect(await identities.find(AccessKeyId)).toBeUndefined();
});

test("session policies and tags limit and mark the session", async () => {
  const { identities, iam } = services;
  await makeRole(trusting({ AWS: ACCOUNT }, { Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] }));
  await iam.CreatePolicy({ PolicyName: "limit", PolicyDocument: allowing("s3:Get*") });
  const limit = `arn:aws:iam::${ACCOUNT}:policy/limit`;
  const { Credentials, PackedPolicySize, SourceIdentity } = await assume({
    Policy: denying("iam:*"), PolicyArns: [{ arn: limit }], Tags: [{ Key: "team", Value: "a" }], SourceIdentity: "bob",
  });
  expect([PackedPolicySize, SourceIdentity]).toEqual([7, "bob"]);
  expect(await identities.find(Credentials?.AccessKeyId ?? "")).toMatchObject({
    principal: { tags: { team: "a" }, sourceIdentity: "bob" },
    policies: { identity: [], session: [denying("iam:*"), allowing("s3:Get*")] },
  });
  // A managed policy that is gone allows nothing; it does not stop limiting.
  await iam.DeletePolicy({ PolicyArn: limit });
  const { session } = (await identities.find(Credentials?.AccessKeyId ?? ""))?.policies ?? {};
  expect(session).toHaveLength(2);
  expect(session?.[1]).not.toContain("Allow");
});

const denied = (who: string, action = "AssumeRole") => ["AccessDeniedException", `User: ${who} is not authorized to perform: sts:${action} on resource: ${ROLE}`];
const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`;

test("a trust policy that names the account leaves it to the caller's own policies", async () => {
  await makeRole(trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }));
  expect(await failure(assume({}, await makeUser("bob")))).toEqual(denied(BOB));
  expect(await assume({}, await makeUser("eve", allowing("sts:AssumeRole", ROLE)))).toMatchObject({ AssumedRoleUser: {} });
});

test("a trust policy that names the user is enough, unless the user's own policies deny", async () => {
  await makeRole(trusting({ AWS: BOB }));
  const bob = await makeUser("bob");
  expect(await assume({}, bob)).toMatchObject({ AssumedRoleUser: {} });
  await services.iam.PutUserPolicy({ UserName: "bob", PolicyName: "d", PolicyDocument: denying("sts:*") });
  expect(await failure(assume({}, bob))).toEqual(denied(BOB));
});

test("a user of another account needs both to allow", async () => {
  await makeRole(trusting({ AWS: "444455556666" }));
  const { iam } = services;
  const other = { account: "444455556666", accessKeyId: "444455556666" };
  await iam.CreateUser({ UserName: "bob" }, other);
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "bob" }, other)).AccessKey;
  expect(await failure(assume({}, { accessKeyId: AccessKeyId }))).toEqual(denied("arn:aws:iam::444455556666:user/bob"));
  await iam.PutUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: allowing("sts:AssumeRole") }, other);
  expect(await assume({}, { accessKeyId: AccessKeyId })).toMatchObject({ AssumedRoleUser: {} });
});

test("conditions of the trust policy: external ids, session names, source addresses and tags", async () => {
  const Condition = {
    StringEquals: { "sts:ExternalId": "e", "sts:RoleSessionName": "me", "aws:RequestTag/team": "a" }, IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
  };
  await makeRole(trusting({ AWS: ACCOUNT }, { Condition, Action: ["sts:AssumeRole", "sts:TagSession"] }));
  const Tags = [{ Key: "team", Value: "a" }];
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  expect(await assume({ ExternalId: "e", Tags })).toMatchObject({ AssumedRoleUser: {} });
  expect(await failure(assume({ Tags }))).toEqual(denied(root));
  expect(await failure(assume({ ExternalId: "e" }))).toEqual(denied(root));
  expect(await failure(assume({ ExternalId: "e", Tags, RoleSessionName: "you" }))).toEqual(denied(root));
  expect(await failure(assume({ ExternalId: "e", Tags }, { sourceIp: "198.51.100.1" }))).toEqual(denied(root));
});

test("tags and source identities need permissions of their own", async () => {
  await makeRole(trusting({ AWS: ACCOUNT }));
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  expect(await failure(assume({ Tags: [{ Key: "a", Value: "b" }] }))).toEqual(denied(root, "TagSession"));
  expect(await failure(assume({ SourceIdentity: "bob" }))).toEqual(denied(root, "SetSourceIdentity"));
});

test("a role that trusts a service is not for users, and one that is not there is no other", async () => {
  await makeRole(trusting({ Service: "apigateway.amazonaws.com" }));
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  expect(await failure(assume())).toEqual(denied(root));
  await services.iam.DeleteRole({ RoleName: "r" });
  expect(await failure(assume())).toEqual(denied(root));
});

test("durations: the role's longest, and an hour for roles assumed by role chaining", async () => {
  await makeRole(trusting({ AWS: "*" }));
  expect((await assume({ DurationSeconds: 7200 })).Credentials?.Expiration).toBe(NOW + 7_200_000);
  expect(await failure(assume({ DurationSeconds: 7201 }))).toEqual([
    "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  ]);
  const { Credentials } = await assume();
  expect(await failure(assume({ DurationSeconds: 3601 }, { accessKeyId: Credentials?.AccessKeyId }))).toEqual([
    "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
  ]);
});

test("what is not built of AssumeRole says so", async () => {
  expect(await failure(assume({ SerialNumber: "arn:aws:iam::1:mfa/x" }))).toEqual([
    "NotImplementedException", "Gatehouse has not built SerialNumber of AssumeRole yet.",
  ]);
});

test("GetSessionToken gives a user's own rights for a while, and not to temporary credentials", async () => {
  const { sts, identities, iam } = services;
  const bob = await makeUser("bob", allowing("s3:*"));
  const { Credentials } = await sts.GetSessionToken({}, bob);
  expect(Credentials?.Expiration).toBe(NOW + 43_200_000);
  const accessKeyId = Credentials?.AccessKeyId ?? "";
  expect(await identities.find(accessKeyId)).toMatchObject({ principal: { type: "User", arn: BOB }, policies: { identity: [allowing("s3:*")] } });
  expect(await failure(sts.GetSessionToken({}, { accessKeyId }))).toEqual([
    "AccessDeniedException", "Cannot call GetSessionToken with session credentials",
  ]);
  await iam.DeleteUserPolicy({ UserName: "bob", PolicyName: "p0" });
  expect((await identities.find(accessKeyId))?.policies.identity).toEqual([]);
});

test("GetAccessKeyInfo and GetCallerIdentity", async () => {
  const { sts, iam } = services;
  const bob = await makeUser("bob");
  expect(await sts.GetAccessKeyInfo({ AccessKeyId: bob.accessKeyId })).toEqual({ Account: ACCOUNT });
  expect(await sts.GetAccessKeyInfo({ AccessKeyId: bob.accessKeyId }, { account: "000000000000" })).toEqual({ Account: ACCOUNT });
  const { User } = await iam.GetUser({ UserName: "bob" });
  expect(await sts.GetCallerIdentity({}, bob)).toEqual({ UserId: User.UserId, Account: ACCOUNT, Arn: BOB });
  expect(await sts.GetCallerIdentity({})).toEqual({ UserId: ACCOUNT, Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root` });
});

test("no more temporary credentials than every gateway can know: those that have expired make room", async () => {
  const { context, sts, advance } = services;
  const issue = createSessions(context, 2);
  const session = { account: ACCOUNT, subject: { type: "account" }, policies: [], policyArns: [], tags: {} } as const;
  await issue(session, 900);
  await issue(session, 1_800);
  expect(await failure(issue(session, 900))).toEqual([
    "ThrottlingException", "Gatehouse keeps 2 temporary credentials at most: some have to expire before others can be made.",
  ]);
  advance(900_000);
  await issue(session, 900);
  expect(await failure(issue(session, 900))).toEqual(["ThrottlingException", expect.any(String)]);
  await sts.GetSessionToken({});
});
