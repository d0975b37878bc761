// How the integrations of a stage reach their backends: the stage's client certificate, and addresses for VPC links.
import { clientCertificateKeys, clientCertificates, type TlsIdentity } from "../domain/client-certificate.ts";
import type { RestApiSnapshot } from "../domain/rest-api.ts";
import { type PrivateAddresses, privateAddress, type VpcLink, vpcLinks } from "../domain/vpc-link.ts";
import type { BackendAccess } from "../plan/index.ts";
import type { Store } from "../ports/store.ts";

export interface BackendSources {
  readonly store: Store;
  readonly privateAddresses: PrivateAddresses;
}

/** Whose backends they are. */
export interface BackendOwner {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
  readonly clientCertificateId: string | undefined;
}

export async function loadBackends(sources: BackendSources, owner: BackendOwner, snapshots: readonly RestApiSnapshot[]): Promise<BackendAccess> {
  const { store, privateAddresses } = sources;
  const [identity, links] = await Promise.all([
    loadIdentity(store, owner),
    snapshots.some(hasPrivateIntegrations) ? loadLinks(store, owner) : new Map<string, VpcLink>(),
  ]);
  return { identity, privateAddress: (integration, linkId) => privateAddress(integration, linkId, links, privateAddresses) };
}

const hasPrivateIntegrations = ({ methods }: RestApiSnapshot): boolean =>
  methods.some(({ methodIntegration }) => methodIntegration?.connectionType === "VPC_LINK");

async function loadLinks(store: Store, { account, region }: BackendOwner): Promise<ReadonlyMap<string, VpcLink>> {
  const { items } = await store.list(vpcLinks, { prefix: [account, region] });
  return new Map(items.map(({ value }) => [value.id, value]));
}

/** The stage's name is part of the identity's: no other stage's requests go over its connections. */
async function loadIdentity(store: Store, owner: BackendOwner): Promise<TlsIdentity | undefined> {
  const { account, region, apiId, stageName, clientCertificateId: id } = owner;
  if (id === undefined) return undefined;
  const place = [account, region, id];
  const [certificate, key] = await Promise.all([store.get(clientCertificates, place), store.get(clientCertificateKeys, place)]);
  if (certificate === undefined || key === undefined) throw new Error(`There is no client certificate ${id}`);
  const { privateKey } = key.value;
  return { name: `${apiId}/${stageName}/${id}`, certificate: certificate.value.pemEncodedCertificate, privateKey: () => privateKey };
}
