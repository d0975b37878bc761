// What a domain name may be: its name, its endpoints, and which of its settings go together.
import type { DomainEndpointType, DomainName, MutualTls } from "../../domain/domain-name.ts";
import { partitionOf } from "../../domain/arn.ts";
import { badRequest } from "../../domain/errors.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import type { Ids } from "../../ports/ids.ts";
import { checkCertificateArns } from "./domain-name-certificate.ts";
import { checkedPolicy } from "./policy-document.ts";
import { isEnhanced, isPolicyOf } from "./security-policies.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** Two labels or more, the first perhaps `*`, the last no number: neither a host without a domain nor an IP address. */
const DOMAIN_NAME = new RegExp(`^(?:\\*|${LABEL})(?:\\.${LABEL})*\\.(?!\\d+$)${LABEL}$`);

/** The domain name, when all of it holds together. @throws {ServiceError} BadRequestException */
export function checkedDomainName(domain: DomainName, limits: RestApiLimits): DomainName {
  checkName(domain);
  checkEndpoints(domain);
  checkCertificateArns(domain);
  checkSecurityPolicy(domain);
  checkMutualTls(domain);
  for (const policy of [domain.policy, domain.managementPolicy]) {
    if (policy === undefined) continue;
    if (!isPrivate(domain)) throw badRequest("Policies can only be specified with PRIVATE domain names.");
    checkedPolicy(policy, limits);
  }
  return domain;
}

export const isPrivate = ({ types }: Pick<DomainName, "types">): boolean => types.includes("PRIVATE");

function checkName(domain: DomainName): void {
  const { domainName } = domain;
  if (domainName.length > 253 || !DOMAIN_NAME.test(domainName)) {
    const rule = "Domain names have two labels or more of a-z, 0-9 and hyphens, the first may be *";
    throw badRequest(`Invalid domain name specified: ${domainName}. ${rule}`);
  }
  // Hosts of this form are APIs' own, and would never be looked up as custom domain names.
  if (domainName.includes(".execute-api.")) {
    throw badRequest(`Invalid domain name specified: ${domainName}. The label execute-api is API Gateway's own`);
  }
  // Guide: apigateway-private-custom-domains, considerations.
  if (isPrivate(domain) && domainName.startsWith("*.")) {
    throw badRequest("Wildcard custom domain names are not supported for PRIVATE domain names.");
  }
}

function checkEndpoints(domain: DomainName): void {
  const { ipAddressType, region, types } = domain;
  if (types.length === 0) throw badRequest("A domain name must have an Endpoint Type.");
  if (types.length > 1 && isPrivate(domain)) throw badRequest("A PRIVATE domain name cannot have other Endpoint Types.");
  // Quoted in github.com/app-sre/qontract-reconcile/pull/2590.
  if (types.includes("EDGE") && partitionOf(region) !== "aws") {
    throw badRequest(`Endpoint Configuration type EDGE is not supported in this region: ${region}`);
  }
  if (isPrivate(domain) && ipAddressType === "ipv4") throw badRequest("Only the dualstack IP address type is supported for PRIVATE domain names.");
  for (const type of types) {
    // Quoted in github.com/hashicorp/terraform-provider-aws/issues/3276.
    if (!hasCertificate(domain, type)) throw badRequest(`A certificate was not provided for the endpoint type ${type}.`);
  }
}

function hasCertificate({ certificateArn, regionalCertificateArn, uploadedAs }: DomainName, type: DomainEndpointType): boolean {
  return type === "REGIONAL"
    ? regionalCertificateArn !== undefined || uploadedAs === "regionalCertificateName"
    : certificateArn !== undefined || uploadedAs === "certificateName";
}

/**
 * A new domain name has no certificates for endpoints that it does not have. Quoted in github.com/anomalyco/sst/issues/4131.
 * @throws {ServiceError} BadRequestException
 */
export function checkForeignCertificates(domain: DomainName): void {
  const { certificateArn, certificateName, regionalCertificateArn, regionalCertificateName } = domain;
  const [type] = domain.types;
  const foreign = type === "REGIONAL" ? (certificateArn ?? certificateName) : (regionalCertificateArn ?? regionalCertificateName);
  if (foreign === undefined) return;
  throw badRequest(`Cannot import certificates for ${type === "REGIONAL" ? "EDGE" : "REGIONAL"} while ${type} is active.`);
}

function checkSecurityPolicy({ endpointAccessMode, securityPolicy, types }: DomainName): void {
  for (const type of types) {
    if (!isPolicyOf(type, securityPolicy)) throw badRequest(`The security policy ${securityPolicy} is not supported for the endpoint type ${type}.`);
  }
  if (isEnhanced(securityPolicy) && endpointAccessMode === undefined) {
    // Quoted in github.com/serverless/serverless/issues/13332.
    throw badRequest("Endpoint access mode is required for the specified security policy");
  }
  if (!isEnhanced(securityPolicy) && endpointAccessMode !== undefined) {
    throw badRequest("The endpoint access mode can only be specified with a security policy that starts with SecurityPolicy_");
  }
}

/** Guide: rest-api-mutual-tls, and apigateway-custom-domain-tls-version, considerations. */
function checkMutualTls({ mutualTlsAuthentication: mutualTls, securityPolicy, types }: DomainName): void {
  if (mutualTls === undefined) return;
  if (types.some((type) => type !== "REGIONAL")) throw badRequest(MUTUAL_TLS_REGIONAL);
  if (securityPolicy !== "TLS_1_2") throw badRequest("Mutual TLS authentication requires the security policy TLS_1_2.");
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/.test(mutualTls.truststoreUri ?? "")) {
    throw badRequest(`Invalid truststore URI specified: ${mutualTls.truststoreUri ?? ""}. It must be an Amazon S3 URL, s3://bucket-name/key-name`);
  }
}

/** Quoted in github.com/aws/aws-cdk/issues/11690. */
export const MUTUAL_TLS_REGIONAL = "Mutual TLS authentication is supported for Regional APIs only";

/** The host names that the domain name's endpoints have: new ones for new endpoints. */
export function withEndpointNames(domain: DomainName, ids: Ids): DomainName {
  const { distributionDomainName, regionalDomainName, ...rest } = domain;
  const { region, types } = domain;
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    ...rest,
    ...(types.includes("EDGE") ? { distributionDomainName: distributionDomainName ?? `d${ids.alphanumeric(13)}.cloudfront.net` } : {}),
    ...(types.includes("REGIONAL")
      ? { regionalDomainName: regionalDomainName ?? `d-${ids.alphanumeric(10)}.execute-api.${region}.${suffix}` }
      : {}),
  };
}

/** An uploaded certificate is there until its name goes or a certificate of ACM takes its place. */
export function withUpload(domain: DomainName): DomainName {
  const { uploadedAs, ...rest } = domain;
  const arn = uploadedAs === "certificateName" ? domain.certificateArn : domain.regionalCertificateArn;
  return uploadedAs !== undefined && arn === undefined && domain[uploadedAs] !== undefined ? domain : rest;
}

/** Mutual TLS with its members, or none when nothing is left of it: without a truststore there is none. */
export const mutualTlsOf = ({ truststoreUri, truststoreVersion }: MutualTls): MutualTls | undefined =>
  truststoreUri ? { truststoreUri, ...(truststoreVersion ? { truststoreVersion } : {}) } : undefined;

/** The policy of a private domain name as AWS keeps it: `execute-api:/*` stands for the domain name. */
export function expandedPolicy(policy: string | undefined, domain: DomainName): string | undefined {
  if (policy === undefined) return undefined;
  const { account, domainName, domainNameId, region } = domain;
  const arn = `arn:${partitionOf(region)}:execute-api:${region}:${account}:/domainnames/${domainName}+${domainNameId ?? ""}`;
  return JSON.stringify(JSON.parse(policy), (name, value: unknown) => {
    if (name !== "Resource" && name !== "NotResource") return value;
    const expanded = [value].flat().map((each: unknown) => (typeof each === "string" && each.startsWith("execute-api:/") ? arn : each));
    return expanded.length === 1 ? expanded[0] : expanded;
  });
}
