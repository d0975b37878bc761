// Requests that are signed with the SDK's signer, which is none of the project's.
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signable {
  readonly method?: string;
  readonly host: string;
  /** As it will travel, with its query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface SigningOptions {
  readonly key: SigningKey;
  readonly region?: string;
  readonly service?: string;
  /** Milliseconds since the epoch; now unless given. */
  readonly at?: number;
}

type SdkRequest = Parameters<SignatureV4["sign"]>[0];

function signerOf({ key, region = "us-east-1", service = "execute-api" }: SigningOptions): SignatureV4 {
  return new SignatureV4({ service, region, credentials: key, sha256: Sha256, applyChecksum: false });
}

function sdkRequest({ method = "GET", host, target, headers = {}, body }: Signable): SdkRequest {
  const { path, query } = parts(target);
  return { method, protocol: "http:", hostname: host, path, query, headers: { host, ...headers }, body };
}

/** The headers to send, `host` among them: names and values in turn. */
export async function signedHeaders(request: Signable, options: SigningOptions): Promise<string[]> {
  const signed = await signerOf(options).sign(sdkRequest(request), { signingDate: new Date(options.at ?? Date.now()) });
  return Object.entries(signed.headers).flat();
}

/** The target with the signature in its query. @param expiresIn seconds */
export async function presignedTarget(request: Signable, options: SigningOptions, expiresIn = 300): Promise<string> {
  const signingDate = new Date(options.at ?? Date.now());
  const { query = {} } = await signerOf(options).presign(sdkRequest(request), { signingDate, expiresIn });
  const pairs = Object.entries(query).flatMap(([name, value]) => [value ?? []].flat().map((each) => `${encode(name)}=${encode(each)}`));
  return `${parts(request.target).path}?${pairs.join("&")}`;
}

const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function parts(target: string): { readonly path: string; readonly query: Record<string, string[]> } {
  const [path = "", text = ""] = target.split("?", 2);
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) (query[name] ??= []).push(value);
  return { path, query };
}
