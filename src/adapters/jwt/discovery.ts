// Where an issuer has its keys, as its discovery document says (OpenID Connect Discovery 1.0, sections 4.2 and 4.3).
import type { HttpClient } from "../../ports/http-client.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import { checkIssuerUrl, discoveryUrl, fetchDocument } from "./documents.ts";

export interface DiscoveryOptions {
  readonly httpClient: HttpClient;
  /** Whether issuers on this machine may speak http. */
  readonly httpOnLoopback: boolean;
}

/** Of an address that is kept, in characters. */
const MAX_URL_LENGTH = 2_048;

/** Asks issuers as tokens have them asked: in the same time, for as much, and where the operator lets requests go. */
export function createIssuerDiscovery(options: DiscoveryOptions): IssuerDiscovery {
  return {
    async discover(issuer) {
      try {
        const jwksUri = await discoverKeySet(issuer, options);
        checkIssuerUrl(jwksUri, options);
        return jwksUri.length > MAX_URL_LENGTH ? { failure: `the key set of ${issuer} has too long an address` } : { jwksUri };
      } catch (error) {
        return { failure: (error as Error).message };
      }
    },
  };
}

/**
 * The `jwks_uri` of the issuer's discovery document.
 * @throws {Error} with a reason, when there is none to be had, or the document is another issuer's
 */
export async function discoverKeySet(issuer: string, options: DiscoveryOptions): Promise<string> {
  const url = checkIssuerUrl(discoveryUrl(issuer), options);
  const document = parseDiscovery(await fetchDocument(url, options.httpClient));
  if (document?.issuer !== issuer) throw new Error(`the discovery document at ${url.href} is not of the issuer ${issuer}`);
  if (typeof document.jwks_uri !== "string") throw new Error(`the discovery document at ${url.href} names no key set`);
  return document.jwks_uri;
}

function parseDiscovery(json: string): { readonly issuer?: unknown; readonly jwks_uri?: unknown } | undefined {
  try {
    return (JSON.parse(json) as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}
