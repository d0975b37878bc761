// Custom domain names, what they map paths to, and the VPC endpoints that may use private ones
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html,
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html).
import { partitionOf } from "./arn.ts";
import type { Key } from "./record.ts";
import { recordKind, scoped } from "./record.ts";
import type { Tags } from "./rest-api.ts";
import type { RoutingRule } from "./routing-rule.ts";

export type DomainEndpointType = "EDGE" | "REGIONAL" | "PRIVATE";
export type RoutingMode = "BASE_PATH_MAPPING_ONLY" | "ROUTING_RULE_ONLY" | "ROUTING_RULE_THEN_BASE_PATH_MAPPING";

/** Times are milliseconds since the epoch. */
export interface DomainName {
  /** In lower case; the first label may be `*`. */
  readonly domainName: string;
  /** Private domain names alone have one. */
  readonly domainNameId?: string;
  readonly account: string;
  readonly region: string;
  readonly certificateName?: string;
  readonly certificateArn?: string;
  readonly certificateUploadDate: number;
  /** Which of the names is that of an {@link UploadedCertificate}. */
  readonly uploadedAs?: "certificateName" | "regionalCertificateName";
  readonly regionalCertificateName?: string;
  readonly regionalCertificateArn?: string;
  /** Both while a domain name migrates between the edge-optimized and the regional one; never together with `PRIVATE`. */
  readonly types: readonly DomainEndpointType[];
  readonly ipAddressType: "ipv4" | "dualstack";
  /** What a domain name of this type answers under; only with the type `EDGE`. */
  readonly distributionDomainName?: string;
  /** The same with the type `REGIONAL`. */
  readonly regionalDomainName?: string;
  readonly securityPolicy: string;
  readonly endpointAccessMode?: "BASIC" | "STRICT";
  readonly mutualTlsAuthentication?: MutualTls;
  readonly ownershipVerificationCertificateArn?: string;
  /** JSON; only of private domain names, as the next. */
  readonly policy?: string;
  readonly managementPolicy?: string;
  readonly routingMode: RoutingMode;
  readonly tags: Tags;
}

export interface MutualTls {
  /** `s3://{bucket}/{key}` */
  readonly truststoreUri?: string;
  readonly truststoreVersion?: string;
}

/** A certificate that was uploaded with its domain name; a record of its own, which no answer is made of. PEM. */
export interface UploadedCertificate {
  readonly body: string;
  readonly privateKey: string;
  readonly chain?: string;
}

/** The base path of a mapping that takes what no other takes. */
export const NO_BASE_PATH = "(none)";

export interface BasePathMapping {
  /** Without slashes at its ends; {@link NO_BASE_PATH} for none. */
  readonly basePath: string;
  /** A REST or an HTTP API's. */
  readonly restApiId: string;
  /** Absent where clients name the stage after the base path. */
  readonly stage?: string;
  /** What the V2 API knows it by. Absent where the V1 API made it: then the id follows from the base path. */
  readonly apiMappingId?: string;
}

/** A domain name as the gateway answers under it. */
export interface CustomDomain {
  /** The first label may be `*`, which stands for any one label. */
  readonly domainName: string;
  /** Private domain names alone have one. Others may have the same name. */
  readonly domainNameId: string | undefined;
  /** Those that its routing mode lets count. */
  readonly mappings: readonly BasePathMapping[];
  /** Likewise; tried in this order, before the mappings. Absent where there are none. */
  readonly rules?: readonly RoutingRule[];
  /** Why requests to it cannot be served; undefined when they can. */
  readonly refusal: string | undefined;
}

/** Lets a VPC endpoint use a private domain name. */
export interface AccessAssociation {
  readonly domainNameArn: string;
  readonly accessAssociationSourceType: "VPCE";
  /** The VPC endpoint's id. */
  readonly accessAssociationSource: string;
  readonly tags: Tags;
}

/** A public domain name's id in keys, which have one for all. */
const PUBLIC = "";

/** Key: account, region, domain name, its id (empty when it is public). */
export const domainNames = recordKind<DomainName>("domain-name", {
  /** A Host header carries no region, so that public domain names are unique in the whole installation. */
  host: { unique: true, values: ({ domainName, domainNameId }) => (domainNameId === undefined ? [domainName] : []) },
  /** Public domain names by the name that their first label stands before. */
  parent: {
    unique: false,
    values: ({ domainName, domainNameId }) => (domainNameId === undefined ? [parentDomain(domainName)] : []),
  },
  private: { unique: false, values: ({ domainNameId, region }) => (domainNameId === undefined ? [] : [region]) },
});

/** Key: as its domain name's. */
export const uploadedCertificates = recordKind<UploadedCertificate>("domain-name-certificate");

/** Key: its domain name's, base path. */
export const basePathMappings = recordKind<BasePathMapping>("base-path-mapping", {
  api: { unique: false, values: ({ restApiId }) => [restApiId] },
  stage: { unique: false, values: ({ restApiId, stage }) => (stage === undefined ? [] : [scoped(restApiId, stage)]) },
});

/** Key: account, region, `{domain name}+{its id}`, source. */
export const accessAssociations = recordKind<AccessAssociation>("domain-name-access-association", {
  domainName: { unique: false, values: ({ domainNameArn }) => [domainNameArn] },
  /** By the account and the region of the domain name. */
  owner: {
    unique: false,
    values: ({ domainNameArn }) => {
      const { account, region } = parsePrivateDomainNameArn(domainNameArn) ?? {};
      return account === undefined || region === undefined ? [] : [scoped(account, region)];
    },
  },
});

/** What follows the first label: `example.com` of `api.example.com` and of `*.example.com`. */
export const parentDomain = (domainName: string): string => domainName.slice(domainName.indexOf(".") + 1);

export const domainNameKey = (account: string, region: string, domainName: string, domainNameId?: string): Key => [
  account,
  region,
  domainName,
  domainNameId ?? PUBLIC,
];

/** ARNs of public domain names carry no account, those of private ones do. */
export function domainNameArn({ account, domainName, domainNameId, region }: DomainName): string {
  const start = `arn:${partitionOf(region)}:apigateway:${region}`;
  return domainNameId === undefined
    ? `${start}::/domainnames/${domainName}`
    : `${start}:${account}:/domainnames/${domainName}+${domainNameId}`;
}

export interface PrivateDomainNameArn {
  readonly account: string;
  readonly region: string;
  readonly domainName: string;
  readonly domainNameId: string;
}

const PRIVATE_DOMAIN_NAME_ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(\d{12}):\/domainnames\/([^/+]+)\+([A-Za-z0-9]+)$/;

/** What the ARN of a private domain name names; undefined for any other text. */
export function parsePrivateDomainNameArn(arn: string): PrivateDomainNameArn | undefined {
  const [, region, account, domainName, domainNameId] = PRIVATE_DOMAIN_NAME_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || domainName === undefined || domainNameId === undefined) return undefined;
  return { account, region, domainName, domainNameId };
}

/** The ARN of an association of this key. */
export function accessAssociationArn([account = "", region = "", domain = "", source = ""]: Key): string {
  return `arn:${partitionOf(region)}:apigateway:${region}:${account}:/domainnameaccessassociations/domainname/${domain}/vpcesource/${source}`;
}

const ACCESS_ASSOCIATION_ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(\d{12}):\/domainnameaccessassociations\/domainname\/([^/]+)\/vpcesource\/([^/]+)$/;

/** The key of the association that an ARN names; undefined for any other text. */
export function parseAccessAssociationArn(arn: string): Key | undefined {
  const [, region, account, domain, source] = ACCESS_ASSOCIATION_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || domain === undefined || source === undefined) return undefined;
  return [account, region, domain, source];
}
