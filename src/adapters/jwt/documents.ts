// The documents of an issuer, fetched within the time and the size that the guide gives them, where an issuer may be.
import { type HttpClient, UpstreamError, type UpstreamResponse } from "../../ports/http-client.ts";

/** Developer guide, quotas of HTTP APIs: how long a discovery document or a key set may take, and how large it may be. */
const TIMEOUT_MS = 1_500;
const MAX_BYTES = 150_000;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** "A terminating / MUST be removed" before the well-known path (OpenID Connect Discovery 1.0, section 4.1). */
export const discoveryUrl = (issuer: string): string => `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

/** @throws {Error} for anything but https, or http on this machine where that is allowed */
export function checkIssuerUrl(text: string, { httpOnLoopback }: { readonly httpOnLoopback: boolean }): URL {
  const url = URL.parse(text);
  if (url === null) throw new Error(`${text} is no URL`);
  if (url.username !== "" || url.password !== "") throw new Error(`${url.origin} is asked without a password`);
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && httpOnLoopback && LOOPBACK.test(url.hostname));
  if (!isAllowed) throw new Error(`${url.origin} is not reached over https`);
  return url;
}

/** @throws {Error} with a reason, when there is no such document within time and size */
export async function fetchDocument(url: URL, httpClient: HttpClient): Promise<string> {
  const { status, body } = await request(url, httpClient);
  if (status !== 200) throw new Error(`${url.origin}${url.pathname} answers ${status}`);
  return body.toString("utf8");
}

async function request(url: URL, httpClient: HttpClient): Promise<UpstreamResponse> {
  try {
    return await httpClient.request({
      method: "GET",
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: ["Host", url.host, "Accept", "application/json", "Accept-Encoding", "identity"],
      body: undefined,
      timeoutMs: TIMEOUT_MS,
      responseLimit: MAX_BYTES,
    });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    throw new Error(`${url.origin}${url.pathname} cannot be read (${error.failure}): ${error.message}`, { cause: error });
  }
}
