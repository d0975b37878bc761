// What the integrations of a stage need to reach their backends: the stage's client certificate, and VPC links.
import { clientCertificateKeys, clientCertificates } from "../domain/client-certificate.ts";
import type { RestApiSnapshot } from "../domain/rest-api.ts";
import { type PrivateAddresses, privateAddress, type VpcLink, vpcLinks } from "../domain/vpc-link.ts";
import type { BackendAccess } from "../plan/index.ts";
import type { Store } from "../ports/store.ts";

/** A client certificate with its key. */
export interface StoredIdentity {
  readonly name: string;
  /** In PEM. */
  readonly certificate: string;
  /** In PEM. */
  readonly privateKey: string;
}

/** Whose backends they are. */
export interface BackendOwner {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly clientCertificateId: string | undefined;
}

/** Plain data: it can be sent to another process. */
export interface Backends {
  readonly identity: StoredIdentity | undefined;
  /** Those of the account, where the stage has private integrations. */
  readonly vpcLinks: readonly VpcLink[];
}

/** @param isPrivate whether some integrations are private */
export async function loadBackends(store: Store, owner: BackendOwner, isPrivate: boolean): Promise<Backends> {
  const [identity, links] = await Promise.all([loadIdentity(store, owner), isPrivate ? loadLinks(store, owner) : []]);
  return { identity, vpcLinks: links };
}

/** How a plan reaches them. @param addresses the operator's, for private integrations */
export function accessTo({ identity, vpcLinks: all }: Backends, addresses: PrivateAddresses): BackendAccess {
  const links = new Map(all.map((link) => [link.id, link]));
  return {
    // A function in place of the key: nothing that prints a plan prints it.
    identity: identity && { name: identity.name, certificate: identity.certificate, privateKey: () => identity.privateKey },
    privateAddress: (target, linkId) => privateAddress(target, linkId, links, addresses),
  };
}

export const hasPrivateIntegrations = ({ methods }: RestApiSnapshot): boolean =>
  methods.some(({ methodIntegration }) => methodIntegration?.connectionType === "VPC_LINK");

async function loadLinks(store: Store, { account, region }: BackendOwner): Promise<readonly VpcLink[]> {
  const { items } = await store.list(vpcLinks, { prefix: [account, region] });
  return items.map(({ value }) => value);
}

/** The stage's name is part of the identity's: no other stage's requests go over its connections. */
async function loadIdentity(store: Store, owner: BackendOwner): Promise<StoredIdentity | undefined> {
  const { account, region, apiId, stageName, clientCertificateId: id } = owner;
  if (id === undefined) return undefined;
  const place = [account, region, id];
  const [certificate, key] = await Promise.all([store.get(clientCertificates, place), store.get(clientCertificateKeys, place)]);
  if (certificate === undefined || key === undefined) throw new Error(`There is no client certificate ${id}`);
  const { privateKey } = key.value;
  return { name: `${apiId}/${stageName}/${id}`, certificate: certificate.value.pemEncodedCertificate, privateKey };
}
