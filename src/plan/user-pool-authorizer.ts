// A user pool authorizer, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html).
import { type Authorizer, identitySources } from "../domain/authorizer.ts";
import type { RestApi } from "../domain/rest-api.ts";
import { RSA_ALGORITHMS, type TokenTrust } from "../domain/token-trust.ts";
import { type UserPoolIssuers, userPoolIssuer } from "../domain/user-pool.ts";
import { compilePattern } from "../pattern/index.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";

export interface UserPoolAuthorizerPlan {
  readonly id: string;
  readonly type: "COGNITO_USER_POOLS";
  /** Of the user pools' issuers, for whomever they are. */
  readonly trust: TokenTrust;
  /** The token as the request has it. */
  token(facts: RequestFacts): string | undefined;
  /** Whether an audience may be what it should be; undefined when anything may. */
  readonly isValidAudience: ((audience: string) => boolean) | undefined;
  /** Of the method: one of them has to be the access token's. Without any, identity tokens are wanted. */
  readonly scopes: readonly string[];
}

/** What compiling it needs to know of its stage. */
export interface UserPoolScope {
  readonly api: Pick<RestApi, "id">;
  readonly deploymentId: string;
  readonly userPools: UserPoolIssuers;
}

/** @param authorizer of type `COGNITO_USER_POOLS`, which has passed the checks of the control plane. */
export function compileUserPoolAuthorizer(authorizer: Authorizer, scope: UserPoolScope): UserPoolAuthorizerPlan {
  const { id, identitySource, identityValidationExpression: expression, providerARNs = [] } = authorizer;
  const [source = ""] = identitySources(identitySource);
  const header = source.replace(/^method\.request\.header\./, "");
  return {
    id,
    type: "COGNITO_USER_POOLS",
    trust: trustIn(providerARNs, id, scope),
    token: ({ headers }) => lastHeader(headers, header),
    // "For COGNITO_USER_POOLS authorizers, API Gateway will match the aud field of the incoming token" (model: Authorizer).
    isValidAudience: expression === undefined ? undefined : compilePattern(expression).matches,
    scopes: [],
  };
}

/** A deployment's authorizers never change; who issues its user pools' tokens is said beside it. */
function trustIn(providerArns: readonly string[], id: string, { api, deploymentId, userPools }: UserPoolScope): TokenTrust {
  const known = providerArns.map((arn) => userPoolIssuer(arn, userPools)).filter((issuer) => issuer !== undefined);
  const issuers = [...new Set(known)].map((issuer) => ({ issuer }));
  return { name: JSON.stringify([api.id, deploymentId, id, known]), issuers, algorithms: RSA_ALGORITHMS };
}
