// CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey and GetAccessKeyLastUsed. A secret is told once.
import type { Call } from "../../domain/call.ts";
import type { IamOperations } from "../../model/iam.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { check, put, remove, type Stored } from "../../ports/store.ts";
import type { IamContext } from "./context.ts";
import { requireEntity, USER } from "./entities.ts";
import { noSuchEntity, quotaExceeded, validationError } from "./errors.ts";
import { byId } from "./identities.ts";
import { newAccessKeyId, newSecretAccessKey } from "./ids.ts";
import { pageOf } from "./paging.ts";
import { type AccessKeyRecord, accessKeys, accessKeyUses, type UserRecord, users } from "../../domain/identity-records.ts";
import { callersName } from "./users.ts";

type Names = "CreateAccessKey" | "ListAccessKeys" | "UpdateAccessKey" | "DeleteAccessKey" | "GetAccessKeyLastUsed";

const KEYS_PER_USER = 2;

export function accessKeyOperations(context: IamContext): Pick<Handlers<IamOperations, Call>, Names> {
  const { store, clock } = context;

  /** Without a name the caller's own user is meant. The account itself has no keys but the built-in ones. */
  async function requireUser(call: Call, UserName: string | undefined): Promise<Stored<UserRecord>> {
    const name = UserName ?? (await callersName(context, call));
    if (name === undefined) throw validationError("Must specify userName when calling with non-User credentials");
    return requireEntity(context, USER, await context.accountOf(call), name);
  }

  async function requireKey(user: UserRecord, accessKeyId: string): Promise<Stored<AccessKeyRecord>> {
    const key = await store.get(accessKeys, [accessKeyId]);
    if (key?.value.userId !== user.id) throw keyNotFound(accessKeyId);
    return key;
  }

  return {
    async CreateAccessKey({ UserName }, call) {
      const { key, version, value: user } = await requireUser(call, UserName);
      const count = await store.count(accessKeys, { index: { name: "user", value: user.id } });
      if (count >= KEYS_PER_USER) throw quotaExceeded("AccessKeysPerUser", KEYS_PER_USER);
      const accessKey: AccessKeyRecord = {
        account: user.account, userId: user.id, accessKeyId: newAccessKeyId("AKIA", user.account), secretAccessKey: newSecretAccessKey(),
        status: "Active", createDate: clock.now(),
      };
      // The user is written too, unchanged, so that of two keys made at once one is counted before the other.
      await context.commit([put(users, key, user, version), put(accessKeys, [accessKey.accessKeyId], accessKey, "absent")]);
      const { accessKeyId, secretAccessKey, status, createDate } = accessKey;
      return {
        AccessKey: { UserName: user.name, AccessKeyId: accessKeyId, Status: status, SecretAccessKey: secretAccessKey, CreateDate: createDate },
      };
    },

    async ListAccessKeys({ UserName, ...request }, call) {
      const { value: user } = await requireUser(call, UserName);
      const keys = await store.list(accessKeys, { index: { name: "user", value: user.id } });
      const { items, rest } = pageOf(keys.items, ({ value }) => value.accessKeyId, request);
      return {
        AccessKeyMetadata: items.map(({ value: { accessKeyId, status, createDate } }) => ({
          UserName: user.name, AccessKeyId: accessKeyId, Status: status, CreateDate: createDate,
        })),
        ...rest,
      };
    },

    async UpdateAccessKey({ UserName, AccessKeyId, Status }, call) {
      const { value: user } = await requireUser(call, UserName);
      const { key, version, value } = await requireKey(user, AccessKeyId);
      if (Status === "Expired") throw validationError("Status must be Active or Inactive.");
      await context.commit([put(accessKeys, key, { ...value, status: Status }, version)]);
      return {};
    },

    async DeleteAccessKey({ UserName, AccessKeyId }, call) {
      const { key: userKey, version: userVersion, value: user } = await requireUser(call, UserName);
      const { key, version } = await requireKey(user, AccessKeyId);
      await context.commit([
        check(users, userKey, userVersion), remove(accessKeys, key, version), remove(accessKeyUses, [AccessKeyId], "any"),
      ]);
      return {};
    },

    async GetAccessKeyLastUsed({ AccessKeyId }, call) {
      const key = (await store.get(accessKeys, [AccessKeyId]))?.value;
      const user = key?.account === (await context.accountOf(call)) ? await byId(store, users, key.userId) : undefined;
      if (user === undefined) throw keyNotFound(AccessKeyId);
      const use = (await store.get(accessKeyUses, [AccessKeyId]))?.value;
      const last = use === undefined
        ? { ServiceName: "N/A", Region: "N/A" }
        : { ServiceName: use.service, Region: use.region, LastUsedDate: use.date };
      return { UserName: user.name, AccessKeyLastUsed: last };
    },
  };
}

const keyNotFound = (accessKeyId: string): Error => noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
