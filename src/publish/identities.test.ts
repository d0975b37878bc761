// Identities as gateways know them: whatever IAM and STS have acknowledged, they know as the store has it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryIdentities } from "../adapters/memory/index.ts";
import type { IdentityChange } from "../ports/identity-lookup.ts";
import { ACCOUNT, allowing, denying, NOW, startIdentityServices, trusting } from "../services/iam/service.fixture.ts";
import { createIdentityPublisher } from "./identities.ts";

const MANAGED = `arn:aws:iam::${ACCOUNT}:policy/p`;
const AWS_MANAGED = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;

function start() {
  const lookup = createMemoryIdentities({ developmentAccount: "000000000000" });
  const told: (readonly IdentityChange[])[] = [];
  let publisher: ReturnType<typeof createIdentityPublisher> | undefined;
  const services = startIdentityServices({
    publish(store) {
      const changeIdentities = async (changes: readonly IdentityChange[]): Promise<void> => {
        told.push(changes);
        // As slow as workers are: what is acknowledged has to have waited.
        await new Promise(setImmediate);
        lookup.changeIdentities(changes);
      };
      return (publisher = createIdentityPublisher({ store, gateways: { changeIdentities }, clock: { now: () => NOW, after: () => () => undefined } }));
    },
  });
  return { ...services, lookup, told, publisher: publisher as NonNullable<typeof publisher> };
}

type Started = ReturnType<typeof start>;

async function prepare({ iam }: Started): Promise<void> {
  for (const UserName of ["ann", "bob"]) await iam.CreateUser({ UserName, Tags: [{ Key: "team", Value: UserName }] });
  await iam.CreateGroup({ GroupName: "g" });
  await iam.CreatePolicy({ PolicyName: "p", PolicyDocument: allowing("execute-api:Invoke") });
  await iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) });
}

/** Everything that bears on who somebody is, or what they may do. Those that cannot be done are refused, and change nothing. */
const OPERATIONS: readonly ((services: Started, ids: readonly string[]) => Promise<unknown>)[] = [
  ({ iam }) => iam.CreateAccessKey({ UserName: "ann" }),
  ({ iam }) => iam.CreateAccessKey({ UserName: "bob" }),
  ({ iam }, [id = ""]) => iam.UpdateAccessKey({ UserName: "ann", AccessKeyId: id, Status: "Inactive" }),
  ({ iam }, [id = ""]) => iam.UpdateAccessKey({ UserName: "ann", AccessKeyId: id, Status: "Active" }),
  ({ iam }, [id = ""]) => iam.DeleteAccessKey({ UserName: "ann", AccessKeyId: id }),
  ({ iam }) => iam.UpdateUser({ UserName: "ann", NewUserName: "cat", NewPath: "/x/" }),
  ({ iam }) => iam.UpdateUser({ UserName: "cat", NewUserName: "ann" }),
  ({ iam }) => iam.PutUserPolicy({ UserName: "ann", PolicyName: "i", PolicyDocument: denying("a:b") }),
  ({ iam }) => iam.DeleteUserPolicy({ UserName: "ann", PolicyName: "i" }),
  ({ iam }) => iam.AttachUserPolicy({ UserName: "bob", PolicyArn: MANAGED }),
  ({ iam }) => iam.DetachUserPolicy({ UserName: "bob", PolicyArn: MANAGED }),
  ({ iam }) => iam.AttachUserPolicy({ UserName: "bob", PolicyArn: AWS_MANAGED }),
  ({ iam }) => iam.AddUserToGroup({ UserName: "ann", GroupName: "g" }),
  ({ iam }) => iam.RemoveUserFromGroup({ UserName: "ann", GroupName: "g" }),
  ({ iam }) => iam.PutGroupPolicy({ GroupName: "g", PolicyName: "i", PolicyDocument: allowing("g:h") }),
  ({ iam }) => iam.UpdateGroup({ GroupName: "g", NewGroupName: "G2" }),
  ({ iam }) => iam.UpdateGroup({ GroupName: "G2", NewGroupName: "g" }),
  ({ iam }) => iam.CreatePolicyVersion({ PolicyArn: MANAGED, PolicyDocument: denying("c:d"), SetAsDefault: true }),
  ({ iam }) => iam.SetDefaultPolicyVersion({ PolicyArn: MANAGED, VersionId: "v1" }),
  ({ iam }) => iam.DeletePolicy({ PolicyArn: MANAGED }),
  ({ iam }) => iam.PutUserPermissionsBoundary({ UserName: "ann", PermissionsBoundary: MANAGED }),
  ({ iam }) => iam.DeleteUserPermissionsBoundary({ UserName: "ann" }),
  ({ iam }) => iam.AttachRolePolicy({ RoleName: "r", PolicyArn: AWS_MANAGED }),
  ({ iam }) => iam.DetachRolePolicy({ RoleName: "r", PolicyArn: AWS_MANAGED }),
  ({ iam }) => iam.PutRolePolicy({ RoleName: "r", PolicyName: "i", PolicyDocument: allowing("r:s") }),
  ({ iam }) => iam.PutRolePermissionsBoundary({ RoleName: "r", PermissionsBoundary: MANAGED }),
  ({ iam }) => iam.TagRole({ RoleName: "r", Tags: [{ Key: "k", Value: "v" }] }),
  ({ iam }) => iam.DeleteRolePolicy({ RoleName: "r", PolicyName: "i" }),
  ({ iam }) => iam.DeleteRole({ RoleName: "r" }),
  ({ iam }) => iam.CreateRole({ RoleName: "r", AssumeRolePolicyDocument: trusting({ AWS: ACCOUNT }) }),
  ({ sts }) => sts.AssumeRole({ RoleArn: ROLE, RoleSessionName: "one" }),
  ({ sts }) => sts.AssumeRole({ RoleArn: ROLE, RoleSessionName: "two", Policy: allowing("s:t"), PolicyArns: [{ arn: AWS_MANAGED }] }),
  ({ sts }, [id]) => sts.GetSessionToken({}, id === undefined ? {} : { accessKeyId: id }),
  ({ sts }) => sts.GetSessionToken({}),
];

/** The access key that an operation has made. */
function madeBy(outcome: unknown): readonly string[] {
  const { AccessKey, Credentials } = (outcome ?? {}) as { AccessKey?: { AccessKeyId: string }; Credentials?: { AccessKeyId: string } };
  return [AccessKey, Credentials].flatMap((key) => key?.AccessKeyId ?? []);
}

async function expectAgreement({ lookup, identities }: Pick<Started, "lookup" | "identities">, ids: readonly string[]): Promise<void> {
  for (const id of [...ids, "test", ACCOUNT, "AKIAIOSFODNN7EXAMPLE"]) expect([id, lookup.find(id)]).toEqual([id, await identities.find(id)]);
}

test("whatever is done, gateways find what the store says, when it has been acknowledged and when they start anew", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(OPERATIONS.length - 1), { minLength: 10, maxLength: 60 }), async (sequence) => {
      const started = start();
      await prepare(started);
      const ids: string[] = [];
      for (const index of sequence) {
        const outcome = await (OPERATIONS[index] as (typeof OPERATIONS)[number])(started, ids).catch((error: unknown) => {
          expect(error).toHaveProperty("code");
        });
        ids.push(...madeBy(outcome));
        await expectAgreement(started, ids);
      }
      started.lookup.replaceIdentities([]);
      await started.publisher.publishAllIdentities();
      await expectAgreement(started, ids);
    }),
    { numRuns: 40 },
  );
});

test("an identity is the same object until something of it changes", async () => {
  const { iam, lookup } = start();
  await iam.CreateUser({ UserName: "ann" });
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "ann" })).AccessKey;
  const found = lookup.find(AccessKeyId);
  expect(found?.principal.userName).toBe("ann");
  await iam.UpdateAccessKey({ UserName: "ann", AccessKeyId: (await iam.CreateAccessKey({ UserName: "ann" })).AccessKey.AccessKeyId, Status: "Inactive" });
  // CreateAccessKey writes the user too.
  const again = lookup.find(AccessKeyId);
  expect(again).toEqual(found);
  expect(lookup.find(AccessKeyId)).toBe(again);
});

test("changes that come while others are told are told together", async () => {
  const { iam, told } = start();
  await Promise.all(Array.from({ length: 50 }, (_, i) => iam.CreateUser({ UserName: `u${String(i)}` })));
  expect(told.length).toBeLessThan(10);
  expect(told.flat()).toHaveLength(50);
});

test("at the start only those are told of who may still call: no inactive keys, no sessions that have expired", async () => {
  const { iam, store, sts, lookup } = start();
  await iam.CreateUser({ UserName: "ann" });
  const { AccessKeyId } = (await iam.CreateAccessKey({ UserName: "ann" })).AccessKey;
  await iam.UpdateAccessKey({ UserName: "ann", AccessKeyId, Status: "Inactive" });
  const { Credentials } = await sts.GetSessionToken({ DurationSeconds: 900 });
  const told: IdentityChange[] = [];
  const later = createIdentityPublisher({
    store, gateways: { changeIdentities: (changes) => void told.push(...changes) }, clock: { now: () => NOW + 900_000, after: () => () => undefined },
  });
  await later.publishAllIdentities();
  expect(told.map(({ type }) => type)).toEqual(["user"]);
  expect(lookup.find(Credentials?.AccessKeyId ?? "")?.expiresAt).toBe(NOW + 900_000);
});
