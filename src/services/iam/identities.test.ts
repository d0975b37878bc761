import { expect, test } from "vitest";
import { ACCOUNT, allowing, startIdentityServices, trusting } from "./service.fixture.ts";

async function withKey() {
  const services = startIdentityServices();
  await services.iam.CreateUser({ UserName: "bob", Tags: [{ Key: "team", Value: "a" }] });
  const { AccessKeyId, SecretAccessKey } = (await services.iam.CreateAccessKey({ UserName: "bob" })).AccessKey;
  return { ...services, AccessKeyId, SecretAccessKey };
}

test("the identity behind a user's key, the same object until something changes", async () => {
  const { iam, identities, AccessKeyId, SecretAccessKey } = await withKey();
  await iam.AttachUserPolicy({ UserName: "bob", PolicyArn: "arn:aws:iam::aws:policy/AmazonKinesisFullAccess" });
  const { User } = await iam.GetUser({ UserName: "bob" });
  const found = await identities.find(AccessKeyId);
  expect(found).toEqual({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    principal: { type: "User", account: ACCOUNT, arn: User.Arn, userId: User.UserId, userName: "bob", tags: { team: "a" } },
    policies: { identity: [expect.stringContaining('"kinesis:*"')] },
  });
  expect(await identities.find(AccessKeyId)).toBe(found);
});

test.each<readonly [string, (services: Awaited<ReturnType<typeof withKey>>) => Promise<unknown>, unknown]>([
  ["UpdateAccessKey", ({ iam, AccessKeyId }) => iam.UpdateAccessKey({ UserName: "bob", AccessKeyId, Status: "Inactive" }), undefined],
  ["DeleteAccessKey", ({ iam, AccessKeyId }) => iam.DeleteAccessKey({ UserName: "bob", AccessKeyId }), undefined],
  ["PutUserPolicy", ({ iam }) => iam.PutUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: allowing("a:b") }), { identity: [allowing("a:b")] }],
])("what %s does is seen by the lookup that begins when it has returned, and by those under way around it no later", async (_name, change, expected) => {
  const services = await withKey();
  const { identities, AccessKeyId } = services;
  expect(await identities.find(AccessKeyId)).toBeDefined();
  const changing = change(services);
  const around = identities.find(AccessKeyId);
  await changing;
  expect((await identities.find(AccessKeyId))?.policies).toEqual(expected);
  await around;
  expect((await identities.find(AccessKeyId))?.policies).toEqual(expected);
});

test("the session of a role that is deleted is nobody's", async () => {
  const { iam, sts, identities } = startIdentityServices();
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  const { Credentials } = await sts.AssumeRole({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/r`, RoleSessionName: "me" });
  const accessKeyId = Credentials?.AccessKeyId ?? "";
  expect(await identities.find(accessKeyId)).toBeDefined();
  await iam.DeleteRole({ RoleName: "r" });
  expect(await identities.find(accessKeyId)).toBeUndefined();
  // A role of the same name is another.
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
  expect(await identities.find(accessKeyId)).toBeUndefined();
});

test("development's keys are accounts' administrators, and exist nowhere else", async () => {
  const root = (account: string) => ({
    secretAccessKey: "test",
    anyToken: true,
    principal: { type: "Account", account, arn: `arn:aws:iam::${account}:root`, userId: account, tags: {} },
    policies: { identity: [] },
  });
  const { identities } = startIdentityServices();
  expect(await identities.find("test")).toEqual({ accessKeyId: "test", ...root("000000000000") });
  expect(await identities.find("123456789012")).toEqual({ accessKeyId: "123456789012", ...root("123456789012") });
  expect(await identities.find("AKIAIOSFODNN7EXAMPLE")).toBeUndefined();
  const strict = startIdentityServices({ development: false }).identities;
  expect([await strict.find("test"), await strict.find("123456789012")]).toEqual([undefined, undefined]);
});
