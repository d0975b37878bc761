// Why a request is not taken for its signer's: AWS's error types, and the words that go with them.

export type RefusalCode =
  | "MissingAuthenticationTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "UnrecognizedClientException"
  | "ExpiredTokenException";

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  readonly message: string;
  /**
   * What services add to the message of a signature that does not match: the canonical request and the string to sign
   * (quoted for API Gateway in mhart/aws4#33).
   */
  readonly explanation?: string;
}

const refusal = (code: RefusalCode, message: string): Refusal => ({ kind: "refused", code, message });

export const missingToken: Refusal = refusal("MissingAuthenticationTokenException", "Missing Authentication Token");

/** No such access key, or a session token that is not the key's. Quoted in badslug/Paw-AWSSignature4DynamicValue#5. */
export const unknownClient: Refusal = refusal("UnrecognizedClientException", "The security token included in the request is invalid.");

/** Quoted in MitocGroup/deep-framework#592, without a full stop. */
export const expiredToken: Refusal = refusal("ExpiredTokenException", "The security token included in the request is expired");

export const incomplete = (message: string): Refusal => refusal("IncompleteSignatureException", message);
export const invalid = (message: string): Refusal => refusal("InvalidSignatureException", message);

/** Quoted in mhart/aws4#33 and #110, with the explanation after it. */
export function mismatch(canonicalRequest: string, stringToSign: string): Refusal {
  const message =
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  const explanation =
    `\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'` +
    `\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`;
  return { ...invalid(message), explanation };
}
