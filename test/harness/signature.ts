// Checks AWS signatures with the SDK's signer, which is none of the project's.
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Reached } from "./backend.ts";

export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Signed {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Whether a service that knows the secret would take it. */
  readonly valid: boolean;
}

/** Who signed a request that reached a backend, and whether the signature is right. @throws {Error} when it has none. */
export async function signatureOf({ method, url, rawHeaders, body }: Reached, credentials: Signer): Promise<Signed> {
  const headers = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.set((rawHeaders[i] as string).toLowerCase(), rawHeaders[i + 1] as string);
  const authorization = headers.get("authorization") ?? "";
  const [, accessKeyId = "", , region = "", service = "", list = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/.exec(authorization) ?? [];
  if (service === "") throw new Error(`not signed: ${authorization}`);
  const signedHeaders = list.split(";");
  const { pathname, searchParams } = parts(url);
  const isS3 = service === "s3";
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: !isS3, applyChecksum: isS3 });
  const given = signedHeaders.filter((name) => name !== "x-amz-date" && name !== "x-amz-content-sha256").map((name) => [name, headers.get(name) ?? ""]);
  const request = { method, protocol: "http:", hostname: "unused", path: pathname, query: searchParams, headers: Object.fromEntries(given), body };
  const again = (await signer.sign(request as never, { signingDate: dateOf(headers.get("x-amz-date") ?? "") })) as unknown as { headers: Record<string, string> };
  return { accessKeyId, region, service, signedHeaders, valid: again.headers["authorization"] === authorization };
}

function parts(url: string): { pathname: string; searchParams: Record<string, string[]> } {
  const [pathname = "", query = ""] = url.split("?", 2);
  const searchParams: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) (searchParams[name] ??= []).push(value);
  return { pathname, searchParams };
}

const dateOf = (text: string): Date => new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
