// Key pairs with self-signed certificates, of the form that those of AWS have: version 3 without extensions, SHA-256 with
// RSA, the names of AWS's (a whole one stands in github.com/aquasecurity/cloudsploit, in the tests of its plugin
// apigatewayCertificateRotation). Node.js signs, but has nothing that writes a certificate; these few lines of DER
// (ITU-T X.690) are all that it takes (RFC 5280, section 4.1).
import { generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";

export interface KeyPairRequest {
  /** Milliseconds since the epoch; certificates count seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface CertifiedKey {
  /** In PEM, with line ends as AWS has them and none after the last. */
  readonly certificate: string;
  /** PKCS #8, in PEM. */
  readonly privateKey: string;
}

const RSA_BITS = 2048;
const newKeyPair = promisify(generateKeyPair);
const signed = promisify(sign);

/** Makes a key pair and its certificate, in threads beside the event loop's. */
export async function certifiedKey({ notBefore, notAfter }: KeyPairRequest): Promise<CertifiedKey> {
  const { publicKey, privateKey } = await newKeyPair("rsa", { modulusLength: RSA_BITS });
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    SHA256_WITH_RSA,
    API_GATEWAY,
    sequence(time(notBefore), time(notAfter)),
    API_GATEWAY,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = await signed("sha256", toBeSigned, privateKey);
  return { certificate: pem(sequence(toBeSigned, SHA256_WITH_RSA, bitString(signature))), privateKey: exported(privateKey) };
}

const exported = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }) as string;

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\r\n");
}

/** 62 random bits, positive and without leading zeros. */
function serialNumber(): Buffer {
  const bytes = randomBytes(8);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes;
}

/** Seconds of UTC: with two digits of the year before 2050, with four from then on (RFC 5280, section 4.1.2.5). */
function time(at: number): Buffer {
  const [date = "", clock = ""] = new Date(at).toISOString().split("T");
  const digits = `${date}${clock.slice(0, 8)}`.replace(/[-:]/g, "");
  return digits < "2050" ? element(0x17, Buffer.from(`${digits.slice(2)}Z`)) : element(0x18, Buffer.from(`${digits}Z`));
}

/** Tag, length and content. */
function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  return bytes < 0x100 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >> 8, bytes & 0xff);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const explicit = (number: number, part: Buffer): Buffer => element(0xa0 | number, part);
const integer = (bytes: Buffer): Buffer => element(0x02, bytes);
/** Whole bytes: none of the last one's bits are unused. */
const bitString = (bytes: Buffer): Buffer => element(0x03, Buffer.concat([Buffer.of(0), bytes]));
const identifier = (...bytes: readonly number[]): Buffer => element(0x06, Buffer.from(bytes));

/** A relative name of one attribute: `2.5.4.{type}`, a printable string. */
const attribute = (type: number, value: string): Buffer =>
  element(0x31, sequence(identifier(0x55, 0x04, type), element(0x13, Buffer.from(value, "ascii"))));

/** 1.2.840.113549.1.1.11, with no parameters (RFC 4055, section 5). */
const SHA256_WITH_RSA = sequence(identifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), element(0x05, Buffer.alloc(0)));

/** C=US, L=Seattle, CN=ApiGateway */
const API_GATEWAY = sequence(attribute(6, "US"), attribute(7, "Seattle"), attribute(3, "ApiGateway"));
