// ClientCertificate: a key pair that API Gateway makes, by which backends tell that a request comes from it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html).
import { recordKind } from "./record.ts";
import type { Tags } from "./rest-api.ts";

/** What everyone may see of it. */
export interface ClientCertificate {
  readonly clientCertificateId: string;
  readonly description?: string;
  /** Self-signed. */
  readonly pemEncodedCertificate: string;
  readonly createdDate: number;
  readonly expirationDate: number;
  readonly tags: Tags;
}

/** Kept apart, so that nothing which shows or lists certificates can show it. */
export interface ClientCertificateKey {
  /** PKCS #8, in PEM. */
  readonly privateKey: string;
}

/** What a TLS client shows to a server that asks who it is. */
export interface TlsIdentity {
  /** The same name is the same identity: connections are only shared under one name. */
  readonly name: string;
  /** In PEM. */
  readonly certificate: string;
  /** In PEM. A function, so that nothing that prints a plan or a request prints it. */
  readonly privateKey: () => string;
}

/** Key: account, region, id. */
export const clientCertificates = recordKind<ClientCertificate>("client-certificate");

/** Key: that of its certificate. */
export const clientCertificateKeys = recordKind<ClientCertificateKey>("client-certificate-key");
