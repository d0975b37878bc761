// The security policies of APIs and custom domain names
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html).
import type { EndpointConfiguration } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

export const SECURITY_POLICIES = [
  "TLS_1_0",
  "TLS_1_2",
  "SecurityPolicy_TLS13_1_3_2025_09",
  "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
  "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_PQ_2025_09",
  "SecurityPolicy_TLS13_1_2_2021_06",
  "SecurityPolicy_TLS13_2025_EDGE",
  "SecurityPolicy_TLS12_PFS_2025_EDGE",
  "SecurityPolicy_TLS12_2018_EDGE",
] as const satisfies readonly Model.SecurityPolicy[];

/** Whether a policy is an enhanced one, which goes with an endpoint access mode; the others are legacy ones. */
export const isEnhanced = (policy: string): boolean => policy.startsWith("SecurityPolicy_");

/** Whether a custom domain name with an endpoint of the type may have the policy. Private ones have no choice. */
export function isPolicyOf(type: EndpointConfiguration["types"][number], policy: string): boolean {
  if (type === "PRIVATE") return policy === "TLS_1_2";
  return !isEnhanced(policy) || policy.endsWith("_EDGE") === (type === "EDGE");
}
