// Policy documents: checked when they are put, counted without their white space, and sent percent-encoded.
import { compilePolicy, type PolicyKind, PolicySyntaxError } from "../../policy/index.ts";
import { malformedPolicy } from "./errors.ts";

/** @throws {ServiceError} MalformedPolicyDocument, with IAM's words for what is wrong */
export function checkDocument(document: string, kind: PolicyKind = {}): void {
  try {
    compilePolicy(document, { ...kind, strict: true, maxLength: 131_072 });
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformedPolicy(error.message);
    throw error;
  }
}

/** "IAM does not count white space when calculating the size of a policy against these quotas." */
export const sizeOf = (document: string): number => document.replace(/\s+/g, "").length;

/** "Policies returned by this operation are URL-encoded compliant with RFC 3986": API_GetUserPolicy and the others. */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
