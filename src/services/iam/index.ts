// The door of IAM.
export { iamPermissions } from "./access.ts";
export { createAccessControl } from "./authorize.ts";
export type { IamContext, IamOptions } from "./context.ts";
export { checkDocument, sizeOf } from "./documents.ts";
export { createIam, type Iam } from "./iam.ts";
export { accountIdentity } from "./identities.ts";
export { accountOfAccessKey, newAccessKeyId, newSecretAccessKey, newSessionToken } from "./ids.ts";
export { findPolicy } from "./policy-lookup.ts";
export { roles, type RoleRecord, type SessionRecord, sessions } from "../../domain/identity-records.ts";
