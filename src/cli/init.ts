// `gatehouse init`: makes the first administrator of a data directory, and the access key to call the control plane with.
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { openSqliteStore } from "../adapters/sqlite/index.ts";
import { createLog, systemClock } from "../adapters/system/index.ts";
import { type Config, ConfigError, readCommand } from "../config/index.ts";
import type { Call } from "../domain/call.ts";
import { accessKeys, users } from "../domain/identity-records.ts";
import type { Store } from "../ports/store.ts";
import { createIam } from "../services/iam/index.ts";
import { version } from "../version.ts";

export const INIT_USAGE = "gatehouse init [--json] [--replace-keys] [--data-dir DIRECTORY] [--account ACCOUNT]";

const USER_NAME = "admin";
const POLICY_ARN = "arn:aws:iam::aws:policy/AdministratorAccess";
const OWN_OPTIONS: ReadonlySet<string> = new Set(["--json", "--replace-keys"]);

interface Administrator {
  readonly account: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Runs the command with the arguments behind its name; the settings are read as at a start. Its answer, for standard output, is
 * the only place where the secret ever stands in the clear outside of the data directory.
 * @throws {ConfigError} for bad options, and where there is an administrator with a key already
 * @throws {StoreOpenError} for a directory that cannot be used, or that a running Gatehouse uses
 */
export async function init(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const command = readCommand(args.filter((arg) => !OWN_OPTIONS.has(arg)), env);
  if (command.kind !== "start") return `Usage: ${INIT_USAGE}\n`;
  const { config } = command;
  if (config["in-memory"]) throw new ConfigError("init makes an administrator in a data directory, and in-memory keeps none");
  const directory = resolve(config["data-dir"]);
  const log = createLog({ level: "warn", stream: process.stderr });
  const store = await openSqliteStore({ directory, log, onFailure: (error) => log.error("the store has failed", error) });
  try {
    const administrator = await makeAdministrator(store, config, log, args.includes("--replace-keys"));
    return args.includes("--json") ? `${JSON.stringify({ ...administrator, dataDir: directory }, undefined, 2)}\n` : asText(administrator, directory);
  } finally {
    await store.close();
  }
}

async function makeAdministrator(store: Store, config: Config, log: ReturnType<typeof createLog>, replace: boolean): Promise<Administrator> {
  const { account, region } = config;
  const iam = createIam({ store, clock: systemClock, log, publication: { identitiesChanged: () => Promise.resolve() }, isStrict: true });
  const { CreateUser, AttachUserPolicy, CreateAccessKey, DeleteAccessKey } = iam.handlers;
  const call: Call = {
    account, region, requestId: randomUUID(), accessKeyId: account, sourceIp: "127.0.0.1", userAgent: `gatehouse/${version}`,
  };
  const user = (await store.get(users, [account, USER_NAME]))?.value;
  const keys = user === undefined ? [] : (await store.list(accessKeys, { index: { name: "user", value: user.id } })).items;
  if (keys.length > 0 && !replace) {
    throw new ConfigError(
      `account ${account} has an administrator already, the user ${USER_NAME}; pass --replace-keys to revoke its access keys and make a new one`,
    );
  }
  if (user === undefined) await CreateUser({ UserName: USER_NAME }, call);
  await AttachUserPolicy({ UserName: USER_NAME, PolicyArn: POLICY_ARN }, call);
  for (const { value } of keys) await DeleteAccessKey({ UserName: USER_NAME, AccessKeyId: value.accessKeyId }, call);
  const { AccessKey } = await CreateAccessKey({ UserName: USER_NAME }, call);
  return { account, userName: USER_NAME, accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

const asText = ({ account, userName, accessKeyId, secretAccessKey }: Administrator, directory: string): string =>
  `The user ${userName} is the administrator of account ${account} in ${directory}.
Its access key, which is not shown again:

export AWS_ACCESS_KEY_ID=${accessKeyId}
export AWS_SECRET_ACCESS_KEY=${secretAccessKey}
`;
