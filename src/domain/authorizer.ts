// Authorizer: who decides whether a caller may call a method. The members are those of the V1 API's shape
// (https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html).
import { recordKind, scoped } from "./record.ts";

export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly type: "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS" | "JWT";
  /** ARNs of user pools. */
  readonly providerARNs?: readonly string[];
  /** For OpenAPI documents alone. */
  readonly authType: string;
  readonly authorizerUri?: string;
  /** A role; absent where the function's policy lets API Gateway call it. */
  readonly authorizerCredentials?: string;
  /** One mapping expression, several with commas between them for `REQUEST`. */
  readonly identitySource?: string;
  /** A regular expression of Java. */
  readonly identityValidationExpression?: string;
  readonly authorizerResultTtlInSeconds?: number;
  /** Of type `JWT`. */
  readonly jwtConfiguration?: JwtConfiguration;
}

/** Signature algorithms that a JWT authorizer may accept (model: JwtSigningAlgorithm). */
export const JWT_SIGNING_ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] as const;

/** Whose tokens a JWT authorizer trusts (model: JwtConfiguration). */
export interface JwtConfiguration {
  /** Each with another `issuer`. */
  readonly issuers: readonly JwtIssuer[];
  /** Of every issuer. */
  readonly defaultAlgorithms: readonly (typeof JWT_SIGNING_ALGORITHMS)[number][];
}

export interface JwtIssuer {
  /** As the token's `iss` has it, to the letter. */
  readonly issuer: string;
  /** One of them has to be in the token's `aud`. */
  readonly audiences: readonly string[];
  /** Each with another `claimName`. */
  readonly additionalClaims?: readonly JwtAdditionalClaim[];
  /** Where its discovery document said its keys are, when the authorizer got its configuration; never given. */
  readonly jwksUri?: string;
}

/** What a token of the issuer has to say besides (model: JwtAdditionalClaim). */
export interface JwtAdditionalClaim {
  readonly claimName: string;
  readonly format: "SINGLE_STRING";
  /** One of them is the claim, to the letter; anything goes without. */
  readonly expectedValues?: readonly string[];
  /** Whether there has to be such a claim: not unless told. */
  readonly required?: boolean;
}

/** The authorization type of the methods that an authorizer is for. */
export const authorizationTypeOf = ({ type }: Pick<Authorizer, "type">): "CUSTOM" | "COGNITO_USER_POOLS" | "JWT" =>
  type === "TOKEN" || type === "REQUEST" ? "CUSTOM" : type;

/** Key: account, region, API id, authorizer id. */
export const authorizers = recordKind<Authorizer>("authorizer", {
  name: { unique: true, values: ({ name }, key) => [scoped(key[2] as string, name)] },
});

/** The expressions of an `identitySource`. */
export const identitySources = (identitySource = ""): readonly string[] =>
  identitySource.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
