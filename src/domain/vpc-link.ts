// VpcLink: how private integrations reach a Network Load Balancer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html).
import { recordKind } from "./record.ts";
import type { Integration, Tags } from "./rest-api.ts";

export interface VpcLink {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Exactly one. */
  readonly targetArns: readonly string[];
  readonly status: "AVAILABLE" | "FAILED";
  readonly statusMessage: string;
  readonly tags: Tags;
}

/** Key: account, region, id. */
export const vpcLinks = recordKind<VpcLink>("vpc-link");

/**
 * Addresses (`host:port`) by what stands for them: the ARN of a load balancer or of its listener, or the id of a VPC
 * link. The operator's, as there is no VPC to ask.
 */
export type PrivateAddresses = ReadonlyMap<string, string>;

/** Behind a VPC link of the V2 API: the ARN of the listener that is meant. Those of the V1 API have one target alone. */
export type PrivateTarget = Pick<Integration, "integrationTarget">;

/**
 * Where a private integration connects to: the address of its integration target, of its VPC link, or of the load balancer
 * that the link leads to. Undefined when none of them has one.
 */
export function privateAddress(
  { integrationTarget }: PrivateTarget,
  linkId: string,
  links: ReadonlyMap<string, VpcLink>,
  addresses: PrivateAddresses,
): string | undefined {
  if (integrationTarget !== undefined) return addresses.get(integrationTarget) ?? addresses.get(linkId);
  const link = links.get(linkId);
  return link?.status !== "AVAILABLE" ? undefined : (addresses.get(linkId) ?? addresses.get(link.targetArns[0] ?? ""));
}
