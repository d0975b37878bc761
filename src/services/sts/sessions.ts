// Temporary credentials: made, kept until they expire, and swept bit by bit as others are made.
import { ServiceError } from "../../domain/errors.ts";
import type { Credentials } from "../../model/sts.gen.ts";
import type { Change } from "../../ports/store.ts";
import { put, remove } from "../../ports/store.ts";
import {
  type IamContext, newAccessKeyId, newSecretAccessKey, newSessionToken, type SessionRecord, sessions,
} from "../iam/index.ts";

/** How many kept sessions are looked at each time one is made: what has expired never comes to outnumber what has not. */
const SWEPT = 10;
/** The same once there are as many as there may be. */
const SWEPT_WHEN_FULL = 1_000;
/** So many are kept at once: every gateway knows them all. AWS names no limit. */
const MOST_SESSIONS = 100_000;

export type IssueSession = (
  session: Omit<SessionRecord, "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiresAt" | "issuedAt">,
  durationSeconds: number,
) => Promise<Credentials>;

/** @param most sessions that are kept at once */
export function createSessions({ store, clock, commit }: IamContext, most = MOST_SESSIONS): IssueSession {
  let position: readonly string[] | undefined;

  async function expired(limit: number): Promise<Change[]> {
    const page = await store.list(sessions, { limit, ...(position && { after: position }) });
    position = page.more ? page.items.at(-1)?.key : undefined;
    return page.items.filter(({ value }) => value.expiresAt <= clock.now()).map(({ key }) => remove(sessions, key, "any"));
  }

  /** Makes room for one more. @throws {ServiceError} when there is none */
  async function sweep(): Promise<Change[]> {
    const isFull = (await store.count(sessions, {})) >= most;
    const swept = await expired(isFull ? SWEPT_WHEN_FULL : SWEPT);
    if (!isFull || swept.length > 0) return swept;
    throw new ServiceError("ThrottlingException", `Gatehouse keeps ${String(most)} temporary credentials at most: some have to expire before others can be made.`);
  }

  return async (session, durationSeconds) => {
    const accessKeyId = newAccessKeyId("ASIA", session.account);
    // Whole seconds, as the answer says.
    const issuedAt = clock.now();
    const expiresAt = Math.floor(issuedAt / 1000 + durationSeconds) * 1000;
    const record = { ...session, accessKeyId, secretAccessKey: newSecretAccessKey(), sessionToken: newSessionToken(), expiresAt, issuedAt };
    await commit([...(await sweep()), put(sessions, [accessKeyId], record, "absent")]);
    const { secretAccessKey, sessionToken } = record;
    return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiresAt };
  };
}
