// Who calls: credentials are asked for even where any are accepted, so that every record has an account and a region.
import type { Call } from "../domain/call.ts";
import { ServiceError } from "../domain/errors.ts";
import { header } from "../ports/http-server.ts";
import type { HttpRequest } from "../ports/http-server.ts";
import { parseAuthorization } from "../sigv4/index.ts";

export interface Caller {
  readonly call: Call;
  /** The service named in the credential's scope. */
  readonly signingName: string;
}

/** Whose a request is when its credentials do not say. */
export interface CallerDefaults {
  /** The account of credentials that are not an account's number: 12 digits. */
  readonly account: string;
  /** The region of signatures whose scope names none (SigV4a). */
  readonly region: string;
}

/**
 * Reads the caller from the authorization header or the presigned query. A 12-digit access key is the account itself;
 * any other means the default one. The signature is not verified: any credentials will do.
 * @throws {ServiceError} when there is no authorization, or one that cannot be read
 */
export function authenticate(request: HttpRequest, search: string, defaults: CallerDefaults, requestId: string): Caller {
  const authorization = parseAuthorization({ query: search, header: (name) => header(request.headers, name) });
  if (authorization.kind === "missing") {
    throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  if (authorization.kind === "invalid") throw new ServiceError(authorization.code, authorization.message);
  const { accessKeyId, region, service } = authorization;
  return {
    signingName: service,
    call: {
      account: /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaults.account,
      region: region ?? defaults.region,
      requestId,
      accessKeyId,
      sourceIp: request.remoteAddress,
      userAgent: header(request.headers, "user-agent") ?? "",
    },
  };
}
