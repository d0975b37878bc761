// A JWT authorizer of an HTTP API, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
import type { HttpAuthorizer } from "../../domain/http-api.ts";
import { RSA_ALGORITHMS, type TokenTrust } from "../../domain/token-trust.ts";
import { lastHeader } from "../headers.ts";
import { lastValue, queryOf } from "../query.ts";
import type { EarlyHttpFacts } from "./facts.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export interface HttpJwtAuthorizerPlan {
  readonly type: "JWT";
  readonly trust: TokenTrust;
  /** The token as the request has it. */
  token(facts: EarlyHttpFacts): string | undefined;
  /** Of the route: one of them has to be the token's, where there are any. */
  readonly scopes: readonly string[];
}

/** @param authorizer of type `JWT`, which has passed the checks of the control plane. */
export function compileHttpJwtAuthorizer(authorizer: HttpAuthorizer, scopes: readonly string[], stage: HttpStageFacts): HttpJwtAuthorizerPlan {
  const { authorizerId, identitySource, jwtConfiguration = {} } = authorizer;
  const { audience, issuer = "" } = jwtConfiguration;
  const trust: TokenTrust = {
    name: JSON.stringify([stage.apiId, stage.stageName, stage.deploymentId, authorizerId, jwtConfiguration]),
    issuers: [{ issuer, ...(audience === undefined ? {} : { audiences: audience }) }],
    algorithms: RSA_ALGORITHMS,
  };
  return { type: "JWT", trust, token: tokenSource(identitySource[0] ?? ""), scopes };
}

const SOURCE = /^\$request\.(header|querystring)\.(.+)$/s;

function tokenSource(expression: string): HttpJwtAuthorizerPlan["token"] {
  const [, from, name = ""] = SOURCE.exec(expression) ?? [];
  if (from === undefined) throw new TypeError(`Not a source of tokens: ${expression}`);
  return from === "header" ? ({ headers }) => lastHeader(headers, name) : (facts) => lastValue(queryOf(facts), name);
}
