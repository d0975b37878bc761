// A JWT authorizer, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html).
import { type Authorizer, identitySources, type JwtIssuer } from "../domain/authorizer.ts";
import type { RestApi } from "../domain/rest-api.ts";
import type { TokenTrust, TrustedIssuer } from "../domain/token-trust.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";

export interface JwtAuthorizerPlan {
  readonly id: string;
  readonly type: "JWT";
  readonly trust: TokenTrust;
  /** The token as the request has it. */
  token(facts: RequestFacts): string | undefined;
  /** What is asked of an issuer's tokens besides, by the issuer. */
  readonly claims: ReadonlyMap<unknown, readonly ClaimRule[]>;
  /** Of the method: one of them has to be the token's, where there are any. */
  readonly scopes: readonly string[];
}

/** What a claim that is there has to be: one text (model: JwtAdditionalClaim, whose only format this is). */
export interface ClaimRule {
  readonly name: string;
  readonly isRequired: boolean;
  /** One of them, to the letter; any text goes when undefined. */
  readonly expected: ReadonlySet<unknown> | undefined;
}

/** @param authorizer of type `JWT`, which has passed the checks of the control plane. */
export function compileJwtAuthorizer(
  authorizer: Authorizer,
  { api, deploymentId }: { readonly api: Pick<RestApi, "id">; readonly deploymentId: string },
): JwtAuthorizerPlan {
  const { id, identitySource, jwtConfiguration } = authorizer;
  const [source = ""] = identitySources(identitySource);
  const header = source.replace(/^method\.request\.header\./, "");
  const { issuers = [], defaultAlgorithms = [] } = jwtConfiguration ?? {};
  const trust: TokenTrust = {
    name: JSON.stringify([api.id, deploymentId, id, jwtConfiguration]),
    issuers: issuers.map(trustedIssuer),
    algorithms: defaultAlgorithms,
  };
  const claims = new Map(issuers.map((each) => [each.issuer, claimRules(each)]));
  return { id, type: "JWT", trust, token: ({ headers }) => lastHeader(headers, header), claims, scopes: [] };
}

/** "The token's `aud` claim must contain at least one of these values" (model: JwtIssuerInput). */
const trustedIssuer = ({ issuer, audiences, jwksUri }: JwtIssuer): TrustedIssuer => ({
  issuer,
  audiences,
  needsAud: true,
  ...(jwksUri === undefined ? {} : { jwksUri }),
});

const claimRules = ({ additionalClaims = [] }: JwtIssuer): readonly ClaimRule[] =>
  additionalClaims.map(({ claimName, expectedValues = [], required = false }) => ({
    name: claimName,
    isRequired: required,
    expected: expectedValues.length === 0 ? undefined : new Set(expectedValues),
  }));
