// The service: AssumeRole, GetCallerIdentity, GetSessionToken and GetAccessKeyInfo.
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { StsOperations } from "../../model/sts.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { accountOfAccessKey, type IamContext } from "../iam/index.ts";
import { assumeRole, callerOf } from "./assume-role.ts";
import { createSessions } from "./sessions.ts";

type Names = "AssumeRole" | "GetCallerIdentity" | "GetSessionToken" | "GetAccessKeyInfo";

export type Sts = Pick<Handlers<StsOperations, Call>, Names>;

/** "12 hours (43,200 seconds) by default", one hour for the account itself: API_GetSessionToken. */
const USER_SECONDS = 43_200;
const ACCOUNT_SECONDS = 3_600;

/** The operations that are built. */
export function createSts(iam: IamContext): Sts {
  const issue = createSessions(iam);

  return {
    AssumeRole: (input, call) => assumeRole(iam, issue, input, call),

    /** "No permissions are required to perform this operation." */
    async GetCallerIdentity(_input, call) {
      const { userId, account, arn } = (await callerOf(iam, call)).principal;
      return { UserId: userId, Account: account, Arn: arn };
    },

    async GetSessionToken({ DurationSeconds, SerialNumber, TokenCode }, call) {
      if (SerialNumber !== undefined || TokenCode !== undefined) {
        throw new ServiceError("NotImplementedException", "Gatehouse has not built MFA of GetSessionToken yet.");
      }
      const identity = await iam.identities.find(call.accessKeyId);
      if (identity?.sessionToken !== undefined) {
        // Quoted in aws/aws-sdk-php#1876.
        throw new ServiceError("AccessDeniedException", "Cannot call GetSessionToken with session credentials");
      }
      const { principal } = await callerOf(iam, call);
      const isUser = principal.type === "User";
      const longest = isUser ? 129_600 : ACCOUNT_SECONDS;
      const seconds = Math.min(DurationSeconds ?? (isUser ? USER_SECONDS : ACCOUNT_SECONDS), longest);
      const subject = isUser ? ({ type: "user", userId: principal.userId } as const) : ({ type: "account" } as const);
      const session = { account: principal.account, subject, policies: [], policyArns: [], tags: {} };
      return { Credentials: await issue(session, seconds) };
    },

    async GetAccessKeyInfo({ AccessKeyId }) {
      const identity = await iam.identities.find(AccessKeyId);
      const account = identity?.principal.account ?? accountOfAccessKey(AccessKeyId);
      if (account === undefined) {
        throw new ServiceError("ValidationError", `${AccessKeyId} is not a valid access key id.`);
      }
      return { Account: account };
    },
  };
}
