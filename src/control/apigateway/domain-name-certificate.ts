// The certificates of domain names: ARNs of ACM, which are taken by their form, and those that are uploaded.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { DomainName, UploadedCertificate } from "../../domain/domain-name.ts";
import { badRequest } from "../../domain/errors.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";

const ACM_CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

/** CloudFront's certificates are all there (guide: how-to-edge-optimized-custom-domain-name). */
const EDGE_REGION = "us-east-1";

/**
 * Checks the forms and regions of all ARNs. The words are quoted in github.com/architect/architect/issues/25 and
 * github.com/amplify-education/serverless-domain-manager/pull/49.
 * @throws {ServiceError} BadRequestException
 */
export function checkCertificateArns(domain: DomainName): void {
  const { certificateArn, ownershipVerificationCertificateArn, region, regionalCertificateArn, types } = domain;
  checkArn(certificateArn, types.includes("PRIVATE") ? region : EDGE_REGION);
  checkArn(regionalCertificateArn, region);
  checkArn(ownershipVerificationCertificateArn, region);
}

function checkArn(arn: string | undefined, region: string): void {
  if (arn === undefined || ACM_CERTIFICATE_ARN.exec(arn)?.[1] === region) return;
  throw badRequest(`Invalid certificate ARN: ${arn}. Certificate must be in '${region}'.`);
}

/**
 * The certificate that a request brings along; undefined when it brings none. No message repeats any of it.
 * @throws {ServiceError} BadRequestException
 */
export function uploadedCertificate(input: Model.CreateDomainNameRequest): UploadedCertificate | undefined {
  const { certificateBody: body, certificateChain: chain, certificatePrivateKey: privateKey } = input;
  if (!body && !privateKey && !chain) return undefined;
  // In these words also for a domain name without any certificate (github.com/hashicorp/terraform/issues/14800).
  if (!input.certificateName && !input.regionalCertificateName) throw badRequest("Certificate name must be specified");
  if (!body || !privateKey) throw badRequest("Certificate body and certificate private key must be specified together");
  if (!certificate(body).checkPrivateKey(key(privateKey))) throw badRequest("Certificate private key does not match the certificate body");
  if (chain) for (const block of chain.split(/(?<=-----END CERTIFICATE-----)\s*/).filter((each) => each.trim() !== "")) certificate(block);
  return { body, privateKey, ...(chain ? { chain } : {}) };
}

function certificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    // Whatever is wrong with it, it is no certificate; the cause could repeat parts of it.
    throw badRequest("Invalid certificate specified. Certificates must be PEM-encoded X.509 certificates");
  }
}

function key(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The same for a key.
    throw badRequest("Invalid certificate private key specified. It must be PEM-encoded and not encrypted");
  }
}
