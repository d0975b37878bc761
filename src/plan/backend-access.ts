// What a stage's integrations need besides their definition to reach HTTP backends.
import type { TlsIdentity } from "../domain/client-certificate.ts";
import type { Integration, StringMap } from "../domain/rest-api.ts";
import type { PrivateTarget } from "../domain/vpc-link.ts";
import { withStageVariables } from "./uri.ts";

export interface BackendAccess {
  /** Shown to backends that ask for a certificate; undefined when the stage has none. */
  readonly identity: TlsIdentity | undefined;
  /** Where a private integration connects to (`host:port`); undefined when nobody has said. */
  privateAddress(target: PrivateTarget, linkId: string): string | undefined;
}

/** A stage without a certificate, whose integrations all go by the internet. */
export const PUBLIC_BACKENDS: BackendAccess = { identity: undefined, privateAddress: () => undefined };

/** How an integration's requests travel. */
export interface Connection {
  readonly identity: TlsIdentity | undefined;
  /** `host:port`; undefined for the URI's own. */
  readonly address: string | undefined;
}

/** The connection, or why there is none: AWS answers 500 then. */
export function compileConnection(integration: Pick<Integration, "connectionType" | "connectionId" | "integrationTarget">, { identity, privateAddress }: BackendAccess, variables: StringMap): Connection | string {
  const { connectionType, connectionId = "", integrationTarget } = integration;
  if (connectionType !== "VPC_LINK") return { identity, address: undefined };
  const linkId = withStageVariables(connectionId, variables);
  if (linkId === "") return `No VPC link in ${connectionId}`;
  const target = integrationTarget === undefined ? {} : { integrationTarget: withStageVariables(integrationTarget, variables) };
  const address = privateAddress(target, linkId);
  return address === undefined ? noAddress(target, linkId) : { identity, address };
}

function noAddress({ integrationTarget }: PrivateTarget, linkId: string): string {
  const target = integrationTarget === undefined ? `VPC link ${linkId}` : `${integrationTarget} behind VPC link ${linkId}`;
  return `No address is known for ${target}; the setting vpc-links gives it one`;
}
