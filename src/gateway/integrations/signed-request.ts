// The signature that AWS services ask for.
import type { AwsCredentials } from "../../ports/aws-services.ts";
import type { UpstreamRequest } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { SigningScope } from "../../sigv4/index.ts";
import { sign } from "../../sigv4/index.ts";

/** What is changed on the way, or says nothing of the request, is not signed; AWS's SDKs leave out the same. */
const UNSIGNED = new Set(["user-agent", "x-amzn-trace-id", "cache-control", "from", "pragma", "referer"]);

/** The request with the headers of its signature. @param time in milliseconds since the epoch */
export function signed(request: UpstreamRequest, scope: SigningScope, identity: AwsCredentials, time: number): UpstreamRequest {
  const { method, path, headers, body } = request;
  const signable = { method, target: path, headers: toSign(headers), body };
  return { ...request, headers: [...headers, ...sign(signable, identity, scope, time)] };
}

function toSign(headers: HeaderList): string[] {
  const list: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!UNSIGNED.has(name.toLowerCase())) list.push(name, headers[i + 1] as string);
  }
  return list;
}
