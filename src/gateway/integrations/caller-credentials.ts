// Integrations that go to AWS in the name of whoever calls the method (credentials: arn:aws:iam::*:user/*,
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html#apigw-Type-Integration-credentials).
import type { AwsCredentials } from "../../ports/aws-services.ts";
import type { IdentityCaller } from "../../ports/functions.ts";
import type { Identity } from "../../ports/identities.ts";
import type { Authorized } from "../execution.ts";
import { decideAccess } from "../iam-decision.ts";
import { configurationError } from "../rejection.ts";

/** What the caller has signed with. @throws {Rejection} API_CONFIGURATION_ERROR unless AWS_IAM has found the signature good */
export const callerCredentials = (execution: Authorized): AwsCredentials => credentialsOf(signerOf(execution));

/**
 * The caller as one who invokes a function: its own policies have to allow it
 * (https://docs.aws.amazon.com/lambda/latest/dg/permissions-user-function.html).
 * @throws {Rejection} API_CONFIGURATION_ERROR as {@link callerCredentials}
 */
export function invokingCaller(execution: Authorized, functionArn: string): IdentityCaller {
  const signer = signerOf(execution);
  const [, , , , account = ""] = functionArn.split(":");
  const access = { action: "lambda:InvokeFunction", resources: [functionArn], account, resourcePolicy: undefined, request: execution } as const;
  return { principal: signer.principal.arn, isAllowed: decideAccess(signer, access).allowed, credentials: credentialsOf(signer) };
}

function signerOf({ signer }: Authorized): Identity {
  if (signer === undefined) throw configurationError("The integration takes its caller's credentials, and there are none that AWS_IAM has verified");
  return signer;
}

const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken }: Identity): AwsCredentials => ({
  accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }),
});
