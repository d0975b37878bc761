// AWS Signature Version 4: reading who signed a request, verifying that they did, and signing requests that leave.
export { parseAuthorization } from "./authorization.ts";
export type { Authorization, CredentialScope, SignedRequest } from "./authorization.ts";
export type { Expectation } from "./claims.ts";
export type { Refusal, RefusalCode } from "./refusal.ts";
export { sign } from "./sign.ts";
export type { Credentials, SignableRequest, SigningScope } from "./sign.ts";
export { unknownClient } from "./refusal.ts";
export { isKeyOf, readClaim, verifyClaim, verifyRequest } from "./verify.ts";
export type { ReceivedRequest, Verified, VerifyingKey } from "./verify.ts";
