// Who calls, as policies speak of it: made of what is stored of users, roles and sessions.
import { assumedRoleArn, iamArn, rootArn } from "./identity-arn.ts";
import type { EntityRecord, SessionRecord } from "./identity-records.ts";

export interface Principal {
  /** The account itself, a user of it, or the session of a role. */
  readonly type: "Account" | "User" | "AssumedRole";
  /** 12 digits. */
  readonly account: string;
  /** arn:aws:iam::…:root, arn:aws:iam::…:user/…, arn:aws:sts::…:assumed-role/…/…. */
  readonly arn: string;
  /** The account, AIDA…, AROA…:session-name. */
  readonly userId: string;
  readonly userName?: string;
  /** Of a role's session: arn:aws:iam::…:role/…, with its path. */
  readonly roleArn?: string;
  /** Of the user or role, overlaid by the session's: the values of aws:PrincipalTag. */
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
}

type Named = Pick<EntityRecord, "account" | "name" | "path" | "id" | "tags">;

/** The account itself: nothing limits what it may do. */
export const accountPrincipal = (account: string): Principal => ({ type: "Account", account, arn: rootArn(account), userId: account, tags: {} });

export const userPrincipal = ({ account, name, path, id, tags }: Named): Principal => ({
  type: "User", account, arn: iamArn(account, "user", path, name), userId: id, userName: name, tags,
});

export function sessionPrincipal(
  { account, name, path, id, tags }: Named, sessionName: string, session: Pick<SessionRecord, "tags" | "sourceIdentity">,
): Principal {
  return {
    type: "AssumedRole",
    account,
    arn: assumedRoleArn(account, name, sessionName),
    userId: `${id}:${sessionName}`,
    roleArn: iamArn(account, "role", path, name),
    tags: { ...tags, ...session.tags },
    ...(session.sourceIdentity !== undefined && { sourceIdentity: session.sourceIdentity }),
  };
}

/** The secret of the built-in access keys of development. */
export const DEVELOPMENT_SECRET = "test";

/** The account whose administrator a built-in access key of development is: `test` is the given one's, a 12-digit account id its own. */
export function developmentAccountOf(accessKeyId: string, developmentAccount: string): string | undefined {
  if (accessKeyId === "test") return developmentAccount;
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : undefined;
}

/** What stands for a policy that a session was limited by and that is gone. */
export const ALLOWS_NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"sts:NoAction","Resource":"*"}]}';
