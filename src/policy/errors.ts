// What can be wrong with a policy document.

/** A document that is no policy: the message says what is wrong, in IAM's words where AWS's pages print them. */
export class PolicySyntaxError extends Error {
  override readonly name = "PolicySyntaxError";
}
