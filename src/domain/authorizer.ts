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

/** Whose tokens a JWT authorizer trusts (CloudFormation: AWS::ApiGateway::Authorizer JwtConfiguration). */
export interface JwtConfiguration {
  readonly issuers: readonly JwtIssuer[];
  /** `RS256` and the like. */
  readonly defaultAlgorithms: readonly string[];
}

export interface JwtIssuer {
  /** As the token's `iss` has it, to the letter. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly additionalClaims?: readonly JwtAdditionalClaim[];
  /** What the issuer's discovery document says; never given. */
  readonly jwksUri?: string;
}

export interface JwtAdditionalClaim {
  readonly claimName: string;
  readonly format: string;
  readonly expectedValues?: readonly string[];
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
