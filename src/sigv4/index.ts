// AWS Signature Version 4: reading who signed a request, and signing requests that leave.
export { parseAuthorization } from "./authorization.ts";
export type { Authorization, CredentialScope, SignedRequest } from "./authorization.ts";
export { sign } from "./sign.ts";
export type { Credentials, SignableRequest, SigningScope } from "./sign.ts";
