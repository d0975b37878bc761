// Authorizer: who decides whether a caller may call a method. The members are those of the V1 API's shape
// (https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html).
import { recordKind, scoped } from "./record.ts";

export interface Authorizer {
  readonly id: string;
  readonly name: string;
  readonly type: "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS";
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
}

/** Key: account, region, API id, authorizer id. */
export const authorizers = recordKind<Authorizer>("authorizer", {
  name: { unique: true, values: ({ name }, key) => [scoped(key[2] as string, name)] },
});

/** The expressions of an `identitySource`. */
export const identitySources = (identitySource = ""): readonly string[] =>
  identitySource.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
