// A certificate and its key as they stand in files: read, checked, and read again when they are renewed.
import { X509Certificate, createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Log, LogFields } from "../../ports/log.ts";
import { ListenError } from "./listen-error.ts";

export interface CertificateFiles {
  /** PEM: the certificate, then those that it is signed with up to the root. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
  /** How often to look whether the files have changed, in milliseconds; 10 seconds unless given. */
  readonly checkEveryMs?: number;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Names the certificate in the log. */
  readonly fields: LogFields;
  /** A sentence when the certificate is not valid now. */
  readonly doubt: string | undefined;
}

/** Reads and checks both files. @throws {ListenError} with one line that names the file and what is wrong with it. */
export function readCertificate(files: CertificateFiles): Certificate {
  const cert = read("certificate", files.certificate);
  const key = read("key", files.key);
  const x509 = parseCertificate(cert, files);
  if (!x509.checkPrivateKey(parseKey(key, files))) {
    throw new ListenError(`Cannot use the key ${files.key}: it does not belong to the certificate ${files.certificate}`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ListenError(`Cannot use the certificate ${files.certificate}: ${firstLine(error)}`, { cause: error });
  }
  const { subjectAltName = x509.subject, validFromDate, validToDate } = x509;
  const now = new Date();
  const doubt = validToDate < now ? "the certificate has expired" : validFromDate > now ? "the certificate is not valid yet" : undefined;
  return { cert, key, fields: { file: files.certificate, names: subjectAltName, validTo: validToDate.toISOString() }, doubt };
}

function read(what: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ListenError(`Cannot read the ${what} ${file}: ${READ_FAILURES[code] ?? firstLine(error)}`, { cause: error });
  }
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EISDIR: "it is a directory",
};

function parseCertificate(cert: Buffer, { certificate }: CertificateFiles): X509Certificate {
  try {
    if (!cert.includes("-----BEGIN")) throw new Error("it is not PEM");
    return new X509Certificate(cert);
  } catch (error) {
    throw new ListenError(`Cannot use the certificate ${certificate}: it holds no certificate in PEM`, { cause: error });
  }
}

function parseKey(key: Buffer, files: CertificateFiles): KeyObject {
  try {
    return createPrivateKey(key);
  } catch (error) {
    // Either form says so: BEGIN ENCRYPTED PRIVATE KEY, or Proc-Type: 4,ENCRYPTED.
    const why = key.includes("ENCRYPTED") ? "it is locked with a passphrase" : "it holds no private key in PEM";
    throw new ListenError(`Cannot use the key ${files.key}: ${why}`, { cause: error });
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split("\n", 1)[0] as string;

/**
 * Looks at the files from time to time, by their times and sizes, so that renewing them needs neither a restart nor a
 * signal, also when they are swapped behind links. A pair that cannot be used (half of it is written) leaves the one in
 * use as it is, is a line in the log, and is tried again when the files change again.
 * @returns what ends the looking.
 */
export function watchCertificate(files: CertificateFiles, renew: (renewed: Certificate) => void, log: Log): () => void {
  let seen = stateOf(files);
  const timer = setInterval(() => {
    const state = stateOf(files);
    if (state === seen) return;
    seen = state;
    try {
      const renewed = readCertificate(files);
      renew(renewed);
      log.info("the certificate was renewed", renewed.fields);
      if (renewed.doubt !== undefined) log.warn(renewed.doubt, renewed.fields);
    } catch (error) {
      log.warn("the certificate could not be renewed, and the one in use stays", { reason: firstLine(error) });
    }
  }, files.checkEveryMs ?? 10_000).unref();
  return () => clearInterval(timer);
}

function stateOf({ certificate, key }: CertificateFiles): string {
  const states = [certificate, key].map((file) => {
    try {
      const { mtimeNs, size, ino } = statSync(file, { bigint: true });
      return `${mtimeNs} ${size} ${ino}`;
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code);
    }
  });
  return states.join(", ");
}
