// Policies and tags given with a request for credentials: checked, and counted against the quota they share
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
import { ServiceError } from "../../domain/errors.ts";
import type { PolicyDescriptorType, Tag } from "../../model/sts.gen.ts";
import { checkDocument, findPolicy, type IamContext, sizeOf } from "../iam/index.ts";

interface Given {
  readonly Policy?: string;
  readonly PolicyArns?: readonly PolicyDescriptorType[];
  readonly Tags?: readonly Tag[];
}

export interface SessionLimits {
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  /** Percent of the quota that the policy and tags take; absent without any. */
  readonly packedSize?: number;
}

/** "The plaintext that you use for both inline and managed session policies can't exceed 2,048 characters." */
const PLAINTEXT = 2_048;

/** @throws {ServiceError} MalformedPolicyDocument, PackedPolicyTooLarge */
export async function readSessionPolicies({ store }: IamContext, account: string, given: Given): Promise<SessionLimits> {
  const { Policy, PolicyArns = [], Tags = [] } = given;
  if (Policy !== undefined) checkDocument(Policy);
  const policyArns = PolicyArns.flatMap(({ arn }) => arn ?? []);
  for (const arn of policyArns) {
    const owner = (await findPolicy(store, arn))?.policy.account;
    if (owner !== account && owner !== "aws") throw malformed(`The policy is not valid: ${arn} does not exist or is not attachable.`);
  }
  const tags = Tags.reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  const size = (Policy === undefined ? 0 : sizeOf(Policy)) + policyArns.join("").length + tags;
  if (size > PLAINTEXT) {
    const percent = Math.ceil((size * 100) / PLAINTEXT);
    throw new ServiceError("PackedPolicyTooLargeException", `Packed size of session policies and tags consumes ${String(percent)}% of allotted space.`);
  }
  return {
    policies: Policy === undefined ? [] : [Policy],
    policyArns,
    ...(size > 0 && { packedSize: Math.ceil((size * 100) / PLAINTEXT) }),
  };
}

const malformed = (message: string): ServiceError => new ServiceError("MalformedPolicyDocumentException", message);
