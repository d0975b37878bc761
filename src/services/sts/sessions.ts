// Temporary credentials: made, kept until they expire, and swept bit by bit as others are made.
import type { Credentials } from "../../model/sts.gen.ts";
import type { Change } from "../../ports/store.ts";
import { put, remove } from "../../ports/store.ts";
import {
  type IamContext, newAccessKeyId, newSecretAccessKey, newSessionToken, type SessionRecord, sessions,
} from "../iam/index.ts";

/** How many kept sessions are looked at each time one is made: what has expired never comes to outnumber what has not. */
const SWEPT = 10;

export type IssueSession = (
  session: Omit<SessionRecord, "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiresAt">,
  durationSeconds: number,
) => Promise<Credentials>;

export function createSessions({ store, clock, commit }: IamContext): IssueSession {
  let position: readonly string[] | undefined;

  async function expired(): Promise<Change[]> {
    const page = await store.list(sessions, { limit: SWEPT, ...(position && { after: position }) });
    position = page.more ? page.items.at(-1)?.key : undefined;
    return page.items.filter(({ value }) => value.expiresAt <= clock.now()).map(({ key }) => remove(sessions, key, "any"));
  }

  return async (session, durationSeconds) => {
    const accessKeyId = newAccessKeyId("ASIA", session.account);
    // Whole seconds, as the answer says.
    const expiresAt = Math.floor(clock.now() / 1000 + durationSeconds) * 1000;
    const record = { ...session, accessKeyId, secretAccessKey: newSecretAccessKey(), sessionToken: newSessionToken(), expiresAt };
    await commit([...(await expired()), put(sessions, [accessKeyId], record, "absent")]);
    const { secretAccessKey, sessionToken } = record;
    return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiresAt };
  };
}
