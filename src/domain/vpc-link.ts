// VpcLink: how private integrations reach a Network Load Balancer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html).
import { recordKind } from "./record.ts";
import type { Integration, StringMap, Tags } from "./rest-api.ts";

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

/** The `${stageVariables.x}` of a text, each replaced by its value; one that is not set becomes empty. */
const STAGE_VARIABLE = /\$\{stageVariables\.([^}]+)\}/g;

/** The id of the VPC link that an integration connects through; undefined when it connects by the internet. */
export function vpcLinkIdOf({ connectionType, connectionId }: Integration, variables: StringMap): string | undefined {
  if (connectionType !== "VPC_LINK" || connectionId === undefined) return undefined;
  return connectionId.replace(STAGE_VARIABLE, (_, name: string) => (Object.hasOwn(variables, name) ? (variables[name] as string) : ""));
}

/**
 * Where a private integration connects to: the address of its integration target (the load balancer or listener that a
 * VPC link V2 leads to), of its VPC link, or of the load balancer that the link leads to. Undefined when none of them
 * has one.
 */
export function privateAddress(
  integration: Integration,
  linkId: string,
  links: ReadonlyMap<string, VpcLink>,
  addresses: PrivateAddresses,
): string | undefined {
  const { integrationTarget } = integration;
  if (integrationTarget !== undefined) return addresses.get(integrationTarget) ?? addresses.get(linkId);
  const link = links.get(linkId);
  return link?.status !== "AVAILABLE" ? undefined : (addresses.get(linkId) ?? addresses.get(link.targetArns[0] ?? ""));
}
