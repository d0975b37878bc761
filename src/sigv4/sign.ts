// Signs a request that leaves for AWS.
import { createHmac } from "node:crypto";
import { canonicalRequest, sha256 } from "./canonical.ts";
import { toBasicTime } from "./claims.ts";
import { signingKey } from "./signing-key.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

export interface SignableRequest {
  readonly method: string;
  /** Path and query as they will travel, already encoded. */
  readonly target: string;
  /** Names and values in turn, `Host` included. All of them are signed: leave out what a proxy may change. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | string | undefined;
}

/**
 * The headers to add so that the request is signed: names and values in turn.
 * `time` is in milliseconds since the epoch. S3 also gets the payload's hash as a header, which it requires.
 */
export function sign(request: SignableRequest, credentials: Credentials, scope: SigningScope, time: number): string[] {
  const timestamp = toBasicTime(time);
  const date = timestamp.slice(0, 8);
  const payloadHash = sha256(request.body ?? "");
  const added = ["X-Amz-Date", timestamp];
  if (credentials.sessionToken !== undefined) added.push("X-Amz-Security-Token", credentials.sessionToken);
  if (scope.service === "s3") added.push("X-Amz-Content-Sha256", payloadHash);
  const headers = [...request.headers, ...added];
  const canonical = canonicalRequest(request.method, request.target, headers, payloadHash, scope.service);
  const credentialScope = `${date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", timestamp, credentialScope, sha256(canonical.text)].join("\n");
  const signature = createHmac("sha256", signingKey(credentials.secretAccessKey, date, scope.region, scope.service)).update(toSign).digest("hex");
  const credential = `${credentials.accessKeyId}/${credentialScope}`;
  return [
    ...added,
    "Authorization",
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${canonical.signedHeaders}, Signature=${signature}`,
  ];
}
