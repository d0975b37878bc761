// A JWT authorizer, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html).
import { type Authorizer, identitySources } from "../domain/authorizer.ts";
import type { RestApi } from "../domain/rest-api.ts";
import type { TokenTrust } from "../domain/token-trust.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";

export interface JwtAuthorizerPlan {
  readonly id: string;
  readonly type: "JWT";
  readonly trust: TokenTrust;
  /** The token as the request has it. */
  token(facts: RequestFacts): string | undefined;
  /** Of the method: one of them has to be the token's, where there are any. */
  readonly scopes: readonly string[];
}

/** @param authorizer of type `JWT`, which has passed the checks of the control plane and has no additional claims. */
export function compileJwtAuthorizer(
  authorizer: Authorizer,
  { api, deploymentId }: { readonly api: Pick<RestApi, "id">; readonly deploymentId: string },
): JwtAuthorizerPlan {
  const { id, identitySource, jwtConfiguration } = authorizer;
  if (unbuiltInAuthorizer(authorizer) !== undefined) throw new TypeError(`The authorizer ${id} has additional claims`);
  const [source = ""] = identitySources(identitySource);
  const header = source.replace(/^method\.request\.header\./, "");
  const { issuers = [], defaultAlgorithms = [] } = jwtConfiguration ?? {};
  const trust: TokenTrust = {
    name: JSON.stringify([api.id, deploymentId, id, jwtConfiguration]),
    issuers: issuers.map(({ issuer, audiences, jwksUri }) => ({ issuer, audiences, ...(jwksUri === undefined ? {} : { jwksUri }) })),
    algorithms: defaultAlgorithms,
  };
  return { id, type: "JWT", trust, token: ({ headers }) => lastHeader(headers, header), scopes: [] };
}

/** What of an authorizer is not built, as the end of a sentence: AWS's pages do not say how its claims are matched. */
export const unbuiltInAuthorizer = ({ jwtConfiguration }: Authorizer): string | undefined =>
  jwtConfiguration?.issuers.some(({ additionalClaims = [] }) => additionalClaims.length > 0)
    ? "is authorized by a JWT authorizer with additional claims (additionalClaims)"
    : undefined;
