// IAM's policy language: documents are compiled once and evaluated often
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html).
export { compilePolicy } from "./compile.ts";
export type { Policy } from "./compile.ts";
export { compileCaller } from "./documents.ts";
export { decide } from "./decide.ts";
export type { Decision, DenyReason, Policies, PolicyType } from "./decide.ts";
export { PolicySyntaxError } from "./errors.ts";
export { evaluate } from "./evaluate.ts";
export type { PolicyKind, PolicyRequest, PolicyVersion, PrincipalFacts, Verdict } from "./policy.ts";
