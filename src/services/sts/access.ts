// What STS's operations ask of IAM before they run
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html).
import type { RequiredPermissions } from "../../domain/access.ts";

/**
 * "No permissions are required" for GetCallerIdentity and GetSessionToken, whatever a policy denies (their pages in the API
 * reference); AssumeRole asks the role's trust policy together with the caller's own, once it has read the role.
 */
const DECIDED_ELSEWHERE: ReadonlySet<string> = new Set(["AssumeRole", "GetCallerIdentity", "GetSessionToken"]);

/** What a call of any operation needs. */
export const stsPermissions: RequiredPermissions = ({ operation: { name } }) =>
  DECIDED_ELSEWHERE.has(name) ? [] : [{ action: `sts:${name}`, resource: "*" }];
