// DomainName: a name of an API developer's own under which APIs answer; what its paths stand for is in base-path-mapping.ts.
import type { Call } from "../../domain/call.ts";
import type { DomainName } from "../../domain/domain-name.ts";
import {
  basePathMappings,
  domainNameArn,
  domainNameKey,
  domainNames,
  parentDomain,
  uploadedCertificates,
} from "../../domain/domain-name.ts";
import { badRequest, limitExceeded, notFound } from "../../domain/errors.ts";
import { DISTRIBUTION_HOSTED_ZONE_ID, regionalHostedZoneId } from "../../domain/hosted-zones.ts";
import { routingRules } from "../../domain/routing-rule.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, removeAll, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { holdAccount } from "./account.ts";
import { type ApiGatewayContext, unlessEmpty } from "./context.ts";
import { mayAssociate } from "./domain-name-access.ts";
import { uploadedCertificate } from "./domain-name-certificate.ts";
import { checkMigration, domainNameRules } from "./domain-name-patch.ts";
import {
  checkedDomainName,
  checkForeignCertificates,
  expandedPolicy,
  isPrivate,
  mutualTlsOf,
  withEndpointNames,
  withUpload,
} from "./domain-name-rules.ts";
import { assertMappedStay } from "./rest-only-domain-names.ts";
import { checkedTags } from "./tag-rules.ts";

export interface DomainNameInput {
  readonly domainName: string;
  /** Names a private domain name; without it, the public one is meant. */
  readonly domainNameId?: string;
}

/** @throws {ServiceError} NotFoundException (its words as quoted in github.com/hashicorp/terraform-provider-aws/issues/41659) */
export async function findDomainName({ store }: ApiGatewayContext, input: DomainNameInput, call: Call): Promise<Stored<DomainName>> {
  const domain = await store.get(domainNames, domainNameKey(call.account, call.region, input.domainName, input.domainNameId));
  if (domain === undefined) throw notFound("Invalid domain name identifier specified");
  return domain;
}

export function domainNameOperations(context: ApiGatewayContext) {
  const { clock, ids, limits, publication, store } = context;
  const find = (input: DomainNameInput, call: Call) => findDomainName(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateDomainNameRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ value }) => show(value)),
    list: (input: Model.GetDomainNamesRequest, call: Call): Promise<Model.DomainNames> => listed(context, input, call),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateDomainNameRequest, call) => {
        checkMigration(input.patchOperations);
        return find(input, call);
      },
      of: ({ value }) => value,
      rules: domainNameRules,
      keep: async (domain, patched) => {
        const dated = withUploadDate(withUpload(patched), domain.value, clock.now());
        const next = withEndpointNames(withPolicy(checkedDomainName(dated, limits)), ids);
        await assertMappedStay(context, domain, next);
        const uploadGone = domain.value.uploadedAs !== undefined && next.uploadedAs === undefined;
        return {
          changes: [
            put(domainNames, domain.key, next, domain.version),
            ...(uploadGone ? [remove(uploadedCertificates, domain.key, "any")] : []),
          ],
          answer: show(next),
          afterwards: () => publication.domainChanged(next),
        };
      },
    }),
    /** Its mappings and routing rules go with it. */
    remove: verbs.removing(store, find, ({ key, value, version }) => ({
      changes: [remove(domainNames, key, version), removeAll(basePathMappings, key), removeAll(routingRules, key), remove(uploadedCertificates, key, "any")],
      afterwards: () => publication.domainChanged(value),
    })),
  };
}

async function creation(
  context: ApiGatewayContext,
  input: Model.CreateDomainNameRequest,
  call: Call,
): Promise<verbs.Decision<Model.DomainName>> {
  const { ids, limits, publication } = context;
  const uploaded = uploadedCertificate(input);
  const uploadedAs = input.certificateName ? "certificateName" : "regionalCertificateName";
  const asked = withUpload({ ...newDomainName(context, input, call), ...(uploaded === undefined ? {} : { uploadedAs }) });
  checkForeignCertificates(asked);
  const domain = withEndpointNames(withPolicy(checkedDomainName(asked, limits)), ids);
  checkedTags(domain.tags, limits);
  checkOwnHosts(context, domain);
  await assertFree(context, domain);
  await assertQuota(context, domain);
  const key = domainNameKey(call.account, call.region, domain.domainName, domain.domainNameId);
  const changes = [
    await holdAccount(context, call),
    put(domainNames, key, domain, "absent"),
    ...(domain.uploadedAs === undefined ? [] : [put(uploadedCertificates, key, uploaded, "absent")]),
  ];
  return { changes, answer: show(domain), afterwards: () => publication.domainChanged(domain) };
}

function newDomainName({ clock, ids }: ApiGatewayContext, input: Model.CreateDomainNameRequest, call: Call): DomainName {
  const { endpointConfiguration = {}, mutualTlsAuthentication = {}, tags = {} } = input;
  const { routingMode = "BASE_PATH_MAPPING_ONLY", securityPolicy = "TLS_1_2" } = input;
  if (endpointConfiguration.vpcEndpointIds?.length) throw badRequest("VPCEndpoints can only be specified with PRIVATE apis.");
  const types = endpointConfiguration.types?.length ? endpointConfiguration.types : (["EDGE"] as const);
  // The second comes with a migration (guide: apigateway-regional-api-custom-domain-migrate).
  if (types.length > 1) throw badRequest("Cannot create a domain name with multiple Endpoint Types.");
  const given = {
    certificateName: input.certificateName,
    certificateArn: input.certificateArn,
    regionalCertificateName: input.regionalCertificateName,
    regionalCertificateArn: input.regionalCertificateArn,
    endpointAccessMode: input.endpointAccessMode,
    mutualTlsAuthentication: mutualTlsOf(mutualTlsAuthentication),
    ownershipVerificationCertificateArn: input.ownershipVerificationCertificateArn,
    policy: input.policy,
  };
  return {
    domainName: input.domainName,
    ...(isPrivate({ types }) ? { domainNameId: ids.alphanumeric(10) } : {}),
    account: call.account,
    region: call.region,
    certificateUploadDate: clock.now(),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== "")) as Partial<DomainName>),
    types,
    ipAddressType: endpointConfiguration.ipAddressType ?? (isPrivate({ types }) ? "dualstack" : "ipv4"),
    securityPolicy,
    routingMode,
    tags,
  };
}

function withPolicy(domain: DomainName): DomainName {
  const policy = expandedPolicy(domain.policy, domain);
  return policy === undefined ? domain : { ...domain, policy };
}

const withUploadDate = (next: DomainName, before: DomainName, now: number): DomainName =>
  next.certificateArn === before.certificateArn && next.regionalCertificateArn === before.regionalCertificateArn
    ? next
    : { ...next, certificateUploadDate: now };

/** Requests for the names of this program are its own. @throws {ServiceError} BadRequestException */
function checkOwnHosts({ ownHosts }: ApiGatewayContext, { domainName }: DomainName): void {
  const takesIn = (host: string) => host === domainName || `*.${parentDomain(host)}` === domainName;
  if (ownHosts.some((host) => takesIn(host.toLowerCase()))) {
    throw badRequest(`Invalid domain name specified: ${domainName}. Gatehouse itself is called by this name`);
  }
}

/**
 * Public names are one of a kind in the installation, private ones in their account and region. A wildcard may not take in
 * names of other accounts (guide: how-to-custom-domains, "Wildcard custom domain names"). The words are quoted in
 * github.com/zappa/Zappa/issues/532.
 * @throws {ServiceError} BadRequestException
 */
async function assertFree({ store }: ApiGatewayContext, domain: DomainName): Promise<void> {
  const { account, domainName, region } = domain;
  const taken = isPrivate(domain)
    ? (await store.list(domainNames, { prefix: [account, region, domainName] })).items.filter(({ value }) => isPrivate(value))
    : (await store.list(domainNames, { index: { name: "host", value: domainName } })).items;
  const below = { index: { name: "parent", value: parentDomain(domainName) } };
  const takenIn = domainName.startsWith("*.") ? (await store.list(domainNames, below)).items : [];
  if (taken.length > 0 || takenIn.some(({ value }) => value.account !== account)) throw badRequest("The domain name you provided already exists.");
}

/** @throws {ServiceError} LimitExceededException */
async function assertQuota({ limits, store }: ApiGatewayContext, domain: DomainName): Promise<void> {
  const [quota, sort] = isPrivate(domain) ? [limits.privateDomainNames, "private"] : [limits.publicDomainNames, "public"];
  const { items } = await store.list(domainNames, { prefix: [domain.account, domain.region] });
  if (items.filter(({ value }) => isPrivate(value) === isPrivate(domain)).length < quota) return;
  throw limitExceeded(
    `Maximum number of ${sort} Domain Names for this account has been reached. Please contact AWS if you need additional Domain Names.`,
  );
}

/** An account's own, or the private ones of others that it may associate its VPC endpoints with. */
async function listed(
  { store }: ApiGatewayContext,
  input: Model.GetDomainNamesRequest,
  { account, region }: Call,
): Promise<Model.DomainNames> {
  if (input.resourceOwner !== "OTHER_ACCOUNTS") {
    const page = await verbs.page(store, domainNames, [account, region], input);
    return { ...page, items: page.items.map(({ value }) => show(value)) };
  }
  const { items } = await store.list(domainNames, { index: { name: "private", value: region } });
  const open = items.map(({ value }) => value).filter((domain) => domain.account !== account && mayAssociate(domain, account) === "Allow");
  const page = verbs.pageOf(open, domainNameArn, input);
  return { ...page, items: page.items.map(showToOthers) };
}

const showToOthers = (domain: DomainName): Model.DomainName => ({
  domainName: domain.domainName,
  domainNameId: domain.domainNameId,
  domainNameArn: domainNameArn(domain),
});

/** A domain name as answers carry it: with the hosted zones of its endpoints. */
function show(domain: DomainName): Model.DomainName {
  const { account: _account, uploadedAs: _uploadedAs, region, types, ipAddressType, tags, ...members } = domain;
  return {
    ...members,
    domainNameArn: domainNameArn(domain),
    endpointConfiguration: { types, ipAddressType },
    ...(types.includes("EDGE") ? { distributionHostedZoneId: DISTRIBUTION_HOSTED_ZONE_ID } : {}),
    ...(types.includes("REGIONAL") ? { regionalHostedZoneId: regionalHostedZoneId(region) } : {}),
    domainNameStatus: "AVAILABLE",
    tags: unlessEmpty(tags),
  };
}
